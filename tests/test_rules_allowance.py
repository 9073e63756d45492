"""The published examples of the regulation format, computed by the rules."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from allowances.rules import compile_allowance, evaluate_month
from attendance.rules import compile_attendance
from policy.documents import Library

FOLDER = Path(__file__).resolve().parent.parent / "regulations"
FLEXI = """
id: flexi-tukin
topic: allowance
jurisdiction: flexi
title: Tunjangan kinerja
decree: contoh
issued_on: 2026-09-20
valid_from: 2026-09-20
status: assumed
parameters:
  base: {by: class, classes: {8: 6349000}, article: table}
  components:
    performance: {weight: 70 %, achievement: {fact: rating_score, ratio: {to: 100, at_most: 100 %}}, article: "5"}
    attendance:  {weight: 30 %, article: "5"}
  charges:
    late: {fact: minutes_late, hits: [attendance], bands: {TL1: [1, 31, 0.5 %], TL3: [61, null, 1.25 %]}, article: "4"}
  rounding:
    cuts: {to: 1, mode: half_up}
"""


def shipped() -> Library:
    library = Library()
    library.load_folder(FOLDER)
    return library


def jambi(**given):
    document = shipped().find("jambi-tpp")
    return evaluate_month(compile_allowance(document, None), {"month": "2025-11", "gross": 10_000_000, **given})


def flexi(**given):
    library = Library()
    library.load_texts({"flexi.yaml": FLEXI})
    document = library.find("flexi-tukin")
    return evaluate_month(compile_allowance(document, None), {"month": "2026-10", "class": 8, **given}).values


def test_one_absent_day_two_late_arrivals_one_ceremony():
    values = jambi(rating="Baik", events={"absent_day": 1, "TL1": 2, "ceremony_missed": 1}).values
    assert (values["productivity"], values["discipline"], values["allowance"]) == (5_760_000, 3_760_000, 9_520_000)
    # One absent day costs 3 % of each component: 180,000 and 120,000.
    assert values["cut.absent_day"] == 300_000


def test_minute_30_and_minute_31():
    month = jambi(rating="Baik", days=[{"minutes_late": 30}, {"minutes_late": 31}])
    assert month.events == {"TL1": 1, "TL2": 1}
    assert month.values["productivity_cut_rate"] == Fraction(15, 1000)
    assert month.values["allowance"] == 9_850_000


def test_a_supervisor_loses_five_points_of_the_own_rating():
    values = jambi(rating="Kurang", unrated_subordinates=3).values
    assert values["productivity_achievement"] == Fraction(70, 100)
    assert (values["productivity"], values["discipline"]) == (4_200_000, 4_000_000)


def test_the_cut_is_rounded_once_and_parts_add_up():
    values = flexi(rating_score=100, events={"TL3": 1})
    assert (values["cuts"], values["net"]) == (23_809, 6_325_191)
    assert (values["performance"], values["attendance"]) == (4_444_300, 1_880_891)


def test_an_empty_score_is_unknown_and_a_score_of_zero_is_zero():
    empty = flexi()
    assert empty["performance"] is None
    assert empty["net"] is None
    assert empty["attendance"] == 1_904_700
    assert flexi(rating_score=0)["performance"] == 0


@pytest.mark.parametrize(("arrival", "minutes"), [("07:30:59", 0), ("07:31:00", 1)])
def test_the_first_minute_of_lateness(arrival, minutes):
    library = shipped()
    plan = compile_attendance(library.choose("contoh", "attendance", date(2025, 11, 13)))
    document = library.choose("contoh", "allowance", date(2025, 11, 13))
    allowance = compile_allowance(document, plan, library.tax_table(document, "contoh-tax"))
    given = {"date": date(2025, 11, 13), "place": "home", "in": arrival, "out": "16:00:00", "report": "done"}
    month = evaluate_month(allowance, {"month": "2025-11", "days": [given]})
    assert (month.values["minutes_late"], month.values["minutes_early"]) == (minutes, 0)
    assert month.events == ({"TL1": 1} if minutes else {})
