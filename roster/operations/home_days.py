"""Days at home that are chosen: heads assign within the share, people ask, heads decide; nobody on oneself."""

from collections.abc import Collection
from datetime import date, datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction

from core import audit
from core.errors import PortalError
from core.indonesian import day_words
from roster.models import HomeDay, Person, RolloutPhase, Unit
from roster.queries_home_days import (
    TO_APPROVE,
    TO_ASSIGN,
    Charge,
    answers_on,
    at_home_in,
    building_id_of,
    charges_of,
    phase_on,
)

LOCK_FAMILY = 70_120
TOO_LATE = "Paling lambat sehari sebelumnya: hari ini dan hari yang lewat tidak dapat diatur lagi."


class HomeDayRefused(PortalError):
    """The day at home cannot be assigned, asked for or decided as asked."""


@transaction.atomic
def assign_home_days(
    head: Person, unit_id: int, on: date, chosen: Collection[int], by: AbstractBaseUser, today: date, at: datetime
) -> tuple[int, int]:
    """Let exactly `chosen` of those on whom `head` decides be at home on `on`; gives (added, taken back).

    Raises HomeDayRefused: too late, not one's people, no schedule that day, somebody who may not, over the share.
    """
    _refuse_late(on, today)
    charge = _charge(head, unit_id, on)
    _lock(charge.unit)
    phase = phase_on(charge.building_id, on)
    if phase is None or phase.mode != RolloutPhase.Mode.SCHEDULE:
        raise HomeDayRefused(f"{day_words(on)} tidak memakai jadwal kepala unit di gedung unit ini.")
    strangers = set(chosen) - charge.person_ids
    if strangers:
        raise HomeDayRefused("Ada orang yang bukan wewenang Anda. Muat ulang halaman ini lalu pilih kembali.")
    home = at_home_in(charge.unit, on)
    added, back = set(chosen) - home, (home & charge.person_ids) - set(chosen)
    answers = answers_on(head.government, on, added)
    for person_id in sorted(added):
        against = [reason for reason in answers[person_id].reasons if reason.code not in TO_ASSIGN]
        if against:
            name = Person.objects.get(pk=person_id).name
            raise HomeDayRefused(f"{name} tidak dapat WFH pada {day_words(on)}: {against[0].message}")
    if added:
        _refuse_over_share(charge, phase, len(home) + len(added) - len(back))
    for person_id in added:
        _set(person_id, on, "approved", by, at)
    HomeDay.objects.filter(person__in=back, on=on).update(state="withdrawn", decided_by=by, decided_at=at)
    _trace(head, by, at, "home_days_assigned", charge.unit, {"on": on, "added": sorted(added), "back": sorted(back)})
    return len(added), len(back)


@transaction.atomic
def request_home_day(person: Person, on: date, today: date, at: datetime) -> HomeDay:
    """Ask for a day at home; asking again for the same day gives the same row.

    Raises HomeDayRefused: too late, or the day cannot be asked for (with the rules' reason).
    """
    _refuse_late(on, today)
    known = HomeDay.objects.select_for_update().filter(person=person, on=on).first()
    if known is not None and known.state in ("requested", "approved"):
        return known
    answer = answers_on(person.government, on, [person.pk])[person.pk]
    codes = {reason.code for reason in answer.reasons}
    if not codes or not codes <= TO_APPROVE:
        why = answer.reasons[0].message if answer.reasons else "hari itu sudah WFH tanpa permohonan."
        raise HomeDayRefused(f"{day_words(on)} tidak dapat dimohonkan: {why}")
    row, _ = HomeDay.objects.update_or_create(
        person=person,
        on=on,
        defaults={"state": "requested", "recorded_at": at, "decided_by": None, "decided_at": None},
    )
    return row


@transaction.atomic
def withdraw_home_day(person: Person, on: date, today: date, at: datetime) -> None:
    """Take back one's own request, decided or not; a day assigned by the head is the head's. Raises HomeDayRefused."""
    _refuse_late(on, today)
    row = HomeDay.objects.select_for_update().filter(person=person, on=on, state__in=["requested", "approved"]).first()
    if row is None:
        return
    phase = phase_on(building_id_of(person, on), on)
    if row.state == "approved" and (phase is None or phase.mode != RolloutPhase.Mode.ON_REQUEST):
        raise HomeDayRefused("Hari ini dijadwalkan kepala unit. Mintalah perubahan kepada kepala unit.")
    row.state = "withdrawn"
    row.save(update_fields=["state"])


@transaction.atomic
def decide_home_day(
    head: Person, home_day_id: int, approve: bool, by: AbstractBaseUser, today: date, at: datetime
) -> bool:
    """Approve or reject a request; False when it was decided or taken back before.

    Raises HomeDayRefused: one's own, not one's people, too late, not possible any more, or over the share.
    """
    row = HomeDay.objects.select_related("person__government").filter(pk=home_day_id).first()
    if row is None or row.person.government_id != head.government_id:
        raise HomeDayRefused("Permohonan ini tidak ditemukan. Muat ulang halaman ini.")
    if row.person_id == head.pk:
        raise HomeDayRefused("Permohonan sendiri diputuskan oleh atasan Anda.")
    _refuse_late(row.on, today)
    charge = next((c for c in charges_of(head, row.on) if row.person_id in c.person_ids), None)
    if charge is None:
        raise HomeDayRefused(f"Permohonan {row.person.name} bukan wewenang Anda.")
    _lock(charge.unit)
    row = HomeDay.objects.select_for_update().select_related("person").get(pk=row.pk)
    if row.state != "requested":
        return False
    if approve:
        codes = {reason.code for reason in answers_on(head.government, row.on, [row.person_id])[row.person_id].reasons}
        phase = phase_on(charge.building_id, row.on)
        if phase is None or not codes <= TO_APPROVE:
            raise HomeDayRefused(f"{row.person.name} tidak dapat lagi WFH pada {day_words(row.on)}. Tolak saja.")
        _refuse_over_share(charge, phase, len(at_home_in(charge.unit, row.on)) + 1)
    _set(row.person_id, row.on, "approved" if approve else "rejected", by, at)
    _trace(head, by, at, "home_day_decided", charge.unit, {"on": row.on, "person": row.person_id, "approved": approve})
    return True


def _refuse_late(on: date, today: date) -> None:
    if on <= today:
        raise HomeDayRefused(TOO_LATE)


def _charge(head: Person, unit_id: int, on: date) -> Charge:
    for charge in charges_of(head, on):
        if charge.unit.pk == unit_id:
            return charge
    raise HomeDayRefused("Unit ini bukan wewenang Anda pada hari itu.")


def _refuse_over_share(charge: Charge, phase: RolloutPhase, total: int) -> None:
    if total * 10_000 > charge.people * phase.max_share_bp:
        most = charge.people * phase.max_share_bp // 10_000
        raise HomeDayRefused(
            f"Terlalu banyak: {total} orang, paling banyak {most} dari {charge.people} orang {charge.unit.name}."
        )


def _set(person_id: int, on: date, state: str, by: AbstractBaseUser, at: datetime) -> None:
    HomeDay.objects.update_or_create(
        person_id=person_id,
        on=on,
        defaults={"state": state, "decided_by": by, "decided_at": at},
        create_defaults={"state": state, "decided_by": by, "decided_at": at, "recorded_at": at},
    )


def _lock(unit: Unit) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_FAMILY, unit.pk])


def _trace(head: Person, by: AbstractBaseUser, at: datetime, action: str, unit: Unit, detail: dict) -> None:
    audit.record(at, head.government.code, by.get_username(), action, f"unit:{unit.pk}", detail)
