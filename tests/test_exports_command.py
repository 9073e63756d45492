"""`export_allowance`: the contract's words, plain refusals, a trace of every file."""

import json
from io import StringIO
from zipfile import is_zipfile

import pytest
from django.core.management import CommandError, call_command

from allowances.exports import export
from allowances.models import Run
from core.models import AuditEntry
from tests.exported_run import cells, drafted, locked, make_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return make_office()


def command(tmp_path, *words: str, name: str = "file.out") -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    words = ("--month", "2026-11", "--out", str(tmp_path / name), "--government", "contoh", *words)
    try:
        call_command("export_allowance", *words, stdout=out, stderr=err)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.mark.parametrize("kind", ["nominatif", "rekap", "bank", "pdf", "bundle"])
def test_every_kind_is_the_file_of_the_page_and_leaves_a_trace(office, tmp_path, kind):
    run = locked(office)
    status, out, _ = command(tmp_path, "--kind", kind, "--format", "json")
    assert status == 0
    assert json.loads(out)["total"] == str(run.total_rupiah)
    assert (tmp_path / "file.out").read_bytes() == export(Run.objects.get(pk=run.pk), kind).content
    assert AuditEntry.objects.get(action="run.exported").detail["kind"] == kind
    assert [path.name for path in tmp_path.iterdir()] == ["file.out"]


def test_a_unit_is_its_subtree_by_code(office, tmp_path):
    drafted(office)
    assert command(tmp_path, "--kind", "nominatif", "--unit", office.top.code)[0] == 0
    names = [row[2] for row in cells((tmp_path / "file.out").read_bytes()) if isinstance(row[0], int)]
    assert {"Agus", "Wulan"} < set(names)
    assert "Budi" not in names


def test_the_bank_gets_a_sheet_or_a_csv_by_the_name_of_the_file(office, tmp_path):
    locked(office)
    assert command(tmp_path, "--kind", "bank", name="bank.csv")[0] == 0
    assert (tmp_path / "bank.csv").read_text().startswith('"no","bank","rekening"')
    assert command(tmp_path, "--kind", "bank", name="bank.xlsx")[0] == 0
    assert is_zipfile(tmp_path / "bank.xlsx")


def test_refusals_are_one_sentence_and_leave_no_file(office, tmp_path):
    drafted(office)
    cases = [
        (("--kind", "bank"), "sesudah perhitungan dikunci"),
        (("--kind", "rekap", "--run", "holiday"), "Belum ada perhitungan holiday"),
        (("--kind", "rekap", "--run", "bonus"), "tidak dikenal"),
        (("--kind", "rekap", "--run", "regular:x"), "tidak dikenal"),
        (("--kind", "rekap", "--unit", "NIHIL"), "Unit 'NIHIL' tidak dikenal"),
        (("--kind", "rekap", "--month", "2026-13"), "tidak terbaca"),
        (("--kind", "rekap", "--month", "2026-10"), "Susun drafnya"),
    ]
    for words, said in cases:
        status, _, err = command(tmp_path, *words)
        assert (status, said in err) == (1, True), err
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(CommandError):
        command(tmp_path, "--kind", "html")


def test_who_has_no_account_is_listed(office, tmp_path):
    budi = office.people["budi"]
    budi.bank_account = ""
    budi.save()
    locked(office)
    status, _, err = command(tmp_path, "--kind", "bank")
    assert status == 1
    assert "Budi\tDinas Air" in err
    assert "1 orang belum punya nomor rekening" in err


def test_a_folder_that_is_not_there_is_named(office, tmp_path):
    drafted(office)
    status, _, err = command(tmp_path, "--kind", "rekap", name="tidak-ada/rekap.xlsx")
    assert status == 1
    assert "tidak dapat ditulis" in err


def test_run_words_name_kind_and_number(office, tmp_path):
    drafted(office)
    assert command(tmp_path, "--kind", "rekap", "--run", "regular:1")[0] == 0
