"""One day of one person, from what was read to what the rules take; no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

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


class Situation(NamedTuple):
    """What a day depends on beside its taps; many people share theirs. `away_day`: which day of the absence."""

    expected_place: str
    calendar: str | None = None
    service: str | None = None
    away: str | None = None
    away_day: int | None = None
    report_on: date | None = None
    verdict: str | None = None
    planned: bool | None = None
    ceremony_missed: bool = False


class ReadDay(NamedTuple):
    """Everything that was read about one day of one person; `reasons` is JSON, as it is stored."""

    person_id: int
    situation: Situation
    reasons: str = "[]"
    unit_id: int | None = None
    building_id: int | None = None
    first_in: time | None = None
    last_out: time | None = None
    device: Sequence[time] | None = None
    provisional: bool | None = None
    corrected_in: time | None = None
    corrected_out: time | None = None
    pending: bool | None = None


@dataclass(eq=False, slots=True)
class Outcome:
    """What days that came to the same share in their records."""

    expected_place: str
    place: str
    facts: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, Any] = field(default_factory=dict)
    required_departure: str | None = None


class DecidedDay(NamedTuple):
    """What a DayRecord holds."""

    person_id: int
    unit_id: int | None
    reasons: str
    state: str
    outcome: Outcome
    first_in: time | None = None
    last_out: time | None = None


class Taken(NamedTuple):
    """The taps of a day as the rules take them, with its first and last time."""

    taps: Mapping[str, Any]
    arrival: time | None
    departure: time | None


def actual_place(read: ReadDay) -> str:
    """Where the day was spent: leave and duty outrank the plan; a device tap on a day at home was at the office."""
    expected, away = read.situation.expected_place, read.situation.away
    if away:
        return "duty" if away in DUTY_KINDS else "leave"
    if expected in ("leave", "duty"):
        return "office"  # The absence was taken back after the day was planned.
    if expected == "home" and read.device:
        return "mixed" if read.first_in or read.last_out else "office"
    return expected


def labels_of(situation: Situation, on: date, place: str, ramadan: bool) -> dict[str, Any]:
    """Labels of the day for the document's conditions."""
    labels: dict[str, Any] = {"calendar": situation.calendar or "five_day"}
    if ramadan:
        labels["ramadan"] = True
    if place == "leave":
        labels["leave"], labels["leave_day"] = situation.away, situation.away_day
    if situation.ceremony_missed:
        labels["ceremony"] = "missed"
    if place in ("home", "mixed"):
        labels["plan"] = "done" if situation.planned else "missing"
        labels["report"] = report_label(situation, on)
    return labels


def report_label(situation: Situation, on: date) -> str:
    """done, late, missing or below."""
    if situation.report_on is None:
        return "missing"
    if situation.verdict == "below":
        return "below"
    return "late" if situation.report_on > on else "done"


def taps_of(read: ReadDay) -> Taken:
    """`in` and `out`, or `taps` where only devices spoke; an approved correction stands in the place of its verb."""
    arrival, departure, device = read.first_in, read.last_out, read.device
    if device:
        if not (read.corrected_in or read.corrected_out):
            taps = sorted([*device, *(tap for tap in (arrival, departure) if tap)])
            return Taken({"taps": taps}, taps[0], taps[-1])
        arrival = min([*device, arrival] if arrival else device)
        departure = max([*device, departure] if departure else device)
    arrival, departure = read.corrected_in or arrival, read.corrected_out or departure
    if arrival and departure and departure <= arrival:
        # One tap cannot be both: beside a corrected arrival it is the departure only when it is later.
        arrival, departure = (arrival, None) if read.corrected_in else (None, departure)
    return Taken({"in": arrival, "out": departure}, arrival, departure)


def as_texts(taps: Mapping[str, Any]) -> dict[str, Any]:
    """Taps in the words of a document, for one that asks for them."""
    return {
        name: [tap.isoformat("seconds") for tap in given] if name == "taps" else given.isoformat("seconds")
        for name, given in taps.items()
        if given is not None
    }


def touches(window: OutageWindow, facts: Mapping[str, int], taken: Taken) -> bool:
    """Whether an outage lies in the time that somebody was late, left early or could not press."""
    late, early = facts["minutes_late"], facts["minutes_early"]
    if facts["missing_in"] and window.starts < NOON:
        return True
    if facts["missing_out"] and window.ends > NOON:
        return True
    arrival, departure = (tap and tap.replace(microsecond=0) for tap in (taken.arrival, taken.departure))
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
