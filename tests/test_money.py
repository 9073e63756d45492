"""Exact money: what is read, what is refused and how, both sides of every rounding edge, shares that add up."""

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import (
    MoneyError,
    apportion,
    difference,
    exact,
    exact_sum,
    exact_text,
    format_number,
    is_rupiah_rate,
    is_share,
    parse_rupiah_rate,
    parse_share,
    product,
    ratio,
    round_to,
    tidy,
)

HALF, CENT = Fraction(1, 2), Fraction(1, 100)
AMOUNTS = st.one_of(st.integers(-(10**9), 10**9), st.fractions(-(10**6), 10**6, max_denominator=1000))
STEPS = st.sampled_from([1, 100, 500, CENT, HALF, Fraction(7, 3)])


def same(found, wanted):
    """Equal, and an integer exactly where the wanted value is written as one."""
    assert found == wanted
    assert type(found) is type(wanted)


@pytest.mark.parametrize(
    ("value", "wanted"), [(5, 5), (Fraction(6, 2), 3), (Fraction(-4), -4), (Fraction(0), 0), (HALF, HALF), (True, 1)]
)
def test_a_whole_amount_becomes_an_integer(value, wanted):
    same(tidy(value), wanted)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (True, 1),
        (False, 0),
        (-3, -3),
        (Fraction(4, 2), 2),
        (Fraction(1, 3), Fraction(1, 3)),
        (Decimal("2.50"), Fraction(5, 2)),
        (Decimal("7.00"), 7),
        ("1.25", Fraction(5, 4)),
        (" 12 ", 12),
        ("+4", 4),
        ("-0.5", Fraction(-1, 2)),
    ],
)
def test_numbers_are_read_exactly(value, wanted):
    same(exact(value), wanted)


@pytest.mark.parametrize(
    "value",
    [
        0.5,
        1.0,
        math.nan,
        None,
        "",
        "1,5",
        "1e3",
        "0x10",
        "1/2",
        ".5",
        "5.",
        "1 000",
        [],
        Decimal("NaN"),
        Decimal("Inf"),
    ],
)
def test_what_is_no_exact_number_is_refused_by_name(value):
    with pytest.raises(MoneyError) as told:
        exact(value)
    assert str(told.value) == f"Bukan angka yang pasti: {value!r}"


@pytest.mark.parametrize(
    ("text", "wanted"), [("0.5 %", Fraction(1, 200)), ("100 %", 1), ("0 %", 0), ("1.25 %", Fraction(1, 80))]
)
def test_shares(text, wanted):
    assert is_share(text) is True
    assert parse_share(text) == wanted
    assert isinstance(parse_share(text), Fraction)


@pytest.mark.parametrize(
    "text", ["1%", "1  %", "1 % ", " 1 %", "-1 %", "+1 %", "1,5 %", ".5 %", "1. %", "1 %%", "%", 1, 0.5, None]
)
def test_what_is_no_share_is_refused_by_name(text):
    assert is_share(text) is False
    with pytest.raises(MoneyError) as told:
        parse_share(text)
    assert str(told.value) == f"Persentase ditulis seperti '0.5 %' (angka, satu spasi, tanda persen), bukan {text!r}"


@pytest.mark.parametrize(("text", "wanted"), [("37000 rupiah", 37_000), ("0.5 rupiah", HALF), ("2.0 rupiah", 2)])
def test_payments_per_unit(text, wanted):
    assert is_rupiah_rate(text) is True
    same(parse_rupiah_rate(text), wanted)


