"""Decided days of a month, for the allowance and for the calendar."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from django.db import connection

from attendance.models import Correction, DayRecord
from roster.models import Government

FACTS = (
    "absent_days", "home_days", "leave_days", "minutes_late", "minutes_early", "missing_in", "missing_out",
    "ceremonies_missed", "reports_done", "reports_missing",
)  # fmt: skip
_NOTHING_COUNTED = " AND ".join(f"{name} = 0" for name in FACTS)
_COUNTED = ", ".join(f"""CASE WHEN {name} <> 0 THEN ',"{name}":' END, nullif({name}, 0)""" for name in FACTS)
# Texts are joined because the functions of jsonb take three times as long; `place` and `labels` come as JSON.
_DAY = f"""
    concat(
        '{{"date":"', work_date, '","place":', to_json(place),
        CASE WHEN first_in IS NOT NULL THEN concat(',"in":"', left(first_in::text, 8), '"') END,
        CASE WHEN last_out IS NOT NULL THEN concat(',"out":"', left(last_out::text, 8), '"') END,
        ',"expected_days":', expected_days, ',"present_days":', present_days,
        CASE WHEN NOT ({_NOTHING_COUNTED}) THEN concat(
            {_COUNTED},
            CASE WHEN missing_in + missing_out <> 0 THEN ',"missing_taps":' END, nullif(missing_in + missing_out, 0)
        ) END,
        CASE WHEN labels ? 'outage_numbers' THEN
                CASE WHEN labels - 'outage_numbers' = '{{}}' THEN '}}'
                     ELSE ',' || substr((labels - 'outage_numbers')::text, 2) END
             WHEN labels = '{{}}' THEN '}}'
             ELSE ',' || substr(labels::text, 2) END
    )"""
# A day off on which nothing happened: the format counts it like a day that is not listed.
_FREE = f"""
    place IN ('day_off', 'holiday') AND expected_days = 0 AND first_in IS NULL AND last_out IS NULL
    AND {_NOTHING_COUNTED} AND labels - '{{calendar,ramadan,outage_numbers}}'::text[] = '{{}}'"""
_SELECT = f"""
    SELECT person_id, concat('[', string_agg({_DAY}, ',' ORDER BY work_date) FILTER (WHERE NOT ({_FREE})), ']'),
        count(*) FILTER (WHERE state = 'unclear'), min(work_date) FILTER (WHERE state = 'unclear')
    FROM attendance_dayrecord
    WHERE work_date >= %s AND work_date < %s AND person_id = ANY(%s::bigint[])
    GROUP BY person_id
"""


@dataclass(slots=True)
class FrozenDays:
    """Decided days of one person in order, each as an entry of `days` in the format, and what is not clear yet.

    Facts that are 0 are left out, `expected_days` and `present_days` apart, and so are days off on which nothing
    happened. `in` and `out` are texts, only where they counted. An unclear day has no facts.
    """

    days: list[dict[str, Any]]
    unclear_count: int = 0
    first_unclear_on: date | None = None


def month_bounds(month: date) -> tuple[date, date]:
    """First day of the month and of the next one."""
    first = month.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def frozen_days(month: date, person_ids: Collection[int]) -> dict[int, FrozenDays]:
    """Person id -> the decided days of the month, for those of `person_ids` who have any. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, [*month_bounds(month), list(person_ids)])
        return {
            person_id: FrozenDays(orjson.loads(days), unclear_count, first_unclear_on)
            for person_id, days, unclear_count, first_unclear_on in cursor.fetchall()
        }


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
