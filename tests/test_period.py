"""Months and days as people and addresses write them."""

from datetime import date

import pytest

from core.period import day_of, month_of, next_month, previous_month


@pytest.mark.parametrize("text", ["1900-01-01", "2026-02-28", "2028-02-29", "2999-12-31"])
def test_days_that_a_register_can_hold(text):
    assert day_of(text).isoformat() == text
    month = month_of(text[:7])
    assert (month.isoformat(), month.day) == (f"{text[:7]}-01", 1)
    assert previous_month(next_month(month)) == month


@pytest.mark.parametrize(
    "text",
    ["", "2026-11", "20261112", "2026-W46-4", "2026-02-29", "1899-12-31", "3000-01-01", "9999-12-31", "0001-01-01"],
)
def test_days_that_none_holds(text):
    with pytest.raises(ValueError):
        day_of(text)


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-1", "11-2026", "1899-12", "9999-12"])
def test_months_that_none_holds(text):
    with pytest.raises(ValueError):
        month_of(text)


def test_the_last_day_that_is_taken_has_a_day_after_it():
    assert next_month(day_of("2999-12-31")) == date(3000, 1, 1)
