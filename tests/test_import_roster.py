"""import_roster: exactly what the sample must give, once, undoably, and nothing at all from bad files."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from roster.governments import ensure_governments
from roster.imports_people import undo_import
from roster.models import Assignment, ImportRun, Number, Person

DATA = Path(__file__).parent / "data"
SAMPLE = DATA / "siasn_export_sample.xlsx"
HEADER = "NIP BARU,NAMA,UNOR NAMA,UNOR ID,TMT JABATAN,NIK\n"
pytestmark = pytest.mark.django_db


def run(path, *extra):
    out = StringIO()
    ensure_governments({"contoh": "Provinsi Contoh"})
    call_command("import_roster", str(path), "--government", "contoh", "--format", "json", *extra, stdout=out)
    return json.loads(out.getvalue())


def places(findings):
    return [{key: finding[key] for key in ("row", "column", "code")} for finding in findings]


def sheet(tmp_path, *lines):
    path = tmp_path / "pegawai.csv"
    path.write_text(HEADER + "".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def test_sample_gives_exactly_what_it_must():
    expected = json.loads((DATA / "siasn_export_sample.expected.json").read_text())
    found = run(SAMPLE)
    assert {name: found[name] for name in ("rows", "accepted", "rejected")} == {
        name: expected[name] for name in ("rows", "accepted", "rejected")
    }
    assert places(found["warnings"]) == expected["warnings"]
    assert places(found["errors"]) == expected["errors"]
    assert found["new"]["people"] == 230 == Person.objects.count()


def test_second_import_changes_nothing_and_dry_run_writes_nothing():
    run(SAMPLE, "--dry-run")
    assert not Person.objects.exists()
    run(SAMPLE)
    again = run(SAMPLE)
    assert again["unchanged"] == 230
    assert again["new"] == {"people": 0, "units": 0, "positions": 0}
    assert again["changed"] == {"people": 0, "assignments": 0}
    assert ImportRun.objects.count() == 1


def test_moved_person_has_no_day_between_and_undo_brings_the_old_post_back(tmp_path):
    run(sheet(tmp_path, "198803132018031001,A,UNIT A,UA,2020-01-01,3"))
    found = run(sheet(tmp_path, "198803132018031001,A,UNIT B,UB,01/02/2024,3"))
    assert found["changed"] == {"people": 0, "assignments": 1}
    known = Assignment.objects.filter(superseded_at=None).order_by("valid_from")
    assert [(str(a.valid_from), str(a.valid_to), a.unit.code) for a in known] == [
        ("2020-01-01", "2024-02-01", "UA"),
        ("2024-02-01", "None", "UB"),
    ]
    undo_import(ImportRun.objects.latest("confirmed_at"), timezone.now())
    assert [(str(a.valid_from), a.valid_to, a.unit.code) for a in Assignment.objects.filter(superseded_at=None)] == [
        ("2020-01-01", None, "UA")
    ]
    undo_import(ImportRun.objects.filter(undone_at=None).get(), timezone.now())
    assert not Person.objects.exists()
    assert not Number.objects.exists()


def test_change_without_a_later_start_holds_from_as_at_and_is_listed(tmp_path):
    run(sheet(tmp_path, "198803132018031001,A,UNIT A,UA,2020-01-01,3"))
    found = run(sheet(tmp_path, "198803132018031001,A,UNIT B,UB,,3"), "--as-at", "2026-03-05")
    assert [item["code"] for item in found["listed"]] == ["from_as_at"]
    assert str(Assignment.objects.get(superseded_at=None, valid_to=None).valid_from) == "2026-03-05"


def test_absent_people_are_counted_and_kept(tmp_path):
    run(sheet(tmp_path, "198803132018031001,A,UNIT A,UA,2020-01-01,3"))
    assert run(sheet(tmp_path, "199506152020022004,B,UNIT A,UA,2020-01-01,3"))["absent"] == 1
    assert Person.objects.count() == 2


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 x", b"PK\x03\x04broken", b"NAMA,UNOR NAMA\nA,B\n"])
def test_file_that_is_no_export_ends_with_one_sentence(tmp_path, content, capsys):
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(SystemExit) as ended:
        run(path)
    assert ended.value.code == 1
    assert not Person.objects.exists()
