"""import_positions: classes as dated decisions, closed and opened, never overwritten."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from roster.models import Government, Position, PositionClass

DATA = Path(__file__).parent / "data"
HEAD = "position,class,valid_from\n"


@pytest.fixture
def government(db) -> Government:
    return Government.objects.get_or_create(code="contoh", defaults={"name": "Provinsi Contoh"})[0]


def run(path: Path, *options: str) -> dict:
    out = StringIO()
    call_command("import_positions", str(path), "--government", "contoh", "--format", "json", *options, stdout=out)
    return json.loads(out.getvalue())


def rows(tmp_path: Path, *lines: str) -> dict:
    path = tmp_path / "positions.csv"
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return run(path)


def known() -> list[tuple[str, str, int]]:
    standing = PositionClass.objects.filter(superseded_at=None).order_by("valid_from")
    return [(str(row.valid_from), str(row.valid_to), row.job_class) for row in standing]


def test_the_sample_stands_and_stands_unchanged_when_imported_again(government: Government) -> None:
    found = run(DATA / "positions_sample.csv")
    assert found == {"rows": 25, "accepted": 25, "rejected": 0, "unchanged": 0, "errors": [], "warnings": []}
    again = run(DATA / "positions_sample.csv")
    assert (again["accepted"], again["unchanged"], PositionClass.objects.count()) == (0, 25, 25)


def test_dry_run_writes_nothing(government: Government) -> None:
    assert run(DATA / "positions_sample.csv", "--dry-run")["accepted"] == 25
    assert not Position.objects.exists()


def test_a_later_class_closes_the_earlier_one_and_keeps_what_was_known(government, tmp_path: Path) -> None:
    rows(tmp_path, "Analis,7,2025-01-01")
    assert rows(tmp_path, "Analis,8,01-07-2025")["accepted"] == 1
    assert known() == [("2025-01-01", "2025-07-01", 7), ("2025-07-01", "None", 8)]
    old = PositionClass.objects.get(superseded_at__isnull=False)
    assert (old.valid_from, old.valid_to, old.job_class) == (date(2025, 1, 1), None, 7)
    assert rows(tmp_path, "Analis,7,2025-01-01")["unchanged"] == 1
    assert len(known()) == 2


def test_a_corrected_class_takes_the_same_days(government: Government, tmp_path: Path) -> None:
    rows(tmp_path, "Analis,7,2025-01-01", "Analis,9,2026-01-01")
    rows(tmp_path, "Analis,8,2025-01-01")
    assert known() == [("2025-01-01", "2026-01-01", 8), ("2026-01-01", "None", 9)]


def test_rows_of_one_file_hold_by_their_dates_whatever_their_order(government: Government, tmp_path: Path) -> None:
    rows(tmp_path, "Analis,7,2025-01-01")
    assert rows(tmp_path, "Analis,7,2026-01-01", "Analis,8,2025-07-01")["accepted"] == 2
    assert known() == [("2025-01-01", "2025-07-01", 7), ("2025-07-01", "2026-01-01", 8), ("2026-01-01", "None", 7)]


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (",7,2025-01-01", "position", "missing"),
        ("A" * 251 + ",7,2025-01-01", "position", "too_long"),
        ("Analis,,2025-01-01", "class", "missing"),
        ("Analis,tujuh,2025-01-01", "class", "not_a_number"),
        ("Analis,7.5,2025-01-01", "class", "not_a_number"),
        ("Analis,0,2025-01-01", "class", "unknown_value"),
        ("Analis,18,2025-01-01", "class", "unknown_value"),
        ("Analis,7,", "valid_from", "missing"),
        ("Analis,7,2025-02-29", "valid_from", "date"),
    ],
)
def test_each_fault_has_its_code(government: Government, tmp_path: Path, line: str, column: str, code: str) -> None:
    found = rows(tmp_path, line)
    assert [(f["row"], f["column"], f["code"]) for f in found["errors"]] == [(2, column, code)]
    assert not Position.objects.exists()


@pytest.mark.parametrize("job_class", [1, 17])
def test_the_outermost_classes_stand(government: Government, tmp_path: Path, job_class: int) -> None:
    assert rows(tmp_path, f"Analis,{job_class},2025-01-01")["accepted"] == 1


def test_a_name_finds_the_exports_position_in_any_case(government: Government, tmp_path: Path) -> None:
    Position.objects.create(government=government, name="Kepala Bidang Bpkad")
    assert rows(tmp_path, "KEPALA BIDANG BPKAD,11,2025-01-01")["accepted"] == 1
    assert PositionClass.objects.get().position.name == "Kepala Bidang Bpkad"


def test_the_same_position_and_day_twice(government: Government, tmp_path: Path) -> None:
    found = rows(tmp_path, "Analis,7,2025-01-01", "Analis,7,2025-01-01", "Analis,8,2025-01-01")
    assert (found["accepted"], found["unchanged"], found["rejected"]) == (1, 1, 1)
    assert [(f["row"], f["code"]) for f in found["errors"]] == [(4, "duplicate_conflict")]
    assert known() == [("2025-01-01", "None", 7)]
