"""Buildings, units, classes and phases: samples, findings at their cells, history closed and opened, twice once."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from core.importing import Request, kind_of
from roster.models import (
    Building,
    Government,
    Number,
    Person,
    Position,
    PositionClass,
    RolloutPhase,
    Unit,
    UnitDecision,
)

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parent / "data"
HEADS = {
    "buildings": "code,name,address,city,latitude,longitude,radius_m,networks",
    "units": "unit,name,parent,building,service_kind,calendar,head_number,valid_from,decree",
    "positions": "position,class,valid_from",
    "phases": "building,valid_from,valid_to,weekday,max_share,mode,decree",
}
Import = Callable[..., dict[str, Any]]


@pytest.fixture
def government() -> Government:
    return Government.objects.create(code="uji", name="Provinsi Uji")


@pytest.fixture
def run(government: Government, tmp_path: Path) -> Import:
    """Imports lines of a kind below its headings, or a sample file."""

    def once(kind: str, *lines: str, file: str = "", write: bool = True) -> dict[str, Any]:
        path = DATA / file if file else tmp_path / f"{kind}.csv"
        if not file:
            path.write_text("\n".join([HEADS[kind], *lines]) + "\n", encoding="utf-8")
        request = Request(path, path.name, government, date(2026, 1, 1), timezone.now(), write)
        return kind_of(kind).importer(request)

    return once


def findings(summary: dict[str, Any]) -> list[tuple[int, str, str]]:
    return [(found["row"], found["column"], found["code"]) for found in summary["errors"]]


def counts(summary: dict[str, Any]) -> tuple[int, int, int, int]:
    return tuple(summary[name] for name in ("rows", "accepted", "rejected", "unchanged"))


def a_person(government: Government, number: str) -> Person:
    person = Person.objects.create(government=government, name="Iis")
    Number.objects.create(government=government, person=person, number=number)
    return person


def test_the_summary_is_the_contract(run: Import) -> None:
    assert list(run("positions", "Arsiparis,9,2025-01-01")) == [
        "rows", "accepted", "rejected", "unchanged", "errors", "warnings"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "file", "rows"),
    [("buildings", "buildings.csv", None), ("positions", "positions_sample.csv", 25)],
)
def test_a_sample_is_taken_whole_and_twice_is_once(run: Import, kind: str, file: str, rows: int | None) -> None:
    first = run(kind, file=file)
    assert first["accepted"] == first["rows"] > 0
    assert rows in (None, first["rows"])
    assert findings(first) == []
    assert counts(run(kind, file=file)) == (first["rows"], 0, 0, first["rows"])


def test_the_samples_of_units_and_phases(run: Import, government: Government) -> None:
    run("buildings", file="buildings.csv")
    for line in (DATA / "units_sample.csv").read_text().splitlines()[1:]:
        a_person(government, line.split(",")[6])
    assert counts(run("units", file="units_sample.csv")) == (7, 7, 0, 0)
    assert UnitDecision.objects.get(unit__code="U08").building is None
    assert counts(run("units", file="units_sample.csv")) == (7, 0, 0, 7)
    assert counts(run("phases", file="phases_sample.csv")) == (8, 8, 0, 0)
    assert counts(run("phases", file="phases_sample.csv")) == (8, 0, 0, 8)
    half = RolloutPhase.objects.get(building__code="GDS", valid_from=date(2025, 12, 1))
    assert (half.weekday, half.max_share_bp, half.mode, half.valid_to) == (3, 5000, "schedule", date(2026, 1, 1))


def test_nothing_is_written_on_a_trial(run: Import) -> None:
    assert run("buildings", "G1,Gedung,,,,,,", write=False)["accepted"] == 1
    assert run("positions", "Arsiparis,9,2025-01-01", write=False)["accepted"] == 1
    assert not Building.objects.exists()
    assert not Position.objects.exists()


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (",Gedung,,,,,,", "code", "missing"),
        ("G1,,,,,,,", "name", "missing"),
        ("G1,Gedung,,,utara,,,", "latitude", "not_a_number"),
        ("G1,Gedung,,,-6.9,181,,", "longitude", "unknown_value"),
        ("G1,Gedung,,,91,107,,", "latitude", "unknown_value"),
        ("G1,Gedung,,,,,dekat,", "radius_m", "not_a_number"),
        (f"{'G' * 41},Gedung,,,,,,", "code", "too_long"),
    ],
)
def test_a_building_is_refused_at_its_cell(run: Import, line: str, column: str, code: str) -> None:
    summary = run("buildings", line)
    assert findings(summary) == [(2, column, code)]
    assert counts(summary) == (1, 0, 1, 0)


def test_a_changed_building_is_changed_and_the_rest_is_not(run: Import) -> None:
    run("buildings", "G1,Gedung Satu,,,,,,", "G2,Gedung Dua,,,,,,")
    assert counts(run("buildings", "G1,Gedung Satu Baru,,,,,,", "G2,Gedung Dua,,,,,,")) == (2, 1, 0, 1)
    assert Building.objects.get(code="G1").name == "Gedung Satu Baru"


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (",9,2025-01-01", "position", "missing"),
        ("Arsiparis,,2025-01-01", "class", "missing"),
        ("Arsiparis,sembilan,2025-01-01", "class", "not_a_number"),
        ("Arsiparis,0,2025-01-01", "class", "unknown_value"),
        ("Arsiparis,18,2025-01-01", "class", "unknown_value"),
        ("Arsiparis,9,31/02/2025", "valid_from", "date"),
    ],
)
def test_a_class_is_refused_at_its_cell(run: Import, line: str, column: str, code: str) -> None:
    assert findings(run("positions", line)) == [(2, column, code)]


def test_a_changed_class_closes_one_span_and_opens_another(run: Import) -> None:
    run("positions", "Arsiparis,9,2025-01-01")
    run("positions", "Arsiparis,10,2025-07-01")
    known = PositionClass.objects.filter(superseded_at=None).order_by("valid_from")
    assert list(known.values_list("job_class", "valid_from", "valid_to")) == [
        (9, date(2025, 1, 1), date(2025, 7, 1)),
        (10, date(2025, 7, 1), None),
    ]
    assert PositionClass.objects.filter(superseded_at__isnull=False).count() == 1, "what was known then stays"


UNIT = "U1,Biro,{parent},{building},{service},{calendar},{head},{start},SK 1"


def unit(code: str = "U1", **cells: str) -> str:
    values = {"parent": "", "building": "", "service": "administrative", "calendar": "five_day", "head": "",
              "start": "2025-01-01", **cells}  # fmt: skip
    return UNIT.format(**values).replace("U1,Biro", f"{code},Biro {code}", 1)


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (unit(code=""), "unit", "missing"),
        (unit(building="TIDAK-ADA"), "building", "building_unknown"),
        (unit(head="198512142013022008"), "head_number", "number_unknown"),
        (unit(service="layanan"), "service_kind", "unknown_value"),
        (unit(calendar="enam hari"), "calendar", "unknown_value"),
        (unit(start="2025-13-01"), "valid_from", "date"),
        (unit(parent="U9"), "parent", "unit_unknown"),
        (unit(parent="U1"), "parent", "cycle"),
        (unit() + "x" * 251, "decree", "too_long"),
    ],
)
def test_a_unit_is_refused_at_its_cell(run: Import, line: str, column: str, code: str) -> None:
    assert findings(run("units", line)) == [(2, column, code)]
    assert not UnitDecision.objects.exists()


def test_a_parent_may_stand_below_its_child_or_in_the_roster(run: Import, government: Government) -> None:
    Unit.objects.create(government=government, code="ATAS", name="Sekretariat")
    summary = run("units", unit("U1", parent="U2"), unit("U2", parent="ATAS"))
    assert counts(summary) == (2, 2, 0, 0)
    assert UnitDecision.objects.get(unit__code="U1").parent.code == "U2"


def test_a_ring_is_refused_with_its_members_and_the_rest_is_taken(run: Import) -> None:
    summary = run(
        "units", unit("A", parent="B"), unit("B", parent="C"), unit("C", parent="A"), unit("D"), unit("E", parent="D")
    )
    assert findings(summary) == [(2, "parent", "cycle"), (3, "parent", "cycle"), (4, "parent", "cycle")]
    assert all(name in summary["errors"][0]["message"] for name in "ABC")
    assert counts(summary) == (5, 2, 3, 0)


def test_a_ring_that_closes_only_through_stored_parents_is_found(run: Import) -> None:
    run("units", unit("A"), unit("B", parent="A"), unit("C", parent="B"))
    summary = run("units", unit("A", parent="C", start="2026-01-01"))
    assert findings(summary) == [(2, "parent", "cycle")]
    assert UnitDecision.objects.get(unit__code="A").parent is None


def test_a_unit_that_moves_keeps_its_history(run: Import, government: Government) -> None:
    head = a_person(government, "198512142013022008")
    run("buildings", "G1,Gedung,,,,,,")
    run("units", unit(building="G1"))
    run("units", unit(building="G1", head="'1985 1214 2013022008", start="2025-06-01"))
    known = UnitDecision.objects.filter(superseded_at=None).order_by("valid_from")
    assert list(known.values_list("head_id", "valid_from", "valid_to")) == [
        (None, date(2025, 1, 1), date(2025, 6, 1)),
        (head.pk, date(2025, 6, 1), None),
    ]


def test_the_same_unit_and_day_with_other_content_is_refused_and_the_first_stands(run: Import) -> None:
    summary = run("units", unit(), unit(calendar="six_day"), unit())
    assert findings(summary) == [(3, "unit", "duplicate_conflict")]
    assert counts(summary) == (3, 1, 1, 1)


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("G9,2025-11-05,,thursday,100 %,all,SE", "building", "building_unknown"),
        ("G1,2025-11-05,,kamis,100 %,all,SE", "weekday", "unknown_value"),
        ("G1,2025-11-05,,thursday,separuh,all,SE", "max_share", "not_a_number"),
        ("G1,2025-11-05,,thursday,0 %,all,SE", "max_share", "unknown_value"),
        ("G1,2025-11-05,,thursday,100.01 %,all,SE", "max_share", "unknown_value"),
        ("G1,2025-11-05,,thursday,50 %,sesuka,SE", "mode", "unknown_value"),
        ("G1,2025-11-05,2025-11-05,thursday,50 %,all,SE", "valid_to", "date"),
        ("G1,,,thursday,50 %,all,SE", "valid_from", "missing"),
    ],
)
def test_a_phase_is_refused_at_its_cell(run: Import, line: str, column: str, code: str) -> None:
    run("buildings", "G1,Gedung,,,,,,")
    assert findings(run("phases", line)) == [(2, column, code)]


def test_phases_that_share_a_day_are_refused_with_both_named(run: Import) -> None:
    run("buildings", "G1,Gedung,,,,,,")
    run("phases", "G1,2025-11-05,2025-12-01,thursday,100 %,all,SE 1")
    summary = run(
        "phases",
        "G1,2025-11-30,,thursday,100 %,all,SE 2",
        "G1,2025-12-01,,thursday,12,5 %,all,SE 2".replace("12,5", '"12,5').replace(" %,all", ' %",all'),
        "G1,2026-01-01,,thursday,100 %,all,SE 3",
        "G1,2025-11-30,,friday,100 %,all,SE 2",
    )
    assert findings(summary) == [(2, "valid_from", "phase_overlap"), (4, "valid_from", "phase_overlap")]
    stored, in_file = (found["message"] for found in summary["errors"])
    assert "5 November 2025" in stored
    assert "30 November 2025" in stored
    assert "baris 3" in in_file
    assert RolloutPhase.objects.get(valid_from=date(2025, 12, 1)).max_share_bp == 1250
    assert counts(summary) == (4, 2, 2, 0)
