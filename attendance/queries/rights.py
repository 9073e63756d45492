"""Who may decide on somebody's attendance, and who is next to do so."""

from collections.abc import Collection
from datetime import date
from typing import Any

from roster.models import Assignment, Government, Person, Role, UnitDecision
from roster.queries import known_on, superior_of, visible_to
from roster.rights import roles_of


def may_decide(user: Any, person: Person, on: date, due_on: date | None = None) -> bool:
    """The superior, or HR that sees the person; once `due_on` is over also the superior's superior; never the person.

    Of a person of another government nobody is superior or HR.
    """
    if person.user_id == user.pk:
        return False
    superior = superior_of(person, on)
    if superior is not None and due_on is not None and due_on < on and superior.user_id != user.pk:
        superior = superior_of(superior, on)
    if superior is not None and superior.pk != person.pk and superior.user_id == user.pk:
        return True
    is_hr = bool({Role.UNIT_HR, Role.HR} & roles_of(user, on))
    return is_hr and visible_to(user, on).filter(pk=person.pk).exists()


def superiors_of(government: Government, person_ids: Collection[int], on: date) -> dict[int, list[int]]:
    """Person id -> ids of the superior and of the superior's superior, as far as they are known; two statements."""
    posts = Assignment.objects.filter(known_on(on), person_id__in=person_ids, kind=Assignment.Kind.DEFINITIVE)
    unit_of = dict(posts.values_list("person_id", "unit_id"))
    decisions = UnitDecision.objects.filter(known_on(on), unit__government=government)
    units = {unit_id: rest for unit_id, *rest in decisions.values_list("unit_id", "parent_id", "head_id")}
    found: dict[int, list[int]] = {}
    for person_id in person_ids:
        unit_id, chain, seen = unit_of.get(person_id), [], set()
        while unit_id in units and unit_id not in seen and len(chain) < 2:
            seen.add(unit_id)
            unit_id, head = units[unit_id]
            if head and head != person_id and head not in chain:
                chain.append(head)
        found[person_id] = chain
    return found
