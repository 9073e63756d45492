"""A row adds up to its net and to its lines, whatever the document: to the sen, and never below zero."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from allowances.rows import AMOUNTS, Brought, carried_amount, money_text, paid_row
from allowances.rules import compile_allowance, evaluate_month
from policy.conditions import CaseError
from policy.documents import Library
from tests.random_documents import parameters, text_of
from tests.random_months import months

RELAXED = settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=200,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
OCTOBER = date(2025, 10, 1)
SEN = Fraction(1, 100)


def plan_of(blocks):
    library = Library(reads_files=False)
    library.add_text("a.yaml", text_of("allowance", blocks))
    return compile_allowance(library.find("random-allowance"), None)


def row_of(blocks, facts, *amounts):
    brought = [Brought("rapel", f"r{n}", amount, OCTOBER, "uji") for n, amount in enumerate(amounts)]
    plan = plan_of(blocks)
    evaluation = evaluate_month(plan, facts | {"carried": carried_amount(brought)})
    return paid_row(plan, evaluation, brought), evaluation.values


def assert_adds_up(row):
    left = row.gross - row.cuts + row.supplements + row.rapel - row.held - row.insurance_employee - row.tax_own
    assert left + row.carried_over == row.net == sum(line.amount for line in row.lines)
    assert row.net >= 0 and row.carried_over >= 0
    assert row.net == 0 or row.carried_over == 0
    for name in AMOUNTS:
        assert Fraction(money_text(getattr(row, name))) == getattr(row, name)
    for line in row.lines:
        assert Fraction(money_text(line.amount)) == line.amount
        if line.criteria:
            assert sum(map(Fraction, line.criteria.values())) == line.amount


@RELAXED
@given(st.data())
def test_rows_add_up_for_any_document_and_month(data):
    blocks = data.draw(parameters())
    facts = data.draw(months(blocks))
    amounts = data.draw(st.lists(st.integers(-9_000_000_00, 9_000_000_00).map(lambda sen: sen * SEN), max_size=2))
    try:
        exact = evaluate_month(plan_of(blocks), facts | {"carried": sum(amounts)}).values["net"]
    except CaseError:
        assume(False)
    assume(exact is not None)
    row, _ = row_of(blocks, facts, *amounts)
    assert_adds_up(row)
    assert abs(row.net - row.carried_over - exact) <= SEN / 2
    assert row.rapel == sum(amounts)


WHOLE = {"base": {"by": "given"}, "components": {"a": {"weight": "33 %"}, "b": {"weight": "67 %"}}}


def test_thirds_of_a_rupiah_are_settled_to_the_sen():
    charges = {"late": {"fact": "minutes_late", "rate": "0.333 %"}}
    row, values = row_of(WHOLE | {"charges": charges}, {"month": "2025-11", "gross": 1_000_001, "minutes_late": 7})
    assert_adds_up(row)
    assert values["net"].denominator > 100
    assert row.net == Fraction("976690.98")


@pytest.mark.parametrize(
    "elsewhere, cuts, offset", [(250_000, 250_000, -250_000), (5_000_000, 1_000_000, -1_000_000), (0, 0, None)]
)
def test_what_is_received_elsewhere_is_a_cut_and_a_line(elsewhere, cuts, offset):
    blocks = WHOLE | {"offsets": ["profession_allowance"]}
    row, _ = row_of(blocks, {"month": "2025-11", "gross": 1_000_000, "profession_allowance": elsewhere})
    assert_adds_up(row)
    assert row.cuts == cuts
    assert [line.amount for line in row.lines if line.kind == "offset"] == ([] if offset is None else [offset])


def test_what_is_held_insured_and_taxed_is_taken_off():
    blocks = WHOLE | {
        "holds": {"report": {"each": "sanction", "when": {"kind": "lhkpn"}, "rate": "10 %"}},
        "insurance": {"employer": "4 %", "employee": "1 %"},
        "tax": {"rate": "5 %", "borne_by": "person"},
        "supplements": {"acting": {"rate": "20 %"}, "late": {"rate": "10 %", "lag_months": 1}},
    }
    facts = {"month": "2025-11", "gross": 1_000_000, "sanctions": [{"kind": "lhkpn", "month": 1}]}
    row, values = row_of(blocks, facts)
    assert_adds_up(row)
    assert (row.supplements, row.held, row.insurance_employee, row.insurance_employer) == (
        200_000,
        120_000,
        10_800,
        43_200,
    )
    assert (row.tax, row.tax_own, row.net) == (54_000, 54_000, 1_015_200)
    assert values["later"] == 220_000
    row, _ = row_of(blocks | {"tax": {"rate": "5 %", "borne_by": "government"}}, facts)
    assert_adds_up(row)
    assert (row.tax, row.tax_own, row.net) == (54_000, 0, 1_069_200)


def test_criteria_stay_apart_to_the_end():
    blocks = WHOLE | {"base": {"by": "criteria", "criteria": ["load", "place"]}}
    row, _ = row_of(blocks, {"month": "2025-11", "criteria": {"load": 1_000_000, "place": 1}})
    assert_adds_up(row)
    assert [line.criteria for line in row.lines] == [
        {"load": "330000", "place": "0.33"}, {"load": "670000", "place": "0.67"},
    ]  # fmt: skip


def test_a_net_below_zero_is_carried_and_not_paid():
    row, _ = row_of(WHOLE, {"month": "2025-11", "gross": 1_000_000}, -1_500_000)
    assert_adds_up(row)
    assert (row.net, row.carried_over, row.rapel) == (0, 500_000, -1_500_000)
    assert [(line.kind, line.name, line.amount) for line in row.lines[-1:]] == [("carried", "carried_over", 500_000)]


@pytest.mark.parametrize(
    "amount, text",
    [(0, "0"), (-5, "-5"), (Fraction(1, 100), "0.01"), (Fraction(-1, 100), "-0.01"), (Fraction(-12345, 100), "-123.45"),
     (Fraction(5, 2), "2.50")],
)  # fmt: skip
def test_money_as_text(amount, text):
    assert money_text(amount) == text
