"""The quick ways of reading a sheet give what the slow ones give: remembered cells, picked columns, bounds by chunk."""

import re
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import cells, workbook
from core.tabular import open_table

ANY_CELL = st.one_of(
    st.text(max_size=12), st.integers(), st.booleans(), st.floats(allow_nan=False), st.dates(),
    st.datetimes(), st.none(),
    st.sampled_from(["-", " ", "2024-02-29", "31/12/2024", "31-02-2024", "\u00a0", "1.0", "True", "1"]),
)  # fmt: skip
PLACE = re.compile(rb"r(?<=[\s\"']r)\s*=\s*[\"']([A-Za-z]{0,7})([0-9]{1,10})")
PIECES = st.sampled_from([
    b"<row>", b'<row r="7">', b"<x:row r = '9'>", b"</row>", b"<rowBreaks>", b"<c/>", b'<c r="B2">', b"<x:c r='AB12'/>",
    b"<c\tr\n=\n\"zz3\"/>", b"<cols>", b'<col r="Q99"/>', b"<v>row r=\"C4\" :row :c</v>", b' r="D5"', b"<", b"text",
])  # fmt: skip


def outcome(read, cell):
    try:
        return type(found := read(cell)), found
    except ValueError:
        return "refused"


@given(st.lists(ANY_CELL, max_size=30))
def test_remembered_cells_say_what_unremembered_ones_say(found):
    texts, days = cells.Texts(), cells.Days()
    for cell in [*found, 1, True, 1.0, "1", date(2024, 1, 1), datetime(2024, 1, 1), *found]:
        assert texts[cell] == cells.text(cell)
        assert outcome(days.__getitem__, cell) == outcome(cells.day, cell)


def test_memory_of_cells_is_bounded(monkeypatch):
    monkeypatch.setattr(cells, "REMEMBERED", 3)
    texts, days = cells.Texts(), cells.Days()
    for number in range(9):
        assert texts[f" {number} "] == str(number)
        assert days[f"2024-01-0{number + 1}"] == date(2024, 1, number + 1)
    assert len(texts) == len(days) == 3


@pytest.mark.parametrize("columns", [["a"], ["b", "a"], ["a", "z", "c"], ["c", "b", "a"], []])
def test_columns_are_picked_by_name_also_from_short_rows_and_where_one_is_missing(tmp_path, columns):
    path = tmp_path / "x.csv"
    path.write_text("a,b,c\n1,2,3\n4\n5,6\n")
    with open_table(path, required=["a", "b"], columns=["a", "b", "c", "z"]) as table:
        found = [row for _, row in table.rows(columns)]
    rows = [{"a": "1", "b": "2", "c": "3"}, {"a": "4"}, {"a": "5", "b": "6"}]
    assert found == [[row.get(column, "") for column in columns] for row in rows]


def slowly(content: bytes) -> tuple[int, int]:
    """Rows and columns of a sheet, looked at whole and row by row."""
    rows = columns = 0
    for part in workbook.ROW.split(content)[1:]:
        places = PLACE.findall(part)
        rows = max([rows + 1, *(int(digits) for _, digits in places)])
        columns = max([columns, len(workbook.CELL.findall(part)),
                       *(workbook._column_number(letters) for letters, _ in places)])  # fmt: skip
    return rows, columns


@given(st.lists(PIECES, max_size=40).map(b"".join), st.sampled_from([1, 7, 64, 4096]))
def test_bounds_by_chunk_are_never_below_those_of_the_whole_sheet(content, chunk_bytes):
    measured = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook, "_chunks", lambda *_: (content[start : start + chunk_bytes]
                                                       for start in range(0, len(content), chunk_bytes)))  # fmt: skip

        class Kept(workbook.Extent):
            def __init__(self):
                super().__init__()
                measured.append(self)

        patch.setattr(workbook, "Extent", Kept)
        patch.setattr(workbook, "MAX_CELLS", 10**12)
        assert workbook._measure(zipfile.ZipFile, zipfile.ZipInfo("x"), 10**9) == len(content)
    rows, columns = slowly(content)
    assert measured[0].columns == columns
    assert rows <= measured[0].rows <= rows + len(workbook.ROW.findall(content))
