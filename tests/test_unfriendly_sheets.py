"""Sheets of places and bills filled in by somebody who was not looking."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from core.findings import shown
from roster.models import Building, Government, Unit, UnitDecision
from savings.models import Bill, Meter

UNITS = "unit,name,parent,building,service_kind,calendar,head_number,valid_from,decree\n"
BILLS = "meter,building,utility,period_start,period_end,usage,unit,cost_rupiah,read_type\n"


@pytest.fixture
def government(db) -> Government:
    government, _ = Government.objects.get_or_create(code="contoh", defaults={"name": "Provinsi Contoh"})
    for code in ("GDS", "BKD"):
        Building.objects.create(government=government, code=code, name=code)
    return government


@pytest.fixture
def take(government, tmp_path):
    def run(kind: str, heading: str, *lines: str, options: tuple[str, ...] = ()) -> dict:
        path = tmp_path / "sheet.csv"
        path.write_text(heading + "".join(line + "\n" for line in lines), encoding="utf-8")
        out, words = StringIO(), ("--government", "contoh", "--format", "json", *options)
        call_command(f"import_{kind}", str(path), *words, stdout=out)
        return json.loads(out.getvalue())

    return run


def places(found: dict, name: str = "errors") -> list[tuple[int, str, str]]:
    return [(finding["row"], finding["column"], finding["code"]) for finding in found[name]]


def unit(code: str, parent: str, start: str = "2025-01-01") -> str:
    return f"{code},{code},{parent},,administrative,five_day,,{start},SK"


def test_a_unit_below_a_refused_ring_is_refused_with_it(take):
    found = take("units", UNITS, unit("A", "B"), unit("B", "A"), unit("C", "A"), unit("D", ""))
    assert places(found) == [(2, "parent", "cycle"), (3, "parent", "cycle"), (4, "parent", "unit_unknown")]
    assert list(Unit.objects.values_list("code", flat=True)) == ["D"]


def test_a_ring_that_stood_before_does_not_hang_the_import(take, government):
    take("units", UNITS, unit("A", ""), unit("B", "A"))
    UnitDecision.objects.filter(unit__code="A").update(parent=Unit.objects.get(code="B"))
    assert take("units", UNITS, unit("C", ""))["accepted"] == 1


def bill(building: str = "GDS", start: str = "2025-01-01", end: str = "2025-01-31", usage: str = "5") -> str:
    return f"M1,{building},electricity,{start},{end},{usage},kWh,100,actual"


def test_a_meter_stays_in_its_building_and_says_so(take):
    found = take("bills", BILLS, bill(), bill("BKD", "2025-02-01", "2025-02-28"))
    assert (found["accepted"], places(found, "warnings")) == (2, [(3, "building", "unknown_value")])
    assert Meter.objects.get().building.code == "GDS"
    again = take("bills", BILLS, bill(), bill("BKD", "2025-02-01", "2025-02-28"), options=("--replace",))
    assert (again["accepted"], again["unchanged"], Bill.objects.count()) == (0, 2, 2)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_at_the_edge_of_the_calendar_is_no_day_of_a_bill(take, day):
    found = take("bills", BILLS, bill(start=day, end=day))
    assert places(found) == [(2, "period_start", "date"), (2, "period_end", "date")]


@pytest.mark.parametrize(
    ("value", "words"),
    [(43831.0, "43831"), (0.5, "0.5"), (1.99001012015031e17, "1.99001012015031e+17"), (float("nan"), "nan")],
)
def test_a_number_is_shown_as_the_sheet_shows_it(value, words):
    assert shown(value) == words
