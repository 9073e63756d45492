"""import_units: the sample on the imported export, the tree on its days, history that stays."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from roster.models import Building, Government, Number, Person, Unit, UnitDecision
from roster.queries import superior_of

DATA = Path(__file__).parent / "data"
HEADINGS = "unit,name,parent,building,service_kind,calendar,head_number,valid_from,decree"
NIP = "198803132018031001"
GOOD = f"U1,Bagian Umum,,GDS,administrative,five_day,{NIP},2025-01-01,SK 1"


@pytest.fixture
def government(db) -> Government:
    government, _ = Government.objects.get_or_create(code="contoh", defaults={"name": "Provinsi Contoh"})
    person = Person.objects.create(government=government, name="Sari")
    Number.objects.create(government=government, person=person, number=NIP)
    for code in ("GDS", "BKD"):
        Building.objects.create(government=government, code=code, name=code)
    return government


def command(name: str, path: Path, *options: str) -> dict:
    out = StringIO()
    call_command(name, str(path), "--government", "contoh", "--format", "json", *options, stdout=out)
    return json.loads(out.getvalue())


def rows(tmp_path: Path, *lines: str) -> dict:
    path = tmp_path / "units.csv"
    path.write_text("\n".join([HEADINGS, *lines]) + "\n", encoding="utf-8")
    return command("import_units", path)


def unit(code: str, parent: str = "", start: str = "2025-01-01") -> str:
    return f"{code},Unit {code},{parent},,administrative,five_day,,{start},SK 1"


def places(found: dict) -> list[tuple[int, str, str]]:
    return [(error["row"], error["column"], error["code"]) for error in found["errors"]]


def known(code: str = "U1") -> list[tuple[str, str, str | None]]:
    standing = UnitDecision.objects.filter(superseded_at=None, unit__code=code).order_by("valid_from")
    return [(str(row.valid_from), str(row.valid_to), row.building and row.building.code) for row in standing]


def test_the_samples_in_their_order_give_every_unit_a_head_and_leave_one_unmapped(db) -> None:
    Government.objects.get_or_create(code="contoh", defaults={"name": "Provinsi Contoh"})
    command("import_roster", DATA / "siasn_export_sample.xlsx")
    command("import_buildings", DATA / "buildings.csv")
    found = command("import_units", DATA / "units_sample.csv")
    assert found == {"rows": 7, "accepted": 7, "rejected": 0, "unchanged": 0, "errors": [], "warnings": []}
    again = command("import_units", DATA / "units_sample.csv")
    assert (again["accepted"], again["unchanged"], UnitDecision.objects.count()) == (0, 7, 7)
    assert not UnitDecision.objects.filter(head=None).exists()
    assert UnitDecision.objects.get(unit__code="U08").calendar == "six_day"
    assert set(Unit.objects.exclude(decisions__isnull=False).values_list("code", flat=True)) == {"U02"}
    clerk = Person.objects.filter(assignments__unit__code="U03").exclude(numbers__number="197309141996021002").first()
    assert superior_of(clerk, UnitDecision.objects.first().valid_from.replace(year=2026)) == Person.objects.get(
        numbers__number="197309141996021002"
    )
    assert command("import_roster", DATA / "siasn_export_sample.xlsx")["unchanged"] == 230


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        (("U1,", ","), "unit", "missing"),
        (("U1,", "U" * 521 + ","), "unit", "too_long"),
        (("Bagian Umum", ""), "name", "missing"),
        (("Umum,,", "Umum,U9,"), "parent", "unit_unknown"),
        (("Umum,,", "Umum,U1,"), "parent", "cycle"),
        (("GDS", "NOL"), "building", "building_unknown"),
        (("administrative", "umum"), "service_kind", "unknown_value"),
        (("administrative", ""), "service_kind", "missing"),
        (("five_day", "four_day"), "calendar", "unknown_value"),
        ((NIP, "198803132018031009"), "head_number", "number_unknown"),
        ((NIP, "1.98803E+17"), "head_number", "number_unknown"),
        (("2025-01-01", ""), "valid_from", "missing"),
        (("2025-01-01", "01/31/2025"), "valid_from", "date"),
        (("SK 1", "S" * 251), "decree", "too_long"),
    ],
)
def test_each_fault_has_its_code(government: Government, tmp_path: Path, change, column: str, code: str) -> None:
    found = rows(tmp_path, GOOD.replace(*change))
    assert places(found) == [(2, column, code)]
    assert not Unit.objects.exists()


def test_a_number_with_blanks_and_an_apostrophe_is_the_same_number(government: Government, tmp_path: Path) -> None:
    assert rows(tmp_path, GOOD.replace(NIP, "'19880313 201803 1 001"))["accepted"] == 1
    assert UnitDecision.objects.get().head.name == "Sari"


def test_a_number_of_another_government_is_unknown(government: Government, tmp_path: Path) -> None:
    Number.objects.update(government=Government.objects.create(code="lain", name="Lain"))
    assert places(rows(tmp_path, GOOD)) == [(2, "head_number", "number_unknown")]


def test_parents_in_any_order_of_rows(government: Government, tmp_path: Path) -> None:
    assert rows(tmp_path, unit("C", "B"), unit("B", "A"), unit("A"))["accepted"] == 3
    assert UnitDecision.objects.get(unit__code="C").parent.code == "B"
    assert rows(tmp_path, unit("D", "C"))["accepted"] == 1


def test_a_refused_parent_takes_its_children_along_and_nobody_else(government: Government, tmp_path: Path) -> None:
    found = rows(tmp_path, unit("C", "B"), unit("B", "A"), unit("A").replace("five_day", "no"), unit("X"))
    assert places(found) == [
        (2, "parent", "unit_unknown"),
        (3, "parent", "unit_unknown"),
        (4, "calendar", "unknown_value"),
    ]
    assert list(Unit.objects.values_list("code", flat=True)) == ["X"]


def test_a_ring_names_its_members_and_the_rest_is_taken(government: Government, tmp_path: Path) -> None:
    found = rows(tmp_path, unit("A", "C"), unit("B", "A"), unit("C", "B"), unit("X"))
    assert {place[1:] for place in places(found)} == {("parent", "cycle")}
    assert [error["row"] for error in found["errors"]] == [2, 3, 4]
    for error in found["errors"]:
        assert all(code in error["message"] for code in "ABC")
    assert list(Unit.objects.values_list("code", flat=True)) == ["X"]


def test_a_ring_through_what_is_stored_leaves_the_stored_tree(government: Government, tmp_path: Path) -> None:
    rows(tmp_path, unit("A"), unit("B", "A"))
    assert places(rows(tmp_path, unit("A", "B", "2026-01-01"))) == [(2, "parent", "cycle")]
    assert UnitDecision.objects.get(unit__code="A").parent is None


def test_two_units_may_change_places_from_one_day_on(government: Government, tmp_path: Path) -> None:
    rows(tmp_path, unit("A"), unit("B", "A"))
    found = rows(tmp_path, unit("A", "B", "2026-01-01"), unit("B", "", "2026-01-01"))
    assert (found["accepted"], found["rejected"]) == (2, 0)
    before_and_after = UnitDecision.objects.filter(superseded_at=None).order_by("valid_from", "unit__code")
    assert [(row.unit.code, row.parent and row.parent.code) for row in before_and_after] == [
        ("A", None), ("B", "A"), ("A", "B"), ("B", None),
    ]  # fmt: skip


def test_a_later_row_closes_and_opens_and_the_old_file_again_changes_nothing(government, tmp_path: Path) -> None:
    rows(tmp_path, GOOD)
    moved = GOOD.replace("GDS", "BKD").replace("2025-01-01", "2026-01-01")
    assert rows(tmp_path, moved)["accepted"] == 1
    assert known() == [("2025-01-01", "2026-01-01", "GDS"), ("2026-01-01", "None", "BKD")]
    assert UnitDecision.objects.get(superseded_at__isnull=False).valid_to is None
    assert rows(tmp_path, GOOD)["unchanged"] == 1
    assert rows(tmp_path, moved)["unchanged"] == 1
    assert len(known()) == 2


def test_a_corrected_row_takes_the_same_days_and_leaves_later_ones(government: Government, tmp_path: Path) -> None:
    rows(tmp_path, GOOD, GOOD.replace("GDS", "").replace("2025-01-01", "2026-01-01"))
    rows(tmp_path, GOOD.replace("GDS", "BKD"))
    assert known() == [("2025-01-01", "2026-01-01", "BKD"), ("2026-01-01", "None", None)]


def test_the_same_unit_and_day_twice(government: Government, tmp_path: Path) -> None:
    found = rows(tmp_path, GOOD, GOOD, GOOD.replace("GDS", "BKD"))
    assert (found["accepted"], found["unchanged"], found["rejected"]) == (1, 1, 1)
    assert places(found) == [(4, "unit", "duplicate_conflict")]
    assert known() == [("2025-01-01", "None", "GDS")]
