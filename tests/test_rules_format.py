"""Fine print of the regulation format: each test is one sentence of it, computed."""

from datetime import date
from fractions import Fraction

import pytest

from allowances.rules import compile_allowance, evaluate_month
from attendance.rules import compile_attendance, decide_day
from policy.conditions import CaseError
from policy.documents import Library

HEAD = "id: made\ntopic: {topic}\njurisdiction: made\ntitle: x\ndecree: x\nissued_on: 2025-01-01\n"
HEAD += "valid_from: 2025-01-01\nstatus: assumed\nparameters:\n"
TWO = "  components: {a: {weight: 70 %}, b: {weight: 30 %}}\n"


def document(parameters, topic="allowance"):
    library = Library()
    library.load_texts({"made.yaml": HEAD.format(topic=topic) + parameters})
    return library.find("made")


def month(parameters, **given):
    plan = compile_allowance(document(parameters), None)
    return evaluate_month(plan, {"month": "2025-11", "gross": 1_000_000, **given})


def november(day):
    return date(2025, 11, day)


NESTED = (
    TWO
    + """
  charges:
    case:
      fact: place
      labels:
        home: {fact: minutes_late, bands: {H1: [1, 31, 1 %], H2: [31, null, 2 %]}}
        office: {fact: minutes_late, bands: [[1, null, 3 %]]}
        duty: 4 %
"""
)


def test_codes_of_bands_below_labels_may_be_given():
    found = month(NESTED, events={"H2": 2, "H1": 1})
    assert found.events == {"H1": 1, "H2": 2}
    assert found.values["cut.case"] == 1_000_000 * Fraction(1 + 2 * 2, 100)
    assert month(NESTED, days=[{"place": "home", "minutes_late": 31}]).events == {"H2": 1}


@pytest.mark.parametrize("code", ["case", "home", "H3"])
def test_a_charge_with_unnamed_bands_or_labels_has_no_code_to_be_given(code):
    with pytest.raises(CaseError, match="H1, H2"):
        month(NESTED, events={code: 1})


def test_a_rule_with_prorate_takes_no_events():
    with pytest.raises(CaseError):
        month(TWO + "  charges: {late: {rate: 1 %, prorate: working_days}}\n", events={"late": 1})


def test_the_run_is_regular_where_it_is_not_given():
    rule = TWO + "  charges: {a: {each: month, when: {run: regular}, rate: 10 %}}\n"
    assert month(rule).values["cuts"] == 100_000
    assert month(rule, run="thirteenth").values["cuts"] == 0


def test_a_flag_compares_what_each_component_loses_also_of_the_whole():
    rule = TWO + "  charges: {x: {rate: 4 %, of: gross, hits: [b], fact: absent_days}}\n"
    # 4 % of the whole is 4 / 30 of component b: above 13 %, not above 14 %
    caps = "  caps: {{alarm: {{per: month, at: {} %, over: flag}}}}\n"
    for at, flags in (("13", ("alarm",)), ("14", ())):
        found = month(rule + caps.format(at), absent_days=1)
        assert found.flags == flags
        assert found.values["cuts"] == 40_000
    exactly = TWO.replace("70", "75").replace("30", "25") + "  charges: {x: {rate: 4 %, of: gross, hits: [b]}}\n"
    assert month(exactly + caps.format(16), events={"x": 1}).flags == ()
    assert month(exactly + caps.format("15.99"), events={"x": 1}).flags == ("alarm",)


def test_what_costs_nothing_is_not_flagged():
    rules = """
  charges: {x: {rate: 60 %, fact: absent_days, except: {place: duty}}}
  factors: {study: {when: {status: study}, rate: 50 %, replaces: true, hits: [a, b]}}
  caps: {alarm: {per: month, at: 50 %, over: flag}}
"""
    assert month(TWO + rules, days=[{"absent_days": 1}]).flags == ("alarm",)
    assert month(TWO + rules, days=[{"absent_days": 1, "place": "duty"}]).flags == ()
    assert month(TWO + rules, days=[{"absent_days": 1}], status="study").flags == ()


