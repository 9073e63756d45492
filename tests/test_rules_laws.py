"""What must hold whatever a document says: monotone cuts, sums that add up, and no weight of order or of names."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.random_documents import parameters
from tests.random_months import months
from tests.test_rules_properties import RELAXED, month_of

LATE = st.lists(st.integers(1, 200), min_size=2, max_size=5, unique=True).map(sorted)


@st.composite
def rising(draw):
    """A document whose only charge rises with the minutes late: bands or a rate, capped and rounded at random."""
    edges = [1, *sorted(draw(st.sets(st.integers(2, 150), max_size=3))), None]
    steps = sorted(draw(st.lists(st.integers(1, 5000), min_size=len(edges) - 1, max_size=len(edges) - 1)))
    starts_and_ends = zip(edges, edges[1:], strict=False)
    bands = [[*pair, f"{step // 100}.{step % 100:02d} %"] for pair, step in zip(starts_and_ends, steps, strict=True)]
    part = draw(st.sampled_from(["exact", "started", "full"]))
    rate = {"rate": "0.37 %", "after": draw(st.integers(0, 40)), "unit": draw(st.integers(1, 30)), "part": part}
    whole = {
        "base": {"by": "given"},
        "components": {"a": {"weight": "60 %"}, "b": {"weight": "40 %"}},
        "charges": {"late": {"fact": "minutes_late"} | draw(st.sampled_from([{"bands": bands}, rate]))},
        "insurance": {"employer": "4 %", "employee": "1 %"},
        "tax": {"rate": "5 %"},
    }
    point = draw(st.sampled_from(["cut", "component", "cuts", "allowance"]))
    mode = draw(st.sampled_from(["half_up", "half_even", "floor", "ceil"]))
    whole["rounding"] = {point: {"to": draw(st.sampled_from([1, 100, 1000])), "mode": mode}}
    if draw(st.booleans()):
        whole["caps"] = {"most": {"per": "month", "at": draw(st.sampled_from(["10 %", "100 %"]))}}
    if draw(st.booleans()):
        whole["charges"]["late"] |= {"of": "gross", "hits": ["a"]}
    return whole


@settings(RELAXED, max_examples=80)
@given(rising(), LATE, st.integers(0, 9_000_000))
def test_more_minutes_late_never_pay_more(allowance, minutes, gross):
    paid = [month_of(allowance, {"gross": gross, "days": [{"minutes_late": late}]}).values for late in [0, *minutes]]
    for name in ("allowance", "payable", "net"):
        amounts = [values[name] for values in paid]
        assert amounts == sorted(amounts, reverse=True), name
    rates = [values["a_cut_rate"] for values in paid]
    assert rates == sorted(rates)


@settings(RELAXED, max_examples=80)
@given(st.data())
def test_a_row_adds_up_from_gross_to_net(data):
    allowance = data.draw(parameters())
    facts = data.draw(months(allowance))
    values = month_of(allowance, facts).values
    assume(values["net"] is not None and values["allowance"] is not None)
    names = list(allowance["components"])
    paid = sum(values[name] for name in names)
    assert paid == values["gross"] - values["cuts"]
    assert all(values[name] >= 0 for name in names)
    now = sum(
        values[f"supplement.{name}"]
        for name, rule in allowance.get("supplements", {}).items()
        if not rule.get("lag_months")
    )
    assert values["supplements"] == now
    offset = facts.get("profession_allowance", 0) if "offsets" in allowance else 0
    assert values["allowance"] == max(paid + now - offset, 0)
    assert values["payable"] == values["allowance"] - values["held"] + facts.get("carried", 0)
    borne = values["tax"] if allowance.get("tax", {}).get("borne_by", "person") == "person" else 0
    assert values["net"] == values["payable"] - values["insurance_employee"] - borne


@settings(RELAXED, max_examples=60)
@given(st.data())
def test_parts_by_criterion_add_up_to_their_component(data):
    allowance = data.draw(parameters().filter(lambda one: one["base"]["by"] in ("criteria", "basic")))
    facts = data.draw(months(allowance))
    assume("criteria" in facts)
    values = month_of(allowance, facts).values
    for name in allowance["components"]:
        parts = [values[f"{name}.{criterion}"] for criterion in facts["criteria"]]
        assert values[name] == (None if None in parts else sum(parts))


@settings(RELAXED, max_examples=80)
@given(st.data())
def test_the_order_of_people_days_and_charges_carries_no_weight(data):
    allowance = data.draw(parameters())
    allowance.pop("caps", None)
    people = data.draw(st.lists(months(allowance), min_size=1, max_size=3))
    for facts in people:
        facts.pop("events", None)
    expected = [month_of(allowance, facts).values for facts in people]
    charges = data.draw(st.permutations(list(allowance.get("charges", {}).items())))
    shuffled = allowance | ({"charges": dict(charges)} if charges else {})
    order = data.draw(st.permutations(range(len(people))))
    for at in order:
        facts = dict(people[at])
        dates = [day.get("date") for day in facts.get("days", [])]
        if dates and None not in dates and len(set(dates)) == len(dates):
            facts["days"] = data.draw(st.permutations(facts["days"]))
        assert month_of(shuffled, facts).values == expected[at]


def renamed(value, names):
    """A block with components of other names."""
    if isinstance(value, dict):
        return {key: renamed(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [names.get(item, item) if isinstance(item, str) else renamed(item, names) for item in value]
    return value


@settings(RELAXED, max_examples=60)
@given(st.data())
def test_components_may_bear_any_name(data):
    allowance = data.draw(parameters())
    facts = data.draw(months(allowance))
    names = {"a": "kinerja", "b": "kehadiran", "c": "wajah_baru"}
    other = dict(allowance)
    other["components"] = {names[name]: block for name, block in allowance["components"].items()}
    for verb in ("charges", "factors"):
        if verb in allowance:
            other[verb] = {
                rule: {key: renamed(value, names) if key == "hits" else value for key, value in block.items()}
                for rule, block in allowance[verb].items()
            }
    expected, found = month_of(allowance, facts).values, month_of(other, facts).values
    for old, new in names.items():
        if old in allowance["components"]:
            for ending in ("", "_full", "_achieved", "_cut", "_achievement", "_cut_rate"):
                assert found[new + ending] == expected[old + ending]
    assert found["net"] == expected["net"]
