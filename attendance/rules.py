"""Taps become facts of a day, never percentages (regulation format, sections 4 and 7). One pure function a step.

`decide_day` answers for one person and one day; the order of steps comes from the argument names of the rules below.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from attendance.plan import (
    DAY_NUMBERS,
    DECIDING,
    DEFAULTS,
    NO_ATTENDANCE,
    AttendancePlan,
    HoursLine,
    clock_text,
    read_plan,
    seconds_of,
)
from core.money import Exact, MoneyError, exact
from policy.conditions import CaseError, as_date, label_key
from policy.registry import RuleBook
from policy.vocabulary import WEEKDAYS

RULES = RuleBook("attendance")
Taps = tuple[int | None, int | None]
_ZEROS: dict[str, Any] = dict.fromkeys(DAY_NUMBERS, 0)


def compile_attendance(document: Any | None) -> AttendancePlan:
    """The plan of an attendance document; of None, the plan that holds where there is no document."""
    if document is None:
        return NO_ATTENDANCE
    try:
        return read_plan(document.id, document.parameters)
    except (KeyError, TypeError, AttributeError, MoneyError) as error:
        raise CaseError(f"Dokumen kehadiran {document.id} tidak lengkap: {error!r}") from error


@RULES.rule(label="Ketukan yang diterima", unit="seconds since midnight", article="attendance.accept")
def directed_taps(day: Mapping[str, Any], line: HoursLine, plan: AttendancePlan) -> Taps:
    """Arrival and departure as tapped: taps outside the accepted window do not exist, the rest find a direction."""
    lowest = None if plan.before_start_seconds is None else line.start - plan.before_start_seconds
    highest = None if plan.after_end_seconds is None else line.end + plan.after_end_seconds

    def accepted(value: object) -> int | None:
        if value is None:
            return None
        tap = seconds_of(value)
        return tap if (lowest is None or tap >= lowest) and (highest is None or tap <= highest) else None

    if day.get("in") is not None or day.get("out") is not None:
        return accepted(day.get("in")), accepted(day.get("out"))
    tapped = day.get("taps") or ()
    if not isinstance(tapped, list | tuple):
        raise CaseError(f'taps ditulis sebagai daftar jam seperti ["07:31:00", "16:02:00"], bukan {tapped!r}')
    taps = sorted(tap for tap in map(accepted, tapped) if tap is not None)
    if len(taps) != 1:
        return (taps[0], taps[-1]) if taps else (None, None)
    middle = plan.lone_tap == "middle" and 2 * taps[0] < line.start + line.end
    return (taps[0], None) if middle or plan.lone_tap == "arrival" else (None, taps[0])


@RULES.rule(label="Jam masuk", unit="seconds since midnight", article="attendance.arrival")
def first_in(directed_taps: Taps, line: HoursLine) -> int | None:
    """The arrival; at or after the line's `arrival_before` it is a missing arrival, not hours of lateness."""
    arrival = directed_taps[0]
    return None if arrival is None or arrival >= line.arrival_before else arrival


@RULES.rule(label="Jam pulang", unit="seconds since midnight", article="attendance.departure")
def last_out(directed_taps: Taps, first_in: int | None, plan: AttendancePlan) -> int | None:
    """The departure; a filler minute and a departure not after the arrival are missing departures."""
    departure = directed_taps[1]
    if departure is None or departure // 60 in plan.filler_minutes:
        return None
    return None if first_in is not None and departure <= first_in else departure


