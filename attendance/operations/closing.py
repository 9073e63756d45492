"""Close a day: some statements read some thousand people, the rules decide day by day, COPY writes the records."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from psycopg2.errors import UniqueViolation

from attendance.clock import instant, local_time, work_date_of
from attendance.days import OutageWindow
from attendance.decider import DayDecider
from attendance.operations.devices import take_in_waiting
from attendance.operations.plans import plan_day
from attendance.operations.record_lines import COPY_RECORDS, RecordLines
from attendance.queries.day_readings import held_plans, read_days
from attendance.queries.outages import outages_between
from attendance.rules import compile_attendance
from core.among import ids_text
from core.indonesian import day_words
from policy.queries import document_for
from roster.calendar import calendar_day
from roster.models import Government, Person
from roster.queries import subtree

# So many people are read and written at once: memory stays small, and a person's plan is held for a second at most.
PEOPLE_AT_ONCE = 5_000
READ_BYTES = 1 << 16


@dataclass
class ClosedDay:
    """What closing a day came to. `set_aside`: people without a record, each `{"person", "reason"}`."""

    on: date
    written: int = 0
    unclear: int = 0
    set_aside: list[dict[str, Any]] = field(default_factory=list)
    skipped: str = ""


def close_day(government: Government, on: date, at: datetime, person_ids: Sequence[int] | None = None) -> ClosedDay:
    """Decide the day of everybody (or of `person_ids`) and replace their records; twice is once.

    Days before the go-live date, and days that are not over at `at`, are never closed (`skipped` says so).
    """
    closed = ClosedDay(on, skipped=_why_not(government, on, at))
    if closed.skipped:
        return closed
    if person_ids is None:
        take_in_waiting(government, at)
        person_ids = Person.objects.filter(government=government).values_list("pk", flat=True)
    document = document_for(government.code, "attendance", on)
    ramadan = calendar_day(government, on).ramadan
    decider = DayDecider(on, compile_attendance(document), ramadan, _windows(government, on))
    lines = RecordLines(on, at, document)
    found = sorted(set(person_ids))
    for start in range(0, len(found), PEOPLE_AT_ONCE):
        _close(government, found[start : start + PEOPLE_AT_ONCE], at, decider, lines, closed)
    return closed


def _close(
    government: Government, person_ids: list[int], at: datetime, decider: DayDecider, lines: RecordLines,
    closed: ClosedDay,
) -> None:  # fmt: skip
    """Close the day of some people. Their plans are held meanwhile: another worker on one of them waits, then reads."""
    on, written, set_aside = decider.on, {}, []
    with transaction.atomic():
        plans = held_plans(government, on, person_ids)
        missing = [person_id for person_id in person_ids if person_id not in plans]
        if missing:
            plan_day(government, on, at, missing)
            plans |= held_plans(government, on, missing)
        for read in read_days(government, on, plans):
            try:
                day = decider.decide(read)
            except (ValueError, LookupError, TypeError, ArithmeticError) as error:
                set_aside.append({"person": read.person_id, "reason": f"{type(error).__name__}: {error}"[:250]})
                continue
            closed.unclear += day.state == "unclear"
            written[read.person_id] = lines.line(day)
        # Outside the plan now (no longer active): their older record must not stay. Who is set aside keeps theirs.
        kept = {item["person"] for item in set_aside}
        _clear(on, [person_id for person_id in plans if person_id not in kept and person_id not in written])
        _write(on, written)
    closed.written += len(written)
    closed.set_aside += set_aside


def _why_not(government: Government, on: date, at: datetime) -> str:
    if government.go_live_on is None or on < government.go_live_on:
        return f"{day_words(on)} sebelum hari mulai memakai portal; hari itu tidak ditutup."
    if on >= work_date_of(at, government.zone):
        return f"{day_words(on)} belum berakhir."
    return ""


def _windows(government: Government, on: date) -> list[OutageWindow]:
    start = instant(on, time.min, government.zone)
    end = start + timedelta(days=1)
    last = time(23, 59, 59, 999_999)
    return [
        OutageWindow(
            outage.number,
            local_time(max(outage.starts_at, start), government.zone),
            local_time(outage.ends_at, government.zone) if outage.ends_at < end else last,
            outage.building_id,
            frozenset(subtree(government, {outage.unit_id}, on)) if outage.unit_id else None,
        )
        for outage in outages_between(government, start, end)
    ]


def _write(on: date, lines: dict[int, str]) -> None:
    """Store the records of people. A night finds none of theirs: only where there are some are they looked for."""
    if not lines:
        return
    text = "".join(lines.values()).encode()
    try:
        with transaction.atomic():
            _copy(text)
    except UniqueViolation:
        _clear(on, list(lines))
        _copy(text)


def _copy(text: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.copy_expert(COPY_RECORDS, io.BytesIO(text), size=READ_BYTES)


def _clear(on: date, person_ids: list[int]) -> None:
    if not person_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM attendance_dayrecord WHERE work_date = %s AND person_id = ANY(%s::bigint[])",
            [on, ids_text(person_ids)],
        )
