"""Eligibility on the imported sample: a fixed number of statements, and unmapped units stay at the office."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from roster.eligibility import eligibility_many, eligibility_of
from roster.governments import ensure_governments
from roster.models import Government, Number

SAMPLE = Path(__file__).parent / "data" / "siasn_export_sample.xlsx"
THURSDAY = date(2025, 11, 20)


@pytest.fixture
def contoh(db):
    ensure_governments({"contoh": "Provinsi Contoh"})
    call_command("import_roster", str(SAMPLE), "--government", "contoh")
    return Government.objects.get(code="contoh")


def person(number):
    return Number.objects.get(number=number).person


def codes(number, on):
    answer = eligibility_of(person(number), on)
    return answer.expected_place, [reason.code for reason in answer.reasons]


@pytest.mark.parametrize(
    ("number", "on", "expected"),
    [
        ("198803132018031001", THURSDAY, ("office", ["unit_not_mapped"])),
        ("197309141996021002", THURSDAY, ("office", ["position_level_excluded", "unit_not_mapped"])),
        ("200001212024042096", THURSDAY, ("off", ["not_active"])),
        ("198803132018031001", date(2025, 12, 25), ("off", ["holiday"])),
        ("198803132018031001", date(2025, 11, 22), ("off", ["day_off"])),
    ],
)
def test_reasons_on_the_sample(contoh, number, on, expected):
    assert codes(number, on) == expected


def test_number_of_statements_does_not_grow(contoh, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        assert len(eligibility_many(contoh, THURSDAY)) == 230
