"""The net alone is the net of the whole month: the same number, the same unknown, the same refusal."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allowances.rules import compile_allowance, evaluate_month, evaluate_net
from attendance.rules import compile_attendance
from policy.conditions import CaseError
from tests import reference
from tests.allowance_documents import PLANS
from tests.random_documents import parameters
from tests.random_months import months
from tests.test_rules_properties import ATTENDANCE, RELAXED, library_of

# What a case may hold that no document can answer; several may stand in one case, the first refusal counts.
BROKEN = {
    "class": st.just(99),
    "events": st.sampled_from([{"TIDAK_ADA": 1}, {"R00": -1}, {"R00": "banyak"}]),
    "rating_score": st.sampled_from(["baik", "101.5"]),
    "rating": st.just("Tidak dikenal"),
    "minutes_validated": st.just("lama"),
    "score": st.just("x"),
    "carried": st.sampled_from(["0.5", "tidak"]),
    "salary": st.just("rahasia"),
    "criteria": st.just({"tak dikenal": 5}),
    "minutes_late": st.sampled_from([None, "lama"]),
    "month": st.just("Mei"),
    "days": st.sampled_from([[{"minutes_late": None}], [{"date": "besok"}], [{"absent_days": "satu", "in": "07:00"}]]),
}


def plan_of(allowance):
    library = library_of(allowance)
    attendance = compile_attendance(library.find("random-attendance"))
    return compile_allowance(library.find("random-allowance"), attendance, None)


def outcome(work):
    """What came of it: the value, or the refusal in words."""
    try:
        return work()
    except CaseError as error:
        return f"refused: {error}"


@settings(RELAXED, max_examples=250)
@given(st.data())
def test_the_net_alone_is_the_net_of_the_month_and_of_the_reference(data):
    allowance = data.draw(parameters())
    plan = plan_of(allowance)
    for facts in data.draw(st.lists(months(allowance), min_size=1, max_size=4)):
        found = evaluate_net(plan, facts)
        assert found == evaluate_month(plan, facts).values["net"]
        document = library_of(allowance).find("random-allowance")
        assert found == reference.evaluate_month(document.parameters, facts, ATTENDANCE)["net"]


@settings(RELAXED, max_examples=250)
@given(st.data())
def test_the_net_alone_refuses_what_the_month_refuses(data):
    allowance = data.draw(parameters())
    plan = plan_of(allowance)
    broken = data.draw(st.fixed_dictionaries({}, optional=BROKEN))
    facts = data.draw(months(allowance)) | broken
    expected = outcome(lambda: evaluate_month(plan, facts).values["net"])
    assert outcome(lambda: evaluate_net(plan, facts)) == expected


@pytest.mark.parametrize("name", sorted(PLANS))
def test_a_code_that_a_document_does_not_have_is_refused(name):
    with pytest.raises(CaseError, match="Kode TIDAK_ADA"):
        evaluate_net(PLANS[name], {"month": "2025-11", "events": {"TIDAK_ADA": 1}})


def test_a_document_without_components_still_reads_its_charges():
    """Nothing of such a charge reaches the net, and what it cannot read is refused all the same."""
    rate = {"rate": "37000 rupiah", "each": "day", "fact": "present_days"}
    charge = {"r": {"rate": "1 %", "each": "month", "fact": "rating_score"}}
    plan = plan_of({"base": {"by": "given"}, "charges": charge, "supplements": {"meal": rate}})
    assert evaluate_net(plan, {"month": "2025-11", "days": [{"present_days": 1}] * 3, "rating_score": 9}) == 111_000
    with pytest.raises(CaseError, match="rating_score"):
        evaluate_net(plan, {"month": "2025-11", "rating_score": "baik"})
