"""One day of one person: what was decided, and the punches, requests and decrees that it came from."""

from dataclasses import dataclass
from datetime import date

from attendance.models import Absence, Correction, DayRecord, Punch
from roster.models import Person


@dataclass(frozen=True)
class Day:
    """`record` is None where the day has not been decided."""

    record: DayRecord | None
    punches: list[Punch]
    corrections: list[Correction]
    absences: list[Absence]


def day_of(person: Person, on: date) -> Day:
    """Everything that is recorded about `person` on `on`; four statements."""
    return Day(
        DayRecord.objects.filter(person=person, work_date=on).first(),
        list(Punch.objects.filter(person=person, work_date=on).order_by("at", "pk")),
        list(Correction.objects.filter(person=person, work_date=on).order_by("requested_at")),
        list(Absence.objects.filter(person=person, valid_from__lte=on, valid_to__gt=on).order_by("valid_from")),
    )
