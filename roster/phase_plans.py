"""A phase as it is asked for: whether it may stand, and what would stand beside it. Nothing is read or stored here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.errors import PortalError
from core.indonesian import day_words
from roster.eligibility import DAY_NAMES
from roster.models import Building, RolloutPhase

EVERYONE_BP = 10_000


class PhaseRefused(PortalError):
    """The phase cannot be opened or closed as asked."""


@dataclass(frozen=True)
class PhasePlan:
    """A phase as it is asked for: 0 is Monday, `valid_to` exclusive, `max_share_bp` 10000 is everyone.

    `replace`: phases of the same weekdays give way on the days of this one.
    """

    weekdays: tuple[int, ...]
    valid_from: date
    valid_to: date | None
    max_share_bp: int
    mode: str
    decree: str
    replace: bool = False


def check_plan(building: Building, plan: PhasePlan, known: Sequence[RolloutPhase]) -> None:
    """Raises PhaseRefused, naming both phases where two would hold on one day."""
    if not plan.weekdays or not all(0 <= weekday <= 6 for weekday in plan.weekdays):
        raise PhaseRefused("Pilih paling sedikit satu hari WFH.")
    if plan.valid_to is not None and plan.valid_to <= plan.valid_from:
        raise PhaseRefused("Hari pertama sesudah tahap harus lebih lambat dari hari mulainya.")
    if not 0 < plan.max_share_bp <= EVERYONE_BP:
        raise PhaseRefused("Bagian pegawai harus lebih dari 0 % dan paling banyak 100 %.")
    if plan.mode not in RolloutPhase.Mode.values:
        raise PhaseRefused("Cara tidak dikenal. Pilih salah satu dari daftar.")
    if plan.mode == RolloutPhase.Mode.ALL and plan.max_share_bp != EVERYONE_BP:
        raise PhaseRefused("'Semua yang memenuhi' berarti 100 %. Untuk bagian yang lebih kecil pilih jadwal.")
    if not plan.decree.strip():
        raise PhaseRefused("Isi nomor keputusan yang menjadi dasar tahap ini.")
    shared = overlapping(plan, known)
    if shared and not plan.replace:
        raise PhaseRefused(
            f"Tahap baru {plan_words(plan)} bertabrakan dengan {phase_words(shared[0])} di {building.name}. "
            "Akhiri tahap lama lebih dulu, atau pilih agar tahap lama digantikan."
        )


def overlapping(plan: PhasePlan, known: Sequence[RolloutPhase]) -> list[RolloutPhase]:
    """The known phases of the plan's weekdays that hold on one of its days."""
    return [
        row
        for row in known
        if row.weekday in plan.weekdays
        and (plan.valid_to is None or row.valid_from < plan.valid_to)
        and (row.valid_to is None or plan.valid_from < row.valid_to)
    ]


def check_close(phase: RolloutPhase, on: date, decree: str) -> None:
    """Raises PhaseRefused."""
    if phase.valid_to is not None and phase.valid_to <= on:
        raise PhaseRefused(f"Tahap ini sudah berakhir sebelum {day_words(phase.valid_to)}. Pilih hari yang lebih awal.")
    if not decree.strip():
        raise PhaseRefused("Isi nomor keputusan yang mengakhiri tahap ini.")


def stands(plan: PhasePlan, known: Sequence[RolloutPhase]) -> bool:
    """Whether exactly this plan stands already."""
    wanted = {(weekday, plan.valid_from, plan.valid_to, plan.max_share_bp, plan.mode, plan.decree)
              for weekday in plan.weekdays}  # fmt: skip
    found = {(row.weekday, row.valid_from, row.valid_to, row.max_share_bp, row.mode, row.decree) for row in known}
    return bool(wanted) and wanted <= found


def remains(rows: Sequence[RolloutPhase], plan: PhasePlan, at: datetime) -> list[RolloutPhase]:
    """What is left of `rows` outside the plan's days, as rows that are not stored yet."""
    left = []
    for row in rows:
        if row.valid_from < plan.valid_from:
            left.append(_copy(row, row.valid_from, plan.valid_from, at))
        if plan.valid_to is not None and (row.valid_to is None or plan.valid_to < row.valid_to):
            left.append(_copy(row, plan.valid_to, row.valid_to, at))
    return left


def _copy(row: RolloutPhase, start: date, end: date | None, at: datetime) -> RolloutPhase:
    return RolloutPhase(
        building_id=row.building_id, weekday=row.weekday, max_share_bp=row.max_share_bp, mode=row.mode,
        decree=row.decree, valid_from=start, valid_to=end, recorded_at=at,
    )  # fmt: skip


def hypothetical(
    building: Building, plan: PhasePlan, known: Sequence[RolloutPhase], at: datetime
) -> list[RolloutPhase]:
    """The phases that would stand after opening the plan; nothing is stored."""
    gone = overlapping(plan, known)
    kept = [row for row in known if row not in gone]
    return [*kept, *remains(gone, plan, at), *rows_of(building, plan, at)]


def without(phase: RolloutPhase, on: date, known: Sequence[RolloutPhase], at: datetime) -> list[RolloutPhase]:
    """The phases that would stand after closing `phase` on `on`; nothing is stored."""
    plan = PhasePlan((phase.weekday,), on, None, EVERYONE_BP, phase.mode, "")
    return [*[row for row in known if row.pk != phase.pk], *remains([phase], plan, at)]


def rows_of(building: Building, plan: PhasePlan, at: datetime) -> list[RolloutPhase]:
    """The rows of a plan, one a weekday, not stored yet."""
    return [
        RolloutPhase(
            building=building, weekday=weekday, max_share_bp=plan.max_share_bp, mode=plan.mode, decree=plan.decree,
            valid_from=plan.valid_from, valid_to=plan.valid_to, recorded_at=at,
        )
        for weekday in sorted(plan.weekdays)
    ]  # fmt: skip


def phase_words(phase: RolloutPhase) -> str:
    """`Kamis sejak 1 Januari 2026 (SE 1/2026)`, for messages."""
    return _words((phase.weekday,), phase.valid_from, phase.valid_to, phase.decree)


def plan_words(plan: PhasePlan) -> str:
    """The same for a plan."""
    return _words(plan.weekdays, plan.valid_from, plan.valid_to, plan.decree)


def _words(weekdays: Sequence[int], start: date, end: date | None, decree: str) -> str:
    days = ", ".join(DAY_NAMES[weekday] for weekday in sorted(weekdays))
    until = f" sampai sebelum {day_words(end, with_day=False)}" if end else ""
    return f"{days} sejak {day_words(start, with_day=False)}{until} ({decree or 'tanpa keputusan'})"
