"""Workbooks: bounds checked before anything is unpacked into memory, then read sheet by sheet."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import python_calamine

from core.errors import SheetError

MAX_UNPACKED_BYTES = 1024 * 1024 * 1024
# Deflate packs at most 1032 to 1, so a small file cannot hide more than this.
MAX_DEFLATE_RATIO = 1032
# The reader holds every cell between the first and the last one, the empty ones too.
MAX_CELLS = 40_000_000
CHUNK_BYTES = 1024 * 1024
NOT_A_SHEET = (
    "Berkas ini bukan lembar kerja .xlsx yang utuh. Buka di aplikasi lembar kerja lalu simpan ulang sebagai .xlsx."
)
TOO_LARGE = (
    "Isi berkas ini lebih dari 1 GB setelah dibuka. Hapus lembar dan gambar yang tidak perlu, atau bagi berkasnya."
)
TOO_WIDE = "Lembar ini terlalu luas. Hapus kolom dan baris kosong di luar data, lalu simpan ulang."
PROTECTED = "Berkas ini dikunci dengan kata sandi. Simpan ulang tanpa kata sandi."
CELL_COLUMN = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})')
ROW_NUMBER = re.compile(rb'^[^>]*?\br="([0-9]{1,9})"')


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
            unpacked = 0
            for entry in entries:
                if entry.filename.lower().startswith("xl/worksheets/") and entry.filename.lower().endswith(".xml"):
                    unpacked += _measure_sheet(archive, entry, MAX_UNPACKED_BYTES - unpacked)
                else:
                    unpacked += _measure(archive, entry, MAX_UNPACKED_BYTES - unpacked)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
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
    if entry.compress_size * MAX_DEFLATE_RATIO <= min(room, CHUNK_BYTES):
        return entry.compress_size * MAX_DEFLATE_RATIO
    return sum(len(chunk) for chunk in _chunks(archive, entry, room))


def _measure_sheet(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> int:
    """Unpacked bytes of a sheet; refuses one whose rows times columns are too many."""
    size, rows, columns, letters, rest = 0, 0, 0, set(), b""
    for chunk in _chunks(archive, entry, room):
        size += len(chunk)
        *parts, rest = (rest + chunk).split(b"<row")
        for part in parts:
            rows += 1
            if match := ROW_NUMBER.match(part):
                rows = max(rows, int(match[1]))
            columns = max(columns, part.count(b"<c ") + part.count(b"<c>") + part.count(b"<c/>"))
            letters.update(CELL_COLUMN.findall(part))
        if len(rest) > 64 * CHUNK_BYTES:
            raise SheetError(TOO_WIDE)
    rows += 1
    if match := ROW_NUMBER.match(rest):
        rows = max(rows, int(match[1]))
    columns = max(columns, rest.count(b"<c"))
    letters.update(CELL_COLUMN.findall(rest))
    widest = max([columns, *(_column_number(name) for name in letters)])
    if rows * widest > MAX_CELLS:
        raise SheetError(TOO_WIDE)
    return size


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
