"""An attendance document, read once: hours, tolerance, places and outcomes ready for every day of everybody."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from functools import lru_cache
from typing import Any

from core.money import Exact, exact
from policy import glossary
from policy.conditions import CaseError, Test, compile_condition, label_key

DAY_NUMBERS = tuple(glossary.DAY_FACTS)
DECIDING = frozenset(DAY_NUMBERS) - {"permit_days"}
DEFAULTS = {"calendar": "five_day", "place": "office", "run": "regular"}
TAPS = ("in", "out", "taps")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")


def seconds_of(value: object) -> int:
    """A time of day (text "07:31", "07:31:00" or datetime.time) in seconds since midnight; CaseError otherwise."""
    if isinstance(value, time):
        return value.hour * 3600 + value.minute * 60 + value.second
    if isinstance(value, str):
        return _seconds_of_text(value)
    raise CaseError(f'Jam ditulis dalam tanda kutip seperti "07:31:00", bukan {value!r}')


@lru_cache(maxsize=20_000)
def _seconds_of_text(value: str) -> int:
    found = _TIME.fullmatch(value.strip())
    if found is None:
        raise CaseError(f'Jam ditulis dalam tanda kutip seperti "07:31:00", bukan {value!r}')
    hours, minutes, seconds = int(found.group(1)), int(found.group(2)), int(found.group(3) or 0)
    if hours > 23 or minutes > 59 or seconds > 59:
        raise CaseError(f"Tidak ada jam {value!r}")
    return hours * 3600 + minutes * 60 + seconds


def clock_text(seconds: int) -> str:
    """Seconds since midnight as "HH:MM", with seconds only where they are not zero."""
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
    return text if seconds % 60 == 0 else f"{text}:{seconds % 60:02d}"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Minutes forgiven, how they are counted, and how they are made up."""

    minutes: Exact = 0
    kind: str = "none"
    make_up: str = "equal"
    earlier_minutes: int = 0


@dataclass(frozen=True, slots=True)
class HoursLine:
    """One line of working hours; times in seconds since midnight."""

    test: Test | None
    start: int
    end: int
    tolerance: Tolerance
    arrival_before: int
    article: str


@dataclass(frozen=True, slots=True)
class AttendancePlan:
    """What decides a day. Without hours there is no document: a day expected to tap is present with no minutes.

    `asks_taps`: a condition asks for the taps themselves, not only for what they come to.
    """

    id: str | None = None
    hours: tuple[HoursLine, ...] = ()
    seconds_started: bool = False
    before_start_seconds: int | None = None
    after_end_seconds: int | None = None
    lone_tap: str = "middle"
    filler_minutes: frozenset[int] = frozenset()
    places: Mapping[str, str] = field(default_factory=lambda: glossary.DEFAULT_PLACES)
    outcomes: tuple[tuple[Test | None, tuple[tuple[str, Exact], ...]], ...] = ()
    asks_taps: bool = False


NO_ATTENDANCE = AttendancePlan()


def _tolerance(block: Mapping[str, Any] | None) -> Tolerance:
    if not block:
        return Tolerance()
    return Tolerance(
        exact(block["minutes"]),
        str(block["kind"]),
        str(block.get("make_up") or "equal"),
        int(exact(block.get("earlier") or 0)),
    )


def _before(value: object, closing: int) -> int:
    return closing if value in (None, "closing") else seconds_of(value)


def _hours_line(line: Mapping[str, Any], parameters: Mapping[str, Any], common: Tolerance) -> HoursLine:
    end = seconds_of(line["out"])
    limit = line.get("arrival_before")
    if limit is None:
        limit = (parameters.get("accept") or {}).get("arrival_before")
    own = line.get("tolerance")
    return HoursLine(
        compile_condition(line.get("when")),
        seconds_of(line["in"]),
        end,
        common if own is None else _tolerance(own),
        _before(limit, end),
        str(line.get("article") or ""),
    )


def _minutes(value: object) -> int | None:
    return None if value is None else int(exact(value) * 60)


def read_plan(document_id: str, parameters: Mapping[str, Any]) -> AttendancePlan:
    """The plan of an attendance document's parameters (regulation format, section 4)."""
    accept = parameters.get("accept") or {}
    common = _tolerance(parameters.get("tolerance"))
    fillers = parameters.get("fillers")
    places = {label_key(place): str(treatment) for place, treatment in (parameters.get("places") or {}).items()}
    outcomes = [
        (
            compile_condition(outcome.get("when")),
            tuple((str(name), exact(value)) for name, value in outcome["set"].items()),
        )
        for outcome in parameters.get("outcomes") or []
    ]
    return AttendancePlan(
        id=document_id,
        hours=tuple(_hours_line(line, parameters, common) for line in parameters["hours"]),
        seconds_started=parameters.get("seconds") == "started",
        before_start_seconds=_minutes(accept.get("before_start")),
        after_end_seconds=_minutes(accept.get("after_end")),
        lone_tap=str(accept.get("lone_tap") or "middle"),
        filler_minutes=frozenset(seconds_of(filler) // 60 for filler in (["23:59"] if fillers is None else fillers)),
        places={**glossary.DEFAULT_PLACES, **places},
        outcomes=tuple(outcomes),
        asks_taps=any(
            name in TAPS
            for part in (*parameters["hours"], *(parameters.get("outcomes") or []))
            for name in part.get("when") or ()
        ),
    )
