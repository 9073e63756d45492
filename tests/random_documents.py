"""Random documents that the validator accepts, every part of the format among them."""

from datetime import date

import yaml
from hypothesis import strategies as st

SHARES = ["0.5 %", "1 %", "2.25 %", "7 %", "12.5 %", "33.3 %", "60 %", "100 %", "0 %"]
NAMES = ["a", "b", "c"]
DAY_FACTS = ["minutes_late", "minutes_early", "minutes_away", "absent_days", "missing_taps", "leave_days", "home_days"]
DAY_FACTS += ["ceremonies_missed", "reports_missing", "present_days", "lost", "parcels"]
MONTH_FACTS = ["minutes_validated", "working_days", "rating_score", "unrated_subordinates", "score", "total"]
RATINGS = ["Baik", "Kurang", "Sangat Baik"]
PERIODS = ["same_month", "previous_month", "previous_quarter", "previous_year"]
OWN_FACTS = {
    "lost": {"sum": {"minutes_late": 1, "minutes_early": 2}, "each": "day"},
    "parcels": {"given": "number", "each": "day"},
    "spell": {"given": "label", "each": "day"},
    "score": {"given": "number", "default": 3},
    "total": {"greatest": ["score", "absent_days", 2]},
    "smaller": {"least": ["total", "minutes_late"]},
    "badge": {"given": "label"},
    "excluded": {"given": "bool", "default": False},
}
shares = st.sampled_from(SHARES)
maybe = st.booleans()


@st.composite
def rates(draw, fact=None):
    scale = {"rate": draw(shares)} | ({"fact": fact} if fact else {})
    if fact and draw(maybe):
        scale["after"] = draw(st.integers(0, 3))
    if fact and draw(maybe):
        scale |= {
            "unit": draw(st.sampled_from([2, 5, 30])),
            "part": draw(st.sampled_from(["exact", "started", "full"])),
        }
    return scale


@st.composite
def bands(draw, fact, code=None, first=(0, 1)):
    edges = sorted(draw(st.sets(st.integers(2, 90), min_size=1, max_size=3)))
    edges = [draw(st.sampled_from(first)), *edges, None]
    rows = [[*pair, draw(shares)] for pair in zip(edges, edges[1:], strict=False)]
    if len(rows) > 1 and code and draw(maybe):
        rows.pop()
    return {"fact": fact, "bands": {f"{code}{n}": row for n, row in enumerate(rows)} if code else rows}


@st.composite
def ratings(draw, missing=("unknown", "40 %")):
    scale = {"fact": "rating", "labels": {name: draw(shares) for name in RATINGS}}
    if draw(maybe):
        scale["labels"]["missing"] = draw(st.sampled_from(missing))
    if draw(maybe):
        scale["labels"]["Kurang"] = {"fact": "rating_score", "ratio": {"to": 100}}
    if draw(maybe):
        scale["period"] = draw(st.sampled_from(PERIODS))
    return scale


@st.composite
def ratios(draw):
    ratio = {"to": draw(st.sampled_from([100, 60, "working_days", "minutes_done"]))}
    if draw(maybe):
        ratio["at_most"] = "100 %"
    if draw(maybe):
        ratio["at_least"] = draw(st.sampled_from(["10 %", "50 %"]))
    return {"fact": draw(st.sampled_from(["rating_score", "minutes_validated"])), "ratio": ratio}


@st.composite
def achievements(draw, deep=True):
    kinds = ["rating", "ratio", "bands", *(["mix"] if deep else [])]
    kind = draw(st.sampled_from(kinds))
    if kind == "rating":
        return draw(ratings())
    if kind == "ratio":
        return draw(ratios())
    if kind == "bands":
        return draw(bands("rating_score", first=(0,)))
    weight = draw(st.integers(1, 99))
    parts = [draw(achievements(deep=False)), draw(achievements(deep=False))]
    return {"mix": [{"weight": f"{w} %", **part} for w, part in zip((weight, 100 - weight), parts, strict=True)]}