def test_an_amount_that_is_no_day_is_not_in_a_day_cap():
    rules = """
  charges:
    away: {fact: minutes_away, rate: 1 %, unit: 60}
    late: {fact: minutes_late, rate: 1 %}
  caps: {day: {per: day, at: 2 %}}
"""
    # 600 minutes given as one amount are 10 units, and no day; 3 minutes given are three days of 1 %
    assert month(TWO + rules, events={"away": 600}).values["a_cut_rate"] == Fraction(10, 100)
    assert month(TWO + rules, events={"late": 3}).values["a_cut_rate"] == Fraction(3, 100)
    assert month(TWO + rules, days=[{"minutes_late": 3}]).values["a_cut_rate"] == Fraction(2, 100)
    # two records of one date are one day
    twice = [{"date": november(3), "minutes_late": 2}, {"date": november(3), "minutes_late": 2}]
    assert month(TWO + rules, days=twice).values["a_cut_rate"] == Fraction(2, 100)


def test_the_first_free_event_does_not_depend_on_the_order_given():
    rule = TWO + "  charges: {late: {fact: minutes_late, free: 1, bands: {T1: [1, 31, 1 %], T2: [31, null, 2 %]}}}\n"
    for events in ({"T1": 1, "T2": 1}, {"T2": 1, "T1": 1}):
        assert month(rule, events=events).exempt_events == {"T1": 1}


RUN = TWO + "  charges: {gone: {each: run, fact: absent_days, WHEN bands: {R2: [2, 3, 5 %], R3: [3, null, 9 %]}}}\n"


def gone(*days):
    return [{"date": november(day), "absent_days": 1, **more} for day, more in days]


@pytest.mark.parametrize(
    ("condition", "between", "events"),
    [
        ("", None, {"R2": 1}),
        ("", {"place": "holiday"}, {"R2": 1}),
        ("", {"place": "Day Off"}, {"R2": 1}),
        ("", {}, {}),
        # a day that `when` does not choose breaks the run where its fact is 0, and is not summed where it is not
        ("when: {place: office},", {"place": "home"}, {}),
        ("when: {place: office},", {"place": "home", "absent_days": 1}, {"R2": 1}),
        # a day that `except` leaves out breaks nothing
        ("except: {outage: true},", {"outage": True, "absent_days": 1}, {"R2": 1}),
        ("except: {outage: true},", {"outage": True}, {"R2": 1}),
        ("", {"absent_days": 1}, {"R3": 1}),
    ],
)
def test_what_breaks_a_run(condition, between, events):
    days = gone((3, {}), (5, {}))
    if between is not None:
        days.append({"date": november(4), "absent_days": 0, **between})
    assert month(RUN.replace("WHEN", condition), days=days).events == events


def test_an_except_that_asks_for_the_person_too_spares_nobody_else():
    rule = TWO + "  charges: {away: {each: week, fact: minutes_away, rate: 1 %}}\n"
    rule += "  exempt: {status: pns, place: [home, duty]}\n"
    days = [{"date": november(3), "place": "home", "minutes_away": 5}]
    assert month(rule, days=days).values["a_cut_rate"] == Fraction(5, 100)
    assert month(rule, days=days, status="cpns").values["a_cut_rate"] == Fraction(5, 100)
    assert month(rule, days=days, status="pns").values["a_cut_rate"] == 0


def test_a_number_that_is_not_given_does_not_decide_a_day():
    plan = compile_attendance(document('  hours: [{in: "07:30", out: "16:00"}]\n', "attendance"))
    allowance = compile_allowance(document(TWO), plan)
    day = {"date": november(3), "in": "07:45:00", "out": "16:00:00", "minutes_late": None}
    assert evaluate_month(allowance, {"month": "2025-11", "days": [day]}).values["minutes_late"] == 15


def test_a_mix_is_unknown_when_a_part_is_also_beside_one_outside_its_labels():
    parts = (
        "{weight: 50 %, fact: rating, labels: {Baik: 100 %}}",
        "{weight: 50 %, fact: rating_score, ratio: {to: 100}}",
    )
    for first, second in (parts, parts[::-1]):
        rule = f"  components: {{a: {{weight: 100 %, achievement: {{mix: [{first}, {second}]}}}}}}\n"
        assert month(rule, rating="Buruk").values["a"] is None
        with pytest.raises(CaseError, match="di luar skala"):
            month(rule, rating="Buruk", rating_score=80)


