"""Read any sheet that people send: .xlsx, or text with commas, semicolons, tabs or bars.

    with open_table(path, required=("meter", "building"), columns=("meter", "building", "usage")) as table:
        for number, record in table.records():    # sheet row, or the line where the record begins
            record["usage"]                       # str, int, float, bool, date or datetime; "" where empty

Headings match without regard to case, surrounding and repeated blanks; rows above the heading row are titles;
rows without anything in them are skipped. What cannot be read raises SheetError: one plain sentence.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from operator import itemgetter
from pathlib import Path
from typing import Any

from core.cells import text
from core.delimited import delimited_rows, looks_like_text
from core.errors import SheetError
from core.workbook import workbook_sheets

__all__ = ["SheetError", "Table", "open_table"]

MAX_BYTES = 200 * 1024 * 1024
HEADING_SEARCH_ROWS = 200
ZIP_MAGIC = b"PK\x03\x04"

Cells = list[Any]
NumberedRows = Iterator[tuple[int, Cells]]


def heading(cell: Any) -> str:
    """A heading in the form in which headings are compared: one blank between words, folded case."""
    return " ".join(str(cell).split()).casefold()


class Table(AbstractContextManager):
    """Rows below one heading row. Iterates once."""

    def __init__(self, heading_row: int, positions: dict[str, int], rows: NumberedRows) -> None:
        self.heading_row = heading_row
        self.positions = positions
        self._rows = rows

    def __exit__(self, *exc_info: object) -> None:
        self._rows.close()

    def rows(self, columns: Sequence[str]) -> Iterator[tuple[int, Cells]]:
        """(row number, cells in the order of `columns`); a column that the file lacks is "" everywhere."""
        places = [self.positions.get(column, -1) for column in columns]
        # Where every column is there, and there are several, they are picked in one step.
        whole = itemgetter(*places) if len(places) > 1 and min(places) >= 0 else None
        width_needed = max(places, default=-1) + 1
        for number, cells in self._rows:
            if is_blank(cells):
                continue
            width = len(cells)
            if whole is not None and width >= width_needed:
                yield number, list(whole(cells))
            else:
                yield number, [cells[place] if 0 <= place < width else "" for place in places]

    def records(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """(row number, cells by canonical column name) of the columns that were asked for."""
        names = list(self.positions)
        for number, cells in self.rows(names):
            yield number, dict(zip(names, cells, strict=True))


def is_blank(cells: Cells) -> bool:
    """Nothing but blanks and dashes."""
    return not any(type(cell) is not str or (cell and text(cell)) for cell in cells)


def open_table(
    path: Path,
    *,
    required: Sequence[str],
    columns: Sequence[str] = (),
    markers: Sequence[str] = (),
    aliases: Mapping[str, str] | None = None,
) -> Table:
    """Open the sheet in `path`.

    `required`: canonical names that must be there; `columns`: all names in use; `markers`: names by which the
    heading row is known (default: the required ones); `aliases`: other spelling -> canonical name.
    Raises SheetError: too large, no sheet, empty, or a required heading missing.
    """
    known = {heading(name): name for name in [*columns, *required]}
    known |= {heading(other): name for other, name in (aliases or {}).items()}
    wanted = set(markers or required)
    best: dict[str, int] = {}
    saw_anything = False
    for rows in _candidates(path, known, wanted):
        for number, cells in _first(rows, HEADING_SEARCH_ROWS):
            saw_anything = saw_anything or not is_blank(cells)
            positions = _positions(cells, known)
            if wanted <= positions.keys():
                _refuse_missing(required, positions)
                return Table(number, positions, rows)
            if len(wanted & positions.keys()) > len(wanted & best.keys()):
                best = positions
    if not saw_anything:
        raise SheetError("Berkas ini kosong: tidak ada satu baris pun. Unggah berkas yang berisi judul kolom dan data.")
    _refuse_missing([*required, *wanted], best)
    raise SheetError("Judul kolom tidak ditemukan dalam satu baris. Satukan judul kolom dalam satu baris.")


def _first(rows: NumberedRows, count: int) -> NumberedRows:
    for _ in range(count):
        item = next(rows, None)
        if item is None:
            return
        yield item


def _positions(cells: Cells, known: Mapping[str, str]) -> dict[str, int]:
    """Canonical name -> position; the first column of a name counts, its own spelling before an alias."""
    found: dict[str, int] = {}
    exact: set[str] = set()
    for place, cell in enumerate(cells):
        if type(cell) is not str or not cell:
            continue
        name = known.get(heading(cell))
        if name is None:
            continue
        own = heading(cell) == heading(name)
        if name not in found or (own and name not in exact):
            found[name] = place
        if own:
            exact.add(name)
    return found


def _refuse_missing(required: Sequence[str], positions: Mapping[str, int]) -> None:
    missing = [name for name in dict.fromkeys(required) if name not in positions]
    if missing:
        names = ", ".join(missing)
        raise SheetError(f"Judul kolom wajib tidak ada: {names}. Tambahkan kolom itu dengan judul persis seperti ini.")


def _candidates(path: Path, known: Mapping[str, str], wanted: set[str]) -> Iterator[NumberedRows]:
    """The sheets of a workbook one after the other, or the one reading of a text file."""
    if not path.is_file():
        raise SheetError(f"Berkas {path.name} tidak ditemukan. Periksa nama dan letaknya.")
    size = path.stat().st_size
    if size == 0:
        raise SheetError("Berkas ini kosong (0 bita). Unggah berkas yang berisi judul kolom dan data.")
    if size > MAX_BYTES:
        raise SheetError("Berkas ini lebih besar dari 200 MB. Bagi menjadi beberapa berkas lalu unggah satu per satu.")
    with path.open("rb") as file:
        start = file.read(65536)
    if start.startswith(ZIP_MAGIC):
        yield from workbook_sheets(path)
        return
    if not looks_like_text(start):
        raise SheetError(
            "Berkas ini bukan lembar kerja .xlsx atau .csv. Buka di aplikasi lembar kerja lalu simpan ulang."
        )
    yield delimited_rows(path, lambda cells: len(wanted & _positions(cells, known).keys()))
