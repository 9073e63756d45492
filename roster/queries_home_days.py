"""Days at home that somebody must choose: who decides on whom, what may be chosen, and what waits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from roster.calendar import calendar_days
from roster.eligibility import Eligibility, eligibility_many
from roster.hooks import away_on_days
from roster.models import Assignment, Government, HomeDay, Person, RolloutPhase, Unit, UnitDecision
from roster.queries import known_on

DAYS_AHEAD = 35
TO_ASSIGN = frozenset({"not_scheduled", "share_full"})
TO_APPROVE = frozenset({"request_not_approved"})


@dataclass(frozen=True)
class Charge:
    """A unit and the people in it on whom one head decides; never the head."""

    unit: Unit
    building_id: int | None
    people: int
    person_ids: frozenset[int]


@dataclass(frozen=True)
class OpenDay:
    """A coming day on which somebody must choose."""

    on: date
    phase: RolloutPhase


@dataclass(frozen=True)
class Candidate:
    """A person on one day: at home already, free to be chosen, or why not."""

    person: Person
    at_home: bool
    free: bool
    why: str


def charges_of(head: Person, on: date) -> list[Charge]:
    """Units on whose people `head` decides: all but oneself where one is the head, and the head of each unit below."""
    own = UnitDecision.objects.filter(known_on(on), head=head)
    own_ids = list(own.values_list("unit_id", flat=True))
    if not own_ids:
        return []
    rows = UnitDecision.objects.filter(
        known_on(on), Q(unit__in=own_ids) | Q(parent__in=own_ids, head__isnull=False)
    ).select_related("unit")
    decided = {row.unit_id: row for row in rows if row.unit_id in own_ids or row.head_id != head.pk}
    members: dict[int, set[int]] = {}
    held = Assignment.objects.filter(known_on(on), unit__in=list(decided), kind=Assignment.Kind.DEFINITIVE)
    for unit_id, person_id in held.values_list("unit_id", "person_id"):
        members.setdefault(unit_id, set()).add(person_id)
    found = []
    for unit_id, row in decided.items():
        there = members.get(unit_id, set())
        whom = there - {head.pk} if unit_id in own_ids else there & {row.head_id}
        if whom:
            found.append(Charge(row.unit, row.building_id, len(there), frozenset(whom)))
    return sorted(found, key=lambda charge: (charge.unit.pk not in own_ids, charge.unit.name))


def open_days(
    government: Government, building_id: int | None, today: date, modes: Collection[str] = ("schedule",)
) -> list[OpenDay]:
    """The coming days of a building, from tomorrow, on which a phase of one of `modes` holds; no holidays."""
    if building_id is None:
        return []
    phases = list(RolloutPhase.objects.filter(building=building_id, superseded_at=None, mode__in=list(modes)))
    if not phases:
        return []
    days = calendar_days(government, [today + timedelta(days=offset) for offset in range(1, DAYS_AHEAD + 1)])
    return [
        OpenDay(on, phase)
        for on, day in days.items()
        for phase in phases
        if day.holiday is None
        and phase.weekday == on.weekday()
        and phase.valid_from <= on
        and (phase.valid_to is None or on < phase.valid_to)
    ]


def building_id_of(person: Person, on: date) -> int | None:
    """The building where a person works on a day: that of the post, else of its unit."""
    post = Assignment.objects.filter(known_on(on), person=person, kind=Assignment.Kind.DEFINITIVE).first()
    if post is None or post.building_id:
        return post.building_id if post else None
    return UnitDecision.objects.filter(known_on(on), unit=post.unit_id).values_list("building_id", flat=True).first()


def phase_on(building_id: int | None, on: date) -> RolloutPhase | None:
    """The phase of a building that holds on a day's weekday."""
    return RolloutPhase.objects.filter(known_on(on), building=building_id, weekday=on.weekday()).first()


def at_home_in(unit: Unit, on: date) -> set[int]:
    """People of a unit with an approved day at home."""
    members = Assignment.objects.filter(known_on(on), unit=unit, kind=Assignment.Kind.DEFINITIVE).values("person_id")
    return set(HomeDay.objects.filter(on=on, state="approved", person__in=members).values_list("person_id", flat=True))


def answers_on(government: Government, on: date, person_ids: Collection[int]) -> dict[int, Eligibility]:
    """The rules' answers for some people on a day, absences included."""
    away = away_on_days(government, [on], person_ids).get(on, {})
    return eligibility_many(government, on, person_ids, away=away)


def candidates_on(government: Government, charge: Charge, on: date) -> list[Candidate]:
    """The people of a charge on a day, by name."""
    answers = answers_on(government, on, charge.person_ids)
    at_home = at_home_in(charge.unit, on)
    found = []
    for person in Person.objects.filter(pk__in=charge.person_ids).order_by("name", "pk"):
        codes = {reason.code for reason in answers[person.pk].reasons}
        free = codes <= TO_ASSIGN
        why = "" if free else next(r.message for r in answers[person.pk].reasons if r.code not in TO_ASSIGN)
        found.append(Candidate(person, person.pk in at_home, free, why))
    return found


def waiting_requests(charges: Collection[Charge], today: date) -> list[HomeDay]:
    """Requests of days to come on which one decides, the nearest first."""
    ids = {person_id for charge in charges for person_id in charge.person_ids}
    rows = HomeDay.objects.filter(person__in=ids, state="requested", on__gt=today).select_related("person")
    return list(rows.order_by("on", "person__name")[:200])


def home_days_of(person: Person, today: date) -> dict[date, HomeDay]:
    """One's own chosen and requested days from today on."""
    return {row.on: row for row in HomeDay.objects.filter(person=person, on__gte=today)}
