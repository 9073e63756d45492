"""CSV for people: opened in a spreadsheet no cell of it can act as a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def neutral(cell: Any) -> str:
    """`cell` as text; what a spreadsheet would take for a formula gets an apostrophe in front."""
    words = "" if cell is None else str(cell)
    return f"'{words}" if words.startswith(DANGEROUS) else words


class _Line:
    """What csv.writer wants: it gives back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Lines of a CSV with commas, one at a time; the mark in front tells spreadsheets that it is UTF-8."""
    writer = csv.writer(_Line())
    yield "\N{BYTE ORDER MARK}" + writer.writerow(heading)
    for row in rows:
        yield writer.writerow([neutral(cell) for cell in row])
