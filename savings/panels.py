"""A panel from anybody's file: units, times, starts and outcomes, each cell judged and none lost without a count."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from core.cells import number, text
from core.errors import PortalError
from core.tabular import open_table
from savings.rules import Panel

NEVER = frozenset({"", "0", "0.0", "0,0", "never", "nan", "na", "inf", "nat", "none", "null"})
MISSING = frozenset({"", "nan", "na", "nat", "none", "null", "-"})
MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Columns:
    """Headings of the four columns."""

    unit: str
    time: str
    start: str
    outcome: str


@dataclass
class Reading:
    """What a file holds: the panel on the scale of the model, and cells that could not be taken, by reason."""

    panel: Panel
    without_outcome: int = 0
    not_positive: int = 0
    is_constant: bool = False


@dataclass
class _Cells:
    units: list[str] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    outcomes: list[float] = field(default_factory=list)
    starts: dict[str, float] = field(default_factory=dict)
    first_row: dict[tuple[str, int], int] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)


def read_panel(path: Path, columns: Columns, logarithm: bool) -> Reading:
    """Read a .csv or .xlsx with one row for each unit and time.

    Times are whole numbers, months (2026-01) or days (2026-01-31), all of one kind; first days of months only count as
    months. A start of 0, or none, is never. Outcomes that are missing, and with `logarithm` those that are not above 0,
    are counted and left out. Raises PortalError, with the row, for whatever cannot be read or stands twice.
    """
    names = (columns.unit, columns.time, columns.start, columns.outcome)
    cells, without, not_positive = _Cells(), 0, 0
    with open_table(path, required=names) as table:
        for row, (unit, time, start, outcome) in table.rows(names):
            name, at = _unit(unit, row), _time(time, row, columns.time, cells.kinds)
            _take_start(cells, name, _start(start, row, columns.start, cells.kinds), row)
            if (before := cells.first_row.setdefault((name, at), row)) != row:
                raise PortalError(f"Baris {row}: {name} pada waktu yang sama sudah ada di baris {before}. Hapus satu.")
            value = _outcome(outcome, row, columns.outcome)
            if value is None:
                without += 1
            elif logarithm and value <= 0:
                not_positive += 1
            else:
                cells.units.append(name)
                cells.times.append(at)
                cells.outcomes.append(math.log(value) if logarithm else value)
    if len(cells.kinds) > 1:
        raise PortalError(
            f"Waktu dan mulai ditulis dengan beberapa cara ({', '.join(sorted(cells.kinds))}); pakai satu."
        )
    return _reading(cells, without, not_positive)


def _reading(cells: _Cells, without: int, not_positive: int) -> Reading:
    numbers = {name: place for place, name in enumerate(sorted(cells.starts))}
    months = cells.kinds == {"hari"} and all(date.fromordinal(at).day == 1 for at in _days_in(cells))
    panel = Panel(
        unit=np.array([numbers[name] for name in cells.units], dtype=np.int64),
        time=np.array([_month(at) if months else at for at in cells.times], dtype=np.int64),
        start=np.array(
            [_month(at) if months and math.isfinite(at) else at for at in (cells.starts[name] for name in cells.units)],
            dtype=np.float64,
        ),
        outcome=np.array(cells.outcomes, dtype=np.float64),
        covariates=np.zeros((len(cells.units), 0)),
    )
    constant = len(cells.outcomes) > 0 and len(set(cells.outcomes)) == 1
    return Reading(panel, without, not_positive, constant)


def _days_in(cells: _Cells) -> Iterable[int]:
    yield from cells.times
    yield from (int(start) for start in cells.starts.values() if math.isfinite(start))


def _month(ordinal: float) -> int:
    on = date.fromordinal(int(ordinal))
    return on.year * 12 + on.month - 1


def _unit(cell: Any, row: int) -> str:
    name = text(cell)
    if not name:
        raise PortalError(f"Baris {row}: nama unit kosong. Isi, atau hapus barisnya.")
    return name


def _time(cell: Any, row: int, column: str, kinds: set[str]) -> int:
    if isinstance(cell, datetime):
        cell = cell.date()
    words = cell.isoformat() if isinstance(cell, date) else text(cell)
    try:
        if DAY.fullmatch(words[:10]) and words[10:] in ("", " 00:00:00", "T00:00:00"):
            kinds.add("hari")
            return date.fromisoformat(words[:10]).toordinal()
        if MONTH.fullmatch(words):
            kinds.add("bulan")
            on = date.fromisoformat(f"{words}-01")
            return on.year * 12 + on.month - 1
        value = _plain(words)
        if value != int(value) or abs(value) > 1e9:
            raise ValueError("not a whole number")
    except (ValueError, OverflowError) as error:
        raise PortalError(
            f"Baris {row}, kolom {column}: {words[:40]!r} bukan waktu. Tulis bilangan bulat, 2026-01, atau 2026-01-31."
        ) from error
    kinds.add("bilangan")
    return int(value)


def _start(cell: Any, row: int, column: str, kinds: set[str]) -> float:
    words = "" if cell is None else text(cell).casefold()
    if words in NEVER:
        return math.nan
    return _time(cell, row, column, kinds)


def _take_start(cells: _Cells, name: str, start: float, row: int) -> None:
    known = cells.starts.setdefault(name, start)
    if known != start and not (math.isnan(known) and math.isnan(start)):
        raise PortalError(f"Baris {row}: mulai {name} berbeda dari baris sebelumnya. Satu unit mulai satu kali.")


def _outcome(cell: Any, row: int, column: str) -> float | None:
    if text(cell).casefold() in MISSING:
        return None
    try:
        value = float(cell) if isinstance(cell, int | float) else _plain(text(cell))
        if not math.isfinite(value):
            raise ValueError("not finite")
    except ValueError as error:
        raise PortalError(
            f"Baris {row}, kolom {column}: {text(cell)[:40]!r} bukan angka. Perbaiki barisnya."
        ) from error
    return value


def _plain(words: str) -> float:
    """A number as programs write it (1e-05) or as people do (1,5)."""
    try:
        # Python alone takes 1_000 for a thousand.
        return float(words.replace("_", "?"))
    except ValueError:
        found = number(words, thousands=False)
        if found is None:
            raise
        return float(found)
