"""Workbooks: bounds checked before anything is unpacked into memory, then read sheet by sheet."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import python_calamine

from core.errors import SheetError

MAX_UNPACKED_BYTES = 1024 * 1024 * 1024
# The reader holds every cell between the first and the last one, the empty ones too.
MAX_CELLS = 40_000_000
CHUNK_BYTES = 1024 * 1024
# What makes an archive a binary or an OpenDocument workbook, whose bounds are others.
OTHER_KINDS = frozenset({"xl/workbook.bin", "content.xml"})
NOT_A_SHEET = (
    "Berkas ini bukan lembar kerja .xlsx yang utuh. Buka di aplikasi lembar kerja lalu simpan ulang sebagai .xlsx."
)
TOO_LARGE = (
    "Isi berkas ini lebih dari 1 GB setelah dibuka. Hapus lembar dan gambar yang tidak perlu, atau bagi berkasnya."
)
TOO_WIDE = "Lembar ini terlalu luas. Hapus kolom dan baris kosong di luar data, lalu simpan ulang."
PROTECTED = "Berkas ini dikunci dengan kata sandi. Simpan ulang tanpa kata sandi."
# Any prefix, quote, blank and letter that the reader takes, so that no other spelling slips past the bound.
ROW = re.compile(rb"<(?:[^\s<>/:]*:)?row(?=[\s/>])")
PLAIN_ROW = re.compile(rb"<row(?=[\s/>])")
CELL = re.compile(rb"<(?:[^\s<>/:]*:)?c[\s/>]")
PLACE = rb"r(?<=[\s\"']r)\s*=\s*[\"']"
# Apart, because a list of short pieces is made in half the time of a list of pairs.
LETTERS = re.compile(PLACE + rb"([A-Za-z]{0,7})[0-9]")
DIGITS = re.compile(PLACE + rb"[A-Za-z]{0,7}([0-9]{1,10})")


def workbook_sheets(path: Path) -> Iterator[Iterator[tuple[int, list[Any]]]]:
    """The visible sheets of a workbook in order, each as (row number, cells). Raises SheetError."""
    _check_bounds(path)
    try:
        workbook = python_calamine.load_workbook(str(path))
        sheets = [
            meta.name
            for meta in workbook.sheets_metadata
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
            and meta.visible == python_calamine.SheetVisibleEnum.Visible
        ]
        for name in sheets:
            yield _numbered(workbook.get_sheet_by_name(name))
    except python_calamine.PasswordError as error:
        raise SheetError(PROTECTED) from error
    except (python_calamine.CalamineError, OSError) as error:
        raise SheetError(NOT_A_SHEET) from error


def _numbered(sheet: python_calamine.CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    yield from enumerate(sheet.iter_rows(), start=1)


def _check_bounds(path: Path) -> None:
    """Refuse archives that unpack to more than 1 GB or hold a sheet of too many cells."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
                raise SheetError(TOO_LARGE)
            if not any(entry.filename.lower() == "[content_types].xml" for entry in entries):
                raise SheetError(NOT_A_SHEET)
            if any(entry.filename.lower() in OTHER_KINDS for entry in entries):
                raise SheetError(NOT_A_SHEET)
            unpacked = 0
            for entry in entries:
                # A workbook may keep its sheets under any name, so each entry is measured as if it were one.
                unpacked += _measure(archive, entry, MAX_UNPACKED_BYTES - unpacked)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, RuntimeError, OSError) as error:
        raise SheetError(NOT_A_SHEET) from error


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> Iterator[bytes]:
    """The entry's true content; its declared size is not believed."""
    entry.file_size, entry.CRC = 2**62, None
    unpacked = 0
    with archive.open(entry) as file:
        while chunk := file.read(CHUNK_BYTES):
            unpacked += len(chunk)
            if unpacked > room:
                raise SheetError(TOO_LARGE)
            yield chunk


def _measure(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> int:
    """Unpacked bytes of an entry; refuses a sheet whose rows times columns are too many."""
    extent, size, rest, in_rows = Extent(), 0, b"", False
    for chunk in _chunks(archive, entry, room):
        size += len(chunk)
        content = rest + chunk
        row = ROW if b":row" in content else PLAIN_ROW
        *parts, rest = row.split(content)
        extent.add(parts if in_rows else parts[1:])
        in_rows = in_rows or bool(parts)
        if not in_rows:
            # Only a tag that is not finished can still become a row.
            rest = rest[rest.rfind(b"<") :] if b"<" in rest else b""
        if len(rest) > 64 * CHUNK_BYTES:
            raise SheetError(TOO_WIDE)
    if in_rows:
        extent.add([rest])
    if extent.rows * extent.columns > MAX_CELLS:
        raise SheetError(TOO_WIDE)
    return size


@dataclass
class Extent:
    """How far a sheet reaches: by its rows and cells, and by the places that they claim."""

    rows: int = 0
    columns: int = 0

    def add(self, rows: list[bytes]) -> None:
        """Count rows, each from its start to the next one's."""
        for row in rows:
            # Cells are told apart from other tags only where there could be more of them than in any row before.
            if row.count(b"<c") + row.count(b":c") > self.columns:
                self.columns = max(self.columns, len(CELL.findall(row)))
        content = b"<".join(rows)
        # Rows without a place follow the last one that claims its own: in a batch, all of them may.
        self.rows = max([self.rows, *map(int, set(DIGITS.findall(content)))]) + len(rows)
        self.columns = max([self.columns, *map(_column_number, set(LETTERS.findall(content)))])


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