@st.composite
def conditions(draw, day=False):
    options = [
        {"status": draw(st.sampled_from(["pns", ["cpns", "pns"]]))},
        {"class": {"from": 6, "to": 9}},
        {"unrated_subordinates": {"from": 1}},
        {"run": draw(st.sampled_from(["regular", "thirteenth"]))},
        {"rating": ["Kurang", "sangat_baik"]},
        {"excluded": True},
        {"badge": "x"},
        {"total": {"from": 4}},
    ]
    if day:
        options += [{"place": ["home", "duty"]}, {"outage": True}, {"weekday": "fri"}, {"spell": "dry"}]
        options += [
            {"calendar": "five_day"},
            {"minutes_late": {"from": 5, "to": 60}},
            {"date": {"from": date(2025, 11, 10)}},
        ]
    chosen = dict(draw(st.sampled_from(options)))
    return chosen | draw(st.sampled_from([{}, {}, *options]))


@st.composite
def scales_of(draw, fact, code=None, first=(0, 1)):
    """A scale over a number for a rule."""
    return draw(st.one_of(rates(fact), bands(fact, code, first)))


@st.composite
def charges(draw, name, components):
    each = draw(st.sampled_from(["day", "day", "day", "day", "month", "week", "run", "leave", "sanction"]))
    rule = {"each": each}
    if each == "day":
        rule |= draw(scales_of(draw(st.sampled_from(DAY_FACTS)), name.upper()))
    elif each == "month":
        facts = st.sampled_from([*DAY_FACTS, *MONTH_FACTS])
        rule |= draw(st.one_of(scales_of(draw(facts), name.upper()), rates(), ratings(), ratios()))
    elif each in ("week", "run"):
        rule |= draw(scales_of(draw(st.sampled_from(DAY_FACTS[:4])), name.upper(), (1,)))
    else:
        rule |= draw(records_scale(each))
    if each in ("day", "month") and draw(st.integers(0, 2)) == 0:
        rule["when"] = draw(conditions(day=each == "day"))
    if each == "week" and draw(maybe):
        rule["when"] = draw(st.sampled_from([{"place": "office"}, {"spell": "dry"}, {"minutes_late": {"from": 9}}]))
    if each in ("week", "run") and draw(maybe):
        rule["except"] = draw(
            st.sampled_from([{"place": "home"}, {"weekday": "fri"}, {"outage": True, "status": "pns"}])
        )
    elif draw(st.integers(0, 3)) == 0:
        rule["except"] = draw(conditions(day=each == "day"))
    if draw(st.integers(0, 3)) == 0:
        rule["free"] = draw(st.integers(1, 3))
    if draw(st.integers(0, 3)) == 0:
        rule["combine"] = draw(st.sampled_from(["max", "min", "sum"]))
    if draw(maybe):
        rule["hits"] = draw(st.lists(st.sampled_from(components), min_size=1, max_size=2, unique=True))
    if draw(st.integers(0, 2)) == 0:
        rule["of"] = draw(st.sampled_from(["component", "gross", "achievement"]))
    return rule


@st.composite
def records_scale(draw, each):
    """A scale over the records leave, sanction or post."""
    label = {"fact": "kind", "labels": {"sick": draw(shares), "oral": draw(shares), "plt": draw(shares)}}
    if each == "leave":
        label["labels"]["maternity"] = {"fact": "month", "bands": [[1, 2, draw(shares)], [2, None, draw(shares)]]}
    rule = draw(st.sampled_from([label, {"rate": draw(shares)}]))
    if each == "leave" and draw(maybe):
        rule = rule | {"prorate": draw(st.sampled_from(["working_days", "calendar_days"]))}
    return rule


