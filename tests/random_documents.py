"""Random documents that the validator accepts, every part of the format among them."""

from datetime import date

import yaml
from hypothesis import strategies as st

from tests.random_scales import (
    OWN_FACTS,
    achievements,
    conditions,
    maybe,
    mixes,
    rates,
    rule_scales,
    seldom,
    sum_conditions,
)

NAMES = ["a", "b", "c"]
ODD_NAMES = ["Kinerja Utama", "b.1 (x)", "net_paid"]
RECORDS = ["day", "month", "week", "run", "leave", "sanction", "post"]


@st.composite
def common(draw, each, verb):
    """The keys that every rule may carry."""
    rule = {}
    asked = sum_conditions() if each in ("week", "run") else conditions(day=each == "day")
    for key in ("when", "except"):
        if draw(seldom):
            rule[key] = draw(asked)
    if draw(seldom):
        rule["free"] = draw(st.integers(1, 3))
    if draw(seldom):
        rule["combine"] = draw(st.sampled_from(["max", "min", "sum"]))
    if each in ("leave", "sanction", "post") and draw(maybe):
        rule["prorate"] = draw(st.sampled_from(["working_days", "calendar_days"]))
    return rule


@st.composite
def hits(draw, components):
    if not components or draw(maybe):
        return {}
    return {"hits": draw(st.lists(st.sampled_from(components), min_size=1, max_size=2, unique=True))}


@st.composite
def charges(draw, name, components):
    each = draw(st.sampled_from([*["day"] * 4, *RECORDS[1:]]))
    rule = {"each": each} | draw(rule_scales(each, name.upper())) | draw(common(each, "charges"))
    rule |= draw(hits(components))
    if draw(st.integers(0, 2)) == 0:
        rule["of"] = draw(st.sampled_from(["component", "gross", "achievement"]))
    return rule


@st.composite
def factors(draw, components):
    each = draw(st.sampled_from(["month", "month", *RECORDS]))
    rule = {"each": each} | draw(rule_scales(each)) | draw(common(each, "factors")) | draw(hits(components))
    if draw(seldom):
        rule["replaces"] = True
    return rule


@st.composite
def supplements(draw):
    each = draw(st.sampled_from(["post", *RECORDS]))
    rule = {"each": each} | draw(common(each, "supplements"))
    if each in ("day", "week", "month") and draw(maybe):
        rule |= {"rate": "1250.5 rupiah", "fact": "present_days"}
        rule |= draw(st.sampled_from([{}, {"after": 1, "unit": 2, "part": "started"}]))
    else:
        rule |= draw(rule_scales(each))
        of = ["gross", "allowance", *(["post_gross", "difference"] * 2 if each == "post" else [])]
        rule["of"] = draw(st.sampled_from(of))
    if draw(maybe):
        rule["lag_months"] = draw(st.integers(0, 2))
    return rule


@st.composite
def holds(draw):
    each = draw(st.sampled_from(["sanction", *RECORDS]))
    rule = {"each": each} | draw(rule_scales(each)) | draw(common(each, "holds"))
    return rule | ({"lag_months": 2} if draw(seldom) else {})


@st.composite
def caps(draw, rules):
    per = draw(st.sampled_from(["day", "month"]))
    cap = {"per": per, "at": draw(st.sampled_from(["1 %", "7.5 %", "50 %", "100 %"]))}
    if draw(maybe):
        cap["over"] = draw(st.sampled_from(["cap", "cap", "flag"]))
    able = [name for name, rule in rules.items() if per == "month" or rule["each"] == "day"]
    if able and draw(maybe):
        cap["charges"] = draw(st.lists(st.sampled_from(able), min_size=1, unique=True))
    return cap


@st.composite
def bases(draw):
    table = {5: 3_300_001, 7: 4_900_000, 8: 6_349_000, 9: 7_500_000.5}
    by = draw(st.sampled_from(["given", "class", "criteria", "basic"]))
    base = {"by": by}
    if by in ("class", "basic"):
        base |= {"classes": table, "change": draw(st.sampled_from(["first_day", "last_day", "by_days"]))}
    if by in ("criteria", "basic"):
        base["criteria"] = ["load", "place", "rare"]
    return base


