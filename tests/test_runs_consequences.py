"""What leaving early would cost, said before it is stored."""

from datetime import date

import pytest

from allowances.consequences import price_of_leaving
from attendance.consequences import Consequence, consequence_of
from tests.runs import make_government, make_person, make_unit

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 12)


@pytest.fixture
def unit(db):
    return make_unit(make_government())


@pytest.mark.parametrize(
    "minutes, code, share, rupiah",
    [(1, "PSW1", "0,5", 12_000), (30, "PSW1", "0,5", 12_000), (31, "PSW2", "1", 24_000), (120, "PSW4", "1,5", 36_000)],
)
def test_code_rupiah_and_article(unit, minutes, code, share, rupiah):
    person = make_person(unit, job_class=8)
    assert price_of_leaving(
        person, ON, {"minutes_early": minutes, "minutes_late": 50, "place": "office"}
    ) == Consequence(code, f"Potongan {share} % dari Disiplin kerja", rupiah, "Pasal 5 ayat (3) (peragaan)")


def test_attendance_asks_allowances(unit):
    assert consequence_of(make_person(unit), ON, {"minutes_early": 5, "place": "office"}).status == "PSW1"


def test_without_a_class_the_code_is_still_said(unit):
    found = price_of_leaving(make_person(unit, job_class=None), ON, {"minutes_early": 5})
    assert (found.status, found.rupiah) == ("PSW1", None)


def test_nothing_is_said_where_nothing_is_due(unit):
    person = make_person(unit)
    assert price_of_leaving(person, ON, {"minutes_early": 0}) is None
    assert price_of_leaving(person, ON, {"minutes_early": 5, "outage": True}) is None
    nobody = make_person(make_unit(make_government("tanpa")))
    assert price_of_leaving(nobody, ON, {"minutes_early": 5}) is None
    outside = make_person(unit, "Kelas 17", job_class=17)
    assert price_of_leaving(outside, ON, {"minutes_early": 5}) is None
