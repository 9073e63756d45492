"""Who an account is on a date, and on what post: one plain statement gives what the slow way by the ORM gives."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user
from django.db.models import Q
from django.test import Client, RequestFactory

from accounts.models import User
from core.rows import columns
from roster.models import Assignment, Building, Government, Grant, Person, Position, Role, Unit, UnitDecision
from roster.queries import post_of
from roster.rights import Standing, standing_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 19)
DAY = timedelta(days=1)
AT = datetime(2026, 11, 1, tzinfo=UTC)


def slow_standing(user: User, on: date) -> Standing:
    person = Person.objects.filter(user=user).select_related("government").first()
    holds = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    grants = Grant.objects.filter(holds, user=user, valid_from__lte=on).select_related("government").order_by("pk")
    government = person.government if person else grants[0].government if grants else None
    here = tuple(grant for grant in grants if grant.government == government)
    roles = {grant.role for grant in here} | ({Role.EMPLOYEE} if person else set())
    decided = UnitDecision.objects.filter(holds, superseded_at=None, valid_from__lte=on)
    headed = decided.filter(head=person).values_list("unit_id", flat=True) if person else ()
    return Standing(on, government, person, here, frozenset(roles), frozenset(headed))


def give(user: User, government: Government, role: Role, begin: date = TODAY - DAY, end: date | None = None) -> None:
    Grant.objects.create(user=user, government=government, role=role, valid_from=begin, valid_to=end)


@pytest.fixture
def here() -> Government:
    return Government.objects.create(code="sini", name="Sini", zone="Asia/Jayapura")


@pytest.fixture
def there() -> Government:
    return Government.objects.create(code="sana", name="Sana")


def heads(person: Person, name: str, begin: date, end: date | None = None, superseded: datetime | None = None) -> None:
    unit = Unit.objects.create(government=person.government, code=name, name=name)
    UnitDecision.objects.create(
        unit=unit,
        service_kind="administrative",
        head=person,
        valid_from=begin,
        valid_to=end,
        superseded_at=superseded,
        recorded_at=AT,
    )


def test_every_kind_of_account_stands_as_by_the_slow_way(here, there):
    users = {name: User.objects.create_user(name, full_name=name) for name in "abcdefg"}
    person = Person.objects.create(government=here, name="Ayu", user=users["b"], birth_on="1990-01-01")
    Person.objects.create(government=there, name="Budi", user=users["c"])
    give(users["b"], here, Role.HR)
    give(users["b"], there, Role.FINANCE)
    give(users["b"], here, Role.AUDITOR, end=TODAY)
    give(users["b"], here, Role.LEADERSHIP, begin=TODAY + DAY)
    give(users["b"], here, Role.FINANCE, begin=TODAY, end=TODAY + DAY)
    give(users["c"], here, Role.ADMINISTRATOR)
    give(users["d"], there, Role.HR)
    give(users["d"], here, Role.ADMINISTRATOR)
    give(users["e"], here, Role.HR, end=TODAY)
    heads(person, "kini", TODAY)
    heads(person, "dulu", TODAY - 9 * DAY, TODAY)
    heads(person, "nanti", TODAY + DAY)
    heads(person, "diganti", TODAY, superseded=AT)
    for user in users.values():
        for on in (TODAY - DAY, TODAY, TODAY + DAY):
            found = standing_of(user, on)
            assert found == slow_standing(user, on), (user, on)
            for row in (found.person, found.government, *found.grants):
                assert row is None or field_values(row) == field_values(type(row).objects.get(pk=row.pk))
    assert standing_of(users["b"], TODAY).headed == {Unit.objects.get(code="kini").pk}
    assert standing_of(users["d"], TODAY).government == there
    assert standing_of(users["c"], TODAY).roles == {Role.EMPLOYEE}


def field_values(row) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_the_account_of_a_person_takes_one_statement(here, django_assert_num_queries):
    user = User.objects.create_user("a")
    Person.objects.create(government=here, name="Ayu", user=user)
    give(user, here, Role.HR)
    with django_assert_num_queries(1):
        found = standing_of(user, TODAY)
        assert found.person.government.zone == found.grants[0].government.zone == "Asia/Jayapura"


def test_a_session_finds_its_account_whole_and_a_closed_one_never(client: Client, django_assert_num_queries):
    user = User.objects.create_user("a", full_name="Ayu", email="a@b.id")
    client.force_login(user)
    request = RequestFactory().get("/")
    request.session = client.session
    with django_assert_num_queries(1):
        found = get_user(request)
    assert field_values(found) == field_values(User.objects.get(pk=user.pk))
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not get_user(request).is_authenticated
    User.objects.filter(pk=user.pk).delete()
    assert not get_user(request).is_authenticated


def slow_post(person: Person, on: date) -> list:
    holds = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    known = Q(holds, superseded_at=None, valid_from__lte=on)
    row = Assignment.objects.filter(known, person=person, kind="definitive").first()
    if row is None:
        return []
    decision = UnitDecision.objects.filter(known, unit=row.unit).first()
    name = row.position.name if row.position else ""
    return [row.unit, decision, decision and decision.building, decision and decision.head, name, row.level]


def test_a_post_is_as_by_the_slow_way(here, django_assert_num_queries):
    people = [Person.objects.create(government=here, name=name) for name in ("Ayu", "Budi", "Cici", "Dodi")]
    building = Building.objects.create(government=here, code="G", name="Gedung", latitude="-6.175392", radius_m=100)
    position = Position.objects.create(government=here, name="Analis")
    first, second = (Unit.objects.create(government=here, code=code, name=code) for code in ("I", "II"))
    decided = {"unit": first, "service_kind": "administrative", "recorded_at": AT}
    UnitDecision.objects.create(**decided, valid_from=TODAY - 9 * DAY, valid_to=TODAY, building=building)
    UnitDecision.objects.create(**decided, valid_from=TODAY, head=people[1], decree="SK 2")
    UnitDecision.objects.create(**decided, valid_from=TODAY - 9 * DAY, superseded_at=AT, head=people[0])
    posted = {"level": "pelaksana", "recorded_at": AT, "valid_from": TODAY - 5 * DAY}
    Assignment.objects.create(**posted, person=people[0], unit=first, position=position)
    Assignment.objects.create(**posted, person=people[0], unit=second, kind="plt")
    Assignment.objects.create(**posted, person=people[1], unit=second, valid_to=TODAY)
    Assignment.objects.create(**posted | {"valid_from": TODAY}, person=people[1], unit=first)
    Assignment.objects.create(**posted, person=people[2], unit=first, superseded_at=AT)
    for person in people:
        for on in (TODAY - 6 * DAY, TODAY - DAY, TODAY):
            expected = slow_post(person, on)
            with django_assert_num_queries(1):
                found = post_of(person, on)
                decision = found and found.decision
                made = [] if found is None else [
                    found.unit, decision, decision and decision.building, decision and decision.head,
                    found.position_name, found.level,
                ]  # fmt: skip
            assert made == expected, (person, on)
            for one, other in zip(made[:4], expected[:4], strict=True):
                assert one is None or field_values(one) == field_values(other)


def test_a_model_that_converts_what_it_reads_is_refused():
    from core.models import AuditEntry

    with pytest.raises(TypeError, match="detail"):
        columns(AuditEntry, "entry")
