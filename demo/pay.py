"""Months that were scored, paid and locked as they would have been, and one that waits for HR."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import User
from allowances.models import Run
from allowances.operations import approve_run, check_run, draft_run, file_objection, lock_run, mark_paid
from attendance.models import DayRecord
from attendance.operations import decide_correction, request_correction
from core.period import next_month
from performance.operations import score_month
from roster.models import Government, Person

# The office looks at a month on the third day after it, and the treasury pays on the tenth.
CHECKED_AFTER = timedelta(days=2, hours=9)
PAID_AFTER_DAYS = 9
PEOPLE = ("kepegawaian", "kepegawaian2", "keuangan")


def seed_last(government: Government, months: list[date], now: datetime, say: Callable[[str], None]) -> None:
    """Score and draft the last month that is over, which waits for HR.

    Before it comes what late facts do: a correction that becomes rapel, and an objection that waits.
    """
    if len(months) > 1:
        mend_late(government, months[-2], now)
    for month in months[-1:]:
        score_month(government, month, now)
        run = draft_run(government, month, now)
        say(f"  {month:%Y-%m}: draf, {run.people_count} orang, {len(run.set_aside)} disisihkan")


def months_paid(government: Government) -> set[date]:
    """Months whose run stands already, because an earlier start came so far."""
    return set(Run.objects.filter(government=government).values_list("month", flat=True))


def seed_locked(government: Government, month: date, now: datetime, say: Callable[[str], None]) -> None:
    """One month from its scores to its payment, whole or not at all."""
    checker, approver, treasurer = (User.objects.get(username=name) for name in PEOPLE)
    at = min(datetime.combine(next_month(month), time(), ZoneInfo(government.zone)) + CHECKED_AFTER, now)
    paid_on = next_month(month) + timedelta(days=PAID_AFTER_DAYS)
    with transaction.atomic():
        score_month(government, month, at)
        run = check_run(draft_run(government, month, at), checker, at + timedelta(minutes=40))
        run = approve_run(run, approver, at + timedelta(minutes=90), despite_set_aside=True)
        run = lock_run(run, checker, at + timedelta(minutes=95))
        if paid_on < now.date():
            order = f"{900 + month.month:05}/SP2D/{paid_on:%Y}"
            mark_paid(run, treasurer, datetime.combine(paid_on, time(9), ZoneInfo(government.zone)), order, paid_on)
    say(f"  {month:%Y-%m}: {run.people_count} orang, {len(run.set_aside)} disisihkan")


def mend_late(government: Government, month: date, now: datetime) -> None:
    """A correction of a locked month, approved too late for it, and an objection to a line of its slip."""
    employee, head = (User.objects.get(username=name) for name in ("pegawai", "atasan"))
    person = Person.objects.get(user=employee)
    run = Run.objects.get(government=government, month=month, kind="regular")
    late = DayRecord.objects.filter(
        work_date__gte=month, work_date__lt=next_month(month), minutes_late__gt=0, unit_id=unit_of(person)
    ).exclude(person__user=head)
    day = late.order_by("-minutes_late", "work_date", "person_id").first()
    if day:
        asked = request_correction(
            day.person, day.work_date, "in", time(7, 21), "Absen di gerbang, mesin tidak menyimpan.", now
        )
        decide_correction(asked.pk, head, True, "Terlihat pada rekaman gerbang.", now)
    if run.inputs.filter(person=person).exists():
        file_objection(run, employee, "productivity", "Nilai kinerja bulan ini belum memuat laporan triwulan.", now)


def unit_of(person: Person) -> int:
    """The unit of a seeded person; each has one post."""
    return person.assignments.values_list("unit_id", flat=True)[0]