@st.composite
def factors(draw, components):
    each = draw(st.sampled_from(["month", "leave", "sanction"]))
    rule = {"each": each}
    if each == "month":
        rule |= draw(st.one_of(rates(), ratings(), ratios(), bands("total")))
        if draw(maybe):
            rule["when"] = draw(conditions())
    else:
        rule |= draw(records_scale(each))
    if draw(maybe):
        rule["hits"] = draw(st.lists(st.sampled_from(components), min_size=1, max_size=2, unique=True))
    if draw(st.integers(0, 3)) == 0:
        rule["replaces"] = True
    if draw(st.integers(0, 3)) == 0:
        rule["combine"] = draw(st.sampled_from(["max", "min"]))
    return rule


@st.composite
def supplements(draw):
    each = draw(st.sampled_from(["month", "post", "day"]))
    rule = {"each": each}
    if each == "day":
        rule |= {"rate": "37000 rupiah", "fact": "present_days"}
    elif each == "post":
        rule |= {"rate": draw(shares), "of": draw(st.sampled_from(["gross", "post_gross", "difference", "allowance"]))}
    else:
        rupiah = {"rate": "1250.5 rupiah", "fact": "present_days", "after": 1, "unit": 2, "part": "started"}
        of = {"of": draw(st.sampled_from(["gross", "allowance"]))}
        rule |= draw(st.sampled_from([rupiah, {"rate": draw(shares)} | of, draw(ratings()) | of]))
    if draw(maybe):
        rule["when"] = draw(conditions())
    if draw(maybe):
        rule["lag_months"] = draw(st.integers(0, 2))
    if draw(st.integers(0, 3)) == 0:
        rule["combine"] = draw(st.sampled_from(["max", "min"]))
    return rule


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


@st.composite
def taxes(draw):
    scale = draw(
        st.sampled_from(
            [
                {"fact": "rank_group", "labels": {"III": "5 %", "IV": "15 %"}},
                {"fact": "taxable_rupiah", "bands": [[0, 5_000_000, "0 %"], [5_000_000, None, "5 %"]]},
                {"rate": "2.5 %"},
            ]
        )
    )
    tax = scale | {"borne_by": draw(st.sampled_from(["person", "government"]))}
    tax["of"] = draw(st.sampled_from(["payable", "increment"]))
    return tax | ({"when": draw(conditions())} if draw(maybe) else {})


@st.composite
def parameters(draw):
    """The parameters of an allowance document."""
    components = NAMES[: draw(st.integers(1, 3))]
    cuts = sorted(draw(st.sets(st.integers(1, 99), min_size=len(components) - 1, max_size=len(components) - 1)))
    weights = [end - start for start, end in zip([0, *cuts], [*cuts, 100], strict=True)]
    whole = {"facts": OWN_FACTS, "base": draw(bases()), "components": {}}
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
        whole["holds"] = {"h": draw(records_scale("sanction")) | {"each": "sanction"}}
    whole["caps"] = {f"cap{n}": draw(caps(rules)) for n in range(draw(st.integers(0, 2)))}
    if draw(st.integers(0, 3)) == 0:
        whole["exempt"] = draw(conditions(day=True))
    if draw(maybe):
        whole["offsets"] = ["profession_allowance"]
    if draw(maybe):
        whole["insurance"] = {"employer": "4 %", "employee": "1 %"}
        whole["insurance"] |= draw(
            st.sampled_from([{}, {"of": "gross"}, {"floor_rupiah": 5_000_000, "ceiling_rupiah": 12_000_000}])
        )
    if draw(maybe):
        whole["tax"] = draw(taxes())
    whole["rounding"] = draw(roundings())
    return {name: block for name, block in whole.items() if block}


def text_of(topic, blocks):
    """A document's YAML."""
    head = {"id": f"random-{topic}", "topic": topic, "jurisdiction": "acak", "title": "Acak", "decree": "acak"}
    dates = {"issued_on": date(2025, 1, 1), "valid_from": date(2025, 1, 1), "status": "assumed"}
    return yaml.safe_dump(head | dates | {"parameters": blocks}, sort_keys=False)
