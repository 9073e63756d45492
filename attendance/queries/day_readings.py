"""What closing a day reads about people: statements that look up these people, whatever the tables hold beside them.

Joining them in one statement was left: of a day that is not in the statistics yet, the planner expects one row, and
compares everybody with everybody.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from attendance.days import ReadDay, Situation
from attendance.sql import read_sql
from core.among import ids_text
from roster.models import Government

NO_POST = (None, None, None, None)
NO_TAPS = (None, None, None, None)
NO_CORRECTION = (None, None, None)
NO_ABSENCE = (None, None)
NO_REPORT = (None, None, None)
Plans = dict[int, tuple[str, str]]


def held_plans(government: Government, on: date, person_ids: Sequence[int]) -> Plans:
    """Person id -> expected place and reasons (JSON) of people of the government, held until the transaction ends."""
    rows = _rows("plans", on, ids_text(person_ids), government=government.pk)
    return {person_id: (place, reasons) for person_id, place, reasons in rows}


def read_days(government: Government, on: date, plans: Plans) -> Iterator[ReadDay]:
    """The day of everybody in `plans`, in order of person id; who is not employed that day is left out."""
    people = sorted(person_id for person_id, (place, _) in plans.items() if place != "off")
    wanted = ids_text(people)
    posts, corrections, absences = (_found(name, on, wanted) for name in ("posts", "corrections", "absences"))
    taps = _found("taps", on, wanted, government=government.pk, zone=government.zone)
    reports = _found("reports", on, wanted, zone=government.zone)
    ceremonies = {person_id for (person_id,) in _rows("ceremonies", on, wanted)}
    for person_id in people:
        place, reasons = plans[person_id]
        unit_id, calendar, service, building_id = posts.get(person_id, NO_POST)
        first_in, last_out, device, provisional = taps.get(person_id, NO_TAPS)
        situation = Situation(
            place,
            calendar,
            service,
            *absences.get(person_id, NO_ABSENCE),
            *reports.get(person_id, NO_REPORT),
            person_id in ceremonies,
        )
        corrected = corrections.get(person_id, NO_CORRECTION)
        yield ReadDay(
            person_id, situation, reasons, unit_id, building_id, first_in, last_out, device, provisional, *corrected
        )


def _found(name: str, on: date, people: str, **values: Any) -> Mapping[int, tuple]:
    return {row[0]: row[1:] for row in _rows(name, on, people, **values)}


def _rows(name: str, on: date, people: str, **values: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(read_sql(f"close_day/{name}"), {"on": on, "people": people, **values})
        return cursor.fetchall()
