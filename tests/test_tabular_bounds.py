"""Sheets that are made to exhaust memory are refused before the reader takes them; odd but honest ones are read."""

import io
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from core.cells import day
from core.findings import shown
from core.tabular import SheetError, open_table

GIGABYTE = 1024 * 1024 * 1024
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
FIRST_ROW = b'<row r="1"><c r="A1" t="str"><v>code</v></c></row>'
FAR_ROW = b'<row r="40000"><c r="XFD40000"><v>1</v></c></row>'
READ_IN_A_PROCESS = """
import resource, sys
from pathlib import Path
from core.tabular import SheetError, open_table
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    open_table(Path(sys.argv[1]), required=("code",))
except SheetError as error:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, error)
"""


def sheet(rows: bytes) -> bytes:
    return b"<worksheet " + NAMESPACE + b"><sheetData>" + rows + b"</sheetData></worksheet>"


def prefixed(content: bytes) -> bytes:
    """The same sheet with a name before each element."""
    for name in (b"worksheet", b"sheetData", b"row", b"c", b"v"):
        for end in (b" ", b">"):
            content = content.replace(b"<" + name + end, b"<x:" + name + end)
        content = content.replace(b"</" + name + b">", b"</x:" + name + b">")
    return content.replace(b"xmlns=", b"xmlns:x=")


def with_sheet(path: Path, content: bytes, entry: str = "xl/worksheets/sheet1.xml") -> Path:
    """A whole workbook whose one sheet has that content, under that name."""
    whole = io.BytesIO()
    Workbook().save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name.endswith("sheet1.xml"):
                new.writestr(entry, content)
            else:
                new.writestr(name, old.read(name).replace(b"worksheets/sheet1.xml", entry.removeprefix("xl/").encode()))
    return path


def codes(path: Path) -> list[object]:
    with open_table(path, required=("code",)) as table:
        return [record["code"] for _, record in table.records()]


SPELLINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda content: content,
    "other quotes": lambda content: content.replace(b'"', b"'"),
    "line ends in tags": lambda content: content.replace(b"<c ", b"<c\n").replace(b"<row ", b"<row\t"),
    "blanks around the sign": lambda content: content.replace(b"r=", b"r = "),
    "small letters": lambda content: content.replace(b"XFD", b"xfd"),
    "prefix": prefixed,
    "other attributes first": lambda content: content.replace(b"<c r=", b'<c s="0>"r='),
    "row only in the cell": lambda content: content.replace(b'<row r="40000">', b"<row>"),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("entry", ["xl/worksheets/sheet1.xml", "xl/lembar/satu.dat"])
def test_a_far_cell_is_refused_however_it_is_written(tmp_path: Path, spelling: str, entry: str) -> None:
    content = SPELLINGS[spelling](sheet(FIRST_ROW + FAR_ROW))
    with pytest.raises(SheetError, match="terlalu luas"):
        codes(with_sheet(tmp_path / "jauh.xlsx", content, entry))


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_near_cell_is_read_however_it_is_written(tmp_path: Path, spelling: str) -> None:
    content = SPELLINGS[spelling](sheet(FIRST_ROW + b'<row r="3"><c r="A3"><v>7</v></c></row>'))
    assert codes(with_sheet(tmp_path / "dekat.xlsx", content)) == [7]


def test_cells_without_a_place_count_too(tmp_path: Path) -> None:
    wide, long = b"<row>" + b"<c/>" * 10_000 + b"</row>", b"<row/>" * 4_000
    with pytest.raises(SheetError, match="terlalu luas"):
        codes(with_sheet(tmp_path / "tanpa.xlsx", sheet(FIRST_ROW + wide + long)))


@pytest.mark.parametrize("entry", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_a_bomb_of_a_gigabyte_costs_neither_memory_nor_patience(tmp_path: Path, entry: str) -> None:
    path = tmp_path / "bom.xlsx"
    piece = b" " * (16 * 1024 * 1024)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open(entry, "w", force_zip64=True) as file:
            for _ in range(GIGABYTE // len(piece) + 1):
                file.write(piece)
    assert path.stat().st_size < 16 * 1024 * 1024
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", READ_IN_A_PROCESS, str(path)], capture_output=True, text=True, check=True
    )
    kilobytes, words = done.stdout.split(" ", 1)
    assert "lebih dari 1 GB" in words
    assert int(kilobytes) < 64 * 1024
    assert time.monotonic() - started < 60


@pytest.mark.parametrize("entry", ["content.xml", "xl/workbook.bin"])
def test_other_kinds_of_workbooks_have_no_bounds_and_are_refused(tmp_path: Path, entry: str) -> None:
    path = with_sheet(tmp_path / "lain.xlsx", sheet(FIRST_ROW))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(entry, b"x")
    with pytest.raises(SheetError, match="bukan lembar kerja"):
        codes(path)


def test_pictures_with_words_beside_a_sheet_do_no_harm(tmp_path: Path) -> None:
    path = with_sheet(tmp_path / "gambar.xlsx", sheet(FIRST_ROW + b'<row r="2"><c r="A2"><v>7</v></c></row>'))
    anchor = b"<xdr:from><xdr:col>700</xdr:col><xdr:row>900000</xdr:row></xdr:from><xdr:cNvPr descr='ZZZ900000'/>"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/drawings/drawing1.xml", b"<xdr:wsDr>" + anchor * 50 + b"</xdr:wsDr>")
        archive.writestr("xl/media/image1.png", random.Random(7).randbytes(4 * 1024 * 1024))
    assert codes(path) == [7]


@pytest.mark.parametrize(
    ("found", "seen"),
    [("a\x00b\x1bc", "a\ufffdb\ufffdc"), ("\u202egnp", "\ufffdgnp"), ("baris\nlain", "baris\ufffdlain"),
     ("a\u00a0b", "a\u00a0b"), ("x" * 90, "x" * 80), (None, "")],
)  # fmt: skip
def test_a_finding_shows_control_characters_as_a_sign(found: str | None, seen: str) -> None:
    assert shown(found) == seen


@pytest.mark.parametrize(("words", "on"), [("03/04/2026", "2026-04-03"), ("12-01-2026", "2026-01-12")])
def test_the_day_comes_before_the_month(words: str, on: str) -> None:
    assert str(day(words)) == on
