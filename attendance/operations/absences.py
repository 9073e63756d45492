"""Leave, duty travel and training: asked by the employee, decided by the superior or HR, never by oneself."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from attendance.clock import next_working_day, work_date_of
from attendance.models import Absence
from attendance.operations.closing import close_day
from attendance.operations.deciding import settle
from attendance.operations.plans import plan_day
from core import audit
from core.errors import PortalError
from core.indonesian import day_words
from roster.models import Person

# Older days are no longer looked at for rapel; a longer leave needs its own decree and is recorded by HR.
MOST_DAYS_BACK, MOST_DAYS = 90, 366
WORKING_DAYS_TO_DECIDE = 2


def record_absence(
    person: Person, kind: str, valid_from: date, valid_to: date, decree: str, at: datetime, user: Any = None
) -> Absence:
    """Record an approved leave, duty travel or training (`valid_to` exclusive). Raises PortalError on an overlap."""
    if kind not in Absence.Kind.values or valid_to <= valid_from:
        raise PortalError("Jenis atau tanggal tidak masuk akal; akhir harus sesudah awal.")
    try:
        with transaction.atomic():
            absence = Absence.objects.create(
                person=person,
                kind=kind,
                valid_from=valid_from,
                valid_to=valid_to,
                decree=decree,
                recorded_at=at,
                decided_by=user,
                decided_at=at,
            )
            actor = getattr(user, "username", "")
            audit.record(at, person.government.code, actor, "absence.recorded", f"person:{person.pk}", {"kind": kind})
            return absence
    except IntegrityError as error:
        raise PortalError("Tanggal itu bertindih dengan cuti atau dinas lain yang sudah disetujui.") from error


def request_absence(
    person: Person, kind: str, first_on: date, last_on: date, reason: str, decree: str, at: datetime
) -> Absence:
    """Ask for leave or duty from `first_on` to `last_on`, both included. Raises PortalError with what to do."""
    today = work_date_of(at, person.government.zone)
    _refuse_impossible(person, kind, first_on, last_on, today)
    if not reason.strip():
        raise PortalError("Alasan belum diisi. Tulis keperluannya, dan nomor surat bila ada.")
    valid_to = last_on + timedelta(days=1)
    with transaction.atomic():
        # Two requests sent at once would not see each other: the second waits here.
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        open_or_held = Q(state__in=[Absence.State.REQUESTED, Absence.State.APPROVED])
        same_days = Absence.objects.filter(open_or_held, person=person, valid_from__lt=valid_to, valid_to__gt=first_on)
        other = same_days.order_by("valid_from").first()
        if other is not None:
            raise PortalError(
                f"Bertindih dengan {other.get_kind_display().lower()} "
                f"{day_words(other.valid_from, False)} sampai {day_words(other.valid_to - timedelta(days=1), False)} "
                f"({other.get_state_display().lower()}). Pilih tanggal lain."
            )
        absence = Absence.objects.create(
            person=person,
            kind=kind,
            valid_from=first_on,
            valid_to=valid_to,
            decree=decree.strip()[:250],
            reason=reason.strip()[:500],
            state=Absence.State.REQUESTED,
            recorded_at=at,
            due_on=next_working_day(today, WORKING_DAYS_TO_DECIDE),
        )
        actor = person.user.username if person.user else ""
        audit.record(at, person.government.code, actor, "absence.requested", f"person:{person.pk}", {"kind": kind})
    return absence


def _refuse_impossible(person: Person, kind: str, first_on: date, last_on: date, today: date) -> None:
    if kind not in Absence.Kind.values:
        raise PortalError("Pilih jenis cuti atau dinas.")
    if last_on < first_on:
        raise PortalError("Hari terakhir harus sama atau sesudah hari pertama.")
    if first_on > today + timedelta(days=MOST_DAYS):
        raise PortalError("Paling jauh satu tahun ke depan. Periksa tahunnya.")
    if (last_on - first_on).days >= MOST_DAYS:
        raise PortalError("Paling lama satu tahun dalam satu permohonan. Hubungi kepegawaian untuk yang lebih lama.")
    if first_on < today - timedelta(days=MOST_DAYS_BACK):
        raise PortalError(f"Paling jauh {MOST_DAYS_BACK} hari ke belakang. Hubungi kepegawaian untuk yang lebih lama.")
    started = person.government.go_live_on
    if started and first_on < started:
        raise PortalError(f"Portal dipakai mulai {day_words(started)}; hari sebelumnya tidak dihitung di sini.")


def decide_absence(absence_id: int, user: Any, approve: bool, note: str, at: datetime) -> Absence:
    """Approve or reject a waiting request; the days of an approved one that are over are decided anew.

    Raises PortalError: not waiting any more, one's own, no right, a rejection without a reason, or an overlap.
    """
    try:
        with transaction.atomic():
            waiting = Absence.objects.select_for_update(of=("self",)).select_related("person__government")
            absence = waiting.filter(pk=absence_id, state=Absence.State.REQUESTED).first()
            if absence is None:
                raise PortalError("Permohonan ini tidak menunggu lagi; muat ulang halaman.")
            person = absence.person
            today = work_date_of(at, person.government.zone)
            settle(absence, "absence", user, approve, note, at, today, {"kind": absence.kind})
            if approve:
                _decide_days_anew(absence, today, at)
    except IntegrityError as error:
        raise PortalError("Tanggal itu bertindih dengan cuti atau dinas lain yang sudah disetujui.") from error
    return absence


def _decide_days_anew(absence: Absence, today: date, at: datetime) -> None:
    """Days that are over follow the new fact, also after a lock (rapel); today and tomorrow get a new plan."""
    on, government = absence.valid_from, absence.person.government
    while on < absence.valid_to and on <= today + timedelta(days=1):
        if on < today:
            close_day(government, on, at, [absence.person_id])
        else:
            plan_day(government, on, at, [absence.person_id])
        on += timedelta(days=1)
