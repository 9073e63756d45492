"""What bills can say: the ceiling at the ends of its ranges, and a change that its two parts add up to."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from savings.rules import BillChange, bill_change, ceiling

HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("days", "work_days", "switchable", "workday", "wanted"),
    [
        (1, 5, 1, Fraction(4, 5), Fraction(4, 25)),
        (0, 5, 1, 1, 0),
        (5, 5, 1, 1, 1),
        (5, 5, 0, 1, 0),
        (5, 5, 1, 0, 0),
        (1, 4, HALF, Fraction(2, 3), Fraction(1, 12)),
        (Fraction(1, 2), HALF, 1, 1, 1),
    ],
)
def test_the_ceiling(days, work_days, switchable, workday, wanted):
    found = ceiling(days, work_days, Fraction(switchable), Fraction(workday))
    assert found == wanted
    assert isinstance(found, Fraction)


def test_what_is_not_known_of_a_building_is_assumed_on_the_high_side():
    assert ceiling(1, 5) == ceiling(1, 5, Fraction(1), Fraction(4, 5)) == Fraction(4, 25)


@pytest.mark.parametrize(("days", "work_days"), [(-1, 5), (6, 5), (0, 0), (1, -1), (-1, -2), (Fraction(11, 2), 5)])
def test_days_outside_their_range_are_refused(days, work_days):
    with pytest.raises(ValueError, match="^home days lie between 0 and the working days, and there is a working day$"):
        ceiling(days, work_days)


@pytest.mark.parametrize(("switchable", "workday"), [(-1, 1), (2, 1), (1, -1), (1, 2), (Fraction(101, 100), HALF)])
def test_shares_outside_their_range_are_refused(switchable, workday):
    with pytest.raises(ValueError, match="^a share lies between 0 and 1$"):
        ceiling(1, 5, Fraction(switchable), Fraction(workday))


def test_less_use_at_a_higher_price():
    # 100 units at 10 before, 80 at 11 after: 20 units less save 200, each of the 80 costs 1 more
    change = bill_change(Fraction(100), Fraction(1000), Fraction(80), Fraction(880))
    assert change == BillChange(Fraction(200), Fraction(-80))
    assert change.total_rupiah == 120


@pytest.mark.parametrize(("before", "after"), [(0, 5), (5, 0), (0, 0), (-1, 5), (5, -1)])
def test_a_reading_of_zero_says_nothing(before, after):
    assert bill_change(Fraction(before), Fraction(10), Fraction(after), Fraction(10)) is None


AMOUNTS = st.fractions(Fraction(1, 100), 10_000, max_denominator=100)


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_the_parts_add_up_to_the_change_of_the_bill(usage_before, cost_before, usage_after, cost_after):
    change = bill_change(usage_before, cost_before, usage_after, cost_after)
    assert change.total_rupiah == cost_before - cost_after
    assert (change.quantity_effect_rupiah > 0) is (usage_before > usage_after)
    assert (change.price_effect_rupiah > 0) is (cost_before / usage_before > cost_after / usage_after)
