"""The roster of the demonstration province: buildings, units with heads, people, phases."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random

from demo.words import FAMILY, GIVEN, HEAD, PHASES, POSITIONS, RANKS, UNITS
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


@dataclass(frozen=True)
class Province:
    """What was seeded: people in the order of their numbers, and who works in which unit."""

    people: list[Person]
    units: list[Unit]
    unit_of: dict[int, Unit]


def seed_people(government: Government, count: int, random: Random, at: datetime) -> Province:
    """Write `count` invented people with their posts; the first of every unit heads it."""
    buildings = _buildings(government)
    known = {"valid_from": SINCE, "recorded_at": at, "decree": DECREE}
    units = Unit.objects.bulk_create(
        Unit(government=government, code=f"D{i:02}", name=name) for i, (name, _, _) in enumerate(UNITS, 1)
    )
    positions = Position.objects.bulk_create(
        Position(government=government, name=name) for name, _, _ in (HEAD, *POSITIONS)
    )
    PositionClass.objects.bulk_create(
        PositionClass(position=position, job_class=job_class, **known)
        for position, (_, job_class, _) in zip(positions, (HEAD, *POSITIONS), strict=True)
    )
    people = Person.objects.bulk_create(
        Person(government=government, sex=random.choice("MF"), name=f"{random.choice(GIVEN)} {random.choice(FAMILY)}",
               birth_on=date(random.randint(1968, 2000), random.randint(1, 12), random.randint(1, 28)),
               bank_name="Bank Contoh", bank_account=f"0099{i:08}")
        for i in range(count)
    )  # fmt: skip
    unit_of = {person.pk: units[i % len(units)] for i, person in enumerate(people)}
    Number.objects.bulk_create(
        Number(government=government, person=person, number=number)
        for person, number in zip(people, _numbers(people, random), strict=True)
    )
    PersonStatus.objects.bulk_create(
        PersonStatus(
            person=p, standing="Aktif", employment="pns", employment_name="PNS", rank=random.choice(RANKS), **known
        )
        for p in people
    )
    Assignment.objects.bulk_create(_posts(people, unit_of, positions, random, known, len(units)), batch_size=2000)
    UnitDecision.objects.bulk_create(
        UnitDecision(unit=unit, parent=units[0] if i else None, building=buildings[code], service_kind=kind,
                     calendar="five_day", head=people[i], **known)
        for i, (unit, (_, code, kind)) in enumerate(zip(units, UNITS, strict=True))
    )  # fmt: skip
    RolloutPhase.objects.bulk_create(
        RolloutPhase(building=buildings[code], valid_from=date(*day), weekday=weekday, max_share_bp=share, mode=mode,
                     recorded_at=at, decree="SE Contoh 18/2025")
        for code, day, weekday, share, mode in PHASES
    )  # fmt: skip
    return Province(people, units, unit_of)


def _buildings(government: Government) -> dict[str, Building]:
    with BUILDINGS.open(encoding="utf-8", newline="") as file:
        rows = [
            Building(government=government, code=row["code"], name=row["name"], address=row["address"],
                     city=row["city"], latitude=row["latitude"] or None, longitude=row["longitude"] or None,
                     radius_m=row["radius_m"] or None, networks=row["networks"])
            for row in csv.DictReader(file)
        ]  # fmt: skip
    return {building.code: building for building in Building.objects.bulk_create(rows)}


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


def _posts(people, unit_of, positions, random, known, heads) -> list[Assignment]:
    posts = []
    for i, person in enumerate(people):
        choice = 0 if i < heads else random.randint(1, len(POSITIONS))
        level = (HEAD, *POSITIONS)[choice][2] if i else "jpt_madya"
        posts.append(
            Assignment(person=person, unit=unit_of[person.pk], position=positions[choice], level=level, **known)
        )
    return posts
