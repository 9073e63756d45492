"""Random people and months for random documents, unknown facts among them."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from tests.random_scales import RATINGS

maybe = st.booleans()
seldom = st.integers(0, 3).map(lambda number: number == 0)
LABELS = ("place", "outage", "spell", "wet", "report", "away")


@st.composite
def tapped(draw):
    """A day as a device or a person told it."""
    second = st.integers(0, 59)
    clock = st.sampled_from(["07:29", "07:30", "07:31", "08:00", "08:30", "09:05", "12:00", "15:59", "16:00", "16:45"])
    place = draw(st.sampled_from(["office", "office", "home", "mixed", "duty", "leave", "holiday", "day_off"]))
    day = {"place": place}
    if draw(maybe):
        day["taps"] = [f"{draw(clock)}:{draw(second):02d}" for _ in range(draw(st.integers(0, 3)))]
        day["taps"] = sorted(set(day["taps"]))
    else:
        for name in ("in", "out"):
            if draw(st.integers(0, 5)):
                day[name] = f"{draw(clock)}:{draw(second):02d}"
    labels = {
        "outage": st.just(True),
        "away": st.integers(1, 90),
        "ceremony": st.sampled_from(["missed", "attended"]),
        "report": st.sampled_from(["done", "late", "missing", "below"]),
        "ramadan": st.just(True),
        "parcels": st.integers(1, 5),
        "wet": maybe,
    }
    return day | draw(st.fixed_dictionaries({}, optional=labels))


@st.composite
def decided(draw):
    """A day that is already facts."""
    numbers = {
        "minutes_late": st.sampled_from([0, 1, 4, 5, 30, 31, 61, 240]),
        "minutes_early": st.sampled_from([0, 1, 59, 60, 200]),
        "minutes_away": st.integers(0, 60),
        "absent_days": st.integers(0, 1),
        "missing_taps": st.integers(0, 2),
        "ceremonies_missed": st.integers(0, 1),
        "reports_missing": st.integers(0, 1),
        "home_days": st.integers(0, 1),
    }
    labels = {"place": st.sampled_from(["home", "office", "duty"]), "outage": st.just(True)}
    labels |= {"parcels": st.integers(1, 9), "spell": st.sampled_from(["dry", "wet"]), "wet": maybe}
    labels |= {"report": st.sampled_from(["late", "Missing", "done"]), "away": st.integers(1, 9)}
    return {"present_days": draw(st.integers(0, 1))} | draw(st.fixed_dictionaries({}, optional=numbers | labels))


FIRST = {"2025-11": date(2025, 11, 3), "2026-01": date(2026, 1, 1), "2026-02": date(2026, 2, 1)}


@st.composite
def days(draw, month):
    """Days of a month in any order; the same date may be told in two entries, or none told at all."""
    made = st.one_of(tapped(), decided())
    if draw(st.integers(0, 5)) == 0:
        return draw(st.lists(made, max_size=4))
    chosen = draw(st.lists(st.integers(0, 27), max_size=7))
    told = [{"date": FIRST[month] + timedelta(at), **draw(made)} for at in chosen]
    if draw(maybe):  # as runs freeze them: dates are text, in order
        told = [day | {"date": day["date"].isoformat()} for day in sorted(told, key=lambda day: day["date"])]
    return told


RATED = {"2025-11": "Baik", "2025-10": "Kurang", "2025-Q3": "Sangat Baik", "2024": "kurang"}
RATED |= {"2026-01": "KURANG", "2025-12": "Baik", "2025-Q4": "Sangat_Baik", "2025": "Kurang", "2026-02": "Baik"}
OPTIONAL = {
    "rating": st.sampled_from(RATINGS),
    "ratings": st.sampled_from([RATED, {"2025-10": "Baik"}]),
    "rating_score": st.integers(0, 130),
    "status": st.sampled_from(["pns", "cpns", "PNS"]),
    "rank_group": st.sampled_from(["III", "IV", "II"]),
    "run": st.just("thirteenth"),
    "working_days": st.sampled_from([20, 21, 22]),
    "minutes_validated": st.integers(0, 8000),
    "minutes_done": st.sampled_from([0, 6750]),
    "unrated_subordinates": st.integers(0, 2),
    "calendar": st.just("six_day"),
    "excluded": maybe,
    "badge": st.sampled_from(["x", "y"]),
    "score": st.integers(0, 9),
    "bonus": st.integers(0, 2),
    "salary": st.integers(0, 13_000_000),
    "profession_allowance": st.sampled_from([0, 250_000, 9_000_000]),
    "carried": st.integers(-100_000, 100_000),
    "leaves": st.lists(
        st.fixed_dictionaries(
            {
                "kind": st.sampled_from(["sick", "maternity", "Other"]),
                "month": st.integers(1, 3),
                "day": st.integers(1, 9),
            },
            optional={"days": st.integers(0, 12)},
        ),
        max_size=2,
    ),
    "sanctions": st.lists(
        st.fixed_dictionaries(
            {"kind": st.sampled_from(["oral", "plt"]), "month": st.integers(1, 3)},
            optional={"days": st.integers(0, 12)},
        ),
        max_size=2,
    ),
}


@st.composite
def posts(draw, by_class):
    """An acting post with its gross or, where there is a table, its class; or with neither."""
    post = {"kind": draw(st.sampled_from(["plt", "plh"])), "month": draw(st.integers(1, 3))}
    told = [{}, {"gross": draw(st.integers(0, 9_000_000))}, *([{"class": 9}, {"class": "5"}] if by_class else [])]
    return post | draw(st.sampled_from(told)) | draw(st.sampled_from([{}, {"days": 10}]))


@st.composite
def months(draw, parameters):
    """Random facts of a month for a document's parameters."""
    given = {"month": draw(st.sampled_from(["2025-11", "2025-11", "2026-01", "2026-02"]))}
    given |= draw(st.fixed_dictionaries({}, optional=OPTIONAL))
    by = parameters["base"]["by"]
    if draw(maybe):
        given["posts"] = draw(st.lists(posts(by in ("class", "basic")), max_size=2))
    if by in ("given", "class", "criteria") and draw(st.integers(0, 4)):
        given["gross"] = draw(st.integers(0, 12_000_000))
    if by in ("class", "basic") and draw(st.integers(0, 4)):
        given["class"] = draw(st.sampled_from([5, 7, 8, 9]))
    if by in ("class", "basic") and draw(st.integers(0, 3)) == 0:
        given["classes"] = [{"class": 5, "days": draw(st.integers(1, 20))}, {"class": 8, "days": 11}]
    if by == "criteria" and draw(st.integers(0, 4)):
        given["criteria"] = {"load": draw(st.integers(1, 5_000_000)), "place": draw(st.integers(0, 999_999))}
    if by == "basic":
        given["criteria"] = {"load": "33.3 %", "rare": draw(st.sampled_from(["5 %", "0.1 %"]))}
        if draw(maybe):
            given["basic"] = draw(st.integers(0, 9_000_000))
    shape = draw(st.sampled_from(["days", "days", "days", "both", "sums", "events", "one"]))
    if shape in ("days", "both"):
        given["days"] = draw(days(given["month"]))
    if shape in ("sums", "both", "one"):
        told = draw(decided())
        given |= {name: told[name] for name in told if name not in LABELS}
    if shape == "one":
        on = st.just(FIRST[given["month"]] + timedelta(12))
        given |= draw(st.fixed_dictionaries({"date": on}, optional={"place": st.just("home"), "away": st.just(7)}))
    if shape == "events" or draw(st.integers(0, 4)) == 0:
        given["events"] = draw(events(parameters))
    return given


@st.composite
def events(draw, parameters):
    """Counts by code, of charges that may be given by code."""
    codes = []
    for name, rule in parameters.get("charges", {}).items():
        if "prorate" in rule:
            continue
        for scale in (rule, *(rule.get("labels") or {}).values()):
            if isinstance(scale, dict) and isinstance(scale.get("bands"), dict):
                codes += scale["bands"]
        if "rate" in rule:
            codes.append(name)
    if not codes:
        return {}
    chosen = draw(st.dictionaries(st.sampled_from(codes), st.integers(0, 4), max_size=4))
    parts = {name for name, rule in parameters["charges"].items() if "rate" in rule}
    chosen |= {code: count + Fraction(1, 2) for code, count in chosen.items() if code in parts and draw(seldom)}
    return {code: chosen[code] for code in codes if code in chosen}
