"""One day of one person, from what was read to what is stored. Decided by `rules`, shaped here; no database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from attendance.plan import AttendancePlan
from attendance.rules import decide_day

DUTY_KINDS = ("dinas_luar", "diklat")
FACT_COLUMNS = (
    "minutes_late", "minutes_early", "missing_in", "missing_out", "expected_days", "present_days", "absent_days",
    "home_days", "leave_days", "ceremonies_missed", "reports_done", "reports_missing",
)  # fmt: skip
OTHER_FACTS = ("minutes_away", "permit_days", "reports_late", "reports_below")
LABELS = ("plan", "report", "ceremony", "leave", "leave_day", "outage", "ramadan", "calendar")
NOON = time(12)


@dataclass(frozen=True)
class OutageWindow:
    """A declared outage on the office's wall clock of one day; without a building or units it holds for everybody."""

    number: str
    starts: time
    ends: time
    building_id: int | None = None
    unit_ids: frozenset[int] | None = None

    def covers(self, building_id: int | None, unit_id: int | None) -> bool:
        """Whether it holds for somebody of that building and unit."""
        return self.building_id in (None, building_id) and (self.unit_ids is None or unit_id in self.unit_ids)


@dataclass(frozen=True)
class ReadDay:
    """One row of `sql/close_day.sql`."""

    person_id: int
    expected_place: str
    reasons: list
    unit_id: int | None
    calendar: str | None
    service: str | None
    building_id: int | None
    first_in: time | None
    last_out: time | None
    device: list[time] | None
    provisional: bool | None
    corrected_in: time | None
    corrected_out: time | None
    pending: bool | None
    away: str | None
    away_day: int | None
    report_on: date | None
    verdict: str | None
    planned: bool | None
    has_report: bool
    ceremony_missed: bool


@dataclass
class DecidedDay:
    """What a DayRecord holds."""

    person_id: int
    unit_id: int | None
    expected_place: str
    place: str
    state: str
    first_in: time | None = None
    last_out: time | None = None
    required_departure: str | None = None
    facts: dict[str, int] = field(default_factory=dict)
    labels: dict[str, Any] = field(default_factory=dict)
    reasons: list = field(default_factory=list)


def decide(read: ReadDay, on: date, plan: AttendancePlan, ramadan: bool, outages: Sequence[OutageWindow]) -> DecidedDay:
    """Decide one day. Raises ValueError (CaseError) where the document and the day do not fit."""
    place = actual_place(read)
    if place == "unclear":
        # Without an imported rota nothing is decided on the shift calendar: never absent.
        return DecidedDay(read.person_id, read.unit_id, "unclear", "none", "unclear", reasons=read.reasons)
    day: dict[str, Any] = {"date": on, "place": place, **labels_of(read, on, place, ramadan), **taps_of(read)}
    person = {"service": read.service, "calendar": read.calendar}
    facts = decide_day(plan, day, person)
    touched = [w for w in outages if w.covers(read.building_id, read.unit_id) and touches(w, facts, read)]
    if touched:
        day["outage"] = True
        facts = decide_day(plan, day, person)
    labels = {name: day[name] for name in LABELS if day.get(name) is not None}
    if touched:
        labels["outage_numbers"] = [window.number for window in touched]
    labels |= {name: int(facts[name]) for name in OTHER_FACTS if facts.get(name)}
    arrival, departure = ends_of(day)
    return DecidedDay(
        read.person_id,
        read.unit_id,
        read.expected_place,
        place,
        "provisional" if read.pending or read.provisional else "final",
        None if facts["missing_in"] else arrival,
        None if facts["missing_out"] else departure,
        facts["required_departure"],
        {name: int(facts[name]) for name in FACT_COLUMNS},
        labels,
        read.reasons,
    )


def actual_place(read: ReadDay) -> str:
    """Where the day was spent: leave and duty outrank the plan; a device tap on a day at home was at the office."""
    if read.away:
        return "duty" if read.away in DUTY_KINDS else "leave"
    if read.expected_place in ("leave", "duty"):
        return "office"  # The absence was taken back after the day was planned.
    if read.expected_place == "home" and read.device:
        return "mixed" if read.first_in or read.last_out else "office"
    return read.expected_place


def labels_of(read: ReadDay, on: date, place: str, ramadan: bool) -> dict[str, Any]:
    """Labels of the day for the document's conditions."""
    labels: dict[str, Any] = {"calendar": read.calendar or "five_day"}
    if ramadan:
        labels["ramadan"] = True
    if place == "leave":
        labels["leave"], labels["leave_day"] = read.away, read.away_day
    if read.ceremony_missed:
        labels["ceremony"] = "missed"
    if place in ("home", "mixed"):
        labels["plan"] = "done" if read.planned else "missing"
        labels["report"] = report_label(read, on)
    return labels


def report_label(read: ReadDay, on: date) -> str:
    """done, late, missing or below."""
    if read.report_on is None:
        return "missing"
    if read.verdict == "below":
        return "below"
    return "late" if read.report_on > on else "done"


def taps_of(read: ReadDay) -> dict[str, Any]:
    """`in` and `out`, or `taps` where only devices spoke; an approved correction stands in the place of its verb."""
    device = list(read.device or [])
    corrected = read.corrected_in or read.corrected_out
    if device and not corrected:
        browser = [tap for tap in (read.first_in, read.last_out) if tap]
        return {"taps": [f"{tap:%H:%M:%S}" for tap in sorted([*device, *browser])]}
    arrival, departure = read.first_in, read.last_out
    if device:
        arrival = min([*device, arrival] if arrival else device)
        departure = max([*device, departure] if departure else device)
    arrival, departure = read.corrected_in or arrival, read.corrected_out or departure
    if arrival and departure and departure <= arrival:
        # One tap cannot be both: beside a corrected arrival it is the departure only when it is later.
        arrival, departure = (arrival, None) if read.corrected_in else (None, departure)
    return {name: f"{tap:%H:%M:%S}" for name, tap in (("in", arrival), ("out", departure)) if tap}


def ends_of(day: dict[str, Any]) -> tuple[time | None, time | None]:
    """First and last time of the day as it was given to the rules."""
    if "taps" in day:
        return time.fromisoformat(day["taps"][0]), time.fromisoformat(day["taps"][-1])
    return tuple(time.fromisoformat(day[name]) if name in day else None for name in ("in", "out"))


def touches(window: OutageWindow, facts: dict[str, Any], read: ReadDay) -> bool:
    """Whether an outage lies in the time that somebody was late, left early or could not press."""
    late, early = int(facts["minutes_late"]), int(facts["minutes_early"])
    if facts["missing_in"] and window.starts < NOON:
        return True
    if facts["missing_out"] and window.ends > NOON:
        return True
    arrival, departure = ends_of({**taps_of(read)}) if taps_of(read) else (None, None)
    if late and arrival and not facts["missing_in"] and overlaps(window, earlier(arrival, late), arrival):
        return True
    return bool(
        early and departure and not facts["missing_out"] and overlaps(window, departure, earlier(departure, -early))
    )


def overlaps(window: OutageWindow, start: time, end: time) -> bool:
    """Whether the window shares an instant with start to end."""
    return window.starts <= end and window.ends > start


def earlier(clock: time, minutes: int) -> time:
    """`clock` moved back by minutes, within the same day."""
    moved = datetime.combine(date(2000, 1, 2), clock) - timedelta(minutes=minutes)
    if moved.date() == date(2000, 1, 2):
        return moved.time()
    return time.min if minutes > 0 else time.max
