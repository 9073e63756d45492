"""What the importers of the roster's own sheets share: cells of a row with their findings, and the count of rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core import cells
from core.findings import Finding, Findings
from core.importing import Request
from core.tabular import open_table

WORD_LENGTH = 250


@dataclass
class SheetRow:
    """One row of a sheet; what is wrong with a cell is noted in `errors` and read as empty."""

    number: int
    cells: dict[str, Any]
    errors: list[Finding] = field(default_factory=list)

    def refuse(self, column: str, code: str, message: str) -> None:
        """Note an error at `column`, with what stands there."""
        found = Findings()
        found.error(self.number, column, code, self.cells.get(column, ""), message)
        self.errors += found.errors

    def word(self, column: str, longest: int = WORD_LENGTH, required: bool = False) -> str:
        """The text of a cell; `missing` where it must not be empty, `too_long` over `longest` characters."""
        found = cells.text(self.cells[column])
        if not found and required:
            self._missing(column)
        if len(found) > longest:
            self.refuse(column, "too_long", f"Lebih dari {longest} huruf. Persingkat isinya.")
        return found

    def choice(self, column: str, choices: Sequence[str]) -> str:
        """One of `choices`, in any case of letters; `missing` or `unknown_value` otherwise."""
        found = cells.text(self.cells[column]).casefold()
        if not found:
            self._missing(column)
        elif found not in choices:
            self.refuse(column, "unknown_value", f"Tulis salah satu: {', '.join(choices)}.")
        return found

    def day(self, column: str, required: bool = True) -> date | None:
        """The date of a cell; `missing` or `date`."""
        try:
            found = cells.day(self.cells[column])
        except ValueError:
            self.refuse(column, "date", "Tanggal tidak ada atau tidak terbaca. Tulis seperti 2026-01-31.")
            return None
        if found is None and required:
            self._missing(column)
        return found

    def decimal(self, column: str, low: int, high: int, required: bool = False) -> Decimal | None:
        """A number from `low` to `high`; `not_a_number`, or `unknown_value` outside of them."""
        return self._bounded(column, low, high, required, thousands=False)

    def whole(self, column: str, low: int, high: int, required: bool = False) -> int | None:
        """A whole number from `low` to `high`; the same codes."""
        found = self._bounded(column, low, high, required, thousands=True)
        if found is not None and found != found.to_integral_value():
            self.refuse(column, "not_a_number", "Bukan bilangan bulat. Tulis tanpa angka di belakang koma.")
            return None
        return None if found is None else int(found)

    def _bounded(self, column: str, low: int, high: int, required: bool, thousands: bool) -> Decimal | None:
        try:
            found = cells.number(self.cells[column], thousands=thousands)
        except ValueError:
            self.refuse(column, "not_a_number", "Bukan angka. Tulis angka saja, tanpa satuan.")
            return None
        if found is None and required:
            self._missing(column)
        if found is not None and not low <= found <= high:
            self.refuse(column, "unknown_value", f"Di luar batas. Tulis angka dari {low} sampai {high}.")
            return None
        return found

    def _missing(self, column: str) -> None:
        self.refuse(column, "missing", f"Kolom {column} kosong. Isi lalu impor lagi.")


@dataclass
class Tally:
    """What becomes of the rows of a file. A row with errors is rejected; it has no warnings then."""

    rows: int = 0
    unchanged: int = 0
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    def reject(self, row: SheetRow) -> None:
        """Keep the errors of a row."""
        self.errors += row.errors

    def warn(self, row: SheetRow, column: str, code: str, message: str) -> None:
        """Note something strange about an accepted row."""
        found = Findings()
        found.warning(row.number, column, code, row.cells.get(column, ""), message)
        self.warnings += found.warnings

    def summary(self) -> dict[str, Any]:
        """The JSON object of the contract, findings in the file's order."""
        rejected = {finding.row for finding in self.errors}
        warnings = [finding for finding in self.warnings if finding.row not in rejected]
        return {
            "rows": self.rows,
            "accepted": self.rows - len(rejected) - self.unchanged,
            "rejected": len(rejected),
            "unchanged": self.unchanged,
            "errors": [finding.as_dict() for finding in sorted(self.errors, key=lambda f: f.row)],
            "warnings": [finding.as_dict() for finding in sorted(warnings, key=lambda f: f.row)],
        }


def sheet_rows(request: Request, headings: Sequence[str], tally: Tally) -> Iterator[SheetRow]:
    """The rows below the headings, each counted and told to the progress. Raises SheetError."""
    with open_table(request.path, required=headings) as table:
        for number, row_cells in table.records():
            tally.rows += 1
            request.progress(tally.rows)
            yield SheetRow(number, row_cells)
