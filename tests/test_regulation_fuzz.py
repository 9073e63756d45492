"""Whatever is written, the validator answers with findings; what it accepts can be compiled, read aloud and run."""

import copy
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allowances.rules import compile_allowance, evaluate_month
from attendance.rules import compile_attendance, decide_day
from policy.conditions import CaseError
from policy.documents import Library
from policy.sentences import sections_of
from policy.validator import validate
from policy.vocabulary import FACTS, RULE_LISTS
from wfh_portal.cases import outcomes_of

ROOT = Path(__file__).resolve().parent
SHIPPED = sorted((ROOT.parent / "regulations").rglob("*.yaml")) + sorted((ROOT / "cases" / "documents").glob("*.yaml"))
HERE = str(ROOT / "cases" / "documents" / "uji.yaml")
LIBRARY = Library()
LIBRARY.load_folder(ROOT.parent / "regulations")
RELAXED = settings(deadline=None, suppress_health_check=list(HealthCheck))
KEYS = [
    *["id", "topic", "extends", "attendance", "parameters", "valid_from", "valid_to", "status", "hours", "when", "set"],
    *["in", "out", "tolerance", "minutes", "kind", "accept", "fillers", "places", "outcomes", "facts", "given", "sum"],
    *["least", "base", "by", "classes", "criteria", "components", "weight", "achievement", "caps", "per", "at", "tax"],
    *["fact", "rate", "bands", "labels", "ratio", "to", "mix", "each", "hits", "of", "rounding", "table", "offsets"],
    *[*RULE_LISTS, "note", "label", "article", "missing", "insurance", "exempt", "prorate", "default", "from", "x"],
]
TEXTS = ["", "5 %", "100 %", "37000 rupiah", "07:30", "16:00", "allowance", "attendance", "tax", "class", "uji", "kind"]
TEXTS += ["day", "month", "run", "week", "leave", "number", "label", "a\0b.yaml", "../x.yaml", "x" * 300 + ".yaml", "%"]
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 10**9),
    st.sampled_from([0.5, 1e300, float("inf"), float("nan"), date(2025, 1, 1), date(2025, 2, 28)]),
    st.sampled_from([*TEXTS, *sorted(FACTS)]),
    st.text(max_size=5),
)
keys = st.one_of(st.sampled_from(KEYS), scalars)


def _deeper(inner):
    return st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=5))


nested = st.recursive(scalars, _deeper, max_leaves=20)
HEAD = {
    "id": "uji",
    "title": "Uji",
    "decree": "uji",
    "jurisdiction": "uji",
    "status": "assumed",
    "issued_on": date(2025, 1, 1),
    "valid_from": date(2025, 1, 1),
}


def text_of(whole):
    return yaml.safe_dump(whole, sort_keys=False, allow_unicode=True)


def accepted(text):
    """Whether the validator refuses nothing; it may raise nothing either way."""
    findings = validate(text, LIBRARY, HERE, neighbours=[])
    assert all(finding.code and finding.message for finding in findings)
    return all(finding.warning for finding in findings)


@settings(RELAXED, max_examples=150)
@given(st.one_of(st.text(), st.text("abc:-{}[],*&!%@`\"'# \n\t<>?|0123456789", max_size=60)))
def test_any_text_is_answered(text):
    accepted(text)


@settings(RELAXED, max_examples=150)
@given(nested)
def test_any_nested_data_is_answered(data):
    accepted(text_of(data))


@settings(RELAXED, max_examples=300)
@given(
    st.sampled_from(["allowance", "attendance", "tax", "calendar", "eligibility", "performance", "savings"]),
    st.dictionaries(keys, nested, max_size=6),
)
def test_any_parameters_are_answered(topic, parameters):
    use(text_of({**HEAD, "topic": topic, "parameters": parameters}))


