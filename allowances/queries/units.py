"""What every unit is paid, what it was paid the month before, and the main reason of the change."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.db import connection

from allowances.models import Run
from core.indonesian import grouped, percent, rupiah

SQL = Path(__file__).resolve().parent.parent / "sql" / "unit_changes.sql"
# A change below this share of what was paid before needs no reason.
SMALL = Fraction(1, 1000)
# Part of a change -> what is said where it raises and where it lowers the sum; `{n}` people.
REASONS = {
    "joined": ("{n} pegawai masuk", "{n} pegawai masuk"),
    "gone": ("{n} pegawai keluar atau pindah", "{n} pegawai keluar atau pindah"),
    "gross": ("Pagu naik, {n} orang", "Pagu turun, {n} orang"),
    "cuts": ("Potongan turun, {n} orang", "Potongan naik, {n} orang"),
    "supplements": ("Tambahan naik, {n} orang", "Tambahan turun, {n} orang"),
    "rapel": ("Rapel naik, {n} orang", "Rapel turun, {n} orang"),
    "held": ("Yang ditahan turun, {n} orang", "Yang ditahan naik, {n} orang"),
    "taken": ("Iuran dan pajak turun, {n} orang", "Iuran dan pajak naik, {n} orang"),
}


@dataclass(frozen=True, slots=True)
class UnitChange:
    """One unit of a run; `before` and `change` are None where there is no run to compare with. Rupiah."""

    unit_id: int | None
    name: str
    people: int
    paid: Decimal
    before: Decimal | None
    reason: str
    warn: bool = False

    @property
    def change(self) -> Decimal | None:
        """New less old."""
        return None if self.before is None else self.paid - self.before

    @property
    def share(self) -> Fraction | None:
        """The change against what was paid before; None where nothing was."""
        return Fraction(self.paid - self.before) / Fraction(self.before) if self.before else None

    @property
    def change_words(self) -> str:
        """The change as a table shows it: +66.530.000."""
        return rupiah(self.change, signed=True).replace("Rp", "")

    @property
    def share_words(self) -> str:
        """The share with its sign: +0,7 %."""
        return f"{'+' if self.share and self.share > 0 else ''}{percent(self.share, 1)}"


def unit_changes(run: Run, before: Run | None) -> list[UnitChange]:
    """All units of a run by the size of their change, the largest first; one SQL statement for 85,000 people."""
    aside = Counter((item.get("unit"), item.get("code")) for item in run.set_aside)
    unscored = {unit: count for (unit, code), count in aside.items() if code == "unscored"}
    with connection.cursor() as cursor:
        cursor.execute(SQL.read_text(encoding="utf-8"), {"run": run.pk, "before": before.pk if before else None})
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    found = [_unit(row, before is not None, unscored) for row in rows]
    return sorted(found, key=lambda unit: (-abs(unit.change or 0), -unit.paid, unit.name))


def _unit(row: Mapping[str, Any], compared: bool, unscored: Mapping[int | None, int]) -> UnitChange:
    unit_id = row["unit_id"] or None
    reason, warn = (main_reason(row) if compared else ""), False
    if unscored.get(unit_id):
        reason, warn = f"Nilai belum ada: {grouped(unscored[unit_id])} orang", True
    before = row["paid_before"] if compared else None
    return UnitChange(unit_id, row["unit_name"] or "Tanpa unit", row["people"], row["paid"], before, reason, warn)


def main_reason(row: Mapping[str, Any]) -> str:
    """The part that moved the sum of a unit most, in the direction in which it went."""
    change = row["paid"] - row["paid_before"]
    if not change:
        return "Tidak berubah"
    if row["paid_before"] and abs(Fraction(change) / Fraction(row["paid_before"])) < SMALL:
        return "Dalam batas biasa"
    same_way = [name for name in REASONS if row[name] and (row[name] > 0) == (change > 0)]
    name = max(same_way, key=lambda part: abs(row[part]))
    return REASONS[name][row[name] < 0].format(n=grouped(row[f"{name}_people"]))


def summed(units: Sequence[UnitChange], name: str, reason: str = "") -> UnitChange:
    """Several units as one row."""
    compared = all(unit.before is not None for unit in units)
    before = sum((unit.before or Decimal(0) for unit in units), Decimal(0)) if compared else None
    paid = sum((unit.paid for unit in units), Decimal(0))
    return UnitChange(None, name, sum(unit.people for unit in units), paid, before, reason)
