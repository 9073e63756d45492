"""The rules pay what a second program pays that follows the page, for random documents, people and months."""

from datetime import date
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allowances.rules import compile_allowance, evaluate_month
from attendance.rules import compile_attendance
from policy.documents import Library
from policy.validator import validate
from tests import reference
from tests.random_documents import parameters, text_of
from tests.random_months import months

RELAXED = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
ATTENDANCE = {
    "hours": [{"when": {"ramadan": True}, "in": "08:00", "out": "15:00"}, {"in": "07:30", "out": "16:00"}],
    "tolerance": {"minutes": 30, "kind": "flexible", "earlier": 15},
    "fillers": ["16:45"],
    "outcomes": [
        {"when": {"missing_in": 1}, "set": {"minutes_late": 240}},
        {"when": {"missing_taps": 2}, "set": {"absent_days": 1, "minutes_late": 0, "minutes_early": 0}},
        {"when": {"outage": True}, "set": {"absent_days": 0}},
    ],
}


def library_of(allowance):
    library = Library(reads_files=False)
    library.load_texts({"a.yaml": text_of("allowance", allowance), "b.yaml": text_of("attendance", ATTENDANCE)})
    return library


def differences(allowance, facts):
    library = library_of(allowance)
    document = library.find("random-allowance")
    decided_by = library.attendance_for(document, date(2025, 11, 3))
    expected = reference.evaluate_month(document.parameters, facts, decided_by.parameters)
    month = evaluate_month(compile_allowance(document, compile_attendance(decided_by), None), facts)
    found = dict(month.values) | {"flags": sorted(month.flags)}
    found |= {name: _without_zeros(getattr(month, name)) for name in ("events", "exempt_events")}
    expected["flags"] = sorted(expected["flags"])
    for name in ("events", "exempt_events"):
        expected[name] = _without_zeros(expected[name])
    return {
        name: (value, found.get(name, "no such name"))
        for name, value in expected.items()
        if found.get(name, "no such name") != value
    }


def _without_zeros(counts):
    return {str(code): Fraction(count) for code, count in counts.items() if count}


@settings(RELAXED, max_examples=250)
@given(st.data())
def test_the_rules_equal_the_reference(data):
    allowance = data.draw(parameters())
    for facts in data.draw(st.lists(months(allowance), min_size=1, max_size=3)):
        assert differences(allowance, facts) == {}


@settings(RELAXED, max_examples=60)
@given(parameters())
def test_random_documents_are_valid(allowance):
    findings = validate(text_of("allowance", allowance), library=library_of(allowance), neighbours=[])
    assert [finding for finding in findings if not finding.warning] == []
