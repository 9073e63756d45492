"""Targets, what was realised, and the superior's judgement; the month is scored anew with each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from core import audit
from core.errors import PortalError
from core.indonesian import month_words
from performance.locks import is_locked
from performance.models import Behaviour, Expectation, Indicator
from performance.operations.scoring import score_month
from performance.queries import may_rate
from roster.models import Person

WHOLE_BP = 10_000
MOST_INDICATORS = 20
LARGEST = Decimal(999_999_999_999)


@dataclass(frozen=True)
class Target:
    """One indicator as it is agreed: weight in basis points of the whole, target in its own unit."""

    name: str
    weight_bp: int
    target: Decimal
    unit_name: str = ""


def set_indicators(person: Person, month: date, targets: Sequence[Target], user: Any, at: datetime) -> None:
    """Agree the indicators of a month; those that keep their name keep what was realised.

    Raises PortalError: no right, a locked month, weights that do not make 100 %, names twice, or a target of 0.
    """
    _refuse_others(person, month, user, at)
    if not 0 < len(targets) <= MOST_INDICATORS:
        raise PortalError(f"Isi satu sampai {MOST_INDICATORS} indikator.")
    if sum(target.weight_bp for target in targets) != WHOLE_BP:
        raise PortalError("Jumlah bobot harus 100 %. Perbaiki bobot indikatornya.")
    names = [target.name.strip() for target in targets]
    if len({name.casefold() for name in names}) != len(names) or not all(names):
        raise PortalError("Nama indikator harus diisi dan tidak boleh sama.")
    if any(target.weight_bp <= 0 or not 0 < target.target <= LARGEST for target in targets):
        raise PortalError("Bobot dan target harus lebih dari 0.")
    with transaction.atomic():
        kept = Indicator.objects.filter(person=person, month=month, name__in=names)
        realised = dict(kept.values_list("name", "realised"))
        Indicator.objects.filter(person=person, month=month).delete()
        Indicator.objects.bulk_create(
            Indicator(
                person=person, month=month, name=name[:250], weight_bp=target.weight_bp, target=target.target,
                unit_name=target.unit_name.strip()[:40], realised=realised.get(name),
            )
            for name, target in zip(names, targets, strict=True)
        )  # fmt: skip
        _record(person, month, user, at, "indicators.agreed", {"count": len(names)})
        score_month(person.government, month, at, [person.pk])


def set_realisation(person: Person, month: date, values: dict[int, Decimal | None], user: Any, at: datetime) -> int:
    """Write what was realised, by indicator id; None takes it back to unknown. How many changed.

    The superior may, and the person until the month is judged: what was judged is not changed behind the judgement.
    Raises PortalError: no right, judged, a locked month, a number below 0 or out of range.
    """
    if person.user_id != user.pk:
        _refuse_others(person, month, user, at)
    elif Behaviour.objects.filter(person=person, month=month).exists():
        raise PortalError("Bulan ini sudah dinilai atasan. Minta atasan memperbaiki realisasi bila ada yang keliru.")
    _refuse_locked(person, month)
    if any(value is not None and not 0 <= value <= LARGEST for value in values.values()):
        raise PortalError("Realisasi harus angka mulai dari 0. Kosongkan bila belum ada.")
    with transaction.atomic():
        rows = Indicator.objects.select_for_update().filter(person=person, month=month, pk__in=values)
        changed = [row for row in rows if row.realised != values[row.pk]]
        for row in changed:
            row.realised = values[row.pk]
            row.save(update_fields=["realised"])
        if changed:
            _record(person, month, user, at, "indicators.realised", {"count": len(changed)})
            score_month(person.government, month, at, [person.pk])
    return len(changed)


def rate(person: Person, month: date, behaviour: str, result: str, user: Any, at: datetime) -> bool:
    """The superior's judgement of a month; `result` empty leaves it to the indicators. Whether anything changed.

    Raises PortalError: no right or oneself, a locked month, a month to come, or a word that is no expectation.
    """
    _refuse_others(person, month, user, at)
    if behaviour not in Expectation.values or result not in ("", *Expectation.values):
        raise PortalError("Pilih di bawah, sesuai, atau di atas ekspektasi.")
    with transaction.atomic():
        before = Behaviour.objects.select_for_update().filter(person=person, month=month).first()
        if before and (before.behaviour, before.result) == (behaviour, result):
            return False
        Behaviour.objects.update_or_create(
            person=person,
            month=month,
            defaults={"behaviour": behaviour, "result": result, "rated_by": user, "rated_at": at},
        )
        _record(person, month, user, at, "behaviour.rated", {"behaviour": behaviour, "result": result})
        score_month(person.government, month, at, [person.pk])
    return True


def _refuse_others(person: Person, month: date, user: Any, at: datetime) -> None:
    if person.user_id == user.pk:
        raise PortalError("Kinerja sendiri dinilai oleh atasan, tidak oleh diri sendiri.")
    today = at.astimezone(ZoneInfo(person.government.zone)).date()
    if month > today:
        raise PortalError(f"{month_words(month)} belum mulai.")
    if not may_rate(user, person, month, today):
        raise PortalError("Anda bukan atasan pegawai ini pada bulan itu.")
    _refuse_locked(person, month)


def _refuse_locked(person: Person, month: date) -> None:
    if is_locked(person.government, month):
        raise PortalError(
            f"{month_words(month)} sudah dikunci dalam perhitungan tunjangan. Bila nilainya keliru, ajukan keberatan."
        )


def _record(person: Person, month: date, user: Any, at: datetime, action: str, detail: dict[str, Any]) -> None:
    about = {"month": month.isoformat(), **detail}
    audit.record(at, person.government.code, user.username, action, f"person:{person.pk}", about)
