"""Sheets as people send them: separators, encodings, titles, merged cells, formulas, dates, and bounds."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from core import cells, tabular, workbook
from core.tabular import SheetError, open_table

NAMES = ("code", "name", "note")
LINES = (("G1", "Gedung Sate", "a, b; c"), ("G2", "Dinas Sosial", ""))
WANTED = [dict(zip(NAMES, line, strict=True)) for line in LINES]


def read(path: Path, **more) -> list[tuple[int, dict]]:
    with open_table(path, **{"required": NAMES, **more}) as table:
        return list(table.records())


def text_file(tmp_path: Path, content: bytes | str, name: str = "lembar.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def book(tmp_path: Path, rows: list[list], before=None) -> Path:
    made = Workbook()
    sheet = made.active
    if before:
        before(made, sheet)
    for row in rows:
        sheet.append(row)
    path = tmp_path / "lembar.xlsx"
    made.save(path)
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_separator_with_and_without_byte_order_mark(tmp_path, separator, start, end) -> None:
    lines = [separator.join(f'"{cell}"' for cell in line) for line in (NAMES, *LINES)]
    found = read(text_file(tmp_path, start + (end.join(lines) + end).encode()))
    assert found == [(2, WANTED[0]), (3, WANTED[1])]


def test_a_text_that_is_no_utf8_is_read_as_cp1252(tmp_path) -> None:
    found = read(text_file(tmp_path, "code,name,note\nG1,Café – “Sate”,x\n".encode("cp1252")))
    assert found[0][1]["name"] == "Café – “Sate”"


def test_headings_match_in_any_case_with_blanks_around_and_between(tmp_path) -> None:
    found = read(text_file(tmp_path, "  NOTE , Unit   Name,CODE\nn,Satu,G1\n"), required=("code", "unit name", "note"))
    assert found == [(2, {"note": "n", "unit name": "Satu", "code": "G1"})]


def test_the_row_is_the_line_where_the_record_begins(tmp_path) -> None:
    found = read(text_file(tmp_path, 'Judul\n\ncode,name,note\nG1,"dua\nbaris",x\n\n,,\nG2,b,c\n'))
    assert [number for number, _ in found] == [4, 8]


def test_titles_and_merged_cells_above_the_headings_of_a_workbook(tmp_path) -> None:
    def titles(made, sheet) -> None:
        sheet.append(["DAFTAR GEDUNG PROVINSI"])
        sheet.merge_cells("A1:C1")
        sheet.append([])

    found = read(book(tmp_path, [list(NAMES), *map(list, LINES)], titles))
    assert [number for number, _ in found] == [4, 5]
    assert found[0][1] == WANTED[0]


def test_a_hidden_sheet_and_a_cover_are_passed_over(tmp_path) -> None:
    def cover(made, sheet) -> None:
        hidden = made.create_sheet("lama", 0)
        hidden.append(list(NAMES))
        hidden.append(["ALT", "lama", ""])
        hidden.sheet_state = "hidden"
        front = made.create_sheet("sampul", 0)
        front.append(["Laporan"])

    assert read(book(tmp_path, [list(NAMES), *map(list, LINES)], cover)) == [(2, WANTED[0]), (3, WANTED[1])]


def test_a_formula_without_a_stored_value_is_no_text(tmp_path) -> None:
    found = read(book(tmp_path, [list(NAMES), ["G1", "Sate", "=1+1"]]))
    assert "=" not in cells.text(found[0][1]["note"])


def test_the_stored_value_of_a_formula_counts(tmp_path) -> None:
    path = book(tmp_path, [list(NAMES), ["G1", "Sate", "=40+2"]])
    changed = tmp_path / "nilai.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            if entry.endswith("sheet1.xml"):
                assert b"<f>40+2</f><v />" in content or b"<f>40+2</f><v></v>" in content or b"<v/>" in content
                for empty in (b"<v />", b"<v></v>", b"<v/>"):
                    content = content.replace(empty, b"<v>42</v>")
            new.writestr(entry, content)
    assert read(changed)[0][1]["note"] == 42


def test_cells_of_a_workbook_keep_their_kind(tmp_path) -> None:
    found = read(book(tmp_path, [list(NAMES), [198803132018031001, 0.5, datetime(2026, 1, 31)]]))[0][1]
    assert isinstance(found["code"], int | float)
    assert (found["name"], cells.day(found["note"])) == (0.5, date(2026, 1, 31))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "kosong"),
        (b"\n\n , ,\n", "kosong"),
        (b"%PDF-1.7 ...", "bukan lembar kerja"),
        (b"\x89PNG\r\n", "bukan lembar kerja"),
        (b"\xd0\xcf\x11\xe0old", "bukan lembar kerja"),
        ("code,name,note".encode("utf-16"), "bukan lembar kerja"),
        (b"code,name\0,note\n", "bukan lembar kerja"),
        (b"PK\x03\x04broken", "bukan lembar kerja"),
        (b"code,name\nG1,a\n", "note"),
        (b"a,b,c\n1,2,3\n", "code, name, note"),
        (b'code,name,note\nG1,"open,x\n', "tanda kutip"),
    ],
)
def test_what_is_no_sheet_is_one_sentence_that_says_why(tmp_path, content: bytes, words: str) -> None:
    with pytest.raises(SheetError, match=words):
        read(text_file(tmp_path, content))


def test_a_file_that_is_not_there_and_an_archive_that_is_no_workbook(tmp_path) -> None:
    with pytest.raises(SheetError, match="tidak ditemukan"):
        read(tmp_path / "tidak-ada.csv")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("foto.jpg", b"x")
    with pytest.raises(SheetError, match="bukan lembar kerja"):
        read(text_file(tmp_path, packed.getvalue(), "foto.xlsx"))


def test_a_file_over_the_bound_is_not_opened(tmp_path, monkeypatch) -> None:
    path = text_file(tmp_path, "code,name,note\nG1,a,b\n")
    monkeypatch.setattr(tabular, "MAX_BYTES", path.stat().st_size)
    assert len(read(path)) == 1
    monkeypatch.setattr(tabular, "MAX_BYTES", path.stat().st_size - 1)
    with pytest.raises(SheetError, match="200 MB"):
        read(path)


def packed_bomb(path: Path, sheet: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return path


def test_a_workbook_that_unpacks_too_far_is_refused_before_it_is_read(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(workbook, "MAX_UNPACKED_BYTES", 2 * 1024 * 1024)
    path = packed_bomb(tmp_path / "bom.xlsx", b" " * (3 * 1024 * 1024))
    assert path.stat().st_size < 10_000
    with pytest.raises(SheetError, match="1 GB"):
        read(path)


def test_the_declared_size_is_not_believed(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(workbook, "MAX_UNPACKED_BYTES", 2 * 1024 * 1024)
    path = packed_bomb(tmp_path / "bom.xlsx", b" " * (3 * 1024 * 1024))
    true, false = (3 * 1024 * 1024).to_bytes(4, "little"), (100).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(true, false))
    with pytest.raises(SheetError):
        read(path)


def test_one_cell_at_the_far_end_of_a_sheet_is_refused(tmp_path) -> None:
    sheet = b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    with pytest.raises(SheetError, match="terlalu luas"):
        read(packed_bomb(tmp_path / "jauh.xlsx", sheet))


@pytest.mark.parametrize("words", ["2026-01-31", "31-01-2026", "31/01/2026", "31/1/2026", "2026-01-31 00:00:00"])
def test_dates_in_their_forms(words: str) -> None:
    assert cells.day(words) == date(2026, 1, 31)


@pytest.mark.parametrize(
    "words", ["01/31/2026", "2026-02-29", "31 Januari 2026", "31-01-26", "46053", 46053, "0001-01-01"]
)
def test_what_is_no_date_is_never_guessed(words) -> None:
    with pytest.raises(ValueError, match="."):
        cells.day(words)


@pytest.mark.parametrize("blank", ["", " ", "-", "\u00a0", " - ", None])
def test_blank_cells_are_empty_in_every_reading(blank) -> None:
    assert (cells.text(blank), cells.day(blank), cells.number(blank), cells.share_bp(blank)) == ("", None, None, None)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("1.234,5", "1234.5"),
        ("1.500.000", "1500000"),
        ("0,5", "0.5"),
        ("-6,9025", "-6.9025"),
        ("12.5", "12.5"),
        (7, "7"),
    ],
)
def test_numbers_with_decimal_comma_and_thousands_dots(words, value: str) -> None:
    assert cells.number(words) == Decimal(value)


@pytest.mark.parametrize("words", ["banyak", "1,2,3", "1.23.4", "1e3", "--1", "0x10", True, float("nan"), float("inf")])
def test_what_is_no_number(words) -> None:
    with pytest.raises(ValueError, match="."):
        cells.number(words)


@given(st.integers(0, 10_000))
def test_a_share_reads_back_from_percent(share_bp: int) -> None:
    words = f"{share_bp // 100},{share_bp % 100:02} %"
    assert cells.share_bp(words) == cells.share_bp(words.replace(",", ".")) == share_bp


@pytest.mark.parametrize("words", ["100,01 %", "-1 %", "separuh", "0,005 %"])
def test_what_is_no_share(words: str) -> None:
    with pytest.raises(ValueError, match="."):
        cells.share_bp(words)
