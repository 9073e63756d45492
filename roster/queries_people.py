"""Reads of the people pages: the list, and everything that the roster says about one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Exists, OuterRef, QuerySet

from roster.eligibility import DAY_NAMES, Eligibility, read_facts, situation_of
from roster.hooks import away_on_days
from roster.models import (
    Assignment,
    Building,
    Number,
    Person,
    PersonStatus,
    UnitDecision,
)
from roster.queries import known_on, visible_to
from roster.rules import decide

LONGEST_SEARCH = 100


@dataclass(frozen=True)
class PersonRow:
    """A line of the list; texts are empty where nothing is known."""

    person: Person
    number: str
    unit: str
    position: str
    level: str
    standing: str
    is_active: bool
    mapped: bool


@dataclass(frozen=True)
class PersonView:
    """One person on a day: what holds, why, and all that held before."""

    person: Person
    on: date
    numbers: tuple[Number, ...]
    posts: tuple[Assignment, ...]
    statuses: tuple[PersonStatus, ...]
    post: Assignment | None
    decision: UnitDecision | None
    building: Building | None
    home_decree: str
    answer: Eligibility

    @property
    def weekday(self) -> str:
        """The day's name."""
        return DAY_NAMES[self.on.weekday()]


def find_people(
    user: AbstractBaseUser, on: date, search: str = "", unit: str = "", state: str = ""
) -> QuerySet[Person]:
    """People whom `user` may see, by name.

    `search`: part of a name, or the first digits of a number; `unit`: part of a unit's name; `state`: active, inactive
    or unmapped (the unit has no building and service kind yet).
    """
    people = visible_to(user, on)
    search, unit = " ".join(search.split())[:LONGEST_SEARCH], " ".join(unit.split())[:LONGEST_SEARCH]
    digits = search.replace(" ", "")
    if digits.isdecimal():
        people = people.filter(Exists(Number.objects.filter(person=OuterRef("pk"), number__startswith=digits)))
    elif search:
        people = people.filter(name__icontains=search.replace("\0", ""))
    posts = Assignment.objects.filter(known_on(on), person=OuterRef("pk"), kind=Assignment.Kind.DEFINITIVE)
    if unit:
        people = people.filter(Exists(posts.filter(unit__name__icontains=unit.replace("\0", ""))))
    statuses = PersonStatus.objects.filter(person=OuterRef("pk"), superseded_at=None)
    active = Exists(statuses.filter(known_on(on), is_active=True)) | ~Exists(statuses)
    if state == "active":
        people = people.filter(active)
    elif state == "inactive":
        people = people.exclude(active)
    elif state == "unmapped":
        mapped = UnitDecision.objects.filter(known_on(on), unit=OuterRef("unit"))
        people = people.filter(Exists(posts.filter(~Exists(mapped))))
    return people.order_by("name", "pk")


def person_rows(people: Sequence[Person], on: date) -> list[PersonRow]:
    """The lines of one page; four statements whatever its length."""
    ids = [person.pk for person in people]
    numbers = {row.person_id: row.number for row in Number.objects.filter(person__in=ids).order_by("valid_from", "pk")}
    held = Assignment.objects.filter(known_on(on), person__in=ids, kind=Assignment.Kind.DEFINITIVE)
    posts = {row.person_id: row for row in held.select_related("unit", "position")}
    statuses: dict[int, list[PersonStatus]] = {}
    for row in PersonStatus.objects.filter(person__in=ids, superseded_at=None):
        statuses.setdefault(row.person_id, []).append(row)
    decided = UnitDecision.objects.filter(known_on(on), unit__in={post.unit_id for post in posts.values()})
    mapped = set(decided.values_list("unit_id", flat=True))
    return [_row(person, numbers, posts.get(person.pk), statuses.get(person.pk, []), mapped, on) for person in people]


def view_person(person: Person, on: date) -> PersonView:
    """Everything about one person on a day."""
    posts = list(
        Assignment.objects.filter(person=person, superseded_at=None)
        .select_related("unit", "position", "import_run", "building")
        .order_by("-valid_from", "-pk")
    )
    post = next((row for row in posts if row.kind == Assignment.Kind.DEFINITIVE and _holds(row, on)), None)
    decision = None
    if post is not None:
        rows = UnitDecision.objects.filter(known_on(on), unit=post.unit_id)
        decision = rows.select_related("building", "parent", "head").first()
    building = (post.building or (decision.building if decision else None)) if post else None
    away = away_on_days(person.government, [on], [person.pk]).get(on, {})
    facts = read_facts(person.government, on, [person.pk], None, away)
    phases = facts.phases.get(building.pk, []) if building else []
    return PersonView(
        person=person,
        on=on,
        numbers=tuple(person.numbers.order_by("pk")),
        posts=tuple(posts),
        statuses=tuple(person.statuses.filter(superseded_at=None).order_by("-valid_from")),
        post=post,
        decision=decision,
        building=building,
        home_decree=next((row["decree"] for row in phases if row["weekday"] == on.weekday()), ""),
        answer=decide(situation_of(facts, person.pk)),
    )


def _row(
    person: Person,
    numbers: dict[int, str],
    post: Assignment | None,
    statuses: Sequence[PersonStatus],
    mapped: set[int],
    on: date,
) -> PersonRow:
    status = next((row for row in statuses if _holds(row, on)), None)
    return PersonRow(
        person=person,
        number=numbers.get(person.pk, ""),
        unit=post.unit.name if post else "",
        position=post.position.name if post and post.position else "",
        level=post.get_level_display() if post else "",
        standing=status.standing if status else "",
        is_active=status.is_active if status else not statuses,
        mapped=post is not None and post.unit_id in mapped,
    )


def _holds(row: Assignment | PersonStatus, on: date) -> bool:
    return row.valid_from <= on and (row.valid_to is None or on < row.valid_to)