def test_criteria_without_any_amount_are_not_given():
    rule = "  base: {by: criteria, criteria: [x, y]}\n" + TWO
    plan = compile_allowance(document(rule), None)
    for criteria in ({}, {"x": None, "y": None}):
        assert evaluate_month(plan, {"criteria": criteria}).values["gross"] is None
        assert month(rule, criteria=criteria).values["gross"] == 1_000_000
    assert evaluate_month(plan, {"criteria": {"x": 5, "y": None}}).values["gross"] == 5


def test_a_post_by_class_is_unknown_where_the_percentages_are():
    rule = "  base: {by: basic, criteria: [x], classes: {8: 2000}}\n" + TWO
    rule += "  supplements: {post: {each: post, rate: 10 %, of: post_gross}}\n"
    posts = [{"kind": "plt", "class": 8}]
    assert month(rule, posts=posts).values["supplement.post"] is None
    assert month(rule, posts=posts, basic=1000, criteria={"x": "50 %"}).values["supplement.post"] == 100


FLEXIBLE = '  hours: [{in: "07:30", out: "16:00"}]\n  tolerance: {minutes: 60, kind: flexible, %s}\n'


@pytest.mark.parametrize(
    ("how", "arrival", "late", "required"),
    [
        ("make_up: equal", "07:30:59", 0, "16:00"),
        ("make_up: equal", "07:31:00", 0, "16:01"),
        ("make_up: equal", "08:30:59", 0, "17:00"),
        ("make_up: equal", "08:31:00", 1, "17:00"),
        ("make_up: full", "07:30:59", 0, "16:00"),
        ("make_up: full", "07:31:00", 0, "17:00"),
        ("make_up: full", "09:00:00", 30, "17:00"),
        ("earlier: 30", "07:29:01", 0, "16:00"),
        ("earlier: 30", "07:29:00", 0, "15:59"),
        ("earlier: 30", "06:00:00", 0, "15:30"),
        ("earlier: 0", "06:00:00", 0, "16:00"),
    ],
)
def test_a_flexible_tolerance_moves_the_departure(how, arrival, late, required):
    plan = compile_attendance(document(FLEXIBLE % how, "attendance"))
    day = decide_day(plan, {"date": november(3), "in": arrival, "out": "16:00:00"})
    assert (day["minutes_late"], day["required_departure"]) == (late, required)


@pytest.mark.parametrize(
    ("taps", "arrival", "departure"),
    [
        (["06:30:00", "17:00:00"], 0, 0),
        (["06:29:59", "17:00:00"], 1, 0),
        (["06:30:00", "17:00:01"], 0, 1),
        (["11:44:59"], 0, 1),
        (["11:45:00"], 1, 0),
        (["08:00:00", "08:00:00"], 0, 1),
    ],
)
def test_taps_at_the_edge_of_what_is_accepted_count(taps, arrival, departure):
    rules = '  hours: [{in: "07:30", out: "16:00"}]\n  accept: {before_start: 60, after_end: 60}\n'
    day = decide_day(compile_attendance(document(rules, "attendance")), {"date": november(3), "taps": taps})
    assert (day["missing_in"], day["missing_out"]) == (arrival, departure)


def test_the_place_of_one_day_is_the_office_where_nothing_was_said():
    assert month(TWO, minutes_late=3).values["place"] == "office"
    assert month(TWO, days=[{"minutes_late": 3, "place": "home"}]).values["place"] == "home"


def test_classes_without_days_are_an_error_by_days_only():
    rule = "  base: {by: class, classes: {8: 2000}, change: %s}\n"
    given = {"classes": [{"class": 8}]}
    first = compile_allowance(document(rule % "first_day" + TWO), None)
    assert evaluate_month(first, given).values["gross"] == 2000
    by_days = compile_allowance(document(rule % "by_days" + TWO), None)
    with pytest.raises(CaseError, match="days"):
        evaluate_month(by_days, given)
