"""Each constraint of the roster's tables has an attempt that it refuses; one without an attempt fails here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from accounts.models import User
from roster.models import (
    Assignment,
    Building,
    DisciplineCase,
    Government,
    Grant,
    Holiday,
    HomeDay,
    Number,
    Person,
    PersonStatus,
    PhaseException,
    Position,
    PositionClass,
    RolloutPhase,
    Unit,
    UnitDecision,
    Upload,
    UploadFinding,
    UploadPart,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 5, 1, tzinfo=UTC)
ON = date(2026, 1, 5)
NEXT = ON + timedelta(days=1)
SINCE = {"valid_from": ON, "recorded_at": AT}


class World:
    """One of everything that decisions are about."""

    def __init__(self) -> None:
        self.government = Government.objects.create(code="uji", name="Provinsi Uji")
        self.user = User.objects.create_user("uji-batas", "sandi-uji-yang-panjang")
        self.person = Person.objects.create(government=self.government, name="Dimas", user=self.user)
        self.building = Building.objects.create(government=self.government, code="G1", name="Gedung")
        self.unit = Unit.objects.create(government=self.government, code="U1", name="Unit")
        self.position = Position.objects.create(government=self.government, name="Analis")
        self.upload = Upload.objects.create(
            government=self.government, user=self.user, kind="roster", file_name="a.csv", sha256="0" * 64, as_at_on=ON,
            created_at=AT, previewed_at=AT,
        )  # fmt: skip

    def status(self, **changes: object) -> PersonStatus:
        return PersonStatus.objects.create(**{"person": self.person, **SINCE, **changes})

    def post(self, **changes: object) -> Assignment:
        values = {"person": self.person, "unit": self.unit, "level": "pelaksana", **SINCE, **changes}
        return Assignment.objects.create(**values)

    def decision(self, **changes: object) -> UnitDecision:
        values = {"unit": self.unit, "service_kind": "administrative", "calendar": "five_day", **SINCE, **changes}
        return UnitDecision.objects.create(**values)

    def job_class(self, **changes: object) -> PositionClass:
        return PositionClass.objects.create(**{"position": self.position, "job_class": 7, **SINCE, **changes})

    def phase(self, **changes: object) -> RolloutPhase:
        values = {"building": self.building, "weekday": 3, "max_share_bp": 10_000, "mode": "all", **SINCE, **changes}
        return RolloutPhase.objects.create(**values)

    def grant(self, **changes: object) -> Grant:
        values = {"government": self.government, "user": self.user, "role": "hr", "valid_from": ON, **changes}
        return Grant.objects.create(**values)

    def part(self, position: int = 0) -> UploadPart:
        return UploadPart.objects.create(upload=self.upload, role="file", position=position, content=b"x")

    def finding(self, row: int) -> UploadFinding:
        values = {"level": "errors", "column": "NAMA", "code": "missing", "value": "", "message": "-"}
        return UploadFinding.objects.create(upload=self.upload, row=row, **values)


@pytest.fixture
def world() -> World:
    return World()


@contextmanager
def refused_by(name: str) -> Iterator[None]:
    """What is inside must be refused by the constraint of that name, and by no other."""
    with pytest.raises((IntegrityError, DataError), match=f'"{name}"'), transaction.atomic():
        yield


Make = Callable[[World], object]
# Constraint -> how to make the row that may stand once only.
ONCE: dict[str, Make] = {
    "roster_government_code_key": lambda w: Government.objects.create(code="satu", name="Satu"),
    "number_unique_in_government": lambda w: Number.objects.create(
        government=w.government, person=w.person, number="198803132018031001"
    ),
    "building_code_unique": lambda w: Building.objects.create(government=w.government, code="G2", name="Dua"),
    "unit_code_unique": lambda w: Unit.objects.create(government=w.government, code="U2", name="Dua"),
    "position_name_unique": lambda w: Position.objects.create(government=w.government, name="Bendahara"),
    "holiday_one_per_day_kind": lambda w: Holiday.objects.create(
        government=w.government, on=ON, name="Hari jadi", decree="-"
    ),
    "homeday_one_per_person_day": lambda w: HomeDay.objects.create(person=w.person, on=ON, recorded_at=AT),
    "uploadpart_once": lambda w: w.part(),
    "personstatus_no_overlap": lambda w: w.status(),
    "assignment_definitive_no_overlap": lambda w: w.post(),
    "unitdecision_no_overlap": lambda w: w.decision(),
    "positionclass_no_overlap": lambda w: w.job_class(),
    "rolloutphase_no_overlap": lambda w: w.phase(),
}
# Constraint -> a row that may never stand.
NEVER: dict[str, Make] = {
    "roster_person_user_id_key": lambda w: Person.objects.create(government=w.government, name="Lain", user=w.user),
    "personstatus_ends_after_start": lambda w: w.status(valid_to=ON),
    "assignment_ends_after_start": lambda w: w.post(valid_to=ON),
    "unitdecision_ends_after_start": lambda w: w.decision(valid_to=ON),
    "positionclass_ends_after_start": lambda w: w.job_class(valid_to=ON),
    "rolloutphase_ends_after_start": lambda w: w.phase(valid_to=ON),
    "grant_ends_after_start": lambda w: w.grant(valid_to=ON),
    "phaseexception_ends_after_start": lambda w: PhaseException.objects.create(
        government=w.government, opens=True, valid_to=ON, **SINCE
    ),
    "disciplinecase_ends_after_start": lambda w: DisciplineCase.objects.create(person=w.person, valid_to=ON, **SINCE),
    "unitdecision_service_known": lambda w: w.decision(service_kind="other"),
    "unitdecision_calendar_known": lambda w: w.decision(calendar="four_day"),
    "positionclass_1_to_17": lambda w: w.job_class(job_class=18),
    "rolloutphase_weekday_0_to_6": lambda w: w.phase(weekday=7),
    "rolloutphase_share_at_most_all": lambda w: w.phase(max_share_bp=10_001),
    "roster_building_radius_m_check": lambda w: Building.objects.create(
        government=w.government, code="G3", name="Tiga", radius_m=-1
    ),
    "roster_positionclass_job_class_check": lambda w: w.job_class(job_class=-1),
    "roster_rolloutphase_weekday_check": lambda w: w.phase(weekday=-1),
    "roster_rolloutphase_max_share_bp_check": lambda w: w.phase(max_share_bp=-1),
    "roster_uploadpart_position_check": lambda w: w.part(-1),
    "roster_uploadfinding_row_check": lambda w: w.finding(-1),
}
# The row breaks two constraints; which one PostgreSQL names first is its own affair (by name).
NAMED_INSTEAD = {"roster_positionclass_job_class_check": "positionclass_1_to_17"}


@pytest.mark.parametrize("name", ONCE)
def test_the_second_of_a_kind_is_refused(world: World, name: str) -> None:
    ONCE[name](world)
    with refused_by(name):
        ONCE[name](world)


@pytest.mark.parametrize("name", NEVER)
def test_a_row_that_cannot_be_true_is_refused(world: World, name: str) -> None:
    with refused_by(NAMED_INSTEAD.get(name, name)):
        NEVER[name](world)


def test_no_constraint_is_without_its_attempt() -> None:
    statement = """
        SELECT conname FROM pg_constraint
        WHERE conrelid::regclass::text LIKE 'roster\\_%' AND contype IN ('c', 'u', 'x')
    """
    with connection.cursor() as cursor:
        cursor.execute(statement)
        there = {row[0] for row in cursor.fetchall()}
    assert there == ONCE.keys() | NEVER.keys()


DATED: dict[str, Callable[..., object]] = {
    "status": World.status,
    "post": World.post,
    "decision": World.decision,
    "job_class": World.job_class,
    "phase": World.phase,
}


@pytest.mark.parametrize("kind", DATED)
def test_neighbours_and_superseded_rows_may_stand(world: World, kind: str) -> None:
    make = DATED[kind]
    make(world, valid_to=NEXT)
    make(world, valid_from=NEXT)
    make(world, superseded_at=AT)
    make(world, superseded_at=AT)


@pytest.mark.parametrize("kind", DATED)
def test_one_shared_day_is_too_many(world: World, kind: str) -> None:
    make = DATED[kind]
    make(world, valid_to=NEXT)
    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        make(world, valid_from=ON - timedelta(days=5), valid_to=NEXT)


def test_an_acting_post_may_stand_beside_the_definitive_one(world: World) -> None:
    world.post()
    world.post(kind="plt")
    world.post(kind="plh")


def test_the_same_codes_may_stand_in_another_government(world: World) -> None:
    other = Government.objects.create(code="lain", name="Lain")
    Building.objects.create(government=other, code="G1", name="Gedung")
    Unit.objects.create(government=other, code="U1", name="Unit")
    Position.objects.create(government=other, name="Analis")


def test_the_weekdays_of_a_building_are_apart(world: World) -> None:
    world.phase(weekday=3)
    world.phase(weekday=4)


def test_what_a_decision_stands_on_is_not_deleted(world: World) -> None:
    world.post()
    world.decision(building=world.building)
    for row in (world.unit, world.building):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.delete()
