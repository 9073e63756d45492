"""Bills: the import contract on its sample, corrected bills, the ceiling, and quantity apart from price."""

import json
from datetime import date
from fractions import Fraction
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from roster.models import Building, Government
from savings.models import Bill, Meter
from savings.rules import bill_change, ceiling

DATA = Path(__file__).parent / "data"
HEAD = "meter,building,utility,period_start,period_end,usage,unit,cost_rupiah,read_type\n"


@pytest.fixture
def government(db) -> Government:
    government, _ = Government.objects.get_or_create(code="contoh", defaults={"name": "Provinsi Contoh"})
    for code in ("GDS", "BKD", "KOMINFO", "WINDU", "DPRD", "INSP", "BAPPEDA", "DISDIK"):
        Building.objects.create(government=government, code=code, name=code)
    return government


def run(path: Path, *options: str) -> dict:
    out = StringIO()
    call_command("import_bills", str(path), "--government", "contoh", "--format", "json", *options, stdout=out)
    return json.loads(out.getvalue())


def one_row(tmp_path: Path, row: str, *options: str) -> dict:
    path = tmp_path / "bills.csv"
    path.write_text(HEAD + row + "\n", encoding="utf-8")
    return run(path, *options)


GOOD = "M1,GDS,electricity,2025-01-01,2025-01-31,100.5,kWh,150000,actual"


def test_the_sample_gives_exactly_what_is_expected(government: Government) -> None:
    expected = json.loads((DATA / "bills_sample.expected.json").read_text(encoding="utf-8"))
    found = run(DATA / "bills_sample.csv")
    for name in ("rows", "accepted", "rejected"):
        assert found[name] == expected[name]
    for name in ("errors", "warnings"):
        assert [{key: f[key] for key in ("row", "column", "code")} for f in found[name]] == expected[name]
    assert Bill.objects.count() == 95
    again = run(DATA / "bills_sample.csv")
    assert (again["accepted"], again["unchanged"], again["rejected"]) == (0, 95, 5)
    assert Bill.objects.count() == 95


def test_dry_run_writes_nothing(government: Government) -> None:
    assert run(DATA / "bills_sample.csv", "--dry-run")["accepted"] == 95
    assert Bill.objects.count() == 0
    assert Meter.objects.count() == 0


def test_a_corrected_bill_needs_the_word_and_keeps_the_old_one(government: Government, tmp_path: Path) -> None:
    one_row(tmp_path, GOOD)
    corrected = GOOD.replace("100.5", "90")
    assert one_row(tmp_path, corrected)["errors"][0]["code"] == "period_overlap"
    assert one_row(tmp_path, corrected, "--replace")["accepted"] == 1
    assert Bill.objects.get(superseded_at__isnull=True).usage == 90
    assert Bill.objects.filter(superseded_at__isnull=False).count() == 1


def test_replace_is_only_for_exactly_the_same_period(government: Government, tmp_path: Path) -> None:
    one_row(tmp_path, GOOD)
    shifted = GOOD.replace("2025-01-31", "2025-01-30").replace("100.5", "90")
    assert one_row(tmp_path, shifted, "--replace")["errors"][0]["code"] == "period_overlap"


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        (("100.5", "banyak"), "usage", "not_a_number"),
        (("100.5", "-1"), "usage", "negative"),
        (("kWh", "m3"), "unit", "unit_unknown"),
        (("kWh", "GJ"), "unit", "unit_unknown"),
        (("electricity", "gas"), "utility", "unknown_value"),
        (("actual", "guessed"), "read_type", "unknown_value"),
        (("2025-01-31", "2025-02-31"), "period_end", "date"),
        (("2025-01-31", "2024-12-31"), "period_end", "period_order"),
        (("GDS", "NOWHERE"), "building", "building_unknown"),
        (("M1", ""), "meter", "missing"),
        (("M1", "M" * 61), "meter", "too_long"),
    ],
)
def test_each_fault_has_its_code(government: Government, tmp_path: Path, change, column: str, code: str) -> None:
    found = one_row(tmp_path, GOOD.replace(*change))
    assert [(f["row"], f["column"], f["code"]) for f in found["errors"]] == [(2, column, code)]
    assert found["rejected"] == 1
    assert Bill.objects.count() == 0


