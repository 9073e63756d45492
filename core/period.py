"""Months and days. Plain functions, no framework."""

from datetime import date, timedelta

# Months before and after any month of these can still be named.
EARLIEST_YEAR = 1900
LATEST_YEAR = 2999


def first_of(on: date) -> date:
    """First day of the month of `on`."""
    return on.replace(day=1)


def next_month(month: date) -> date:
    """First day of the month after `month`."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def previous_month(month: date) -> date:
    """First day of the month before `month`."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def month_of(text: str) -> date:
    """First day of "2026-11". Raises ValueError for anything else, and for years that no register holds."""
    if len(text) != 7:
        raise ValueError(f"Bulan ditulis seperti 2026-11, bukan {text!r}")
    return day_of(f"{text}-01")


def day_of(text: str) -> date:
    """The day "2026-11-12". Raises ValueError for anything else, and for years that no register holds."""
    on = date.fromisoformat(text)
    if on.isoformat() != text:
        raise ValueError(f"Tanggal ditulis seperti 2026-11-12, bukan {text!r}")
    if not EARLIEST_YEAR <= on.year <= LATEST_YEAR:
        raise ValueError(f"Tahun {on.year} di luar {EARLIEST_YEAR} sampai {LATEST_YEAR}")
    return on