@st.composite
def roundings(draw):
    points = ["gross", "achieved", "cut", "criterion", "supplement", "held", "insurance", "tax"]
    chosen = draw(st.lists(st.sampled_from(points), max_size=4, unique=True))
    chosen += draw(st.sampled_from([[], ["component"], ["cuts"], ["allowance"]]))
    modes = st.sampled_from(["half_up", "half_even", "floor", "ceil"])
    return {point: {"to": draw(st.sampled_from([1, 100, 0.01, 1000])), "mode": draw(modes)} for point in chosen}


BY_RANK = {"fact": "rank_group", "labels": {"III": "5 %", "IV": "15 %"}}
BY_INCOME = {"fact": "taxable_rupiah", "bands": [[0, 5_000_000, "0 %"], [5_000_000, None, "5 %"]]}
RATIO = {"fact": "taxable_rupiah", "ratio": {"to": 100_000_000, "at_most": "7 %"}}
TAX_TABLE = {"tax": {"fact": "rank_group", "labels": {"III": "2.5 %", "iv": BY_INCOME, "missing": "6 %"}}}


@st.composite
def taxes(draw, table=False):
    scales = [BY_RANK, BY_INCOME, RATIO, draw(rates()), draw(mixes(st.sampled_from([BY_RANK, BY_INCOME, RATIO])))]
    tax = draw(st.sampled_from([*scales, {"table": "random-tax"}] if table else scales))
    tax = tax | {"borne_by": draw(st.sampled_from(["person", "government"]))}
    tax["of"] = draw(st.sampled_from(["payable", "increment"]))
    return tax | ({"when": draw(conditions())} if draw(maybe) else {})


@st.composite
def insurances(draw):
    block = {"employer": "4 %", "employee": "1 %"}
    floor, ceiling = {"floor_rupiah": 5_000_000}, {"ceiling_rupiah": 12_000_000}
    block |= draw(st.sampled_from([{}, {"of": "gross"}, floor, ceiling, floor | ceiling, floor | {"of": "gross"}]))
    return block | ({"when": draw(conditions())} if draw(seldom) else {})


@st.composite
def parameters(draw, wide=False):
    """The parameters of an allowance document; `wide`: odd names, no components and a tax table (`TAX_TABLE`) too."""
    names = draw(st.sampled_from([NAMES, ODD_NAMES])) if wide else NAMES
    components = names[: draw(st.sampled_from([0, 1, 2, 3, 1, 2, 3, 1, 2, 3] if wide else [1, 2, 3]))]
    whole = {"facts": OWN_FACTS, "base": draw(bases()), "components": {}}
    if components:
        cuts = sorted(draw(st.sets(st.integers(1, 99), min_size=len(components) - 1, max_size=len(components) - 1)))
        weights = [end - start for start, end in zip([0, *cuts], [*cuts, 100], strict=True)]
        for name, weight in zip(components, weights, strict=True):
            whole["components"][name] = {"weight": f"{weight} %"}
            if draw(maybe):
                whole["components"][name]["achievement"] = draw(achievements())
            if draw(maybe):
                whole["components"][name]["cuts_of"] = draw(st.sampled_from(["full", "achieved"]))
    rules = {f"r{n}": draw(charges(f"r{n}", components)) for n in range(draw(st.integers(0, 5)))}
    whole["charges"] = rules
    whole["factors"] = {f"f{n}": draw(factors(components)) for n in range(draw(st.integers(0, 2)))}
    whole["supplements"] = {f"s{n}": draw(supplements()) for n in range(draw(st.integers(0, 2)))}
    if draw(maybe):
        whole["holds"] = {f"h{n}": draw(holds()) for n in range(draw(st.integers(1, 2)))}
    whole["caps"] = {f"cap{n}": draw(caps(rules)) for n in range(draw(st.integers(0, 2)))}
    if draw(seldom):
        whole["exempt"] = draw(conditions(day=True))
    if draw(maybe):
        whole["offsets"] = ["profession_allowance"]
    if draw(maybe):
        whole["insurance"] = draw(insurances())
    if draw(maybe):
        whole["tax"] = draw(taxes(table=wide))
    whole["rounding"] = draw(roundings())
    return {name: block for name, block in whole.items() if block}


def text_of(topic, blocks):
    """A document's YAML."""
    head = {"id": f"random-{topic}", "topic": topic, "jurisdiction": "acak", "title": "Acak", "decree": "acak"}
    dates = {"issued_on": date(2025, 1, 1), "valid_from": date(2025, 1, 1), "status": "assumed"}
    return yaml.safe_dump(head | dates | {"parameters": blocks}, sort_keys=False)
