"""Close a day: one statement reads everybody, the rules decide person by person, COPY writes the day records."""

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction

from attendance.clock import instant, local_time, work_date_of
from attendance.days import FACT_COLUMNS, DecidedDay, OutageWindow, ReadDay, decide
from attendance.models import DayPlan
from attendance.operations.devices import take_in_waiting
from attendance.operations.plans import plan_day
from attendance.queries.outages import outages_between
from attendance.rules import compile_attendance
from attendance.sql import read_sql
from core.indonesian import day_words
from policy.queries import document_for
from roster.calendar import calendar_day
from roster.models import Government, Person
from roster.queries import subtree

COLUMNS = (
    "person_id", "work_date", "unit_id", "expected_place", "place", "state", "first_in", "last_out",
    "required_departure", *FACT_COLUMNS, "labels", "reasons", "policy_id", "policy_sha256", "computed_at",
)  # fmt: skip
NULL = "\\N"


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
    _plan_the_missing(government, on, at, person_ids)
    document = document_for(government.code, "attendance", on)
    plan, ramadan = compile_attendance(document), calendar_day(government, on).ramadan
    outages = _windows(government, on)
    decided = []
    for row in _read(government, on, person_ids):
        try:
            day = decide(row, on, plan, ramadan, outages)
        except (ValueError, LookupError, TypeError, ArithmeticError) as error:
            closed.set_aside.append({"person": row.person_id, "reason": f"{type(error).__name__}: {error}"[:250]})
            continue
        closed.unclear += day.state == "unclear"
        decided.append(day)
    policy = (document.id, document.sha256) if document else ("", "")
    # Outside the plan now (no longer active): their older record must not stay.
    kept = {item["person"] for item in closed.set_aside}
    _replace(government, on, person_ids, kept, _lines(decided, on, at, policy))
    closed.written = len(decided)
    return closed


def _why_not(government: Government, on: date, at: datetime) -> str:
    if government.go_live_on is None or on < government.go_live_on:
        return f"{day_words(on)} sebelum hari mulai memakai portal; hari itu tidak ditutup."
    if on >= work_date_of(at, government.zone):
        return f"{day_words(on)} belum berakhir."
    return ""


def _plan_the_missing(government: Government, on: date, at: datetime, person_ids: Sequence[int] | None) -> None:
    people = Person.objects.filter(government=government)
    if person_ids is not None:
        people = people.filter(pk__in=person_ids)
    planned = DayPlan.objects.filter(work_date=on).values("person_id")
    missing = list(people.exclude(pk__in=planned).values_list("pk", flat=True))
    if missing:
        plan_day(government, on, at, missing)


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


def _read(government: Government, on: date, person_ids: Sequence[int] | None) -> Iterable[ReadDay]:
    people = None if person_ids is None else list(person_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            read_sql("close_day"), {"on": on, "government": government.pk, "zone": government.zone, "people": people}
        )
        for row in cursor.fetchall():
            values = list(row)
            values[2] = json.loads(values[2]) if isinstance(values[2], str) else values[2] or []
            yield ReadDay(*values)


def _replace(
    government: Government, on: date, person_ids: Sequence[int] | None, kept: set[int], lines: io.StringIO
) -> None:
    delete = (
        "DELETE FROM attendance_dayrecord AS record USING roster_person AS person"
        " WHERE person.id = record.person_id AND person.government_id = %s AND record.work_date = %s"
        " AND (%s::bigint[] IS NULL OR record.person_id = ANY(%s)) AND record.person_id <> ALL(%s::bigint[])"
    )
    people = None if person_ids is None else list(person_ids)
    with transaction.atomic(), connection.cursor() as cursor:
        # Two workers on one day would both delete and both write: the second waits for the first.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [government.pk, on.toordinal()])
        cursor.execute(delete, [government.pk, on, people, people, list(kept)])
        cursor.copy_expert(f"COPY attendance_dayrecord ({', '.join(COLUMNS)}) FROM STDIN", lines)


def _lines(days: Iterable[DecidedDay], on: date, at: datetime, policy: tuple[str, str]) -> io.StringIO:
    lines, day_text, stamp = io.StringIO(), on.isoformat(), at.isoformat()
    for day in days:
        values = [
            day.person_id, day_text, day.unit_id, day.expected_place, day.place, day.state, day.first_in, day.last_out,
            day.required_departure, *(day.facts.get(name, 0) for name in FACT_COLUMNS),
            json.dumps(day.labels, default=str), json.dumps(day.reasons), *policy, stamp,
        ]  # fmt: skip
        lines.write("\t".join(_cell(value) for value in values) + "\n")
    lines.seek(0)
    return lines


def _cell(value: object) -> str:
    if value.__class__ is int:  # most cells are counts of a fact
        return str(value)
    if value is None:
        return NULL
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
