"""Objections to a line of one's own slip: filed by the employee, decided by HR, never by oneself."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from allowances.frozen import frozen_plan
from allowances.models import Adjustment, Objection, Run, RunInput
from allowances.rows import AMOUNTS
from core import audit
from core.errors import PortalError
from core.indonesian import month_words
from roster.calendar import calendar_days
from roster.models import Government, Role
from roster.queries import visible_to
from roster.rights import standing_of

# UU 30/2014, article 77 (4): an objection is settled within ten working days.
DUE_WORKING_DAYS = 10
NUMBERING = 7_406_102


def file_objection(target: Run | RunInput, user: Any, line_name: str, reason: str, at: datetime) -> Objection:
    """Object to one line of one's own slip of a locked run; numbered K-YEAR-N within the government.

    `line_name` is a line, a charge, an event code or an amount of the slip. Raises PortalError with what to do.
    """
    run = target if isinstance(target, Run) else target.run
    row = run.inputs.select_related("person", "run__government").filter(person__user=user).first()
    if row is None or (isinstance(target, RunInput) and row.pk != target.pk):
        raise PortalError("Keberatan hanya dapat diajukan atas slip sendiri.")
    if run.state not in (Run.State.LOCKED, Run.State.PAID):
        raise PortalError("Slip ini masih draf; keberatan dapat diajukan sesudah perhitungan dikunci.")
    if line_name not in lines_open_to_objection(row):
        raise PortalError("Baris itu tidak ada pada slip ini. Pilih salah satu baris slip.")
    if not reason.strip():
        raise PortalError("Alasan keberatan belum diisi. Tulis apa yang keliru dan buktinya.")
    government = run.government
    today = at.astimezone(ZoneInfo(government.zone)).date()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [NUMBERING, government.pk])
        same = Objection.objects.filter(run=run, person=row.person, line_name=line_name, state=Objection.State.OPEN)
        if same.exists():
            raise PortalError("Keberatan atas baris itu sudah menunggu keputusan.")
        objection = Objection.objects.create(
            government=government,
            number=_next_number(government, today.year),
            run=run,
            person=row.person,
            line_name=line_name,
            reason=reason.strip()[:2000],
            filed_at=at,
            due_on=due_on(government, today),
        )
        audit.record(at, government.code, user.username, "objection.filed", objection.number, {"run": run.pk})
    return objection


def decide_objection(objection: Objection, user: Any, accepted: bool, decision: str, at: datetime) -> Objection:
    """Accept or reject an open objection, with the reason; an accepted one opens an adjustment of its month.

    The adjustment brings what the month's facts, as mended by then, make due. Raises PortalError: one's own, no right,
    decided already, or no reason given. The same decision again by the same account changes nothing.
    """
    with transaction.atomic():
        found = Objection.objects.select_for_update(of=("self",)).select_related("run", "person", "government")
        objection = found.get(pk=objection.pk)
        if objection.person.user_id == user.pk:
            raise PortalError("Keberatan sendiri tidak dapat diputus sendiri; orang lain yang memutus.")
        if not may_decide_objection(objection, user, at):
            raise PortalError("Keberatan diputus oleh kepegawaian; akun Anda tidak memiliki hak itu.")
        state = Objection.State.ACCEPTED if accepted else Objection.State.REJECTED
        if objection.state == state and objection.decided_by_id == user.pk:
            return objection
        if objection.state != Objection.State.OPEN:
            raise PortalError("Keberatan ini sudah diputus; muat ulang halaman.")
        if not decision.strip():
            raise PortalError("Alasan keputusan belum diisi.")
        objection.state, objection.decided_by, objection.decided_at = state, user, at
        objection.decision = decision.strip()[:2000]
        objection.save(update_fields=["state", "decided_by", "decided_at", "decision"])
        if accepted:
            Adjustment.objects.get_or_create(
                person=objection.person,
                month=objection.run.month,
                source=f"objection:{objection.pk}",
                defaults={
                    "reason": f"Keberatan {objection.number} atas {month_words(objection.run.month)} diterima",
                    "recorded_at": at,
                },
            )
        audit.record(at, objection.government.code, user.username, f"objection.{state}", objection.number)
    return objection


def may_decide_objection(objection: Objection, user: Any, at: datetime) -> bool:
    """HR of the government, or of the person's unit; never the person."""
    on = at.astimezone(ZoneInfo(objection.government.zone)).date()
    standing = standing_of(user, on)
    if standing.government != objection.government or not standing.roles & {Role.HR, Role.UNIT_HR}:
        return False
    return objection.person.user_id != user.pk and visible_to(user, on).filter(pk=objection.person_id).exists()


def lines_open_to_objection(row: RunInput) -> set[str]:
    """Names that an objection to this slip may be about: lines, amounts of the row, charges and their codes."""
    plan = frozen_plan(row.run)
    stored = set(row.run.lines.filter(person_id=row.person_id).values_list("name", flat=True))
    return stored | set(AMOUNTS) | {rule.name for rule in plan.charges} | set(plan.codes)


def due_on(government: Government, on: date, working_days: int = DUE_WORKING_DAYS) -> date:
    """The day `working_days` working days of the five-day calendar after `on`, holidays left out."""
    days = calendar_days(government, [on + timedelta(days=count) for count in range(1, working_days * 5)])
    worked = [day for day, kind in sorted(days.items()) if kind.is_working_day("five_day")]
    return worked[working_days - 1]


def _next_number(government: Government, year: int) -> str:
    start = f"K-{year}-"
    numbers = Objection.objects.filter(government=government, number__startswith=start).values_list("number", flat=True)
    return f"{start}{max((int(number.rsplit('-', 1)[1]) for number in numbers), default=0) + 1}"
