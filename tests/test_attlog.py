"""Device files: exactly what the sample says, twice is once, and nothing of an unknown PIN is lost."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from attendance.imports_attlog import import_attlog
from attendance.models import DeviceLine, Punch
from core.importing import Request
from roster.models import Government, Number, Person

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parent / "data"
AT = datetime(2026, 11, 24, 3, tzinfo=UTC)


@pytest.fixture
def government():
    return Government.objects.create(code="uji", name="Uji")


def run(government, path=DATA / "attlog_sample.dat", pins=DATA / "attlog_sample.pins.csv", write=True):
    options = {"device": "GDS-01", "pins": pins}
    return import_attlog(Request(path, path.name, government, AT.date(), AT, write, options=options))


def test_the_sample_gives_what_its_expectation_says(government):
    expected = json.loads((DATA / "attlog_sample.expected.json").read_text())
    found = run(government)
    assert {name: found[name] for name in ("lines", "accepted", "duplicates")} == {
        name: expected[name] for name in ("lines", "accepted", "duplicates")
    }
    assert [{"line": e["line"], "code": e["code"]} for e in found["errors"]] == expected["errors"]


def test_a_second_import_accepts_nothing(government):
    first = run(government)
    second = run(government)
    assert second["accepted"] == 0
    assert second["lines"] == second["duplicates"] + len(second["errors"]) == first["lines"]


def test_a_dry_run_writes_nothing(government):
    assert run(government, write=False)["accepted"] > 0
    assert not DeviceLine.objects.exists()


def test_a_pin_that_is_mapped_later_is_taken_in(government, tmp_path):
    run(government)
    person = Person.objects.create(government=government, name="Wulan")
    Number.objects.create(government=government, person=person, number="198803132018031999")
    pins = tmp_path / "pins.csv"
    pins.write_text("device,pin,nip,valid_from\nGDS-01,999,198803132018031999,2025-01-01\n")
    line = tmp_path / "one.dat"
    line.write_text("100\t2025-11-03 07:10:17\t1\n")
    assert run(government, line, pins)["taken_in"] == 1
    punch = Punch.objects.get(person=person)
    assert punch.verb == "unknown"
    assert punch.at == datetime(2025, 11, 10, 0, 20, tzinfo=UTC)


def test_punches_wait_for_a_person_of_the_roster(government):
    run(government)
    assert not Punch.objects.exists()
    person = Person.objects.create(government=government, name="Wulan")
    Number.objects.create(government=government, person=person, number="198803132018031001")
    run(government)
    assert Punch.objects.filter(person=person).count() > 30
