"""Where everybody is expected on a day, planned the evening before."""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import lru_cache

from django.db import connection
from django.db.models import Q

from attendance.models import Absence
from attendance.sql import read_sql
from core.among import Among, ids_text
from roster.eligibility import Eligibility, Reason, eligibility_many
from roster.models import Assignment, Government, UnitDecision
from roster.queries import known_on

DUTY_KINDS = (Absence.Kind.DUTY, Absence.Kind.TRAINING)
PLACE_OF_REASON = {"holiday": "holiday", "day_off": "day_off", "on_leave": "leave", "on_duty": "duty"}


def away_on(
    government: Government, on: date, person_ids: Sequence[int] | None = None, as_of: datetime | None = None
) -> dict[int, str]:
    """Person id -> `on_leave` or `on_duty` by the approved absences of that day; `as_of`: those known then."""
    rows = Absence.objects.filter(
        person__government=government, state=Absence.State.APPROVED, valid_from__lte=on, valid_to__gt=on
    )
    if person_ids is not None:
        rows = rows.filter(Among("person_id", person_ids))
    if as_of is not None:
        rows = rows.filter(Q(decided_at__lte=as_of) | Q(decided_at__isnull=True), recorded_at__lte=as_of)
    return {
        person_id: "on_duty" if kind in DUTY_KINDS else "on_leave"
        for person_id, kind in rows.values_list("person_id", "kind")
    }


def away_on_days(
    government: Government, days: Collection[date], person_ids: Collection[int]
) -> dict[date, dict[int, str]]:
    """The same for several days in one statement: day -> person id -> `on_leave` or `on_duty`."""
    found: dict[date, dict[int, str]] = {on: {} for on in days}
    if not found or not person_ids:
        return found
    rows = Absence.objects.filter(
        person__government=government,
        person_id__in=person_ids,
        state=Absence.State.APPROVED,
        valid_from__lte=max(found),
        valid_to__gt=min(found),
    )
    for person_id, kind, start, end in rows.values_list("person_id", "kind", "valid_from", "valid_to"):
        for on in found:
            if start <= on < end:
                found[on][person_id] = "on_duty" if kind in DUTY_KINDS else "on_leave"
    return found


def place_of(answer: Eligibility, shift: bool) -> str:
    """The place of a day in the regulation format's words; `unclear` on the shift calendar, which needs a rota."""
    code = answer.reasons[0].code if answer.expected_place == "off" else ""
    if shift and code in ("", "holiday", "day_off"):
        return "unclear"
    return PLACE_OF_REASON.get(code, "off") if answer.expected_place == "off" else answer.expected_place


def plan_day(government: Government, on: date, at: datetime, person_ids: Sequence[int] | None = None) -> int:
    """Write the DayPlan of everybody (or of `person_ids`) for `on`; one that changed is renewed. Returns how many."""
    answers = eligibility_many(government, on, person_ids, away=away_on(government, on, person_ids))
    shifts = people_on_shifts(government, on, person_ids)
    numbers: dict[tuple[str, str], int] = {}
    plans = []
    for person_id, answer in answers.items():
        kind = (place_of(answer, person_id in shifts), _reasons_text(answer.reasons))
        plans.append(numbers.setdefault(kind, len(numbers) + 1))
    values = {
        "on": on, "at": at, "people": ids_text(answers), "plans": ids_text(plans),
        "places": [place for place, _ in numbers], "reasons": [reasons for _, reasons in numbers],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(read_sql("plan_day"), values)
    return len(plans)


@lru_cache(maxsize=4_096)
def _reasons_text(reasons: tuple[Reason, ...]) -> str:
    """Reasons as they are stored; most people of a building share theirs."""
    return json.dumps([{"code": r.code, "message": r.message, "source": r.source} for r in reasons])


def people_on_shifts(government: Government, on: date, person_ids: Sequence[int] | None = None) -> set[int]:
    """Ids of people (of `person_ids`) whose unit works by rota on `on`."""
    units = UnitDecision.objects.filter(
        known_on(on), Q(unit__government=government), calendar=UnitDecision.Calendar.SHIFT
    ).values_list("unit_id", flat=True)
    posts = Assignment.objects.filter(known_on(on), kind=Assignment.Kind.DEFINITIVE, unit__in=list(units))
    if person_ids is not None:
        posts = posts.filter(Among("person_id", person_ids))
    return set(posts.values_list("person_id", flat=True))