def test_decimal_comma_and_dates_day_first(government: Government, tmp_path: Path) -> None:
    path = tmp_path / "semicolons.csv"
    row = "M1;GDS;electricity;01/01/2025;31-01-2025;1.234,5;kWh;1.500.000;actual"
    path.write_text(HEAD.replace(",", ";") + row, encoding="cp1252")
    assert run(path)["accepted"] == 1
    bill = Bill.objects.get()
    assert (bill.usage, bill.cost_rupiah, bill.period_to) == (Fraction(2469, 2), 1500000, date(2025, 2, 1))


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n"])
def test_no_sheet_is_one_sentence_and_exit_1(government: Government, tmp_path: Path, content: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        run(path)
    assert ended.value.code == 1


def test_the_database_refuses_two_standing_bills_of_one_day(government: Government, tmp_path: Path) -> None:
    one_row(tmp_path, GOOD)
    bill = Bill.objects.get()
    bill.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        bill.save()


def test_one_day_in_five_saves_at_most_16_percent() -> None:
    assert ceiling(1, 5) == Fraction(16, 100)
    assert ceiling(4, 20, switchable_share=Fraction(1, 2)) == Fraction(8, 100)
    with pytest.raises(ValueError, match="home days"):
        ceiling(6, 5)


amounts = st.fractions(min_value=Fraction(1, 100), max_value=10**9, max_denominator=1000)


@given(amounts, amounts, amounts, amounts)
def test_quantity_and_price_effect_add_up_to_the_rupiah(q0, c0, q1, c1) -> None:
    assert bill_change(q0, c0, q1, c1).total_rupiah == c0 - c1


def test_a_zero_reading_is_missing_not_a_saving() -> None:
    assert bill_change(Fraction(100), Fraction(1000), Fraction(0), Fraction(0)) is None


@pytest.fixture
def leader(government: Government, client):
    from accounts.models import User
    from roster.models import Grant

    user = User.objects.create_user("pimpinan-uji", "sandi-uji-yang-panjang")
    Grant.objects.create(government=government, user=user, role="leadership", valid_from=date(2025, 1, 1))
    client.force_login(user)
    return client


def test_the_building_page_shows_both_effects_and_no_claim(government: Government, leader, tmp_path: Path) -> None:
    path = tmp_path / "bills.csv"
    rows = [
        "M1,GDS,electricity,2025-01-01,2025-01-31,100,kWh,150000,actual",
        "M1,GDS,electricity,2026-01-01,2026-01-31,90,kWh,144000,actual",
    ]
    path.write_text(HEAD + "\n".join(rows), encoding="utf-8")
    run(path)
    page = leader.get("/penghematan/gedung/GDS/").content.decode()
    # (100 - 90) x 1500 = 15,000; (1500 - 1600) x 90 = -9,000; together the bill's change of 6,000.
    for words in ("Rp15.000", "\N{MINUS SIGN}Rp9.000", "Rp6.000", "Belum dapat dibuktikan"):
        assert words in page
    assert "hingga 75" not in page


def test_another_governments_building_is_not_there(government: Government, leader) -> None:
    other = Government.objects.create(code="lain", name="Kabupaten Lain")
    Building.objects.create(government=other, code="KABLAIN", name="Kantor Bupati")
    assert leader.get("/penghematan/gedung/KABLAIN/").status_code == 404
    page = leader.get("/penghematan/").content.decode()
    assert "Kantor Bupati" not in page
    assert "KOMINFO" in page


def test_bills_are_not_for_everybody(government: Government, client) -> None:
    assert client.get("/penghematan/").status_code == 302


def test_the_overview_asks_few_questions(government: Government, leader, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(15):
        assert leader.get("/penghematan/").status_code == 200
