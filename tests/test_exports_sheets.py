"""Nominatif, rekap and bank: read back by another library, they are the run to the rupiah."""

import csv
from decimal import Decimal
from hashlib import sha256
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.db import connection

from allowances.exports import ExportRefused, deliver, export
from allowances.exports.reading import ADDING, AMOUNTS
from allowances.models import Run, RunInput
from core.errors import PortalError
from core.models import AuditEntry
from tests.exported_run import FORMULA_NAME, cells, drafted, locked, make_office
from tests.runs import AT, make_government, make_unit, officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return make_office()


def people_rows(content: bytes) -> list[tuple]:
    return [row for row in cells(content) if isinstance(row[0], int) and isinstance(row[1], str)]


def row_that_begins(content: bytes, words: str, sheet: str | None = None) -> tuple:
    return next(row for row in cells(content, sheet) if str(row[0]).startswith(words))


def test_the_list_is_the_run(office):
    run = drafted(office)
    content = export(run, "nominatif").content
    rows = people_rows(content)
    assert [row[2] for row in rows] == ["'" + FORMULA_NAME, "Agus", "Wulan", "Budi"]
    net = 6 + AMOUNTS.index("net")
    total = row_that_begins(content, "JUMLAH SELURUHNYA (4 orang)")
    assert total[net] == sum(row[net] for row in rows) == run.total_rupiah
    assert total[net] == sum(line.amount_rupiah for line in run.lines.all())
    units = [row for row in cells(content) if str(row[0]).startswith("Jumlah ")]
    assert [row[0] for row in units] == [
        "Jumlah Bagian Rumah Tangga (1 orang)", "Jumlah Biro Umum (2 orang)", "Jumlah Dinas Air (1 orang)",
    ]  # fmt: skip
    assert sum(row[net] for row in units) == total[net]


def test_every_row_adds_up(office):
    for row in people_rows(export(drafted(office), "nominatif").content):
        amounts = dict(zip(AMOUNTS, row[6:], strict=False))
        assert sum(sign * amounts[name] for name, sign in ADDING) == amounts["net"] > 0


def test_numbers_of_people_and_accounts_are_text_and_nothing_is_a_formula(office):
    content = export(drafted(office), "nominatif").content
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []
    wulan = office.people["wulan"]
    row = next(row for row in people_rows(content) if row[2] == "Wulan")
    assert row[1] == f"{wulan.pk:018}"
    assert row[-1] == "0012345678"
    assert next(row[-1] for row in people_rows(content) if row[2].endswith(FORMULA_NAME)) == "'=1+1"


def test_a_draft_says_so_on_screen_and_on_every_printed_page(office):
    run = drafted(office)
    before = openpyxl.load_workbook(BytesIO(export(run, "nominatif").content)).worksheets[0]
    assert before["A1"].value.startswith("DRAF")
    assert "DRAF" in before.oddHeader.center.text
    assert "-DRAF" in export(run, "nominatif").file_name
    run = locked(office, run)
    after = openpyxl.load_workbook(BytesIO(export(run, "nominatif").content)).worksheets[0]
    assert "DRAF" not in str(list(after.iter_rows(values_only=True))) + str(after.oddHeader.center.text)
    assert "DRAF" not in export(run, "nominatif").file_name


def test_it_prints_in_landscape_with_its_headings_on_every_page(office):
    sheet = openpyxl.load_workbook(BytesIO(export(drafted(office), "nominatif").content)).worksheets[0]
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$9:$10"
    assert sheet.freeze_panes == "D11"


@pytest.mark.parametrize("kind", ["nominatif", "rekap", "bank", "bank_csv"])
def test_the_same_run_gives_the_same_bytes(office, kind):
    run = locked(office)
    assert export(run, kind).content == export(Run.objects.get(pk=run.pk), kind).content


def test_a_later_change_of_account_does_not_change_the_file(office):
    run = locked(office)
    before = export(run, "bank").content
    office.people["wulan"].bank_account = "999"
    office.people["wulan"].save()
    assert export(run, "bank").content == before


def test_a_unit_means_its_subtree(office):
    run = drafted(office)
    names = {row[2] for row in people_rows(export(run, "nominatif", office.top).content)}
    assert names == {"'" + FORMULA_NAME, "Agus", "Wulan"}
    assert {row[2] for row in people_rows(export(run, "nominatif", office.other).content)} == {"Budi"}
    foreign = make_unit(make_government("lain", name="Kota Lain"))
    with pytest.raises(PortalError, match="bukan unit pemerintah"):
        export(run, "nominatif", foreign)


