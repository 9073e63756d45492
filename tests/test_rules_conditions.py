"""Conditions on their own: how values are compared, where ranges begin and end, what was not given, remarks."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from policy.conditions import annotates, as_date, compile_condition, label_key, split_condition


def holds(condition, **facts):
    return compile_condition(condition)(facts.get)


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("Sangat Baik", "sangat_baik"),
        ("sangat_baik", "sangat_baik"),
        ("STRASSE", "strasse"),
        ("straße", "strasse"),
        (True, "true"),
        (False, "false"),
        (date(2025, 11, 3), "2025-11-03"),
        (8, "8"),
        (Fraction(1, 2), "1/2"),
        (None, "None"),
    ],
)
def test_what_labels_are_compared_by(value, key):
    assert label_key(value) == key


@pytest.mark.parametrize(
    ("name", "value", "remark"),
    [
        ("article", "Pasal 1", True),
        ("note", "x", True),
        ("label", "x", True),
        ("note", 5, True),
        ("note", None, True),
        ("note", {"from": 5}, False),
        ("article", ["x"], False),
        ("place", "home", False),
        ("Note", "x", False),
    ],
)
def test_remarks(name, value, remark):
    assert annotates(name, value) is remark


@pytest.mark.parametrize(
    ("value", "on"),
    [
        (date(2025, 1, 31), date(2025, 1, 31)),
        (datetime(2025, 1, 31, 23, 59), date(2025, 1, 31)),
        ("2025-01-31", date(2025, 1, 31)),
        ("2025-02-30", None),
        ("besok", None),
        (20250131, None),
        (None, None),
    ],
)
def test_dates(value, on):
    found = as_date(value)
    assert found == on
    assert type(found) is type(on)


@pytest.mark.parametrize("condition", [None, {}, {"note": "hanya catatan"}, {"article": "Pasal 1", "note": "x"}])
def test_no_condition_always_holds(condition):
    assert compile_condition(condition) is None


@pytest.mark.parametrize(
    ("condition", "facts", "holding"),
    [
        ({"place": "home"}, {"place": "Home"}, True),
        ({"place": "home"}, {"place": "office"}, False),
        ({"place": "home"}, {}, False),
        ({"place": "none"}, {}, False),
        ({"place": ["home", "Day Off"]}, {"place": "day_off"}, True),
        ({"place": ("home", "duty")}, {"place": "duty"}, True),
        ({"place": ["home", "duty"]}, {"place": "office"}, False),
        ({"class": 8}, {"class": 8}, True),
        ({"class": 8}, {"class": "8"}, True),
        ({"class": 8}, {"class": 9}, False),
        ({"class": [8, 9]}, {"class": 9}, True),
        ({"flag": True}, {"flag": True}, True),
        ({"flag": True}, {"flag": "True"}, True),
        ({"flag": True}, {"flag": False}, False),
        ({"flag": False}, {"flag": False}, True),
        ({"date": date(2025, 11, 3)}, {"date": date(2025, 11, 3)}, True),
        ({"place": "home", "note": "catatan"}, {"place": "home"}, True),
        ({"note": "catatan", "place": "home"}, {"place": "home"}, True),
        ({"place": "home", "class": 8}, {"place": "home", "class": 8}, True),
        ({"place": "home", "class": 8}, {"place": "home", "class": 9}, False),
        ({"place": "home", "class": 8}, {"place": "duty", "class": 8}, False),
    ],
)
def test_values(condition, facts, holding):
    test = compile_condition(condition)
    # asked twice: what was found once is kept
    assert [test(facts.get), test(facts.get)] == [holding, holding]


RANGE = {"minutes": {"from": 15, "to": 31}}


@pytest.mark.parametrize(
    ("condition", "value", "holding"),
    [
        (RANGE, 14, False),
        (RANGE, 15, True),
        (RANGE, "15", True),
        (RANGE, 30, True),
        (RANGE, Fraction(309, 10), True),
        (RANGE, 31, False),
        (RANGE, None, False),
        (RANGE, True, False),
        (RANGE, "banyak", False),
        (RANGE, Decimal("30.99"), True),
        (RANGE, date(1, 1, 20), False),
        ({"minutes": {"from": 15}}, 14, False),
        ({"minutes": {"from": 15}}, 10**9, True),
        ({"minutes": {"to": 31}}, -5, True),
        ({"minutes": {"to": 31}}, 31, False),
        ({"minutes": {"from": 0, "to": 1}}, 0, True),
        ({"minutes": {"from": 0, "to": 1}}, False, False),
        ({"minutes": {}}, 5, True),
        ({"minutes": {}}, None, False),
        ({"minutes": {}}, "banyak", False),
    ],
)
def test_ranges_of_numbers(condition, value, holding):
    assert holds(condition, minutes=value) is holding


DAYS = {"date": {"from": date(2025, 11, 10), "to": "2025-11-20"}}


@pytest.mark.parametrize(
    ("condition", "value", "holding"),
    [
        (DAYS, date(2025, 11, 9), False),
        (DAYS, date(2025, 11, 10), True),
        (DAYS, "2025-11-19", True),
        (DAYS, date(2025, 11, 20), False),
        (DAYS, 739_565, False),
        ({"date": {"from": "2025-11-10"}}, date(2030, 1, 1), True),
        ({"date": {"to": date(2025, 11, 10)}}, date(2025, 11, 9), True),
        ({"date": {"to": date(2025, 11, 10)}}, date(2025, 11, 10), False),
        ({"date": {"to": date(2025, 11, 10)}}, 5, False),
    ],
)
def test_ranges_of_dates(condition, value, holding):
    assert holds(condition, date=value) is holding


def test_many_values_are_told_apart_also_when_no_more_are_kept():
    test = compile_condition({"name": "n_1500"})
    found = [value for value in range(2000) if test({"name": f"N {value}"}.get)]
    assert found == [1500]


LABELS, NUMBERS = frozenset({"place", "weekday"}), frozenset({"minutes_late", "place"})


@pytest.mark.parametrize(
    ("condition", "chooses", "summed"),
    [
        (None, {}, {}),
        ({"note": "x"}, {}, {}),
        ({"minutes_late": 5, "status": "pns"}, {}, {"minutes_late": 5, "status": "pns"}),
        ({"minutes_late": 5, "note": "x"}, {}, {"minutes_late": 5}),
        ({"place": "home"}, {"place": "home"}, {}),
        ({"place": "home", "minutes_late": 5}, {"place": "home"}, {"minutes_late": 5}),
        (
            {"weekday": "fri", "minutes_late": 5, "status": "pns", "note": "x"},
            {"weekday": "fri", "status": "pns"},
            {"minutes_late": 5},
        ),
    ],
)
def test_what_chooses_days_and_what_is_asked_of_their_sum(condition, chooses, summed):
    assert split_condition(condition, LABELS, NUMBERS) == (chooses, summed)
