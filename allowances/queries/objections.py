"""Objections: one's own, and those that HR decides, with the words of the line that each is about."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, QuerySet, When

from allowances.frozen import frozen_plan
from allowances.models import Line, Objection, RunInput
from allowances.queries.nodes import label_of
from core.errors import PortalError
from roster.models import Government, Person


@dataclass(frozen=True)
class Told:
    """An objection with the words of its line, and the rapel that it brought (None: not yet, or none)."""

    objection: Objection
    line: str
    rapel: Line | None = None


def line_words(objection: Objection) -> str:
    """The label of the line that an objection is about; its name where the document is gone."""
    try:
        return label_of(frozen_plan(objection.run), objection.line_name)
    except (PortalError, LookupError):
        return objection.line_name


def own_objections(person: Person) -> list[Told]:
    """All objections of a person, newest first."""
    rows = Objection.objects.filter(person=person, government_id=person.government_id)
    found = list(rows.select_related("run", "decided_by").order_by("-filed_at", "-pk")[:50])
    return [Told(objection, line_words(objection), _rapel(objection)) for objection in found]


def own_objection(person: Person, number: str) -> Told | None:
    """One objection of a person by its number."""
    rows = Objection.objects.filter(person=person, government_id=person.government_id, number=number)
    objection = rows.select_related("run__government", "decided_by").first()
    return objection and Told(objection, line_words(objection), _rapel(objection))


def _rapel(objection: Objection) -> Line | None:
    """The rapel line that an accepted objection brought into a locked run."""
    if objection.state != Objection.State.ACCEPTED:
        return None
    rows = Line.objects.filter(
        person_id=objection.person_id,
        kind="rapel",
        mends_month=objection.run.month,
        run__state__in=["locked", "paid"],
        reason__contains=f"Keberatan {objection.number} ",
    )
    return rows.select_related("run").order_by("run__month").first()


def objections_of(government: Government, state: str = "") -> QuerySet[Objection]:
    """Objections of a government: the open ones by due date, then the decided ones, newest first."""
    rows = Objection.objects.filter(government=government)
    if state:
        rows = rows.filter(state=state)
    is_open = Case(When(state=Objection.State.OPEN, then=0), default=1, output_field=IntegerField())
    due = Case(When(state=Objection.State.OPEN, then="due_on"))
    return rows.select_related("run", "person", "decided_by").order_by(is_open, due, "-decided_at", "-pk")


def open_counts(government: Government, on: date) -> tuple[int, int]:
    """(open objections, those of them past their due date)."""
    rows = Objection.objects.filter(government=government, state=Objection.State.OPEN).values_list("due_on", flat=True)
    due = list(rows)
    return len(due), sum(day < on for day in due)


def input_of(objection: Objection) -> RunInput | None:
    """The row of the slip that an objection is about."""
    rows = RunInput.objects.filter(run_id=objection.run_id, person_id=objection.person_id)
    return rows.select_related("run__government", "person").first()
