"""The facts of one building's people on several days, read once, so that phases can be tried on them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.db.models import OuterRef, Q, Subquery

from roster.calendar import CalendarDay
from roster.eligibility import DayFacts, holds_on, known_at, read_policy
from roster.hooks import away_on_days
from roster.models import (
    Assignment,
    Building,
    DisciplineCase,
    HomeDay,
    PersonStatus,
    PhaseException,
    RolloutPhase,
    UnitDecision,
)


def holds(row: RolloutPhase | PhaseException, on: date) -> bool:
    """Whether a known row holds on a day."""
    return row.valid_from <= on and (row.valid_to is None or on < row.valid_to)


def example_days(
    calendar: Mapping[date, CalendarDay], weekdays: Collection[int], start_on: date, end_on: date | None
) -> dict[int, date]:
    """Weekday -> the first day that is no holiday, in the order of the week."""
    found: dict[int, date] = {}
    for on in sorted(calendar):
        if on < start_on or (end_on is not None and on >= end_on) or on.weekday() not in weekdays:
            continue
        if calendar[on].holiday is None:
            found.setdefault(on.weekday(), on)
    return dict(sorted(found.items()))


def facts_of_building(
    building: Building,
    days: Sequence[CalendarDay],
    exceptions: Sequence[PhaseException],
    phases: Iterable[RolloutPhase],
) -> dict[date, DayFacts]:
    """The facts of everybody in the building on each day, as `roster.eligibility` reads them; five SQL statements.

    `phases`: those that will be tried; where each lets everybody go, chosen days are not read.
    """
    government, on = building.government, min(day.on for day in days)
    holding = known_at(None) & holds_on(on)
    base = DayFacts(on=on, day=days[0], away={})
    members = _read_people(base, building, holding)
    read_policy(base, government)
    dates = [day.on for day in days]
    chosen = any(row.mode != RolloutPhase.Mode.ALL for row in phases)
    home = _at_home(dates, members) if chosen else {on: set() for on in dates}
    away = away_on_days(government, dates, base.person_ids)
    return {
        day.on: replace(
            base,
            on=day.on,
            day=day,
            away=away.get(day.on, {}),
            at_home=home[day.on],
            unit_at_home=dict(Counter(members[pk] for pk in home[day.on])),
            exceptions=[_exception_row(row) for row in exceptions if holds(row, day.on)],
        )
        for day in days
    }


def _read_people(facts: DayFacts, building: Building, holding: Q) -> dict[int, int]:
    """Units, posts, statuses and cases into `facts`; gives person -> unit of everybody in the building's units."""
    units = UnitDecision.objects.filter(holding, unit__government=building.government)
    for row in units.values("unit_id", "parent_id", "building_id", "service_kind", "calendar", "decree"):
        facts.units[row["unit_id"]] = row
    here = Assignment.objects.filter(holding, kind=Assignment.Kind.DEFINITIVE, person__government=building.government)
    in_building = {pk for pk, row in facts.units.items() if row["building_id"] == building.pk}
    posts = here.filter(Q(unit__in=in_building) | Q(unit__in=here.filter(building=building).values("unit")))
    cases = DisciplineCase.objects.filter(holding, person=OuterRef("person")).order_by("pk").values("decree")
    columns = ("person_id", "unit_id", "building_id", "level", "unit__name", "case_decree")
    members = {}
    for row in posts.annotate(case_decree=Subquery(cases[:1])).values(*columns):
        members[row["person_id"]] = row["unit_id"]
        unit = facts.units.get(row["unit_id"])
        if (row["building_id"] or (unit["building_id"] if unit else None)) == building.pk:
            facts.posts[row["person_id"]] = row
    facts.person_ids = sorted(facts.posts)
    facts.unit_people = dict(Counter(members.values()))
    statuses = PersonStatus.objects.filter(known_at(None), person_id__in=facts.person_ids)
    for row in statuses.values("person_id", "valid_from", "valid_to", "is_active", "standing", "decree"):
        facts.statuses.setdefault(row["person_id"], []).append(row)
    facts.cases = {pk: row["case_decree"] for pk, row in facts.posts.items() if row["case_decree"] is not None}
    return members


def _at_home(dates: Sequence[date], members: Mapping[int, int]) -> dict[date, set[int]]:
    home: dict[date, set[int]] = {on: set() for on in dates}
    rows = HomeDay.objects.filter(on__in=dates, state="approved", person_id__in=list(members))
    for person_id, on in rows.values_list("person_id", "on"):
        home[on].add(person_id)
    return home


def _exception_row(row: PhaseException) -> dict:
    names = ("pk", "building_id", "unit_id", "opens", "valid_from", "decree")
    return {name: getattr(row, name) for name in names}
