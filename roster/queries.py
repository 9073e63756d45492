"""Reads of the roster. Every list of people starts from `visible_to`."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q, QuerySet

from core.prepared import Prepared
from core.rows import columns, instance, width
from roster.models import Assignment, Building, Government, Person, Role, Unit, UnitDecision
from roster.rights import Standing, standing_of

WHOLE_GOVERNMENT = frozenset({Role.HR, Role.FINANCE, Role.ADMINISTRATOR, Role.LEADERSHIP, Role.AUDITOR})


def known_on(on: date, prefix: str = "") -> Q:
    """Condition for decisions that are known now and hold on `on`."""
    p = f"{prefix}__" if prefix else ""
    return Q(**{f"{p}superseded_at__isnull": True, f"{p}valid_from__lte": on}) & (
        Q(**{f"{p}valid_to__isnull": True}) | Q(**{f"{p}valid_to__gt": on})
    )


def unit_children(government: Government, on: date) -> dict[int, list[int]]:
    """Unit id -> ids of its direct children on `on`."""
    children: dict[int, list[int]] = {}
    rows = UnitDecision.objects.filter(known_on(on), unit__government=government, parent__isnull=False)
    for unit_id, parent_id in rows.values_list("unit_id", "parent_id"):
        children.setdefault(parent_id, []).append(unit_id)
    return children


def subtree(government: Government, root_ids: set[int], on: date) -> set[int]:
    """The units below `root_ids`, the roots included."""
    children, found, todo = unit_children(government, on), set(root_ids), list(root_ids)
    while todo:
        for child in children.get(todo.pop(), []):
            if child not in found:
                found.add(child)
                todo.append(child)
    return found


def is_head(person: Person, on: date) -> bool:
    """Whether `person` heads a unit on `on`, with or without a supervisor's grant."""
    return UnitDecision.objects.filter(known_on(on), head=person).exists()


def _units_of(standing: Standing, on: date) -> QuerySet[Unit]:
    if standing.government is None:
        return Unit.objects.none()
    units = Unit.objects.filter(government=standing.government)
    if any(grant.unit_id is None and grant.role in WHOLE_GOVERNMENT for grant in standing.grants):
        return units
    roots = {grant.unit_id for grant in standing.grants if grant.unit_id}
    roots |= standing.headed
    return units.filter(pk__in=subtree(standing.government, roots, on) if roots else roots)


def visible_to(user: AbstractBaseUser, on: date) -> QuerySet[Person]:
    """People whom `user` may see on `on`: themselves, and those of the visible units. Never another government's."""
    standing = standing_of(user, on)
    if standing.government is None:
        return Person.objects.none()
    assigned = Assignment.objects.filter(known_on(on), unit__in=_units_of(standing, on)).values("person_id")
    return Person.objects.filter(Q(user=user) | Q(pk__in=assigned), government=standing.government)


@dataclass(frozen=True)
class Post:
    """A person's definitive assignment on a date, with what its unit is then."""

    unit: Unit
    decision: UnitDecision | None
    position_name: str
    level: str


def post_of(person: Person, on: date) -> Post | None:
    """The definitive post of `person` on `on`; None without one."""
    rows = POST.rows({"person": person.pk, "on": on})
    if not rows:
        return None
    position_name, level, *row = rows[0]
    found: list[Any] = []
    for model in (Unit, UnitDecision, Building, Person):
        found.append(instance(model, row))
        row = row[width(model) :]
    unit, decision, building, head = found
    if decision:
        decision.unit, decision.building, decision.head = unit, building, head
    return Post(unit, decision, position_name or "", level)


def _post_statement() -> str:
    """Every page of an employee names the post, so it is read by a plain statement."""
    return f"""
SELECT position.name, post.level, {columns(Unit, "unit")}, {columns(UnitDecision, "decision")},
       {columns(Building, "building")}, {columns(Person, "head")}
FROM roster_assignment AS post
JOIN roster_unit AS unit ON unit.id = post.unit_id
LEFT JOIN roster_position AS position ON position.id = post.position_id
LEFT JOIN roster_unitdecision AS decision
       ON decision.unit_id = post.unit_id AND decision.superseded_at IS NULL AND decision.valid_from <= %(on)s
      AND (decision.valid_to IS NULL OR decision.valid_to > %(on)s)
LEFT JOIN roster_building AS building ON building.id = decision.building_id
LEFT JOIN roster_person AS head ON head.id = decision.head_id
WHERE post.person_id = %(person)s AND post.kind = 'definitive' AND post.superseded_at IS NULL
  AND post.valid_from <= %(on)s AND (post.valid_to IS NULL OR post.valid_to > %(on)s)
ORDER BY post.id, decision.id
LIMIT 1
"""


POST = Prepared("post", {"person": "bigint", "on": "date"}, _post_statement, reads=True)


def superior_of(person: Person, on: date) -> Person | None:
    """The head of the person's unit; for the head, the head of the next unit above that has another one."""
    post = post_of(person, on)
    decision, seen = (post.decision if post else None), set()
    while decision and decision.unit_id not in seen:
        seen.add(decision.unit_id)
        if decision.head_id and decision.head_id != person.pk:
            return decision.head
        decision = (
            UnitDecision.objects.filter(known_on(on), unit_id=decision.parent_id).select_related("head").first()
            if decision.parent_id
            else None
        )
    return None
