"""Two workers on one day: on other people neither waits for the other; on one person the second waits, then reads."""

from datetime import UTC, date, datetime

import psycopg2
import pytest
from django.db import OperationalError, connection

from attendance.models import DayPlan, DayRecord
from attendance.operations import close_day
from roster.models import Assignment, Government, Person, PersonStatus, Unit, UnitDecision

DAY = date(2026, 11, 19)
AT = datetime(2026, 11, 19, 17, 30, tzinfo=UTC)
EARLY = datetime(2026, 1, 1, tzinfo=UTC)


def make_government(code):
    government, _ = Government.objects.update_or_create(code=code, defaults={"name": code, "go_live_on": DAY})
    return government


@pytest.fixture
def people(transactional_db):
    government = make_government("contoh")
    unit = Unit.objects.create(government=government, code="u1", name="Bagian Uji")
    UnitDecision.objects.create(unit=unit, service_kind="administrative", valid_from="2025-01-01", recorded_at=EARLY)
    made = []
    for name in ("Wulan", "Rudi", "Sari"):
        person = Person.objects.create(government=government, name=name)
        PersonStatus.objects.create(person=person, valid_from="2025-01-01", recorded_at=EARLY)
        Assignment.objects.create(
            person=person, unit=unit, level="pelaksana", valid_from="2025-01-01", recorded_at=EARLY
        )
        DayPlan.objects.create(person=person, work_date=DAY, place="office", planned_at=EARLY)
        made.append(person)
    return made


@pytest.fixture
def other_worker():
    settings = connection.settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    found = psycopg2.connect(**{name: settings[key] or None for name, key in names.items()})
    yield found
    found.close()


def closed():
    return set(DayRecord.objects.filter(work_date=DAY).values_list("person_id", flat=True))


def test_a_worker_waits_for_its_own_people_only(people, other_worker):
    first, second, third = (person.pk for person in people)
    government = people[0].government
    with other_worker.cursor() as cursor:
        # As closing begins: the plan of the person is held until the other transaction ends.
        cursor.execute(
            "SELECT FROM attendance_dayplan WHERE person_id = %s AND work_date = %s FOR NO KEY UPDATE", [first, DAY]
        )
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300ms'")
    try:
        assert close_day(government, DAY, AT, [second, third]).written == 2
        with pytest.raises(OperationalError, match="lock timeout"):
            close_day(government, DAY, AT, [second, first])
        assert closed() == {second, third}
        other_worker.rollback()
        assert close_day(government, DAY, AT, [second, first]).written == 2
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
    assert closed() == {first, second, third}


def test_people_of_another_government_are_left_alone(people):
    stranger = Person.objects.create(government=make_government("jabar"), name="Asep")
    DayPlan.objects.create(person=stranger, work_date=DAY, place="office", planned_at=EARLY)
    DayRecord.objects.create(person=stranger, work_date=DAY, computed_at=EARLY, expected_place="office", place="office")
    found = close_day(people[0].government, DAY, AT, [people[0].pk, stranger.pk])
    assert found.written == 1
    assert DayRecord.objects.get(person=stranger).computed_at == EARLY


def test_a_record_of_somebody_no_longer_expected_goes(people):
    government, gone = people[0].government, people[1]
    close_day(government, DAY, AT)
    DayPlan.objects.filter(person=gone).update(place="off")
    assert close_day(government, DAY, AT).written == 2
    assert closed() == {people[0].pk, people[2].pk}


def test_more_people_than_are_closed_at_once_are_all_closed(people, monkeypatch):
    monkeypatch.setattr("attendance.operations.closing.PEOPLE_AT_ONCE", 2)
    DayPlan.objects.filter(person=people[2]).delete()  # planned while closing
    assert close_day(people[0].government, DAY, AT).written == 3
    assert closed() == {person.pk for person in people}
