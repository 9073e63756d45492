"""A day: taps become facts (format, sections 4 and 7)."""

from datetime import date, time
from fractions import Fraction

from tests.reference.values import DAY_NUMBERS, DEFAULTS, holds, word

PLACES = {
    **dict.fromkeys(("office", "home", "mixed", "none"), "taps"),
    "duty": "present",
    "leave": "excused",
    "holiday": "free",
    "day_off": "free",
}
REPORTS = {name: f"reports_{name}" for name in ("done", "late", "missing", "below")}


def seconds_of(text):
    """Seconds since midnight of `07:30` or `07:30:59`."""
    if isinstance(text, time):
        return text.hour * 3600 + text.minute * 60 + text.second
    hour, minute, *second = str(text).split(":")
    return int(hour) * 3600 + int(minute) * 60 + int(second[0] if second else 0)


def is_decided(day):
    return any(name in day for name in DAY_NUMBERS if name != "permit_days")


def with_weekday(day):
    day = {name: value for name, value in day.items() if value is not None}
    if "date" in day:
        on = day["date"] if isinstance(day["date"], date) else date.fromisoformat(str(day["date"]))
        day |= {"date": on, "weekday": ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[on.weekday()]}
    return day


def decide_day(parameters, day, person=None):
    """The day with every number of a day. `parameters` None: there is no attendance document."""
    day = with_weekday(day)
    place = word(day.get("place", DEFAULTS["place"]))
    if is_decided(day):
        return {**dict.fromkeys(DAY_NUMBERS, 0), **day, "place": place}
    treatment = {**PLACES, **{word(k): v for k, v in ((parameters or {}).get("places") or {}).items()}}[place]
    facts = {**day, **dict.fromkeys(DAY_NUMBERS, 0), "place": place}
    if "permit_days" in day:
        facts["permit_days"] = day["permit_days"]
    facts["leave_days"] = int(treatment == "excused")
    if treatment == "taps":
        facts["expected_days"] = 1
        facts["home_days"] = int(place == "home")
        if parameters is not None:
            _tapped(parameters, facts, person or {})
        else:
            _reported(facts)
    if treatment in ("taps", "present"):
        facts["present_days"] = max(1 - facts["absent_days"], 0)
    return facts


def _looker(facts, person):
    def look(name):
        for source in (facts, person, DEFAULTS):
            if source.get(name) is not None:
                return source[name]
        return None

    return look


def _tapped(parameters, facts, person):
    line = next(
        line for line in parameters["hours"] if "when" not in line or holds(line["when"], _looker(facts, person))
    )
    tolerance = line.get("tolerance", parameters.get("tolerance"))
    started = parameters.get("seconds") == "started"
    start, end = seconds_of(line["in"]), seconds_of(line["out"])
    arrival, departure = _directed(parameters.get("accept") or {}, line, facts, parameters.get("fillers", ["23:59"]))
    facts["missing_in"], facts["missing_out"] = int(arrival is None), int(departure is None)
    facts["missing_taps"] = facts["missing_in"] + facts["missing_out"]
    after = 0 if arrival is None else _minutes(arrival - start, started)
    facts["minutes_late"] = _late(after, tolerance)
    required = end + 60 * _moved(after, arrival, start, tolerance)
    facts["required_departure"] = f"{required // 3600:02d}:{required % 3600 // 60:02d}"
    if departure is not None:
        facts["minutes_early"] = _minutes(required - departure, started)
    _reported(facts)
    for outcome in parameters.get("outcomes") or []:
        if holds(outcome["when"], _looker(facts, person)):
            facts.update(outcome["set"])


def _minutes(seconds, started):
    if seconds <= 0:
        return 0
    return -(-seconds // 60) if started else seconds // 60


def _late(after, tolerance):
    if not tolerance:
        return after
    limit = tolerance["minutes"]
    if tolerance["kind"] == "threshold":
        return after if after > limit else 0
    return max(after - limit, 0)


def _moved(after, arrival, start, tolerance):
    """Minutes by which the required departure moves."""
    if arrival is None or not tolerance or tolerance["kind"] != "flexible":
        return 0
    if after > 0:
        return tolerance["minutes"] if tolerance.get("make_up") == "full" else min(after, tolerance["minutes"])
    return -min(max(start - arrival, 0) // 60, tolerance.get("earlier", 0))


def _directed(accept, line, facts, fillers):
    """Arrival and departure in seconds, None where missing."""
    start, end = seconds_of(line["in"]), seconds_of(line["out"])

    def exists(tap):
        early = "before_start" in accept and tap < start - 60 * accept["before_start"]
        return not early and not ("after_end" in accept and tap > end + 60 * accept["after_end"])

    if "taps" in facts and "in" not in facts and "out" not in facts:
        taps = sorted(tap for tap in map(seconds_of, facts["taps"]) if exists(tap))
        arrival, departure = (taps[0], taps[-1]) if len(taps) > 1 else (None, None)
        if len(taps) == 1:
            kind = accept.get("lone_tap", "middle")
            arrives = kind == "arrival" or (kind == "middle" and Fraction(taps[0]) < Fraction(start + end, 2))
            arrival, departure = (taps[0], None) if arrives else (None, taps[0])
    else:
        arrival, departure = (
            tap if tap is not None and exists(tap) else None
            for tap in (seconds_of(facts[name]) if name in facts else None for name in ("in", "out"))
        )
    before = line.get("arrival_before", accept.get("arrival_before", "closing"))
    if arrival is not None and arrival >= (end if before == "closing" else seconds_of(before)):
        arrival = None
    if departure is not None and any(departure // 60 == seconds_of(filler) // 60 for filler in fillers):
        departure = None
    if arrival is not None and departure is not None and departure <= arrival:
        departure = None
    return arrival, departure


def _reported(facts):
    facts["minutes_away"] = facts.get("away", 0)
    facts["ceremonies_missed"] = int(word(facts.get("ceremony", "")) == "missed")
    if word(facts.get("report", "")) in REPORTS:
        facts[REPORTS[word(facts["report"])]] = 1
