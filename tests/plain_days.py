"""The plain way to decide a day: everything anew for each person, by `decide_day`. The shared way must equal it."""

from datetime import date, datetime, time, timedelta

from attendance.rules import decide_day

FACTS = (
    "minutes_late", "minutes_early", "missing_in", "missing_out", "expected_days", "present_days", "absent_days",
    "home_days", "leave_days", "ceremonies_missed", "reports_done", "reports_missing",
)  # fmt: skip


def decide_plainly(read, on, plan, ramadan, outages):
    """(state, place, first, last, required departure, facts, labels) of one day."""
    place = place_of(read)
    if place == "unclear":
        return "unclear", "none", None, None, None, {}, {}
    labels = labels_of(read.situation, on, place, ramadan)
    taps = taps_of(read)
    person = {"service": read.situation.service, "calendar": read.situation.calendar}
    day = {"date": on, "place": place, **labels, **taps}
    facts = decide_day(plan, day, person)
    times = taps["taps"] if "taps" in taps else [taps.get("in"), taps.get("out")]
    first, last = (time.fromisoformat(end) if end else None for end in (times[0], times[-1]))
    touched = [
        window.number
        for window in outages
        if window.building_id in (None, read.building_id)
        and (window.unit_ids is None or read.unit_id in window.unit_ids)
        and is_touched(window, facts, first, last)
    ]
    if touched:
        labels["outage"] = True
        facts = decide_day(plan, {**day, "outage": True}, person)
        labels["outage_numbers"] = touched
    others = ("minutes_away", "permit_days", "reports_late", "reports_below")
    return (
        "provisional" if read.pending or read.provisional else "final",
        place,
        None if facts["missing_in"] else first,
        None if facts["missing_out"] else last,
        facts["required_departure"],
        {name: int(facts[name]) for name in FACTS},
        labels | {name: int(facts[name]) for name in others if facts[name]},
    )


def place_of(read):
    if read.situation.away is not None:
        return "duty" if read.situation.away in ("dinas_luar", "diklat") else "leave"
    expected = read.situation.expected_place
    if expected in ("leave", "duty"):
        return "office"
    if expected == "home" and read.device:
        return "office" if read.first_in is None and read.last_out is None else "mixed"
    return expected


def labels_of(situation, on, place, ramadan):
    labels = {"calendar": situation.calendar or "five_day"}
    if ramadan:
        labels["ramadan"] = True
    if place == "leave":
        labels |= {"leave": situation.away, "leave_day": situation.away_day}
    if situation.ceremony_missed:
        labels["ceremony"] = "missed"
    if place in ("home", "mixed"):
        labels["plan"] = "done" if situation.planned else "missing"
        if situation.report_on is None:
            labels["report"] = "missing"
        elif situation.verdict == "below":
            labels["report"] = "below"
        else:
            labels["report"] = "late" if situation.report_on > on else "done"
    return labels


def taps_of(read):
    """As a document reads them: texts, in whole seconds."""
    pressed = [tap for tap in (read.first_in, read.last_out) if tap is not None]
    device = list(read.device or [])
    if device and read.corrected_in is None and read.corrected_out is None:
        return {"taps": [f"{tap:%H:%M:%S}" for tap in sorted(device + pressed)]}
    arrivals = device + [tap for tap in (read.first_in,) if tap is not None]
    departures = device + [tap for tap in (read.last_out,) if tap is not None]
    arrival = read.corrected_in if read.corrected_in is not None else min(arrivals, default=None)
    departure = read.corrected_out if read.corrected_out is not None else max(departures, default=None)
    if arrival is not None and departure is not None and departure <= arrival:
        arrival, departure = (None, departure) if read.corrected_in is None else (arrival, None)
    return {name: f"{tap:%H:%M:%S}" for name, tap in (("in", arrival), ("out", departure)) if tap is not None}


def is_touched(window, facts, first, last):
    """Whether the outage lies in what somebody is blamed for: an end of the day, or the minutes late or early."""
    if facts["missing_in"] and window.starts < time(12):
        return True
    if facts["missing_out"] and window.ends > time(12):
        return True
    late, early = int(facts["minutes_late"]), int(facts["minutes_early"])
    blamed = []
    if late and first is not None and not facts["missing_in"]:
        blamed.append((moved(first, -late), first))
    if early and last is not None and not facts["missing_out"]:
        blamed.append((last, moved(last, early)))
    return any(window.starts <= end and window.ends > start for start, end in blamed)


def moved(clock, minutes):
    at = datetime.combine(date(2000, 1, 2), clock) + timedelta(minutes=minutes)
    if at.day == 2:
        return at.time()
    return time.min if at.day < 2 else time.max