def places_in(block, path=()):
    """Paths to every value of a document."""
    items = block.items() if isinstance(block, dict) else enumerate(block) if isinstance(block, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places_in(value, (*path, key))


def at(block, path):
    for key in path:
        block = block[key]
    return block


def put(block, key, value):
    if isinstance(block, list):
        block.insert(key, value)
    else:
        block[key] = value


def alike():
    """What stands under each key of all shipped documents; below lists, whatever stands in any list."""
    found = {}
    for file in SHIPPED:
        whole = yaml.safe_load(file.read_text(encoding="utf-8"))
        for path in places_in(whole):
            found.setdefault("" if isinstance(path[-1], int) else path[-1], []).append(at(whole, path))
    return found


ALIKE = alike()


def mutated(draw, whole):
    """The document with one thing deleted, replaced, moved, renamed or doubled."""
    paths = list(places_in(whole))
    path = draw(st.sampled_from(paths))
    block, key = at(whole, path[:-1]), path[-1]
    deeds = ["alike", "alike", "alike", "alike", "delete", "replace", "other", "rename", "double", "add"]
    deed = draw(st.sampled_from(deeds))
    if deed == "delete":
        del block[key]
    elif deed == "replace":
        block[key] = draw(nested)
    elif deed == "alike":
        known = ALIKE.get("" if isinstance(key, int) else key, [block[key]])
        block[key] = copy.deepcopy(draw(st.sampled_from(known)))
    elif deed == "other":
        block[key] = copy.deepcopy(at(whole, draw(st.sampled_from(paths))))
    elif deed == "add":
        put(block, 0 if isinstance(block, list) else draw(keys), draw(nested))
    else:
        value = copy.deepcopy(block[key])
        if deed == "rename":
            del block[key]
        put(block, 0 if isinstance(block, list) else draw(keys), value)


def use(text):
    """An accepted document is compiled and read aloud without a word; a month raises nothing but CaseError."""
    if not accepted(text):
        return False
    document = LIBRARY.build(HERE, text)
    sections_of(document)
    if document.topic == "attendance":
        plan = compile_attendance(document)
        for day in DAYS:
            attempt(lambda day=day: decide_day(plan, day, PERSON))
    elif document.topic == "allowance":
        table = (document.parameters.get("tax") or {}).get("table")
        tax = LIBRARY.tax_table(document, table) if table else None
        plan = compile_allowance(document, ATTENDANCE, tax)
        for facts in months(document):
            attempt(lambda facts=facts: evaluate_month(plan, facts))
    return True


def attempt(run):
    with suppress(CaseError):
        run()


ATTENDANCE = compile_attendance(LIBRARY.find("contoh-attendance"))
PERSON = {"class": 8, "service": "x", "status": "cpns", "salary": 5_000_000, "rank_group": "III", "tax_category": "A"}
DAYS = [
    {"date": date(2025, 11, 10), "in": "07:31:00", "out": "15:59:00", "report": "late", "away": 30},
    {"date": date(2025, 11, 14), "place": "home", "taps": ["07:10:00", "16:40:00"], "ceremony": "missed"},
    {"date": "2025-11-17", "taps": ["12:00:00"], "ramadan": True, "outage": True, "shift": "pagi", "leave_day": 2},
    {"date": date(2025, 11, 18), "place": "leave", "leave": "sick"},
    {"place": "duty"},
    {"date": date(2025, 11, 19), "minutes_late": 95, "absent_days": 1},
    {},
]


def months(document):
    """A month with nothing, one with everything, and one given as sums."""
    parameters = document.parameters
    base = parameters.get("base") or {}
    classes = list(base.get("classes") or {8: 0})
    by_share = base.get("by") == "basic"
    whole = {
        **PERSON,
        "month": "2025-11",
        "class": classes[0],
        "gross": 7_000_001,
        "basic": 4_000_000,
        "carried": 5,
        "rating_score": 88,
        "ratings": {"2025-11": "Baik", "2025-10": "Kurang", "2025-Q3": "Baik", 2024: "Baik"},
        "working_days": 20,
        "minutes_done": 6000,
        "minutes_validated": 5500,
        "criteria": dict.fromkeys(base.get("criteria") or [], "50 %" if by_share else 1_000_000),
        "classes": [{"class": name, "days": 10} for name in classes[:2]],
        "leaves": [{"kind": "sick", "month": 1, "day": 3, "days": 2}],
        "sanctions": [{"kind": "light", "month": 2, "days": 3}],
        "posts": [{"kind": "plt", "month": 1, "class": classes[-1], "days": 20}, {"kind": "plh", "gross": 5_000_000}],
        "days": DAYS,
    }
    return [{}, whole, {"gross": 100, "rating": "Baik", "minutes_late": 31, "absent_days": 1, "rating_score": 50}]


POLICIES = ["jambi-tpp", "contoh-tpp", "contoh-attendance", "flexi-tukin", "lhk-tukin"]
NAMES = st.sampled_from(
    [*sorted(FACTS), "events", "days", "leaves", "sanctions", "posts", "classes", "criteria", "ratings"]
)
NAMES |= st.sampled_from(["away", "net", "allowance", "required_departure", "flags", "productivity_cut_rate"])
CASE = {
    "policy": st.sampled_from(POLICIES),
    "given": st.one_of(nested, st.dictionaries(NAMES, nested, max_size=6)),
    "expect": st.one_of(nested, st.dictionaries(NAMES, nested, min_size=1, max_size=3)),
}


@settings(RELAXED, max_examples=150)
@given(st.lists(st.fixed_dictionaries(CASE, optional={"month": nested, "name": nested}), min_size=1, max_size=3))
def test_any_case_is_answered(cases):
    assert len(list(outcomes_of(LIBRARY, HERE, "uji", text_of(cases)))) == len(cases)


@settings(RELAXED, max_examples=400)
@given(st.data())
def test_a_shipped_document_with_something_changed_is_refused_or_works(data):
    whole = yaml.safe_load(data.draw(st.sampled_from(SHIPPED)).read_text(encoding="utf-8"))
    for _ in range(data.draw(st.integers(1, 3))):
        mutated(data.draw, whole)
    use(text_of(whole))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_shipped_document_works_as_it_is(path):
    assert use(path.read_text(encoding="utf-8"))