def test_a_list_that_is_not_the_run_is_not_made(office):
    run = drafted(office)
    Run.objects.filter(pk=run.pk).update(total_rupiah=run.total_rupiah + 1)
    with pytest.raises(PortalError, match="tidak sama dengan jumlah perhitungan"):
        export(Run.objects.get(pk=run.pk), "nominatif")


def test_rekap_shows_units_components_and_who_was_set_aside(office):
    run = drafted(office)
    content = export(run, "rekap").content
    total = row_that_begins(content, "JUMLAH SELURUHNYA", "Per unit")
    assert total[3 + AMOUNTS.index("net")] == run.total_rupiah
    assert row_that_begins(content, "JUMLAH = NETO", "Per komponen")[3] == run.total_rupiah
    components = {row[1]: row[3] for row in cells(content, "Per komponen") if row[0] == "Komponen"}
    rows = RunInput.objects.filter(run=run)
    assert sum(components.values()) == sum(row.gross_rupiah - row.cuts_rupiah for row in rows)
    aside = [row for row in cells(content, "Disisihkan") if row[2] == "Tanpa Nilai"]
    assert aside[0][3] == "Dinas Air"
    assert "Nilai kinerja" in aside[0][4]
    alone = export(run, "rekap", office.top).content
    assert [row for row in cells(alone, "Disisihkan") if row[2] == "Tanpa Nilai"] == []


def test_the_bank_gets_nothing_before_the_lock(office):
    with pytest.raises(ExportRefused, match="sesudah perhitungan dikunci"):
        export(drafted(office), "bank")


def test_the_bank_list_names_whoever_has_no_account(office):
    budi = office.people["budi"]
    budi.bank_account = " "
    budi.save()
    run = locked(office)
    with pytest.raises(ExportRefused, match="1 orang belum punya nomor rekening") as refused:
        export(run, "bank")
    assert [name for _, name, _ in refused.value.people] == ["Budi"]
    assert len(people_rows(export(run, "bank", office.top).content)) == 3


def test_an_account_that_was_missing_when_drafted_may_be_filled_in_later(office):
    agus = office.people["agus"]
    agus.bank_account = ""
    agus.save()
    run = locked(office)
    agus.bank_account = "777"
    agus.save()
    assert [row[2] for row in people_rows(export(run, "bank").content) if row[3] == "Agus"] == ["777"]


def test_the_bank_list_pays_the_run_and_leaves_out_who_gets_nothing(office):
    run = drafted(office)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE allowances_runinput SET held_rupiah = held_rupiah + net_rupiah, net_rupiah = 0"
            " WHERE run_id = %s AND person_id = %s",
            [run.pk, office.people["budi"].pk],
        )
    paid = sum(run.inputs.values_list("net_rupiah", flat=True))
    approver = officer(office.government, "Setuju")
    Run.objects.filter(pk=run.pk).update(
        total_rupiah=paid, state=Run.State.LOCKED, locked_at=AT, approved_by=approver, approved_at=AT
    )
    run = Run.objects.get(pk=run.pk)
    rows = people_rows(export(run, "bank").content)
    assert {row[3] for row in rows} == {"'" + FORMULA_NAME, "Agus", "Wulan"}
    assert sum(row[6] for row in rows) == paid == row_that_begins(export(run, "bank").content, "JUMLAH")[6]
    read = list(csv.DictReader(StringIO(export(run, "bank_csv").content.decode())))
    assert sum(Decimal(row["jumlah"]) for row in read) == paid
    assert {row["rekening"] for row in read} == {"0012345678", "0000000001", "'=1+1"}


def test_who_took_which_file_is_recorded(office):
    run = drafted(office)
    made = deliver(run, "rekap", office.top, actor="setuju", at=AT)
    entry = AuditEntry.objects.get(action="run.exported")
    assert (entry.actor, entry.subject, entry.detail["unit"]) == ("setuju", f"run:{run.pk}", office.top.pk)
    assert entry.detail["sha256"] == sha256(made.content).hexdigest()


def test_an_unknown_kind_is_refused(office):
    with pytest.raises(PortalError, match="nominatif, rekap, bank, pdf, bundle"):
        export(drafted(office), "html")