@pytest.mark.parametrize(
    "text", ["37000", "37000rupiah", "-1 rupiah", "1 Rupiah", "1 rupiah ", "37.000,5 rupiah", 37_000, None]
)
def test_what_is_no_payment_per_unit_is_refused_by_name(text):
    assert is_rupiah_rate(text) is False
    with pytest.raises(MoneyError) as told:
        parse_rupiah_rate(text)
    assert str(told.value) == f"Bayaran per satuan ditulis seperti '37000 rupiah', bukan {text!r}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (7, "7"),
        (999, "999"),
        (1000, "1.000"),
        (-1000, "-1.000"),
        (1_234_567, "1.234.567"),
        (Fraction(12_345_675, 10), "1.234.567,5"),
        (Fraction(-12_345_675, 10), "-1.234.567,5"),
        (Fraction(105, 100), "1,05"),
        (Fraction(110, 100), "1,1"),
        (Fraction(120, 100), "1,2"),
        (Fraction(101, 100), "1,01"),
        (Fraction(1, 3), "0,33"),
        (Fraction(2, 3), "0,67"),
        (Fraction(5, 1000), "0,01"),
        (Fraction(49, 10_000), "0"),
        (Fraction(-49, 10_000), "0"),
        (Fraction(-5, 1000), "-0,01"),
        (Fraction(99_999, 100_000), "1"),
        (Fraction(-1, 2), "-0,5"),
    ],
)
def test_numbers_as_people_read_them(value, text):
    assert format_number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (5_765_000, "5765000"),
        (-12, "-12"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(1, 20), "0.05"),
        (Fraction(1, 40), "0.025"),
        (Fraction(1, 25), "0.04"),
        (Fraction(1, 50), "0.02"),
        (Fraction(4001, 400), "10.0025"),
        (Fraction(1000, 3), "1000/3"),
        (Fraction(-1, 6), "-1/6"),
        (Fraction(1, 3) + 10**20, "300000000000000000001/3"),
        (Fraction(10**20 + 1, 2), "50000000000000000000.5"),
        (Fraction(1, 10**30), "0." + 29 * "0" + "1"),
    ],
)
def test_numbers_as_programs_read_them(value, text):
    assert exact_text(value) == text
    assert Fraction(text) == value


@pytest.mark.parametrize(
    ("amount", "half_up", "half_even", "floor", "ceil"),
    [
        (2, 2, 2, 2, 2),
        (Fraction(249, 100), 2, 2, 2, 3),
        (Fraction(5, 2), 3, 2, 2, 3),
        (Fraction(251, 100), 3, 3, 2, 3),
        (Fraction(7, 2), 4, 4, 3, 4),
        (HALF, 1, 0, 0, 1),
        (Fraction(-249, 100), -2, -2, -3, -2),
        (Fraction(-5, 2), -3, -2, -3, -2),
        (Fraction(-7, 2), -4, -4, -4, -3),
        (Fraction(-251, 100), -3, -3, -3, -2),
        (-HALF, -1, 0, -1, 0),
    ],
)
def test_both_sides_of_the_middle(amount, half_up, half_even, floor, ceil):
    same(round_to(amount), half_up)
    for scale in (1, 100, CENT, Fraction(7, 3)):
        for mode, wanted in (("half_up", half_up), ("half_even", half_even), ("floor", floor), ("ceil", ceil)):
            same(round_to(amount * scale, scale, mode), exact(wanted * Fraction(scale)))


@pytest.mark.parametrize("step", [0, -1, Fraction(-1, 2)])
def test_a_step_that_is_not_above_zero_is_refused(step):
    for work in (lambda: round_to(5, step), lambda: apportion([5], 5, step)):
        with pytest.raises(MoneyError) as told:
            work()
        assert str(told.value) == "Langkah pembulatan harus di atas 0"


def test_an_unknown_way_of_rounding_is_refused():
    with pytest.raises(MoneyError) as told:
        round_to(HALF, 1, "nearest")
    assert str(told.value) == "Cara pembulatan tidak dikenal: nearest"


@given(AMOUNTS, STEPS)
def test_a_rounded_amount_is_a_multiple_and_never_a_step_away(amount, step):
    down, up = round_to(amount, step, "floor"), round_to(amount, step, "ceil")
    assert down <= amount <= up
    assert up - down in (0, step)
    assert {Fraction(x) / step % 1 for x in (down, up)} == {0}
    assert abs(round_to(amount, step) - amount) * 2 <= step
    assert abs(round_to(amount, step, "half_even") - amount) * 2 <= step


