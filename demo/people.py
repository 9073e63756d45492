"""The roster of the demonstration province: buildings, units with heads, people, phases."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

from demo.rows import copy_models
from demo.words import FAMILY, GIVEN, HEAD, HEAD_OF_PART, PHASES, POSITIONS, RANKS, UNITS
from roster.models import (
    Assignment,
    Building,
    Government,
    Number,
    Person,
    PersonStatus,
    Position,
    PositionClass,
    RolloutPhase,
    Unit,
    UnitDecision,
)

BUILDINGS = Path(__file__).parent / "data" / "buildings.csv"
SINCE = date(2025, 1, 1)
DECREE = "SK Contoh 1/2025"
PEOPLE_A_UNIT = 50
MOST_PEOPLE_WITHOUT_PARTS = 2_500
Post = tuple[str, int, str]


@dataclass(frozen=True)
class Province:
    """What was seeded: people in the order of their numbers, and who works in which unit."""

    people: list[Person]
    units: list[Unit]
    unit_of: dict[int, int]

    @property
    def person_ids(self) -> list[int]:
        """Ids in the order of the people."""
        return [person.pk for person in self.people]


@dataclass(frozen=True)
class Place:
    """A unit before it is written: its code and name, the top unit that it is or stands under, its head's post."""

    code: str
    name: str
    top: int
    head: Post


def seed_people(government: Government, count: int, random: Random, at: datetime) -> None:
    """Write `count` invented people with their posts; the first of every unit heads it."""
    known = {"valid_from": SINCE, "recorded_at": at, "decree": DECREE}
    places = _places(count)
    units = copy_models(Unit(government=government, code=place.code, name=place.name) for place in places)
    posts = list(dict.fromkeys([HEAD, *(place.head for place in places), *POSITIONS]))
    positions = copy_models(Position(government=government, name=name) for name, _, _ in posts)
    copy_models(
        PositionClass(position=position, job_class=job_class, **known)
        for position, (_, job_class, _) in zip(positions, posts, strict=True)
    )
    people = copy_models(
        Person(government=government, sex=random.choice("MF"), name=f"{random.choice(GIVEN)} {random.choice(FAMILY)}",
               birth_on=date(random.randint(1968, 2000), random.randint(1, 12), random.randint(1, 28)),
               bank_name="Bank Contoh", bank_account=f"0099{i:08}")
        for i in range(count)
    )  # fmt: skip
    copy_models(
        Number(government=government, person=person, number=number)
        for person, number in zip(people, _numbers(people, random), strict=True)
    )
    copy_models(
        PersonStatus(
            person=p, standing="Aktif", employment="pns", employment_name="PNS", rank=random.choice(RANKS), **known
        )
        for p in people
    )
    held = [place.head for place in places] + [random.choice(POSITIONS) for _ in range(count - len(places))]
    position_of = dict(zip(posts, positions, strict=True))
    copy_models(
        Assignment(person=person, unit=units[i % len(units)], position=position_of[post],
                   level=post[2] if i else "jpt_madya", **known)
        for i, (person, post) in enumerate(zip(people, held, strict=True))
    )  # fmt: skip
    _decide_units(government, units, places, people, known)


def province_of(government: Government) -> Province:
    """The province that stands, as its load left it."""
    posts = Assignment.objects.filter(person__government=government).values_list("person_id", "unit_id")
    return Province(
        list(Person.objects.filter(government=government).order_by("pk")),
        list(Unit.objects.filter(government=government).order_by("pk")),
        dict(posts),
    )


def _places(count: int) -> list[Place]:
    """The top units, and where there are many people as many units under them as give teams of the usual size."""
    tops = [Place(f"D{i:02}", name, i - 1, HEAD) for i, (name, _, _) in enumerate(UNITS, 1)]
    if count <= MOST_PEOPLE_WITHOUT_PARTS:
        return tops
    parts = (divmod(i, len(tops)) for i in range(count // PEOPLE_A_UNIT - len(tops)))
    return tops + [
        Place(f"D{top + 1:02}.{number + 1:03}", f"Subbagian {number + 1} {tops[top].name}", top, HEAD_OF_PART)
        for number, top in parts
    ]


def _decide_units(
    government: Government, units: list[Unit], places: list[Place], people: list[Person], known: dict[str, Any]
) -> None:
    """Parent, building and head of every unit, and the phases of the buildings."""
    buildings = _buildings(government)
    decisions = []
    for i, (unit, place) in enumerate(zip(units, places, strict=True)):
        _, code, kind = UNITS[place.top]
        parent = None if i == 0 else units[place.top] if i >= len(UNITS) else units[0]
        decisions.append(
            UnitDecision(unit=unit, parent=parent, building=buildings[code], service_kind=kind, calendar="five_day",
                         head=people[i], **known)
        )  # fmt: skip
    copy_models(decisions)
    copy_models(
        RolloutPhase(building=buildings[code], valid_from=date(*day), weekday=weekday, max_share_bp=share, mode=mode,
                     recorded_at=known["recorded_at"], decree="SE Contoh 18/2025")
        for code, day, weekday, share, mode in PHASES
    )  # fmt: skip


def _buildings(government: Government) -> dict[str, Building]:
    with BUILDINGS.open(encoding="utf-8", newline="") as file:
        rows = [
            Building(government=government, code=row["code"], name=row["name"], address=row["address"],
                     city=row["city"], latitude=row["latitude"] or None, longitude=row["longitude"] or None,
                     radius_m=row["radius_m"] or None, networks=row["networks"])
            for row in csv.DictReader(file)
        ]  # fmt: skip
    return {building.code: building for building in copy_models(rows)}


def _numbers(people: list[Person], random: Random) -> Iterator[str]:
    """Each person's NIP; among many people some share all but the serial, and the later one takes the next."""
    taken: set[str] = set()
    for index, person in enumerate(people, 1):
        number = _number(person, index, random)
        while number in taken:
            number = f"{number[:15]}{(int(number[15:]) + 1) % 1000:03}"
        taken.add(number)
        yield number


def _number(person: Person, index: int, random: Random) -> str:
    appointed = max(person.birth_on.year + 22, 1995)
    sex = "1" if person.sex == "M" else "2"
    return f"{person.birth_on:%Y%m%d}{appointed}{random.randint(1, 12):02}{sex}{index % 1000:03}"
