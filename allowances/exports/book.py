"""A workbook that is the same every time: rows written in order in little memory, text that stays text."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from allowances.exports.cells import DRAFT_BANNER, decided_words, frozen_at, harmless, is_draft, run_code, run_words
from allowances.models import Run

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAPER_A4 = 9
# Two decimals only where there are sen: a paper of whole rupiah reads better without ",00".
NUMBER_FORMAT = "#,##0"
NUMBER_FORMAT_SEN = "#,##0.00"
HEADER_FILL, TOTAL_FILL, RULE = "#E3E7F4", "#F1F2EC", "#9AA0A6"


class Styles:
    """The few looks of a paper."""

    def __init__(self, book: Workbook, with_sen: bool = False) -> None:
        number = {"num_format": NUMBER_FORMAT_SEN if with_sen else NUMBER_FORMAT}
        cell = {"border": 1, "border_color": RULE, "valign": "top"}
        bold = {"bold": True, "bg_color": TOTAL_FILL}
        self.title = book.add_format({"bold": True, "font_size": 13})
        self.plain = book.add_format({})
        self.strong = book.add_format({"bold": True})
        self.draft = book.add_format({"bold": True, "font_size": 14, "font_color": "#B3261E"})
        self.head = book.add_format(
            {**cell, "bold": True, "bg_color": HEADER_FILL, "align": "center", "valign": "vcenter", "text_wrap": True}
        )
        self.small_head = book.add_format({**cell, "bg_color": HEADER_FILL, "align": "center", "font_size": 8})
        self.text = book.add_format({**cell, "num_format": "@"})
        self.whole = book.add_format(cell)
        self.amount = book.add_format({**cell, **number})
        # A label runs on over the cells to its right: no lines between them.
        self.total_text = book.add_format({"top": 1, "bottom": 1, "border_color": RULE, "valign": "top", **bold})
        self.total_amount = book.add_format({**cell, **bold, **number})


@contextmanager
def workbook(run: Run, title: str) -> Iterator[tuple[Workbook, BytesIO]]:
    """A workbook and what it will be written to; its properties carry the run's time and not the clock's."""
    made = BytesIO()
    book = Workbook(made, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {
            "title": f"{title} {run_code(run)}",
            "company": run.government.name,
            "created": frozen_at(run).astimezone(UTC).replace(tzinfo=None),
        }
    )
    yield book, made
    book.close()


def head_lines(run: Run, title: str, scope: str, basis: str) -> list[str]:
    """What stands above every table: government, paper, month and run, scope, basis, state."""
    return [
        run.government.name.upper(),
        title,
        f"Perhitungan: {run_words(run)} ({run_code(run)})",
        f"Cakupan: {scope}",
        f"Dasar: {basis}",
        f"Status: {run.get_state_display()}. {'; '.join(decided_words(run))}",
    ]


def start_sheet(
    book: Workbook, styles: Styles, run: Run, name: str, lines: Sequence[str], columns: Sequence[tuple[str, float]]
) -> tuple[Worksheet, int]:
    """A sheet with banner, head lines, headings and column numbers, ready to print; gives the next row."""
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(PAPER_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    banner = DRAFT_BANNER if is_draft(run) else ""
    sheet.set_header(f"&C&B{banner}&R&8{run_code(run)}" if banner else f"&R&8{run_code(run)}")
    sheet.set_footer("&C&8Halaman &P dari &N")
    for column, (_, width) in enumerate(columns):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, banner, styles.draft)
    for row, line in enumerate(lines, 1):
        sheet.write_string(row, 0, harmless(line), styles.title if row < 3 else styles.plain)
    headings = len(lines) + 2
    sheet.set_row(headings, 44)
    for column, (heading, _) in enumerate(columns):
        sheet.write_string(headings, column, heading, styles.head)
    for column in range(len(columns)):
        sheet.write_number(headings + 1, column, column + 1, styles.small_head)
    sheet.repeat_rows(headings, headings + 1)
    sheet.freeze_panes(headings + 2, min(3, len(columns) - 1))
    return sheet, headings + 2


def write_row(sheet: Worksheet, at: int, cells: Sequence[Any], text: Any, number: Any) -> None:
    """One row: text stays text, numbers stay numbers; None is an empty cell."""
    for column, value in enumerate(cells):
        if value is None:
            sheet.write_blank(at, column, None, text)
        elif isinstance(value, str):
            sheet.write_string(at, column, harmless(value), text)
        else:
            sheet.write_number(at, column, value, number)
