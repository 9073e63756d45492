"""Who may decide on somebody's attendance."""

from datetime import date
from typing import Any

from roster.models import Person, Role
from roster.queries import superior_of, visible_to
from roster.rights import roles_of


def may_decide(user: Any, person: Person, on: date) -> bool:
    """The superior, or HR that sees the person; never the person."""
    if person.user_id == user.pk:
        return False
    superior = superior_of(person, on)
    if superior is not None and superior.user_id == user.pk:
        return True
    is_hr = bool({Role.UNIT_HR, Role.HR} & roles_of(user, on))
    return is_hr and visible_to(user, on).filter(pk=person.pk).exists()
