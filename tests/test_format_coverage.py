"""Every key and value of the page's sections 3 and 5, and every name of section 8, stands in a case that is run.

A facet such as `factors.each=post` or `base.change=by_days` is used when a document that some case computes with has
it (what it inherits included). The lists below are the page's: a document that uses more is no matter.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from policy.documents import Library
from policy.yaml_reader import read_list
from wfh_portal.cases import REGULATIONS

CASES = Path(__file__).parent / "cases"
VERBS = ("charges", "factors", "supplements", "holds")
RECORDS = ("day", "month", "week", "run", "leave", "sanction", "post")
FORMS = ("rate", "bands", "labels", "ratio", "mix")
POINTS = ("gross", "achieved", "cut", "component", "criterion", "cuts", "supplement", "allowance", "held", "insurance")
PERIODS = ("same_month", "previous_month", "previous_quarter", "previous_year")

SECTION_3 = {
    *(f"achievement.{form}" for form in FORMS),
    *(f"{verb}.{form}" for verb in VERBS for form in FORMS),
    *(f"tax.{form}" for form in FORMS),
    *("rate.fact", "rate.alone", "rate.rupiah", "rate.after", "rate.unit", "bands.after", "bands.named", "bands.list"),
    *("part=exact", "part=started", "part=full", "bands.open", "bands.closed"),
    *("labels.share", "labels.scale", "labels.missing=share", "labels.missing=unknown", "labels.missing=scale"),
    *("ratio.to=fact", "ratio.to=number", "ratio.at_most", "ratio.at_least"),
    *(f"period={period}" for period in PERIODS),
    *("mix.period", "condition.value", "condition.list", "condition.from", "condition.to", "condition.dates"),
}
SECTION_5 = {
    *("facts.given=number", "facts.given=label", "facts.given=bool", "facts.default", "facts.each=month"),
    *("facts.each=day", "facts.sum", "facts.least", "facts.greatest"),
    *(f"base.by={by}" for by in ("given", "class", "criteria", "basic")),
    *("base.classes", "base.criteria", "base.change=first_day", "base.change=last_day", "base.change=by_days"),
    *("components", "components.none", "components.achievement", "components.cuts_of=achieved"),
    *("components.cuts_of=full", "exempt", "offsets"),
    *("caps.charges", "caps.per=day", "caps.per=month", "caps.over=cap", "caps.over=flag"),
    *(f"insurance.{key}" for key in ("employer", "employee", "floor_rupiah", "ceiling_rupiah", "when")),
    *("insurance.of=gross", "insurance.of=payable"),
    *("tax.of=payable", "tax.of=increment", "tax.borne_by=person", "tax.borne_by=government", "tax.when", "tax.table"),
    "tax.taxable_rupiah",
    *(f"rounding.{point}" for point in (*POINTS, "tax")),
    *(f"rounding.mode={mode}" for mode in ("half_up", "half_even", "floor", "ceil")),
    *("rounding.to=1", "rounding.to=100", "rounding.to=1/100"),
    *(f"{verb}.each={record}" for verb in VERBS for record in RECORDS),
    *(f"{verb}.{key}" for verb in VERBS for key in ("when", "except", "free")),
    *(f"{verb}.combine={how}" for verb in VERBS for how in ("sum", "max", "min")),
    *(f"{verb}.prorate={whole}" for verb in VERBS for whole in ("working_days", "calendar_days")),
    *("charges.hits", "charges.of=component", "charges.of=gross", "charges.of=achievement"),
    *("factors.hits", "factors.replaces", "supplements.lag_months", "holds.lag_months"),
    *(f"supplements.of={of}" for of in ("gross", "post_gross", "difference", "allowance")),
}
DAY_VALUES = {
    *("minutes_late", "minutes_early", "minutes_away", "missing_in", "missing_out", "missing_taps", "expected_days"),
    *("present_days", "absent_days", "home_days", "leave_days", "permit_days", "ceremonies_missed", "reports_done"),
    *("reports_late", "reports_missing", "reports_below", "required_departure", "place"),
}
MONTH_VALUES = {
    *("gross", "COMPONENT", "NAME_full", "NAME_achieved", "NAME_cut", "cuts", "supplement.NAME", "supplements"),
    *("allowance", "held", "later", "payable", "insurance_employer", "insurance_employee", "tax", "net"),
    *("COMPONENT.CRITERION", "allowance.CRITERION", "cut.CHARGE", "exempt.CHARGE", "NAME_achievement"),
    *("NAME_cut_rate", "events", "exempt_events", "flags", "OWN_FACT", "MONTH_SUM"),
}
MAY_BE_UNKNOWN = MONTH_VALUES - {"supplement.NAME", "NAME_cut_rate", "events", "exempt_events", "flags", "MONTH_SUM"}


def scale_facets(block, where):
    """Facets of one scale and of those inside it."""
    form = next((form for form in FORMS if form in block), None)
    if form is None:
        return
    yield f"{where}.{form}"
    if "period" in block:
        yield f"period={block['period']}"
    if form == "rate":
        yield "rate.fact" if "fact" in block else "rate.alone"
        yield from ("rate.rupiah" for _ in [0] if str(block["rate"]).endswith("rupiah"))
        yield from (f"rate.{key}" for key in ("after", "unit") if key in block)
        yield f"part={block.get('part', 'exact')}"
    if form == "bands":
        rows = list(block["bands"].values() if isinstance(block["bands"], Mapping) else block["bands"])
        yield "bands.named" if isinstance(block["bands"], Mapping) else "bands.list"
        yield "bands.open" if rows[-1][1] is None else "bands.closed"
        yield from ("bands.after" for _ in [0] if "after" in block)
    if form == "labels":
        yield from label_facets(block["labels"], where)
    if form == "ratio":
        yield "ratio.to=fact" if isinstance(block["ratio"]["to"], str) else "ratio.to=number"
        yield from (f"ratio.{key}" for key in ("at_most", "at_least") if key in block["ratio"])
    for part in block.get("mix") or ():
        yield from scale_facets(part, where)
        yield from ("mix.period" for _ in [0] if "period" in part)


def label_facets(labels, where):
    for label, given in labels.items():
        kind = "scale" if isinstance(given, Mapping) else "unknown" if given == "unknown" else "share"
        yield f"labels.missing={kind}" if str(label).lower() == "missing" else f"labels.{kind}"
        if isinstance(given, Mapping):
            yield from scale_facets(given, where)


def condition_facets(condition):
    for wanted in (condition or {}).values():
        if isinstance(wanted, Mapping):
            yield from (f"condition.{end}" for end in wanted)
            yield from ("condition.dates" for bound in wanted.values() if hasattr(bound, "isoformat"))
        else:
            yield "condition.list" if isinstance(wanted, list) else "condition.value"


def valued(block, where, *keys, **defaults):
    """`where.key=value` for keys with values of their own (a default is used where the key is absent)."""
    for key in (*keys, *defaults):
        if key in block or key in defaults:
            yield f"{where}.{key}={block.get(key, defaults.get(key))}"


def rule_facets(verb, rule):
    yield from scale_facets(rule, verb)
    yield from valued(rule, verb, "prorate", each="day" if verb == "charges" else "month", combine="sum")
    if verb in ("charges", "supplements"):
        yield from valued(rule, verb, of="component" if verb == "charges" else "gross")
    for key in ("when", "except", "free", "hits", "replaces", "lag_months"):
        if key in rule:
            yield f"{verb}.{key}"
    yield from condition_facets(rule.get("when"))
    yield from condition_facets(rule.get("except"))


def allowance_facets(parameters):
    for fact in (parameters.get("facts") or {}).values():
        yield from valued(fact, "facts", "given", each="month")
        yield from (f"facts.{key}" for key in ("default", "sum", "least", "greatest") if key in fact)
    base = parameters.get("base") or {}
    yield from valued(base, "base", by="given", change="first_day")
    yield from (f"base.{key}" for key in ("classes", "criteria") if key in base)
    components = parameters.get("components") or {}
    yield "components" if components else "components.none"
    for component in components.values():
        yield from valued(component, "components", cuts_of="achieved")
        if "achievement" in component:
            yield "components.achievement"
            yield from scale_facets(component["achievement"], "achievement")
    for verb in VERBS:
        for rule in (parameters.get(verb) or {}).values():
            yield from rule_facets(verb, rule)
    yield from (key for key in ("exempt", "offsets") if key in parameters)
    for cap in (parameters.get("caps") or {}).values():
        yield from valued(cap, "caps", "per", over="cap")
        yield from ("caps.charges" for _ in [0] if "charges" in cap)
    if "insurance" in parameters:
        yield from (f"insurance.{key}" for key in parameters["insurance"])
        yield from valued(parameters["insurance"], "insurance", of="payable")
    for point, how in (parameters.get("rounding") or {}).items():
        yield from (f"rounding.{point}", f"rounding.to={how['to']}", f"rounding.mode={how.get('mode', 'half_up')}")


def tax_facets(tax, table):
    yield from scale_facets(table or tax, "tax")
    yield from valued(tax, "tax", of="payable", borne_by="person")
    yield from (f"tax.{key}" for key in ("when", "table") if key in tax)
    yield from ("tax.taxable_rupiah" for _ in [0] if "taxable_rupiah" in str(table or tax))


def value_facets(document, name, expected):
    """What of section 8 a name of `expect` is, and whether it was expected to be unknown."""
    unknown = ["?"] if expected == "unknown" else []
    if document.topic == "attendance":
        return [name]
    parameters = document.parameters
    components = set(parameters.get("components") or {})
    first, _, last = name.partition(".")
    kinds = {"cut": "cut.CHARGE", "exempt": "exempt.CHARGE", "supplement": "supplement.NAME"}
    if last:
        kind = kinds.get(first) or ("allowance.CRITERION" if first == "allowance" else "COMPONENT.CRITERION")
    elif name in components:
        kind = "COMPONENT"
    elif name in (parameters.get("facts") or {}):
        kind = "OWN_FACT"
    elif name in DAY_VALUES:
        return [name, "MONTH_SUM"]
    else:
        ending = next((end for end in ("full", "achieved", "cut", "achievement", "cut_rate") if name.endswith(end)), "")
        kind = f"NAME_{ending}" if ending and name.removesuffix(f"_{ending}") in components else name
    return [kind, *(kind + mark for mark in unknown)]


@pytest.fixture(scope="module")
def used():
    """(Facets of all documents that cases compute with, names that cases expect)."""
    library = Library()
    library.load_folder(REGULATIONS)
    facets, names, seen = set(), set(), set()
    for path in sorted(CASES.glob("*.yaml")):
        for case in read_list(path.read_text(encoding="utf-8")):
            document = library.find(str(case["policy"]), relative_to=str(path))
            for name, expected in case["expect"].items():
                names |= set(value_facets(document, str(name), expected))
            if document.id in seen or document.topic != "allowance":
                continue
            seen.add(document.id)
            facets |= set(allowance_facets(document.parameters))
            if tax := document.parameters.get("tax"):
                table = library.tax_table(document, tax["table"]).parameters["tax"] if "table" in tax else None
                facets |= set(tax_facets(tax, table))
    return facets, names


@pytest.mark.parametrize("section", [SECTION_3, SECTION_5], ids=["section 3", "section 5"])
def test_every_key_and_value_is_used_by_a_document_with_a_case(used, section):
    assert sorted(section - used[0]) == []


def test_every_value_is_expected_by_a_case(used):
    assert sorted((DAY_VALUES | MONTH_VALUES) - used[1]) == []


def test_every_value_that_may_be_unknown_is_expected_unknown_by_a_case(used):
    assert sorted(name for name in MAY_BE_UNKNOWN if f"{name}?" not in used[1]) == []
