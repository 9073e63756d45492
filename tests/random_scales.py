"""Random scales and conditions that the validator accepts, every form and key of the format among them."""

from datetime import date

from hypothesis import strategies as st

SHARES = ["0.5 %", "1 %", "2.25 %", "7 %", "12.5 %", "33.3 %", "60 %", "100 %", "0 %"]
DAY_FACTS = ["minutes_late", "minutes_early", "minutes_away", "absent_days", "missing_taps", "leave_days", "home_days"]
DAY_FACTS += ["ceremonies_missed", "reports_missing", "present_days", "lost", "parcels", "mixed"]
MONTH_FACTS = ["minutes_validated", "working_days", "rating_score", "unrated_subordinates", "score", "total", "lacking"]
RATINGS = ["Baik", "Kurang", "Sangat Baik"]
PERIODS = ["same_month", "previous_month", "previous_quarter", "previous_year"]
OWN_FACTS = {
    "lost": {"sum": {"minutes_late": 1, "minutes_early": 2}, "each": "day"},
    "parcels": {"given": "number", "each": "day"},
    "spell": {"given": "label", "each": "day"},
    "wet": {"given": "bool", "each": "day"},
    "score": {"given": "number", "default": 3},
    "bonus": {"given": "number"},
    "mixed": {"sum": {"minutes_late": 1, "bonus": 1}, "each": "day"},
    "total": {"greatest": ["score", "absent_days", 2]},
    "smaller": {"least": ["total", "minutes_late"]},
    "lacking": {"sum": {"score": 1, "parcels": -1}},
    "badge": {"given": "label"},
    "excluded": {"given": "bool", "default": False},
}
shares = st.sampled_from(SHARES)
maybe = st.booleans()
seldom = st.integers(0, 3).map(lambda number: number == 0)


@st.composite
def rates(draw, fact=None):
    scale = {"rate": draw(shares)} | ({"fact": fact} if fact else {})
    if fact and draw(maybe):
        scale["after"] = draw(st.integers(0, 3))
    if fact and draw(maybe):
        scale |= {
            "unit": draw(st.sampled_from([2, 5, 30, 0.5])),
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
    scale = {"fact": fact, "bands": {f"{code}{n}": row for n, row in enumerate(rows)} if code else rows}
    return scale | ({"after": draw(st.integers(0, 9))} if draw(seldom) else {})


@st.composite
def ratings(draw, code=None):
    scale = {"fact": "rating", "labels": {name: draw(shares) for name in RATINGS}}
    if draw(maybe):
        missing = ["unknown", "40 %", {"fact": "rating_score", "ratio": {"to": 80, "at_most": "100 %"}}]
        scale["labels"]["missing"] = draw(st.sampled_from(missing))
    if draw(maybe):
        below = {"fact": "unrated_subordinates", "bands": {f"{code}K": [0, 2, draw(shares)], f"{code}L": [2, 9, "9 %"]}}
        scale["labels"]["Kurang"] = below if code else {"fact": "rating_score", "ratio": {"to": 100}}
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
    return {"fact": draw(st.sampled_from(["rating_score", "minutes_validated", "lacking"])), "ratio": ratio}


@st.composite
def words(draw):
    """Labels of a day; `missing` is a report too."""
    by = {
        "place": {"office": draw(shares), "Home": draw(shares)},
        "report": {"late": draw(shares), "missing": draw(shares)},
        "spell": {"WET": draw(shares), "dry": draw(shares), "missing": draw(shares)},
        "wet": {True: draw(shares)},
    }
    fact = draw(st.sampled_from(sorted(by)))
    return {"fact": fact, "labels": by[fact]}


@st.composite
def mixes(draw, parts):
    """A weighted sum of two scales."""
    weight = draw(st.integers(1, 99))
    pair = [draw(parts), draw(parts)]
    return {"mix": [{"weight": f"{w} %", **part} for w, part in zip((weight, 100 - weight), pair, strict=True)]}


@st.composite
def achievements(draw, deep=True):
    kinds = ["rating", "ratio", "bands", "rate", *(["mix", "mix"] if deep else [])]
    kind = draw(st.sampled_from(kinds))
    if kind == "rating":
        return draw(ratings())
    if kind == "ratio":
        return draw(ratios())
    if kind == "rate":
        return draw(rates())
    if kind == "bands":
        return draw(bands("rating_score", first=(0,)))
    return draw(mixes(achievements(deep=False)))


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
        {"lacking": {"to": 1}},
        {"note": "a remark", "place": "office"},
    ]
    if day:
        options += [{"place": ["home", "duty"]}, {"outage": True}, {"weekday": "fri"}, {"spell": "dry"}]
        options += [
            {"calendar": "five_day"},
            {"minutes_late": {"from": 5, "to": 60}},
            {"date": {"from": date(2025, 11, 10)}},
            {"wet": draw(maybe)},
            {"report": "missing"},
        ]
    chosen = dict(draw(st.sampled_from(options)))
    return chosen | draw(st.sampled_from([{}, {}, *options]))


@st.composite
def sum_conditions(draw):
    """Conditions of a week or a run: labels of its days, numbers of their sum, facts of the person."""
    options = [{"place": "office"}, {"spell": "dry"}, {"minutes_late": {"from": 9}}, {"weekday": ["mon", "fri"]}]
    options += [{"outage": True, "status": "pns"}, {"place": "home", "minutes_late": {"to": 30}}, {"status": "pns"}]
    return draw(st.sampled_from(options))


@st.composite
def record_words(draw):
    """The kind of a leave, sanction or post."""
    kinds = {name: draw(shares) for name in ("sick", "oral", "plt")}
    months = [[1, 2, draw(shares)], [2, None, draw(shares)]]
    return {"fact": "kind", "labels": kinds | {"maternity": {"fact": "month", "bands": months}}}


@st.composite
def rule_scales(draw, each, code=None):
    """A scale that suits the records of a rule; codes for charges."""
    if each == "run":
        fact = draw(st.sampled_from(DAY_FACTS[:5]))
        return draw(st.one_of(rates(fact), bands(fact, code, (1,))))
    if each == "week":
        fact = draw(st.sampled_from(DAY_FACTS))
        return draw(st.one_of(rates(fact), bands(fact, code, (1,)), rates(), mixes(rates(fact))))
    if each in ("leave", "sanction", "post"):
        by_month = st.one_of(rates("month"), bands("month", code), ratios())
        return draw(st.one_of(record_words(), rates(), by_month, mixes(record_words())))
    if each == "day":
        fact = draw(st.sampled_from(DAY_FACTS))
        plain = st.one_of(rates(fact), bands(fact, code))
        return draw(st.one_of(plain, plain, plain, words(), mixes(st.one_of(rates(fact), words())), rates()))
    fact = draw(st.sampled_from([*DAY_FACTS, *MONTH_FACTS]))
    return draw(
        st.one_of(
            rates(fact), bands(fact, code), rates(), ratings(code), ratios(), mixes(st.one_of(ratings(), ratios()))
        )
    )
