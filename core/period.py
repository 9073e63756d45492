"""Months and days. Plain functions, no framework."""

from datetime import date, timedelta


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
    """First day of "2026-11". Raises ValueError for anything else."""
    if len(text) != 7:
        raise ValueError(f"Bulan ditulis seperti 2026-11, bukan {text!r}")
    return date.fromisoformat(f"{text}-01")
