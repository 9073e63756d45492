"""Cases that the page calls an error: the person is set aside with a reason, never paid by guess."""

import pytest

from policy.conditions import CaseError
from tests.test_rules_properties import month_of

CLASSES = {"base": {"by": "class", "classes": {8: 1000}}, "components": {"a": {"weight": "100 %"}}}
CRITERIA = {"base": {"by": "criteria", "criteria": ["load"]}, "components": {"a": {"weight": "100 %"}}}


def rated(scale):
    return {"base": {"by": "given"}, "components": {"a": {"weight": "100 %", "achievement": scale}}}


def charged(**rule):
    return {"base": {"by": "given"}, "components": {"a": {"weight": "100 %"}}, "charges": {"late": rule}}


LABELS = rated({"fact": "rating", "labels": {"Baik": "100 %"}})
BANDS = rated({"fact": "rating_score", "bands": [[1, None, "100 %"]]})
NAMED = charged(fact="minutes_late", bands={"TL1": [1, 31, "1 %"]})
UNNAMED = charged(fact="minutes_late", bands=[[1, 31, "1 %"]])
PRORATED = charged(each="leave", rate="1 %", prorate="working_days")


@pytest.mark.parametrize(
    ("document", "facts", "known"),
    [
        (CLASSES, {"class": 7}, {"class": 8}),
        (CLASSES, {"classes": [{"class": 7, "days": 3}]}, {"classes": [{"class": 8, "days": 3}]}),
        (CRITERIA, {"criteria": {"place": 5}}, {"criteria": {"load": 5}}),
        (LABELS, {"gross": 5, "rating": "Aneh"}, {"gross": 5, "rating": "baik"}),
        (BANDS, {"gross": 5, "rating_score": 0}, {"gross": 5, "rating_score": 1}),
        (NAMED, {"gross": 5, "events": {"TL2": 1}}, {"gross": 5, "events": {"TL1": 1}}),
        (UNNAMED, {"gross": 5, "events": {"late": 1}}, {"gross": 5, "events": {}}),
        (PRORATED, {"gross": 5, "events": {"late": 1}}, {"gross": 5, "events": {}}),
        (NAMED, {"gross": 5, "days": [{"place": "moon"}]}, {"gross": 5, "days": [{"place": "home"}]}),
        (NAMED, {"gross": 5, "days": [{"in": "7:3"}]}, {"gross": 5, "days": [{"in": "07:30"}]}),
    ],
)
def test_an_error_in_the_case_is_told_and_its_neighbour_is_computed(document, facts, known):
    with pytest.raises(CaseError):
        month_of(document, facts)
    assert month_of(document, known).values["net"] is not None


def test_a_label_outside_those_of_a_rule_is_no_error():
    document = charged(each="leave", fact="kind", labels={"sick": "10 %"})
    assert month_of(document, {"gross": 100, "leaves": [{"kind": "annual"}]}).values["net"] == 100
    assert month_of(document, {"gross": 100, "leaves": [{"kind": "Sick"}]}).values["net"] == 90


@pytest.mark.parametrize("rule", [NAMED, charged(fact="absent_days", rate="1 %")])
def test_more_events_than_could_happen_are_refused_at_once(rule):
    code = "TL1" if rule is NAMED else "late"
    with pytest.raises(CaseError, match="terlalu banyak kejadian"):
        month_of(rule, {"gross": 5, "events": {code: 1_000_000_000}})
    assert month_of(rule, {"gross": 5, "events": {code: 100}}).values["net"] == 0


def test_an_amount_of_minutes_is_one_line_however_large_it_is():
    document = charged(fact="minutes_late", rate="1 %", unit=1_000_000)
    assert month_of(document, {"gross": 100, "events": {"late": 10_000_000}}).values["net"] == 90
