"""People: who is seen by whom, how they are found, and the answer with every reason and its source."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attendance.models import Absence
from roster.eligibility import eligibility_of
from roster.models import (
    Assignment,
    DisciplineCase,
    ImportRun,
    Person,
    PersonStatus,
    Position,
    RolloutPhase,
    Unit,
    UnitDecision,
)
from tests.rights.world import SINCE, build_world
from tests.signin import sign_in

THURSDAY = date(2027, 1, 7)
pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def hr(world):
    return sign_in(Client(), world.home.users["hr"])


def names(client, **asked) -> list[str]:
    answer = client.get(reverse("roster:people"), asked)
    assert answer.status_code == 200
    return [row.person.name for row in answer.context["rows"]]


def page_of(person, **asked):
    return reverse("roster:person", args=[person.pk]), asked


def test_whole_government_sees_all_of_its_own_and_unit_hr_its_unit(world, hr):
    everybody = {person.name for person in Person.objects.filter(government=world.home.government)}
    assert set(names(hr)) == everybody
    unit_hr = sign_in(Client(), world.home.users["unit_hr"])
    assert set(names(unit_hr)) == everybody - {"sini stranger"}
    assert unit_hr.get(*page_of(world.home.people["stranger"])).status_code == 404
    assert hr.get(*page_of(world.abroad.people["peer"])).status_code == 404


@pytest.mark.parametrize("who", ["employee", "supervisor", "finance", "leadership"])
def test_others_have_no_list_of_people(world, who):
    client = sign_in(Client(), world.home.users[who])
    assert client.get(reverse("roster:people")).status_code == 403
    assert client.get(*page_of(world.home.people["peer"])).status_code == 403


def test_people_are_found_by_name_number_unit_and_state(world, hr):
    assert names(hr, search="STRANG") == ["sini stranger"]
    assert names(hr, search="1990 0101 2020 1210 99") == ["sini stranger"]
    assert names(hr, search="9999") == []
    assert names(hr, unit="unit u2") == ["sini stranger"]
    assert names(hr, search="%") == []
    assert names(hr, state="unmapped") == []
    UnitDecision.objects.filter(unit=world.home.other_unit).update(superseded_at=timezone.now())
    assert names(hr, state="unmapped") == ["sini stranger"]
    PersonStatus.objects.create(
        person=world.home.people["peer"], is_active=False, standing="CLTN", valid_from=SINCE, recorded_at=timezone.now()
    )
    assert names(hr, state="inactive") == ["sini peer"]
    assert "sini peer" not in names(hr, state="active")
    assert "CLTN" in hr.get(reverse("roster:people"), {"search": "sini peer"}).content.decode()


@pytest.mark.parametrize("asked", [{"state": "x"}, {"search": "a" * 200}, {"page": "x"}, {"search": "\0"}])
def test_strange_questions_are_answered_in_words(hr, asked):
    assert hr.get(reverse("roster:people"), asked).status_code in (200, 400, 422)


def test_person_page_gives_the_rules_answer_with_all_reasons_and_sources(world, hr):
    person, at = world.home.people["peer"], timezone.now()
    assert "Bekerja di kantor" in hr.get(*page_of(person, on=THURSDAY.isoformat())).content.decode()
    RolloutPhase.objects.create(
        building=world.home.building, weekday=3, max_share_bp=10_000, mode="all", valid_from=SINCE, recorded_at=at,
        decree="SE 77/2026",
    )  # fmt: skip
    at_home = hr.get(*page_of(person, on=THURSDAY.isoformat())).content.decode()
    assert "Bekerja dari rumah" in at_home
    assert "SE 77/2026" in at_home
    DisciplineCase.objects.create(person=person, valid_from=SINCE, recorded_at=at, decree="SK Periksa 3/2026")
    UnitDecision.objects.filter(unit=world.home.unit).update(service_kind="direct_service")
    page = hr.get(*page_of(person, on=THURSDAY.isoformat())).content.decode()
    reasons = eligibility_of(person, THURSDAY).reasons
    assert len(reasons) == 2
    for reason in reasons:
        assert reason.message in page
        assert reason.source in page


def test_absence_decides_the_person_page_too(world, hr):
    person = world.home.people["peer"]
    Absence.objects.create(
        person=person, kind=Absence.Kind.DUTY, state="approved", valid_from=date(2027, 1, 4), valid_to=date(2027, 1, 9),
        recorded_at=timezone.now(),
    )  # fmt: skip
    page = hr.get(*page_of(person, on=THURSDAY.isoformat())).content.decode()
    assert "Tidak bekerja" in page
    assert "Sedang perjalanan dinas" in page


def test_history_names_posts_and_the_import_that_brought_them(world, hr):
    person, at = world.home.people["peer"], timezone.now()
    run = ImportRun.objects.create(
        government=world.home.government, kind="roster", file_name="juni.xlsx", as_at_on=SINCE, confirmed_at=at
    )
    old = Unit.objects.create(government=world.home.government, code="LAMA", name="Unit Lama")
    position = Position.objects.create(government=world.home.government, name="Analis Lama")
    Assignment.objects.create(
        person=person, unit=old, position=position, level="pelaksana", import_run=run, recorded_at=at,
        valid_from=date(2020, 1, 1), valid_to=SINCE,
    )  # fmt: skip
    page = hr.get(*page_of(person)).content.decode()
    assert "Analis Lama" in page
    assert reverse("roster:import_run", args=[run.pk]) in page
    auditor = sign_in(Client(), world.home.users["auditor"]).get(*page_of(person)).content.decode()
    assert "juni.xlsx" in auditor
    assert reverse("roster:import_run", args=[run.pk]) not in auditor


def test_pay_data_is_not_on_the_page(world, hr):
    person = world.home.people["peer"]
    Person.objects.filter(pk=person.pk).update(bank_account="1234509876", tax_category="K/3")
    page = hr.get(*page_of(person)).content.decode()
    assert "1234509876" not in page
    assert "K/3" not in page


@pytest.mark.parametrize("day", ["kemarin", "0001-01-01", "9999-12-31", ""])
def test_a_strange_day_is_told(world, hr, day):
    answer = hr.get(*page_of(world.home.people["peer"], on=day))
    assert answer.status_code == 422
    assert "Ada yang perlu diperbaiki" in answer.content.decode()


@pytest.mark.parametrize("who", ["hr", "unit_hr"])
def test_pages_take_few_statements(world, django_assert_max_num_queries, who):
    client = sign_in(Client(), world.home.users[who])
    people = [Person(government=world.home.government, name=f"Orang {n:03}") for n in range(120)]
    Person.objects.bulk_create(people)
    Assignment.objects.bulk_create(
        Assignment(person=person, unit=world.home.unit, level="pelaksana", valid_from=SINCE, recorded_at=timezone.now())
        for person in people
    )
    with django_assert_max_num_queries(15):
        assert len(client.get(reverse("roster:people"), {"page": 2}).context["rows"]) == 50
    with django_assert_max_num_queries(24):
        assert client.get(*page_of(world.home.people["peer"])).status_code == 200
