"""The net alone is the net of the whole month: the same number, the same unknown, the same refusal."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allowances.plan import for_frozen_days
from allowances.rules import compile_allowance, evaluate_month, evaluate_net
from attendance.rules import compile_attendance
from core.money import MoneyError
from policy.conditions import CaseError
from tests import reference
from tests.allowance_documents import PLANS
from tests.allowance_documents import months as decided_months
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
    except (CaseError, MoneyError) as error:
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


@settings(RELAXED, max_examples=200)
@given(st.data())
def test_numbers_that_no_document_names_change_no_net_of_frozen_days(data):
    allowance = data.draw(parameters())
    plan = plan_of(allowance)
    for facts in data.draw(st.lists(months(allowance), min_size=1, max_size=4)):
        if "days" in facts:
            assert evaluate_net(for_frozen_days(plan), facts) == evaluate_net(plan, facts)


@settings(RELAXED, max_examples=200)
@given(st.sampled_from(sorted(PLANS)), decided_months())
def test_shipped_documents_pay_frozen_days_the_same_without_the_numbers_that_they_never_name(name, facts):
    plan = PLANS[name]
    assert set(for_frozen_days(plan).day_numbers) < set(plan.day_numbers)
    expected = outcome(lambda: evaluate_net(plan, facts))
    assert outcome(lambda: evaluate_net(for_frozen_days(plan), facts)) == expected


@settings(RELAXED, max_examples=300)
@given(st.sampled_from(sorted(PLANS)), decided_months(), st.randoms(use_true_random=False), st.booleans())
def test_days_as_they_are_frozen_are_the_days_as_cases_write_them(name, facts, chance, gaps):
    """Frozen days (dates as text, in order, nothing empty) are read in one pass; any other writing says the same."""
    plan = PLANS[name]
    written = [day | {"note": None} if gaps else dict(day) for day in facts["days"]]
    frozen = [day | {"date": day["date"].isoformat()} for day in facts["days"]]
    expected = outcome(lambda: evaluate_month(plan, facts | {"days": frozen}))
    assert outcome(lambda: evaluate_month(plan, facts | {"days": written})) == expected
    chance.shuffle(frozen)
    assert outcome(lambda: evaluate_month(plan, facts | {"days": frozen})) == expected


@pytest.mark.parametrize(
    ("days", "values"),
    [
        # out of order: the late day is the second of the month
        ([{"date": "2025-11-04", "present_days": 1, "minutes_late": 10}, {"date": "2025-11-03", "present_days": 1}],
         {"minutes_late": 10, "present_days": 2}),
        # an empty value is one that was not given
        ([{"date": "2025-11-04", "present_days": 1, "permit_days": None, "place": None}],
         {"permit_days": 0, "present_days": 1, "place": "office"}),
        # not decided: without an attendance document a day at work is a day of presence
        ([{"date": "2025-11-03", "present_days": 1}, {"date": "2025-11-04", "in": "07:30"}], {"present_days": 2}),
        ([{"present_days": 1}, {"date": "2025-11-03", "present_days": 1}], {"present_days": 2}),
    ],
)  # fmt: skip
def test_a_day_that_is_not_as_frozen_days_are_is_read_all_the_same(days, values):
    month = evaluate_month(PLANS["classes"], {"month": "2025-11", "class": 8, "rating_score": 80, "days": days})
    assert {name: month.values[name] for name in values} == values
    assert [line.day for line in month.lines if line.code == "late"] == [1] * ("minutes_late" in values)


def test_a_frozen_day_that_is_no_day_is_refused():
    with pytest.raises(CaseError, match="2025-11-31"):
        evaluate_net(PLANS["classes"], {"class": 8, "days": [{"date": "2025-11-31", "present_days": 1}]})
