"""The rules pay what a second program pays that follows the page, for random documents, people and months."""

from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allowances.rules import compile_allowance, evaluate_month
from attendance.rules import compile_attendance, decide_day
from policy.documents import Library
from policy.validator import validate
from tests import reference
from tests.random_attendance import attendances, tapped_days, tapping_people
from tests.random_documents import TAX_TABLE, parameters, text_of
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
    library.add_text("c.yaml", text_of("tax", TAX_TABLE))
    return library


def month_of(allowance, facts):
    """What the rules make of one month under random parameters."""
    library = library_of(allowance)
    plan = compile_attendance(library.find("random-attendance"))
    document = compile_allowance(library.find("random-allowance"), plan, library.find("random-tax"))
    return evaluate_month(document, {"month": "2025-11"} | facts)


def differences(allowance, facts):
    """By name: what the reference says and what the rules say, where they differ."""
    library = library_of(allowance)
    attendance = library.find("random-attendance").parameters
    expected = reference.evaluate_month(
        library.find("random-allowance").parameters, facts, attendance, TAX_TABLE["tax"]
    )
    month = month_of(allowance, facts)
    found = dict(month.values) | {"flags": sorted(month.flags)}
    found |= {name: _without_zeros(getattr(month, name)) for name in ("events", "exempt_events")}
    expected["flags"] = sorted(expected["flags"])
    for name in ("events", "exempt_events"):
        expected[name] = _without_zeros(expected[name])
    absent = "no such name"
    return {
        name: (value, found.get(name, absent)) for name, value in expected.items() if found.get(name, absent) != value
    }


def _without_zeros(counts):
    return {str(code): Fraction(count) for code, count in counts.items() if count}


@settings(RELAXED, max_examples=200)
@given(st.data())
def test_the_rules_equal_the_reference(data):
    allowance = data.draw(parameters(wide=True))
    for facts in data.draw(st.lists(months(allowance), min_size=1, max_size=3)):
        assert differences(allowance, facts) == {}


@settings(RELAXED, max_examples=60)
@given(parameters(wide=True))
def test_random_documents_are_valid(allowance):
    findings = validate(text_of("allowance", allowance), library=library_of(allowance), neighbours=[])
    assert [finding for finding in findings if not finding.warning] == []


@settings(RELAXED, max_examples=200)
@given(attendances(), st.lists(tapped_days(), min_size=1, max_size=4), tapping_people())
def test_a_day_equals_the_reference(attendance, days, person):
    text = text_of("attendance", attendance)
    library = Library(reads_files=False)
    library.load_texts({"b.yaml": text})
    assert [one for one in validate(text, library=library, neighbours=[]) if not one.warning] == []
    document = library.find("random-attendance")
    plan = compile_attendance(document)
    for day in days:
        expected = reference.decide_day(document.parameters, day, person)
        found = decide_day(plan, day, person)
        assert {name: found.get(name) for name in expected} == expected