@pytest.mark.parametrize(
    ("amounts", "wanted"),
    [
        ([], 0),
        ([1, 2, 3], 6),
        ([HALF, HALF], 1),
        ([1, Fraction(1, 3), Fraction(1, 6)], Fraction(3, 2)),
        ([Fraction(1, 3), -1], Fraction(-2, 3)),
    ],
)
def test_sums(amounts, wanted):
    same(exact_sum(amounts), wanted)


@given(st.lists(AMOUNTS))
def test_the_sum_is_the_sum(amounts):
    assert exact_sum(amounts) == sum(amounts)


@pytest.mark.parametrize(
    ("numerator", "denominator", "wanted"),
    [(6, 3, 2), (0, 7, 0), (-6, 3, -2), (7, 2, Fraction(7, 2)), (2, 4, HALF), (-1, 2, Fraction(-1, 2))],
)
def test_quotients(numerator, denominator, wanted):
    same(ratio(numerator, denominator), wanted)


@given(AMOUNTS, AMOUNTS)
def test_products_and_differences_are_exact_and_whole_where_they_can_be(amount, other):
    same(product(amount, other), tidy(Fraction(amount) * other))
    same(difference(amount, other), tidy(Fraction(amount) - other))


@pytest.mark.parametrize(
    ("amount", "other", "times", "less"),
    [
        (6, Fraction(1, 3), 2, Fraction(17, 3)),
        (Fraction(5, 2), Fraction(3, 2), Fraction(15, 4), 1),
        (Fraction(2, 3), Fraction(-1, 5), Fraction(-2, 15), Fraction(13, 15)),
        (0, HALF, 0, Fraction(-1, 2)),
    ],
)
def test_products_and_differences(amount, other, times, less):
    same(product(amount, other), times)
    same(difference(amount, other), less)


THIRD = Fraction(100, 3)


@pytest.mark.parametrize(
    ("parts", "total", "to", "wanted"),
    [
        ([], 5, 1, []),
        ([10, 20], 30, 1, [10, 20]),
        # one step missing: to the largest remainder, the first of equals
        ([THIRD, THIRD, THIRD], 100, 1, [34, 33, 33]),
        ([Fraction(21, 10), Fraction(29, 10)], 5, 1, [2, 3]),
        ([Fraction(12, 5), Fraction(13, 5), 5], 10, 1, [2, 3, 5]),
        # more than one round, then the rest in the order of the remainders
        ([0, 0, 0], 7, 1, [3, 2, 2]),
        ([0, HALF, 0], 7, 1, [2, 3, 2]),
        ([0, 0], 4, 1, [2, 2]),
        # the last step is what remains
        ([0, 0, 0], 250, 100, [100, 100, 50]),
        ([150, 0], 250, 100, [200, 50]),
        ([0, 0], 750, 100, [400, 350]),
        ([0, 0], CENT / 2, CENT, [CENT / 2, 0]),
        ([10, 5], 15, CENT, [10, 5]),
        # too much: from the largest, then from the next largest, never below 0
        ([10, 20, 5], 30, 1, [10, 15, 5]),
        ([10, 20, 5], 4, 1, [0, 0, 4]),
        ([10, 20, 20], 15, 1, [10, 0, 5]),
        ([3, 2], -4, 1, [0, 0]),
        ([1, 1], 1, 1, [0, 1]),
        ([Fraction(39, 10), 1], 2, 1, [1, 1]),
    ],
)
def test_parts_of_a_total(parts, total, to, wanted):
    found = apportion(parts, total, to)
    assert found == wanted
    assert [type(share) for share in found] == [type(share) for share in wanted]


@given(
    st.lists(st.fractions(0, 1000, max_denominator=60), min_size=1, max_size=6),
    st.integers(0, 5000),
    st.sampled_from([1, 100, CENT]),
)
def test_parts_add_up_to_the_total_and_none_is_below_zero(parts, total, to):
    found = apportion(parts, total, to)
    assert sum(found) == total
    assert min(found) >= 0
    assert len(found) == len(parts)
