"""Who held which post, class and standing in a month: half-open, known now, one government."""

from datetime import UTC, date, datetime

import pytest

from roster.models import Assignment, Number, PersonStatus, PositionClass, UnitDecision
from roster.month_facts import acting_posts, people_in_month
from tests.runs import EARLY, MONTH, SINCE, make_government, make_person, make_position, make_unit

pytestmark = pytest.mark.django_db
LEARNED = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def government(db):
    return make_government()


@pytest.fixture
def unit(government):
    return make_unit(government)


def move(person, on, job_class=9, unit=None, level="pengawas"):
    old = Assignment.objects.get(person=person, valid_to=None)
    Assignment.objects.filter(pk=old.pk).update(valid_to=on)
    return Assignment.objects.create(
        person=person, unit=unit or old.unit, position=make_position(person.government, job_class), level=level,
        valid_from=on, recorded_at=EARLY,
    )  # fmt: skip


def test_a_whole_month_in_one_post(government, unit, django_assert_num_queries):
    person = make_person(unit, bank_name="Bank Contoh", bank_account="0012", tax_category="TK/0", title_after="S.E.")
    with django_assert_num_queries(1):
        found = people_in_month(government, MONTH)[person.pk]
    assert (found.name, found.number, found.employment, found.rank) == (
        "Wulan, S.E.",
        f"{person.pk:018}",
        "pns",
        "III/d",
    )
    assert (found.rank_group, found.tax_category, found.bank_account) == ("III", "TK/0", "0012")
    assert (found.classes, found.job_class, found.service) == ([(8, 30)], 8, "administrative")
    assert (found.unit_name, found.position_name, found.level) == ("Bagian Uji", "Analis kelas 8", "pelaksana")


def test_a_change_within_the_month_is_cut_at_its_day(government, unit):
    person = make_person(unit)
    other = make_unit(government, "Lain")
    move(person, date(2026, 11, 11), unit=other)
    found = people_in_month(government, MONTH)[person.pk]
    assert found.classes == [(8, 10), (9, 20)]
    assert (found.unit_name, found.level, found.job_class) == ("Lain", "pengawas", 9)


def test_days_outside_the_month_do_not_count(government, unit):
    person = make_person(unit)
    move(person, date(2026, 11, 1))
    assert people_in_month(government, MONTH)[person.pk].classes == [(9, 30)]
    assert people_in_month(government, date(2026, 10, 1))[person.pk].classes == [(8, 31)]
    move(person, date(2026, 12, 1), 10)
    assert people_in_month(government, MONTH)[person.pk].classes == [(9, 30)]


def test_a_post_of_the_same_class_is_one_stretch(government, unit):
    person = make_person(unit)
    move(person, date(2026, 11, 11), job_class=8)
    assert people_in_month(government, MONTH)[person.pk].classes == [(8, 30)]


def test_a_position_that_changes_its_class(government, unit):
    person = make_person(unit)
    position = make_position(government, 8)
    PositionClass.objects.filter(position=position).update(valid_to=date(2026, 11, 16))
    PositionClass.objects.create(position=position, job_class=9, valid_from=date(2026, 11, 16), recorded_at=EARLY)
    assert people_in_month(government, MONTH)[person.pk].classes == [(8, 15), (9, 15)]


def test_a_position_without_a_class(government, unit):
    person = make_person(unit, job_class=None)
    assert people_in_month(government, MONTH)[person.pk].classes == [(None, 30)]


def test_what_was_superseded_is_not_known(government, unit):
    person = make_person(unit)
    Assignment.objects.filter(person=person).update(superseded_at=LEARNED)
    assert people_in_month(government, MONTH) == {}


def test_who_comes_or_goes_within_the_month_is_there(government, unit):
    coming, going, gone = make_person(unit, "Datang"), make_person(unit, "Pergi"), make_person(unit, "Dulu")
    Assignment.objects.filter(person=coming).update(valid_from=date(2026, 11, 21))
    Assignment.objects.filter(person=going).update(valid_to=date(2026, 11, 6))
    Assignment.objects.filter(person=gone).update(valid_to=MONTH)
    found = people_in_month(government, MONTH)
    assert {pk: person.classes for pk, person in found.items()} == {coming.pk: [(8, 10)], going.pk: [(8, 5)]}


def test_inactive_people_are_out_and_those_without_standing_in(government, unit):
    active, inactive, unknown, resting = (make_person(unit, name) for name in ("Aktif", "Nonaktif", "Tanpa", "Cuti"))
    PersonStatus.objects.filter(person=inactive).update(is_active=False)
    PersonStatus.objects.filter(person=unknown).delete()
    PersonStatus.objects.filter(person=resting).update(valid_to=date(2026, 11, 10))
    PersonStatus.objects.create(
        person=resting, is_active=False, valid_from=date(2026, 11, 10), recorded_at=EARLY, rank="III/d"
    )
    assert set(people_in_month(government, MONTH)) == {active.pk, unknown.pk, resting.pk}


def test_other_governments_and_other_people_are_left_out(government, unit):
    person, second = make_person(unit), make_person(unit, "Rudi")
    foreign = make_person(make_unit(make_government("lain")))
    assert set(people_in_month(government, MONTH)) == {person.pk, second.pk}
    assert set(people_in_month(government, MONTH, [second.pk, foreign.pk])) == {second.pk}
    assert people_in_month(government, MONTH, []) == {}


def test_the_latest_number_and_the_service_of_the_unit(government, unit):
    person = make_person(unit)
    Number.objects.create(government=government, person=person, number="9" * 18, valid_from=date(2026, 11, 3))
    Number.objects.create(government=government, person=person, number="8" * 18, valid_from=date(2026, 12, 3))
    UnitDecision.objects.filter(unit=unit).update(service_kind="direct_service")
    found = people_in_month(government, MONTH)[person.pk]
    assert (found.number, found.service) == ("9" * 18, "direct_service")


def test_acting_posts_know_the_month_they_have_reached(government, unit):
    person, second = make_person(unit), make_person(unit, "Rudi")
    same = {"unit": unit, "level": "pengawas", "recorded_at": EARLY}
    post = {"person": person, "position": make_position(government, 11)}
    Assignment.objects.create(**same, **post, kind="plt", valid_from=date(2026, 9, 15))
    Assignment.objects.create(**same, person=second, kind="plh", valid_from=SINCE, valid_to=MONTH)
    Assignment.objects.create(**same, person=second, kind="plh", valid_from=date(2026, 11, 20))
    assert acting_posts(government, MONTH) == {
        person.pk: [{"kind": "plt", "month": 3, "class": 11}],
        second.pk: [{"kind": "plh", "month": 1}],
    }
    assert set(people_in_month(government, MONTH)[person.pk].classes) == {(8, 30)}
