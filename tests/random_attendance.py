"""Random attendance documents that the validator accepts, and random days for them."""

from datetime import date, timedelta

from hypothesis import strategies as st

maybe = st.booleans()
clocks = st.sampled_from(
    ["06:29", "06:59", "07:00", "07:29", "07:30", "07:31", "08:00", "08:01", "08:30", "11:44", "11:45", "12:00"]
    + ["14:59", "15:00", "15:59", "16:00", "16:01", "16:30", "17:00", "17:01", "17:30", "23:59"]
)


@st.composite
def tolerances(draw):
    block = {"minutes": draw(st.sampled_from([0, 1, 15, 30, 60]))}
    block["kind"] = draw(st.sampled_from(["subtract", "threshold", "flexible"]))
    if block["kind"] == "flexible":
        if draw(maybe):
            block["make_up"] = draw(st.sampled_from(["equal", "full"]))
        if draw(maybe):
            block["earlier"] = draw(st.sampled_from([0, 1, 15, 30]))
    return block


@st.composite
def hours_lines(draw):
    starts, ends = ["07:30", "08:00", "07:30:30"], ["15:30", "16:00", "15:45", "12:01"]
    line = {"in": draw(st.sampled_from(starts)), "out": draw(st.sampled_from(ends))}
    if draw(st.integers(0, 3)) == 0:
        line["tolerance"] = draw(tolerances())
    if draw(st.integers(0, 3)) == 0:
        line["arrival_before"] = draw(st.sampled_from(["closing", "12:00", "08:01:00"]))
    return line


@st.composite
def outcomes(draw):
    when = draw(
        st.sampled_from(
            [
                {"missing_in": 1},
                {"missing_out": 1},
                {"missing_taps": 2},
                {"outage": True},
                {"place": "home", "report": ["missing", "below"]},
                {"minutes_late": {"from": 31}},
                {"absent_days": 1, "service": "x"},
                {"ceremonies_missed": 1, "minutes_away": {"from": 30, "to": 60}},
                {"plan": "Missing", "leave_day": {"from": 2}},
                {"leave": ["sick", "annual leave"], "expected_days": 1},
                {"reports_late": 1, "home_days": 1},
                {"class": {"from": 7, "to": 9}, "minutes_early": {"to": 1}},
                {"date": [date(2025, 11, 3), date(2025, 11, 10)]},
            ]
        )
    )
    facts = ["minutes_late", "minutes_early", "absent_days", "missing_in", "reports_missing"]
    facts += ["missing_taps", "expected_days", "home_days", "permit_days", "present_days", "leave_days"]
    chosen = draw(st.lists(st.sampled_from(facts), min_size=1, max_size=2, unique=True))
    return {"when": when, "set": {name: draw(st.sampled_from([0, 1, 2, 240])) for name in chosen}}


@st.composite
def attendances(draw):
    """The parameters of an attendance document."""
    whens = [{"ramadan": True}, {"weekday": ["fri", "sat"]}, {"service": "x"}, {"date": {"from": date(2025, 11, 20)}}]
    whens += [{"shift": ["pagi", "Siang Hari"]}, {"calendar": "six_day"}, {"calendar": "five_day", "weekday": "mon"}]
    whens += [
        {"half_leave": "pagi"},
        {"class": {"from": 8}},
        {"date": {"from": date(2025, 11, 10), "to": date(2025, 11, 12)}},
    ]
    whens += [{"place": ["home", "Posko Satu"]}, {"report": "done"}, {"minutes_late": 0, "status": "cpns"}]
    chosen = draw(st.lists(st.sampled_from(whens), max_size=3))
    whole = {"hours": [{"when": when, **draw(hours_lines())} for when in chosen] + [draw(hours_lines())]}
    if draw(maybe):
        whole["seconds"] = draw(st.sampled_from(["dropped", "started"]))
    if draw(maybe):
        whole["tolerance"] = draw(tolerances())
    accept = {"before_start": st.sampled_from([30, 60]), "after_end": st.sampled_from([30, 60])}
    accept |= {"arrival_before": st.sampled_from(["closing", "11:45", "07:31"])}
    accept |= {"lone_tap": st.sampled_from(["middle", "arrival", "departure"])}
    whole["accept"] = draw(st.fixed_dictionaries({}, optional=accept))
    if draw(maybe):
        whole["fillers"] = draw(st.sampled_from([[], ["23:59"], ["16:00", "17:00"], ["15:59:30"]]))
    places = [{}, {"duty": "taps"}, {"annex": "taps", "home": "present"}, {"Posko Satu": "taps", "office": "excused"}]
    whole["places"] = draw(st.sampled_from([*places, {"holiday": "taps", "leave": "free", "day_off": "present"}]))
    whole["outcomes"] = draw(st.lists(outcomes(), max_size=3))
    return {name: block for name, block in whole.items() if block or name == "fillers"}


@st.composite
def tapped_days(draw):
    """One day as it was tapped, with labels."""
    second = st.sampled_from([0, 0, 1, 59])
    places = ["office", "office", "home", "mixed", "none", "duty", "leave", "holiday", "day_off"]
    places += ["Home", "DAY OFF"]
    day = {"date": date(2025, 11, 3) + timedelta(draw(st.integers(0, 26))), "place": draw(st.sampled_from(places))}
    for name in ("date", "place"):
        if draw(st.integers(0, 9)) == 0:
            del day[name]
    if draw(maybe):
        taps = draw(st.lists(clocks, max_size=4))
        day["taps"] = [f"{clock}:{draw(second):02d}" for clock in draw(st.permutations(taps))]
    else:
        for name in ("in", "out"):
            if draw(st.integers(0, 4)):
                day[name] = f"{draw(clocks)}:{draw(second):02d}"
    labels = {
        "outage": maybe,
        "away": st.integers(1, 90),
        "ceremony": st.sampled_from(["missed", "attended"]),
        "report": st.sampled_from(["done", "late", "missing", "below"]),
        "ramadan": maybe,
        "weekday": st.sampled_from(["sat", "Mon"]),
        "calendar": st.sampled_from(["six_day", "Five Day"]),
        "shift": st.sampled_from(["pagi", "siang_hari", "malam"]),
        "half_leave": st.just("Pagi"),
        "leave": st.sampled_from(["sick", "annual_leave"]),
        "leave_day": st.integers(1, 3),
        "plan": st.sampled_from(["missing", "approved"]),
        "permit_days": st.integers(0, 1),
    }
    if draw(st.integers(0, 19)) == 0:
        labels[draw(st.sampled_from(["minutes_late", "absent_days", "reports_done", "expected_days"]))] = st.integers(
            0, 40
        )
    return day | draw(st.fixed_dictionaries({}, optional=labels))


@st.composite
def tapping_people(draw):
    """What is known of the person whose day it is."""
    facts = {
        "service": st.sampled_from(["X", "y"]),
        "class": st.integers(6, 9),
        "status": st.sampled_from(["CPNS", "pns"]),
        "calendar": st.just("six_day"),
        "shift": st.just("Pagi"),
    }
    return draw(st.fixed_dictionaries({}, optional=facts))
