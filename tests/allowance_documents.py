"""Made-up governments that use every part of the allowance format, and random months for them."""

from datetime import date, timedelta
from pathlib import Path

from hypothesis import strategies as st

from allowances.rules import compile_allowance
from policy.documents import Library

FOLDER = Path(__file__).resolve().parent / "data" / "allowances"


def plan_of(name: str):
    """The plan of one of these documents, without an attendance document."""
    library = Library()
    library.load_folder(FOLDER)
    return compile_allowance(library.find(name), None)


PLANS = {name: plan_of(name) for name in ("three", "classes", "basic", "nothing")}
_FIRST = date(2025, 11, 3)


@st.composite
def days(draw):
    """Some days of November 2025 that are already decided."""
    made = []
    for offset in sorted(draw(st.sets(st.integers(0, 25), max_size=8))):
        day = {"date": _FIRST + timedelta(offset), "minutes_late": draw(st.sampled_from([0, 0, 1, 30, 31, 61, 240]))}
        day["present_days"] = 1
        if draw(st.booleans()):
            day |= {"in": "08:01:00", "out": "15:40:00", "minutes_early": draw(st.integers(0, 40))}
        elif draw(st.booleans()):
            day |= {"absent_days": 1, "present_days": 0, "minutes_late": 0, "missing_in": 1, "missing_out": 1}
        if draw(st.integers(0, 4)) == 0:
            day |= draw(
                st.sampled_from([{"outage": True}, {"place": "duty"}, {"reports_missing": 1}, {"minutes_away": 95}])
            )
        made.append(day)
    return made


def _maybe(values):
    return st.one_of(st.none(), values)


def months():
    """Random facts of November 2025, unknown ones among them."""
    amounts = st.integers(0, 9_000_000)
    return st.fixed_dictionaries(
        {"month": st.just("2025-11"), "days": days()},
        optional={
            "gross": amounts,
            "class": st.sampled_from([5, 8, 9]),
            "classes": st.just([{"class": 5, "days": 7}, {"class": 8, "days": 23}]),
            "rating": st.sampled_from(["Baik", "Kurang"]),
            "rating_score": st.integers(0, 120),
            "rank_group": st.sampled_from(["III", "IV"]),
            "status": st.sampled_from(["cpns", "pns", "tugas_belajar"]),
            "employment": st.sampled_from(["pns", "pppk"]),
            "salary": st.integers(0, 8_000_000),
            "profession_allowance": st.sampled_from([0, 500_000, 20_000_000]),
            "lodging": st.sampled_from([0, 250_000]),
            "carried": st.sampled_from([0, -5000, 123_456]),
            "unrated_subordinates": st.integers(0, 2),
            "posts": _records({"kind": ["plt", "plh"], "class": [8, 9]}),
            "leaves": _records({"kind": ["besar", "sakit"], "days": range(1, 31), "month": range(1, 4)}),
            "sanctions": _records({"kind": ["lisan", "tertulis"], "month": range(1, 7)}),
        },
    ).flatmap(_with_criteria)


def _records(fields):
    chosen = {name: st.sampled_from(list(values)) for name, values in fields.items()}
    return st.lists(st.fixed_dictionaries(chosen), max_size=2)


def _with_criteria(given):
    amounts = st.fixed_dictionaries({name: st.integers(0, 4_000_000) for name in ("beban", "prestasi", "kelangkaan")})
    return _maybe(amounts).map(lambda made: given if made is None else {**given, "criteria": made})


def suited(name, given):
    """The facts in the form that the document asks for: percentages for `basic`, no amounts elsewhere."""
    given = dict(given)
    if name == "basic" and "criteria" in given:
        given["criteria"] = {key: f"{amount % 100} %" for key, amount in given["criteria"].items()}
    elif name != "three":
        given.pop("criteria", None)
    if name == "three":
        given["posts"] = [{"kind": post["kind"], "gross": 1_000_000 * post["class"]} for post in given.get("posts", ())]
    return given
