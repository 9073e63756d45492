"""The rule book: rules over components and over charges live beside each other; the allowance book explains itself."""

from fractions import Fraction

import pytest

from allowances.rules import RULES, compile_allowance, month_steps
from policy.registry import RuleBook, RuleError
from tests.allowance_documents import PLANS
from tests.test_rules_format import document


def book():
    made = RuleBook("made")

    @made.rule(label="Bagian", unit="rupiah", over="component")
    def part(component: str, whole: int) -> int:
        return whole * len(component)

    @made.rule(label="Diambil", unit="rupiah", over="charge", named="cut.{}")
    def taken(charge: str, part: dict[str, int]) -> int:
        return len(charge) * sum(part.values())

    @made.rule(label="Dibayar", unit="rupiah", over="component", named="{}")
    def paid(part: int, taken: dict[str, int]) -> int:
        return part - sum(taken.values())

    return made


GROUPS = {"component": ("a", "bb", "ccc"), "charge": ("x", "yy")}


def test_a_rule_over_charges_gathers_all_components_and_the_other_way_round():
    values = book().solve(["paid", "taken"], {"whole": 10}, GROUPS)
    # parts 10, 20, 30; charges take 1 and 2 times their sum
    assert values == {"cut.x": 60, "cut.yy": 120, "a": 10 - 180, "bb": 20 - 180, "ccc": 30 - 180}


def test_explaining_names_every_instance_and_its_inputs():
    explained = book().explain(["paid"], {"whole": 10}, GROUPS)
    assert explained["cut.yy"].inputs["part"] == {"a": 10, "bb": 20, "ccc": 30}
    assert explained["bb"].inputs == {"part": 20, "taken": {"x": 60, "yy": 120}}
    assert explained["ccc_part"].value == 30


def test_names_of_a_group_that_were_not_given_are_refused():
    with pytest.raises(RuleError, match="charge"):
        book().solve(["paid"], {"whole": 10}, {"component": ("a",)})


def test_the_allowance_book_explains_a_month():
    plan = PLANS["classes"]
    groups = {"component": tuple(plan.weights), "charge": tuple(c.name for c in plan.charges), "supplement": ()}
    given = {"month": "2025-11", "class": 8, "rating_score": 80, "rank_group": "III", "minutes_late": 10}
    explained = RULES.explain(["net", "charge_cut"], {"plan": plan, "given": given}, groups)
    assert explained["gross"].value == 6_349_000
    assert explained["disiplin_cut"].inputs["cut_rate"] == explained["disiplin_cut_rate"].value
    assert explained["cut.late"].value == explained["disiplin_cut"].value
    assert explained["net"].value == month_steps(plan, given)["net"]


def test_every_rule_of_the_book_has_label_unit_and_meaning():
    for rule in RULES.rules.values():
        assert rule.label and rule.unit and rule.function.__doc__, rule.name


def test_a_document_without_components_asks_for_none():
    plan = compile_allowance(PLANS["nothing"].document, None)
    steps = month_steps(plan, {"month": "2025-11", "present_days": 3})
    assert steps["net"] * 20 == 19 * 3 * (37_000 * 2 + 1) / 2


LINES = """
  base: {by: given}
  components:
    a: {weight: 60 %, achievement: {fact: rating, labels: {Baik: 80 %}}}
    b: {weight: 30 %, cuts_of: full, achievement: {fact: rating, labels: {Baik: 80 %}}}
    c: {weight: 10 %}
  factors: {study: {when: {status: study}, rate: 50 %, replaces: true, hits: [c]}}
  charges:
    late: {each: month, fact: minutes_late, rate: 2 %, hits: [a, b, c]}
    report: {each: month, fact: reports_late, rate: 5 %, of: achievement, hits: [a, b]}
    missed: {each: month, fact: ceremonies_missed, rate: 3 %, hits: [a], except: {place: home}}
    away: {each: month, fact: minutes_away, rate: 1 %, hits: [a]}
  caps: {all: {per: month, at: 6 %, charges: [late, away]}}
"""


def test_what_each_line_takes_of_a_component():
    plan = compile_allowance(document(LINES), None)
    given = {"gross": 1000, "rating": "Baik", "minutes_late": 3, "reports_late": 1, "ceremonies_missed": 1}
    steps = month_steps(plan, {"month": "2025-11", **given, "minutes_away": 2})
    taken = {
        name: [(line.rule.name, amount) for line, amount in steps["line_amounts", name]] for name in ("a", "b", "c")
    }
    # a: full 600, achieved 600 x (80 - 5) % = 450; b: 300, its cuts are of the full part; c: 100
    assert taken == {
        "a": [("late", 27), ("report", 30), ("missed", Fraction(27, 2)), ("away", 0)],
        "b": [("late", 18), ("report", 15)],
        "c": [("late", 6)],
    }
    replaced = month_steps(plan, {"month": "2025-11", **given, "status": "study"})
    assert [amount for _, amount in replaced["line_amounts", "c"]] == [0]
    assert [amount for _, amount in replaced["line_amounts", "b"]] == [18, 15]


@pytest.mark.parametrize("name", sorted(PLANS))
def test_the_lines_of_a_charge_add_up_to_what_it_took(name):
    plan = PLANS[name]
    given = {"month": "2025-11", "class": 8, "gross": 10**6, "rating": "Baik", "rating_score": 80, "rank_group": "III"}
    steps = month_steps(plan, given | {"minutes_late": 10, "absent_days": 1, "missing_taps": 1, "basic": 10**6})
    for charge in plan.charges:
        lines = [
            amount
            for component in plan.weights
            for line, amount in steps["line_amounts", component]
            if line.rule is charge
        ]
        took = [steps["charge_cut", charge.name], steps["charge_exempt", charge.name]]
        assert None in took or sum(took) == sum(lines)
