"""What one cell of a sheet says: text, date, number, share. Pure."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?)?")
DAY_FIRST = re.compile(r"([0-9]{1,2})[-/]([0-9]{1,2})[-/]([0-9]{4})(?: [0-9:.]+)?")
THOUSANDS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")
PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
DECIMAL_COMMA = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+),[0-9]+")
EARLIEST_YEAR = 1900
# Distinct cells that are remembered; further ones are read each time.
REMEMBERED = 200_000


def text(cell: Any) -> str:
    """The cell as text on one line; `-`, blanks and no-break spaces alone are empty."""
    if type(cell) is str:
        found = cell
    elif cell is None:
        return ""
    elif isinstance(cell, float) and cell.is_integer():
        found = str(int(cell))
    elif isinstance(cell, datetime):
        found = cell.isoformat(" ")
    else:
        found = str(cell)
    found = found.strip()
    if not found.isprintable():
        found = " ".join(found.split())
        found = "".join(c for c in found if c.isprintable())
    return "" if found == "-" else found


def day(cell: Any) -> date | None:
    """The date in a cell: a date cell, ISO, dd-mm-yyyy or dd/mm/yyyy; None where empty.

    Raises ValueError where there is no such date. The month never comes first.
    """
    if isinstance(cell, datetime):
        found = cell.date()
    elif isinstance(cell, date):
        found = cell
    else:
        if not isinstance(cell, str) and cell is not None:
            raise ValueError("a number is no date")
        words = text(cell)
        if not words:
            return None
        if match := ISO.fullmatch(words):
            year, month, day_of_month = (int(part) for part in match.groups())
        elif match := DAY_FIRST.fullmatch(words):
            day_of_month, month, year = (int(part) for part in match.groups())
        else:
            raise ValueError("no known form of a date")
        found = date(year, month, day_of_month)
    if found.year < EARLIEST_YEAR:
        raise ValueError("before any date that a register holds")
    return found


class Texts(dict[Any, str]):
    """`text` by cell, worked out once for each word: sheets repeat most of theirs.

    Only text is remembered, for 1, 1.0 and True are one key and three texts.
    """

    def __missing__(self, cell: Any) -> str:
        found = text(cell)
        if type(cell) is str and len(self) < REMEMBERED:
            self[cell] = found
        return found


class Days(dict[Any, date | None]):
    """`day` by cell in the same way; raises ValueError as it does."""

    def __missing__(self, cell: Any) -> date | None:
        found = day(cell)
        if type(cell) is str and len(self) < REMEMBERED:
            self[cell] = found
        return found


def number(cell: Any, *, thousands: bool = True) -> Decimal | None:
    """The number in a cell, exact; None where empty. Decimal comma and thousands dots are read.

    `1.234` is 1234 where `thousands`, else 1.234 (coordinates). Raises ValueError for anything else.
    """
    if isinstance(cell, bool):
        raise ValueError("a truth value is no number")
    if isinstance(cell, int | float):
        try:
            found = Decimal(repr(cell))
        except InvalidOperation as error:
            raise ValueError("not a number") from error
        if not found.is_finite():
            raise ValueError("not a number")
        return found
    words = text(cell).replace("\N{MINUS SIGN}", "-")
    if not words:
        return None
    sign, digits = (-1, words[1:]) if words[0] == "-" else (1, words.removeprefix("+"))
    if DECIMAL_COMMA.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", ".")
    elif thousands and THOUSANDS.fullmatch(digits):
        digits = digits.replace(".", "")
    elif not PLAIN.fullmatch(digits):
        raise ValueError("not a number")
    return sign * Decimal(digits)


def share_bp(cell: Any) -> int | None:
    """A share in basis points: `50 %`, `0,5` or 0.5; None where empty. Raises ValueError for anything else."""
    words = text(cell)
    if not words:
        return None
    if words.endswith("%"):
        found = number(words[:-1].strip())
        found = None if found is None else found * 100
    else:
        found = number(cell, thousands=False)
        found = None if found is None else found * 10_000
    if found is None or found != found.to_integral_value() or not 0 <= found <= 10_000:
        raise ValueError("not a share from 0 % to 100 %")
    return int(found)
