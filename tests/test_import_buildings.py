"""import_buildings: the sample, every fault with its code and place, again without a change, changed with a trace."""

import json
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from core.models import AuditEntry
from roster.models import Building, Government

DATA = Path(__file__).parent / "data"
HEAD = "code,name,address,city,latitude,longitude,radius_m,networks\n"
GOOD = "GDS,Gedung Sate,Jl. Diponegoro 22,Kota Bandung,-6.9025,107.6188,200,10.1.0.0/16"


@pytest.fixture
def government(db) -> Government:
    return Government.objects.get_or_create(code="contoh", defaults={"name": "Provinsi Contoh"})[0]


def run(path: Path, *options: str) -> dict:
    out = StringIO()
    call_command("import_buildings", str(path), "--government", "contoh", "--format", "json", *options, stdout=out)
    return json.loads(out.getvalue())


def rows(tmp_path: Path, *lines: str, options: tuple[str, ...] = ()) -> dict:
    path = tmp_path / "buildings.csv"
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return run(path, *options)


def test_the_sample_stands_and_stands_unchanged_when_imported_again(government: Government) -> None:
    found = run(DATA / "buildings.csv")
    assert list(found) == ["rows", "accepted", "rejected", "unchanged", "errors", "warnings"]
    assert found == {"rows": 16, "accepted": 16, "rejected": 0, "unchanged": 0, "errors": [], "warnings": []}
    sate = Building.objects.get(code="GDS")
    assert (sate.latitude, sate.longitude, sate.radius_m) == (Decimal("-6.9025"), Decimal("107.6188"), 200)
    assert Building.objects.get(code="DPRD").latitude is None
    again = run(DATA / "buildings.csv")
    assert (again["accepted"], again["unchanged"], Building.objects.count()) == (0, 16, 16)


def test_dry_run_writes_nothing(government: Government) -> None:
    assert run(DATA / "buildings.csv", "--dry-run")["accepted"] == 16
    assert not Building.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        (("GDS", ""), "code", "missing"),
        (("Gedung Sate", ""), "name", "missing"),
        (("GDS", "G" * 41), "code", "too_long"),
        (("Gedung Sate", "S" * 251), "name", "too_long"),
        (("Kota Bandung", "K" * 121), "city", "too_long"),
        (("-6.9025", "selatan"), "latitude", "not_a_number"),
        (("-6.9025", "-90.1"), "latitude", "unknown_value"),
        (("107.6188", "180.1"), "longitude", "unknown_value"),
        (("200", "banyak"), "radius_m", "not_a_number"),
        (("200", "1.5"), "radius_m", "not_a_number"),
        (("200", "0"), "radius_m", "unknown_value"),
        (("10.1.0.0/16", "10.1.0.0/33"), "networks", "unknown_value"),
        (("10.1.0.0/16", "kantor"), "networks", "unknown_value"),
    ],
)
def test_each_fault_has_its_code(government: Government, tmp_path: Path, change, column: str, code: str) -> None:
    found = rows(tmp_path, GOOD.replace(*change))
    assert [(f["row"], f["column"], f["code"]) for f in found["errors"]] == [(2, column, code)]
    assert (found["accepted"], found["rejected"]) == (0, 1)
    assert not Building.objects.exists()


def test_the_edges_of_the_earth_are_still_on_it(government: Government, tmp_path: Path) -> None:
    assert rows(tmp_path, GOOD.replace("-6.9025", "-90").replace("107.6188", "180"))["accepted"] == 1


def test_half_a_coordinate_is_no_refusal_and_no_coordinate(government: Government, tmp_path: Path) -> None:
    found = rows(tmp_path, GOOD.replace("107.6188", ""))
    assert [(w["column"], w["code"]) for w in found["warnings"]] == [("longitude", "missing")]
    assert found["accepted"] == 1
    assert Building.objects.get().latitude is None


def test_networks_are_kept_in_one_form(government: Government, tmp_path: Path) -> None:
    rows(tmp_path, GOOD.replace("10.1.0.0/16", "10.1.2.3/16; 2001:DB8::/32  10.1.0.0/16"))
    assert Building.objects.get().networks == "10.1.0.0/16 2001:db8::/32"


def test_a_changed_building_leaves_what_it_was_in_the_log(government: Government, tmp_path: Path) -> None:
    rows(tmp_path, GOOD)
    found = rows(tmp_path, GOOD.replace("Gedung Sate", "Gedung Baru"))
    assert (found["accepted"], found["unchanged"]) == (1, 0)
    assert Building.objects.get().name == "Gedung Baru"
    assert AuditEntry.objects.latest("pk").detail["before"] == {"GDS": {"name": "Gedung Sate"}}


def test_the_same_code_twice(government: Government, tmp_path: Path) -> None:
    found = rows(tmp_path, GOOD, GOOD, GOOD.replace("200", "300"))
    assert (found["rows"], found["accepted"], found["unchanged"], found["rejected"]) == (3, 1, 1, 1)
    assert [(f["row"], f["column"], f["code"]) for f in found["errors"]] == [(4, "code", "duplicate_conflict")]
    assert Building.objects.get().radius_m == 200


def test_another_governments_building_of_the_same_code_stays(government: Government, tmp_path: Path) -> None:
    other = Government.objects.create(code="lain", name="Lain")
    Building.objects.create(government=other, code="GDS", name="Lain")
    assert rows(tmp_path, GOOD)["accepted"] == 1
    assert Building.objects.get(government=other).name == "Lain"


@pytest.mark.parametrize("missing", HEAD.strip().split(","))
def test_a_missing_heading_is_one_sentence_and_exit_1(government, tmp_path: Path, missing: str, capsys) -> None:
    path = tmp_path / "b.csv"
    path.write_text(HEAD.replace(missing, "x") + GOOD, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        run(path)
    assert ended.value.code == 1
    assert missing in capsys.readouterr().err
    assert not Building.objects.exists()
