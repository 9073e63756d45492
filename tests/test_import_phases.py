"""import_phases: an end may be brought forward or put off by importing again; every other shared day is refused."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from openpyxl import Workbook

from roster.models import Building, Government, RolloutPhase

DATA = Path(__file__).parent / "data"
HEADINGS = ["building", "valid_from", "valid_to", "weekday", "max_share", "mode", "decree"]
OPEN = "GDS,2026-01-01,,thursday,100 %,all,SE 1"
CLOSED = "GDS,2026-01-01,2026-07-01,thursday,100 %,all,SE 1"
NEXT = "GDS,2026-07-01,,thursday,50 %,schedule,SE 2"


@pytest.fixture
def government(db) -> Government:
    government, _ = Government.objects.get_or_create(code="contoh", defaults={"name": "Provinsi Contoh"})
    for code in ("GDS", "BKD", "KOMINFO"):
        Building.objects.create(government=government, code=code, name=code)
    return government


def run(path: Path, *options: str) -> dict:
    out = StringIO()
    call_command("import_phases", str(path), "--government", "contoh", "--format", "json", *options, stdout=out)
    return json.loads(out.getvalue())


def rows(tmp_path: Path, *lines: str) -> dict:
    path = tmp_path / "phases.csv"
    path.write_text("\n".join([",".join(HEADINGS), *lines]) + "\n", encoding="utf-8")
    return run(path)


def known() -> list[tuple[str, str, str]]:
    standing = RolloutPhase.objects.filter(superseded_at=None).order_by("valid_from", "weekday")
    return [(str(row.valid_from), str(row.valid_to), row.mode) for row in standing]


def counts(found: dict) -> tuple[int, int, int]:
    return found["accepted"], found["rejected"], found["unchanged"]


def test_the_sample_twice_and_a_dry_run(government: Government) -> None:
    assert counts(run(DATA / "phases_sample.csv", "--dry-run")) == (8, 0, 0)
    assert not RolloutPhase.objects.exists()
    assert counts(run(DATA / "phases_sample.csv")) == (8, 0, 0)
    assert counts(run(DATA / "phases_sample.csv")) == (0, 0, 8)
    assert RolloutPhase.objects.count() == 8


@pytest.mark.parametrize("lines", [(CLOSED, NEXT), (NEXT, CLOSED)])
def test_an_end_brought_forward_makes_room_in_any_order_and_keeps_what_was_known(government, tmp_path, lines) -> None:
    rows(tmp_path, OPEN)
    assert counts(rows(tmp_path, *lines)) == (2, 0, 0)
    assert known() == [("2026-01-01", "2026-07-01", "all"), ("2026-07-01", "None", "schedule")]
    assert RolloutPhase.objects.get(superseded_at__isnull=False).valid_to is None
    assert counts(rows(tmp_path, *lines)) == (0, 0, 2)


def test_an_end_put_off_over_the_next_phase_is_refused(government: Government, tmp_path: Path) -> None:
    rows(tmp_path, CLOSED, NEXT)
    found = rows(tmp_path, OPEN)
    assert [(f["row"], f["column"], f["code"]) for f in found["errors"]] == [(2, "valid_from", "phase_overlap")]
    assert len(known()) == 2


@pytest.mark.parametrize(
    "line",
    [
        OPEN.replace("all", "on_request"),
        OPEN.replace("SE 1", "SE 3"),
        "GDS,2025-12-01,2026-01-02,thursday,100 %,all,SE 1",
        "GDS,2026-06-01,,thursday,100 %,all,SE 1",
    ],
)
def test_a_shared_day_with_what_stands_is_refused_with_both_named(government, tmp_path: Path, line: str) -> None:
    rows(tmp_path, OPEN)
    error = rows(tmp_path, line)["errors"][0]
    assert error["code"] == "phase_overlap"
    assert error["message"].count("sejak") == 2
    assert "1 Januari 2026" in error["message"]
    assert known() == [("2026-01-01", "None", "all")]


def test_within_a_file_the_first_stands_and_its_row_is_named(government: Government, tmp_path: Path) -> None:
    found = rows(tmp_path, OPEN, NEXT, OPEN)
    assert counts(found) == (1, 1, 1)
    assert "baris 2" in found["errors"][0]["message"]


def test_the_old_and_the_new_end_in_one_file_contradict_each_other(government: Government, tmp_path: Path) -> None:
    rows(tmp_path, OPEN)
    assert counts(rows(tmp_path, OPEN, CLOSED)) == (0, 1, 1)
    assert known() == [("2026-01-01", "None", "all")]


@pytest.mark.parametrize(
    "line", ["GDS,2025-11-01,2026-01-01,thursday,100 %,all,SE 0", OPEN.replace("thursday", "friday"), "BKD" + OPEN[3:]]
)
def test_neighbours_other_weekdays_and_buildings_are_no_overlap(government, tmp_path: Path, line: str) -> None:
    assert counts(rows(tmp_path, OPEN, line)) == (2, 0, 0)


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        (("GDS", ""), "building", "missing"),
        (("GDS", "NOL"), "building", "building_unknown"),
        (("2026-01-01", ""), "valid_from", "missing"),
        (("2026-01-01", "2026-13-01"), "valid_from", "date"),
        (("01,,", "01,2026-01-01,"), "valid_to", "date"),
        (("01,,", "01,akhir,"), "valid_to", "date"),
        (("thursday", "kamis"), "weekday", "unknown_value"),
        (("100 %", "banyak"), "max_share", "not_a_number"),
        (("100 %", ""), "max_share", "missing"),
        (("100 %", "101 %"), "max_share", "unknown_value"),
        (("100 %", "0 %"), "max_share", "unknown_value"),
        (("all", "some"), "mode", "unknown_value"),
        (("SE 1", "S" * 251), "decree", "too_long"),
    ],
)
def test_each_fault_has_its_code(government: Government, tmp_path: Path, change, column: str, code: str) -> None:
    found = rows(tmp_path, OPEN.replace(*change))
    assert [(f["row"], f["column"], f["code"]) for f in found["errors"]] == [(2, column, code)]
    assert not RolloutPhase.objects.exists()


def test_a_percent_cell_of_a_workbook_and_a_decimal_comma(government: Government, tmp_path: Path) -> None:
    made = Workbook()
    made.active.append(HEADINGS)
    made.active.append(["GDS", "2026-01-01", None, "Thursday", 0.5, "schedule", "SE 1"])
    made.active.append(["GDS", "2026-01-01", None, "FRIDAY", "12,5%", "schedule", "SE 1"])
    made.active["E2"].number_format = "0%"
    made.save(tmp_path / "phases.xlsx")
    assert counts(run(tmp_path / "phases.xlsx")) == (2, 0, 0)
    assert sorted(RolloutPhase.objects.values_list("max_share_bp", flat=True)) == [1250, 5000]


def test_a_phase_without_decree_stands_with_a_warning(government: Government, tmp_path: Path) -> None:
    found = rows(tmp_path, OPEN.replace("SE 1", ""))
    assert [(w["row"], w["column"], w["code"]) for w in found["warnings"]] == [(2, "decree", "missing")]
    assert found["accepted"] == 1
