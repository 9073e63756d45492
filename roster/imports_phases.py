"""`import_phases`: which weekdays people of a building may work from home, one row a weekday."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db import transaction

from core.importing import ImportKind, Request, register
from core.indonesian import day_words
from core.money import MoneyError, parse_share
from core.tabular import open_table
from roster.imports_people import lock_roster
from roster.models import Building, Government, RolloutPhase
from roster.sheet_rows import SheetRow, Tally

HEADINGS = ("building", "valid_from", "valid_to", "weekday", "max_share", "mode", "decree")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WHOLE_BP = 10_000


@dataclass(frozen=True)
class PhaseRow:
    """A phase of one weekday, from `start` until before `end` (None: without end)."""

    building: str
    weekday: int
    start: date
    end: date | None
    max_share_bp: int
    mode: str
    decree: str

    def shares_days(self, other: "PhaseRow") -> bool:
        """Whether both hold on a day."""
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)

    @property
    def words(self) -> str:
        """The phase as a message names it."""
        until = f"sampai sebelum {day_words(self.end, with_day=False)}" if self.end else "tanpa akhir"
        return f"{self.building} {WEEKDAYS[self.weekday]} sejak {day_words(self.start, with_day=False)} {until}"


def import_phases(request: Request) -> dict[str, Any]:
    """Read the file, judge every row, write what was accepted; contracts' object. Raises SheetError.

    Rows are judged in the file's order: one that shares a day with a stored phase, or with an accepted row, of the
    same building and weekday is refused with both named. A phase that stands already is unchanged.
    """
    with transaction.atomic():
        if request.write:
            lock_roster(request.government)
        buildings = dict(Building.objects.filter(government=request.government).values_list("code", "pk"))
        standing = _stored(request.government)
        new, tally = _read(request, buildings, standing)
        if request.write:
            RolloutPhase.objects.bulk_create(
                RolloutPhase(
                    building_id=buildings[row.building], weekday=row.weekday, max_share_bp=row.max_share_bp,
                    mode=row.mode, decree=row.decree, valid_from=row.start, valid_to=row.end, recorded_at=request.at,
                )
                for row in new
            )  # fmt: skip
    return tally.summary()


def _stored(government: Government) -> dict[tuple[str, int], list[tuple[str, PhaseRow]]]:
    """(building, weekday) -> (where it stands, phase)."""
    found: dict[tuple[str, int], list[tuple[str, PhaseRow]]] = {}
    rows = RolloutPhase.objects.filter(building__government=government, superseded_at=None).order_by("valid_from")
    for values in rows.values_list(
        "building__code", "weekday", "valid_from", "valid_to", "max_share_bp", "mode", "decree"
    ):
        row = PhaseRow(*values)
        found.setdefault((row.building, row.weekday), []).append(("yang tersimpan", row))
    return found


def _read(
    request: Request,
    buildings: Mapping[str, int],
    standing: dict[tuple[str, int], list[tuple[str, PhaseRow]]],
) -> tuple[list[PhaseRow], Tally]:
    new, tally = [], Tally()
    with open_table(request.path, required=HEADINGS) as table:
        for number, cells in table.records():
            tally.rows += 1
            request.progress(tally.rows)
            row = SheetRow(number, cells)
            wanted = _wanted(row, buildings)
            if wanted is None:
                tally.reject(row)
                continue
            others = standing.setdefault((wanted.building, wanted.weekday), [])
            if any(other == wanted for _, other in others):
                tally.unchanged += 1
                continue
            meets = next(((where, other) for where, other in others if other.shares_days(wanted)), None)
            if meets:
                row.refuse("valid_from", "phase_overlap", f"Tahap {wanted.words} bertumpuk dengan {meets[0]}: "
                           f"{meets[1].words}. Akhiri salah satunya lebih dulu.")  # fmt: skip
                tally.reject(row)
                continue
            others.append((f"baris {number}", wanted))
            new.append(wanted)
    return new, tally


def _wanted(row: SheetRow, buildings: Mapping[str, int]) -> PhaseRow | None:
    building = row.word("building", required=True)
    if building and building not in buildings:
        row.refuse("building", "building_unknown", "Gedung ini belum ada. Impor gedungnya dulu, atau perbaiki kodenya.")
    start, end = row.day("valid_from"), row.day("valid_to", required=False)
    if start and end and end <= start:
        row.refuse("valid_to", "date", "Tahap berakhir sebelum atau pada hari mulainya. Tulis hari pertama sesudahnya.")
    weekday, mode = (
        row.choice("weekday", WEEKDAYS),
        row.choice("mode", [str(mode) for mode in RolloutPhase.Mode.values]),
    )
    share_bp, decree = _share(row), row.word("decree")
    if row.errors or start is None or share_bp is None:
        return None
    return PhaseRow(building, WEEKDAYS.index(weekday), start, end, share_bp, mode, decree)


def _share(row: SheetRow) -> int | None:
    """`100 %` or `12,5%` in basis points, above 0 and at most everybody."""
    word = row.word("max_share", required=True).replace(" ", "").replace(",", ".")
    if not word:
        return None
    try:
        share = Fraction(parse_share(f"{word[:-1]} %")) if word.endswith("%") else None
    except MoneyError:
        share = None
    if share is None:
        row.refuse("max_share", "not_a_number", "Bukan bagian dari pegawai. Tulis seperti 50 %.")
        return None
    if not 0 < share <= 1 or (share * WHOLE_BP).denominator != 1:
        row.refuse("max_share", "unknown_value", "Tulis lebih dari 0 % sampai 100 %, paling banyak dua desimal.")
        return None
    return int(share * WHOLE_BP)


register(
    ImportKind(
        "phases",
        "Tahap WFH gedung",
        import_phases,
        headings=HEADINGS,
        about="Satu baris satu hari kerja (monday … sunday) sebuah gedung; valid_to adalah hari pertama sesudah tahap.",
    )
)
