"""Decided days of a month, for the allowance and for the calendar."""

import json
from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection

from attendance.models import Correction, DayRecord
from roster.models import Government

FACTS = (
    "expected_days", "present_days", "absent_days", "home_days", "leave_days", "minutes_late", "minutes_early",
    "missing_in", "missing_out", "ceremonies_missed", "reports_done", "reports_missing",
)  # fmt: skip
SELECT = f"""
    SELECT record.person_id, record.work_date, record.place, record.state, record.first_in, record.last_out,
           record.labels, {", ".join(f"record.{name}" for name in FACTS)}
    FROM attendance_dayrecord AS record
    JOIN roster_person AS person ON person.id = record.person_id AND person.government_id = %s
    WHERE record.work_date >= %s AND record.work_date < %s
        AND (%s::bigint[] IS NULL OR record.person_id = ANY(%s::bigint[]))
    ORDER BY record.person_id, record.work_date
"""


def month_bounds(month: date) -> tuple[date, date]:
    """First day of the month and of the next one."""
    first = month.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def month_days(
    government: Government, month: date, person_ids: Collection[int] | None = None
) -> dict[int, list[dict[str, Any]]]:
    """Person id -> the decided days of the month in order, each usable as an entry of `days` in the format.

    One SQL statement. Facts that are 0 are left out, `expected_days` and `present_days` apart. An unclear day carries
    `state: unclear` and holds up the run; it has no facts. `in` and `out` are texts, only where they counted.
    """
    first, following = month_bounds(month)
    people = None if person_ids is None else list(person_ids)
    found: dict[int, list[dict[str, Any]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(SELECT, [government.pk, first, following, people, people])
        for person_id, on, place, state, first_in, last_out, labels, expected, present, *facts in cursor:
            day: dict[str, Any] = {"date": on, "place": place, "state": state}
            day |= _labels(labels)
            if first_in:
                day["in"] = first_in.isoformat("seconds")
            if last_out:
                day["out"] = last_out.isoformat("seconds")
            day["expected_days"], day["present_days"] = expected, present
            if any(facts):
                day |= {name: value for name, value in zip(FACTS[2:], facts, strict=True) if value}
                if "missing_in" in day or "missing_out" in day:
                    day["missing_taps"] = day.get("missing_in", 0) + day.get("missing_out", 0)
            found.setdefault(person_id, []).append(day)
    return found


@lru_cache(maxsize=1024)
def _labels(stored: str) -> dict[str, Any]:
    """Few texts stand for the labels of nearly all days; the caller copies what it gets."""
    labels = json.loads(stored)
    labels.pop("outage_numbers", None)
    return labels


def has_decided_days(government: Government, month: date) -> bool:
    """Whether any day of the month was decided for anybody."""
    first, following = month_bounds(month)
    days = DayRecord.objects.filter(work_date__gte=first, work_date__lt=following, person__government=government)
    return days.exists()


def corrections_decided_after(government: Government, month: date, instant: datetime) -> list[Correction]:
    """Corrections of days in `month` that were approved after `instant` (a lock): their people are due rapel."""
    first, following = month_bounds(month)
    return list(
        Correction.objects.filter(
            person__government=government,
            state=Correction.State.APPROVED,
            decided_at__gt=instant,
            work_date__gte=first,
            work_date__lt=following,
        )
        .select_related("person")
        .order_by("person_id", "work_date")
    )
