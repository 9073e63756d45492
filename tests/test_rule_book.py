"""The rule book: rules over components and over charges live beside each other; the allowance book explains itself."""

import pytest

from allowances.rules import RULES, compile_allowance, month_steps
from policy.registry import RuleBook, RuleError
from tests.allowance_documents import PLANS


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
