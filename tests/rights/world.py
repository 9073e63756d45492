"""Two governments with the same cast, to try each right on own and on foreign objects."""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from accounts.models import User
from roster.models import Assignment, Building, Government, Grant, Level, Number, Person, Role, Unit, UnitDecision

SINCE = date(2025, 1, 1)
# Who acts: an account name -> its grant (None: only a person of the roster) and whether it stands in the unit.
CAST = {
    "employee": None,
    "peer": None,
    "head": None,
    "supervisor": Role.SUPERVISOR,
    "unit_hr": Role.UNIT_HR,
    "hr": Role.HR,
    "hr2": Role.HR,
    "finance": Role.FINANCE,
    "administrator": Role.ADMINISTRATOR,
    "leadership": Role.LEADERSHIP,
    "auditor": Role.AUDITOR,
}
IN_UNIT = (Role.SUPERVISOR, Role.UNIT_HR)


@dataclass
class Side:
    """One government with its cast; `objects` holds what addresses name, by a word."""

    government: Government
    unit: Unit
    other_unit: Unit
    building: Building
    users: dict[str, User] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    objects: dict[str, object] = field(default_factory=dict)


@dataclass
class World:
    """The side on which everybody acts, and the foreign one."""

    home: Side
    abroad: Side


def _unit(government: Government, code: str, building: Building, head: Person | None = None) -> Unit:
    unit = Unit.objects.create(government=government, code=code, name=f"Unit {code}")
    UnitDecision.objects.create(
        unit=unit, building=building, head=head, service_kind="administrative", valid_from=SINCE,
        recorded_at=timezone.now(), decree="SK Uji 1/2025",
    )  # fmt: skip
    return unit


def _person(government: Government, unit: Unit, number: str, user: User) -> Person:
    person = Person.objects.create(government=government, name=user.full_name, user=user)
    Number.objects.create(government=government, person=person, number=number)
    Assignment.objects.create(
        person=person, unit=unit, level=Level.PELAKSANA, valid_from=SINCE, recorded_at=timezone.now()
    )
    return person


def build_side(code: str, prefix: str) -> Side:
    """A government with two units: everybody of the cast in the first, and one stranger in the second."""
    government, _ = Government.objects.get_or_create(code=code, defaults={"name": f"Pemerintah {code.title()}"})
    government.go_live_on = SINCE
    government.save()
    building = Building.objects.create(government=government, code=f"G-{code}", name="Gedung Satu")
    side = Side(government, _unit(government, "U1", building), _unit(government, "U2", building), building)
    for position, (name, role) in enumerate(CAST.items()):
        user = User.objects.create_user(f"{prefix}-{name}", "kereta-malam-ke-garut", full_name=f"{prefix} {name}")
        side.users[name] = user
        side.people[name] = _person(government, side.unit, f"1990010120201210{position:02}", user)
        if role:
            unit = side.unit if role in IN_UNIT else None
            Grant.objects.create(user=user, government=government, role=role, unit=unit, valid_from=SINCE)
    UnitDecision.objects.filter(unit=side.unit).update(head=side.people["head"])
    stranger = User.objects.create_user(f"{prefix}-stranger", "kereta-malam-ke-garut", full_name=f"{prefix} stranger")
    side.users["stranger"] = stranger
    side.people["stranger"] = _person(government, side.other_unit, "199001012020121099", stranger)
    return side


def build_world() -> World:
    """Two governments side by side."""
    return World(build_side("contoh", "sini"), build_side("jambi", "sana"))
