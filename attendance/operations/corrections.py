"""Corrections of punches: asked by the employee, decided by the superior or HR, never by oneself."""

from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction

from attendance.clock import next_working_day, work_date_of
from attendance.models import Correction
from attendance.operations.closing import close_day
from attendance.operations.deciding import settle
from core.errors import PortalError
from core.indonesian import day_words
from roster.models import Person


def request_correction(
    person: Person, work_date: date, verb: str, claimed_time: time, reason: str, at: datetime
) -> Correction:
    """Ask for another arrival or departure on a past or present work date. Raises PortalError with what to do."""
    government = person.government
    if work_date > work_date_of(at, government.zone):
        raise PortalError("Hari itu belum tiba. Pilih hari ini atau hari yang lalu.")
    if government.go_live_on and work_date < government.go_live_on:
        raise PortalError(f"{day_words(work_date)} sebelum portal dipakai; absen hari itu tidak dihitung di sini.")
    if verb not in ("in", "out"):
        raise PortalError("Pilih absen masuk atau absen pulang.")
    if not reason.strip():
        raise PortalError("Alasan belum diisi. Tulis apa yang terjadi dan buktinya.")
    try:
        with transaction.atomic():
            return Correction.objects.create(
                person=person,
                work_date=work_date,
                verb=verb,
                claimed_time=claimed_time,
                reason=reason.strip()[:500],
                requested_at=at,
                due_on=next_working_day(work_date_of(at, government.zone), 2),
            )
    except IntegrityError as error:
        raise PortalError(
            "Koreksi untuk hari dan absen itu sudah menunggu keputusan. Tunggu keputusan atasan lebih dulu."
        ) from error


def decide_correction(correction_id: int, user: Any, approve: bool, note: str, at: datetime) -> Correction:
    """Approve or reject a waiting correction; an approved one decides its day anew, locked months stay as frozen.

    Raises PortalError: not waiting any more, one's own, no right, or a rejection without a reason.
    """
    with transaction.atomic():
        correction = (
            Correction.objects.select_for_update(of=("self",))
            .select_related("person__government")
            .filter(pk=correction_id)
            .first()
        )
        if correction is None or correction.state != Correction.State.REQUESTED:
            raise PortalError("Koreksi ini tidak menunggu lagi; muat ulang halaman.")
        person = correction.person
        today = work_date_of(at, person.government.zone)
        settle(correction, "correction", user, approve, note, at, today, {"work_date": correction.work_date})
        # The record follows the facts also after a lock: a locked run keeps its frozen inputs, and the difference
        # becomes rapel of the next run. A day that is not over waits for the night.
        close_day(person.government, correction.work_date, at, [person.pk])
    return correction