def whole_minutes(seconds: int, started: bool) -> int:
    """Minutes of a span above 0: started ones where the document counts seconds, else full ones."""
    if seconds <= 0:
        return 0
    return -(-seconds // 60) if started else seconds // 60


@RULES.rule(label="Menit setelah jam masuk", unit="minutes", article="attendance.late")
def minutes_after_start(first_in: int | None, line: HoursLine, plan: AttendancePlan) -> int:
    """Minutes from the start to the arrival, before any tolerance; 0 without arrival."""
    return 0 if first_in is None else whole_minutes(first_in - line.start, plan.seconds_started)


@RULES.rule(label="Menit terlambat", unit="minutes", article="attendance.late")
def minutes_late(minutes_after_start: int, line: HoursLine) -> Exact:
    """What tolerance leaves: beyond it (subtract, flexible), or all once beyond it (threshold)."""
    tolerance = line.tolerance
    if tolerance.kind == "threshold":
        return minutes_after_start if minutes_after_start > tolerance.minutes else 0
    return max(minutes_after_start - tolerance.minutes, 0)


@RULES.rule(label="Jam pulang wajib", unit="seconds since midnight", article="attendance.required_departure")
def required_departure(minutes_after_start: int, first_in: int | None, line: HoursLine) -> int:
    """The line's end; with a flexible tolerance it moves with the arrival, and without arrival it stays."""
    tolerance = line.tolerance
    if tolerance.kind != "flexible" or first_in is None:
        return line.end
    if minutes_after_start > 0:
        moved = tolerance.minutes if tolerance.make_up == "full" else min(minutes_after_start, tolerance.minutes)
        return line.end + int(moved * 60)
    return line.end - 60 * min(whole_minutes(line.start - first_in, False), tolerance.earlier_minutes)


@RULES.rule(label="Menit pulang sebelum waktunya", unit="minutes", article="attendance.early")
def minutes_early(last_out: int | None, required_departure: int, plan: AttendancePlan) -> int:
    """Minutes from the departure to the required departure; 0 without departure."""
    return 0 if last_out is None else whole_minutes(required_departure - last_out, plan.seconds_started)


_PROGRAM = RULES.program(
    ["first_in", "last_out", "minutes_late", "required_departure", "minutes_early"], ["day", "line", "plan"]
)


def is_decided(day: Mapping[str, Any]) -> bool:
    """Whether the day names one of the numbers of a day: then it is already decided."""
    return "present_days" in day or not DECIDING.isdisjoint(day)  # the first is quick, and true of every stored day


def _dated(value: object) -> dict[str, Any]:
    """The date as a date, and its weekday."""
    on = as_date(value)
    if on is None:
        raise CaseError(f"Bukan tanggal: {value!r} (tulis 2026-10-05)")
    return {"date": on, "weekday": WEEKDAYS[on.weekday()]}


dated_text = lru_cache(maxsize=5_000)(_dated)  # a run reads the same few days for everybody


def with_weekday(day: Mapping[str, Any]) -> dict[str, Any]:
    """The day's facts that were given, with the date as a date and the weekday that follows from it."""
    on = day.get("date")
    dated = {} if on is None else dated_text(on) if on.__class__ is str else _dated(on)
    facts = {**day, **dated}
    return facts if None not in day.values() else {name: value for name, value in facts.items() if value is not None}


def _reported(facts: dict[str, Any], day: Mapping[str, Any]) -> None:
    """Away, ceremony and report of a day, as they were given."""
    if day.get("away") is not None:
        try:
            facts["minutes_away"] = exact(day["away"])
        except MoneyError as error:
            raise CaseError(f"away ditulis sebagai menit, bukan {day['away']!r}") from error
    if day.get("ceremony") is not None and label_key(day["ceremony"]) == "missed":
        facts["ceremonies_missed"] = 1
    report = label_key(day["report"]) if day.get("report") is not None else ""
    if report in ("done", "late", "missing", "below"):
        facts[f"reports_{report}"] = 1


Look = Callable[[str], object]


def _look_in(facts: Mapping[str, Any], person: Mapping[str, Any]) -> Look:
    """How conditions look up a fact: the day's own, else the person's, else what holds by default."""

    def look(name: str) -> object:
        value = facts.get(name)
        if value is None:
            value = person.get(name)
        return DEFAULTS.get(name) if value is None else value

    return look


class Tapped(NamedTuple):
    """Steps 3 to 7: what the taps of a day come to against one line of hours, before any outcome."""

    missing_in: int
    missing_out: int
    minutes_late: Exact
    minutes_early: Exact
    required_departure: int


def tap_day(plan: AttendancePlan, line: HoursLine, taps: Mapping[str, Any]) -> Tapped:
    """What `in` and `out` or `taps` come to. Raises CaseError for a time that cannot be read."""
    values = _PROGRAM.solve({"day": taps, "line": line, "plan": plan})
    return Tapped(
        int(values["first_in"] is None),
        int(values["last_out"] is None),
        values["minutes_late"],
        values["minutes_early"],
        values["required_departure"],
    )


def begin_day(
    plan: AttendancePlan, day: Mapping[str, Any], person: Mapping[str, Any]
) -> tuple[dict[str, Any], HoursLine | None]:
    """Steps 1 and 2: the facts that labels alone decide, and the line of hours if taps decide the rest.

    Without a line the facts are complete. Raises CaseError for a date or place that cannot be read.
    """
    given = with_weekday(day)
    facts: dict[str, Any] = {**_ZEROS, "required_departure": None, "weekday": None, **given}
    if "calendar" not in facts:
        facts["calendar"] = person.get("calendar") or DEFAULTS["calendar"]
    place = label_key(facts.get("place") or person.get("place") or DEFAULTS["place"])
    facts["place"] = place
    if is_decided(given):
        return facts, None
    treatment = plan.places.get(place)
    if treatment is None:
        raise CaseError(f"Tempat {place} tidak dikenal; yang dikenal: {', '.join(plan.places)}")
    if treatment == "taps":
        facts["expected_days"], facts["home_days"] = 1, int(place == "home")
        if plan.hours:
            return facts, _line_of(plan, facts, person)
        _reported(facts, facts)
    elif treatment == "excused":
        facts["leave_days"] = 1
    if treatment in ("taps", "present"):
        facts["present_days"] = max(1 - facts["absent_days"], 0)
    return facts, None


def _line_of(plan: AttendancePlan, facts: Mapping[str, Any], person: Mapping[str, Any]) -> HoursLine:
    look = _look_in(facts, person)
    line = next((line for line in plan.hours if line.test is None or line.test(look)), None)
    if line is None:
        raise CaseError(f"Tidak ada baris hours dari {plan.id} yang cocok untuk hari {facts.get('date')}")
    return line


def end_day(
    plan: AttendancePlan, begun: Mapping[str, Any], tapped: Tapped, person: Mapping[str, Any]
) -> dict[str, Any]:
    """Step 8: all facts of a begun day with what its taps came to, after the outcomes that fit."""
    facts = dict(begun)
    facts["missing_in"], facts["missing_out"] = tapped.missing_in, tapped.missing_out
    facts["missing_taps"] = tapped.missing_in + tapped.missing_out
    facts["minutes_late"], facts["minutes_early"] = tapped.minutes_late, tapped.minutes_early
    facts["required_departure"] = clock_text(tapped.required_departure)
    _reported(facts, facts)
    look = _look_in(facts, person)
    for test, settings in plan.outcomes:
        if test is None or test(look):
            facts.update(settings)
    facts["present_days"] = max(1 - facts["absent_days"], 0)
    return facts


def decide_day(plan: AttendancePlan, day: Mapping[str, Any], person: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """All facts of one day: every number of a day, `required_departure` ("HH:MM" or None), `place`, `weekday`.

    `day` holds labels and taps (`in`, `out` or `taps`); what else it holds passes through. `person` holds facts that
    conditions may ask for when the day lacks them (service, calendar). A day that already names a number of a day
    is taken as decided. Raises CaseError for a time, date or place that cannot be read.
    """
    known = person or {}
    facts, line = begin_day(plan, day, known)
    return facts if line is None else end_day(plan, facts, tap_day(plan, line, facts), known)
