"""Papers as PDF: DRAF on every page before the lock, words and totals, parts that are one paper, and slips."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from allowances.exports import export, paper, slip_pdf
from allowances.models import Adjustment, Run, RunInput
from allowances.operations import draft_run
from core.errors import PortalError
from core.indonesian import grouped
from tests.exported_run import drafted, locked, make_office
from tests.runs import AT, CLOSED_AT, close_month, make_unit, score

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return make_office()


def pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def flat(text: str) -> str:
    return " ".join(text.split())


def test_every_page_of_a_draft_says_so_and_none_after_the_lock(office, monkeypatch):
    monkeypatch.setattr(paper, "ROWS_A_PART", 1)
    run = drafted(office)
    texts = pages(export(run, "pdf").content)
    assert len(texts) == 4
    for number, text in enumerate(texts, 1):
        assert text.count("DRAF") == 2  # the banner and the watermark
        assert f"Halaman {number} dari 4" in flat(text)
    run = locked(office, run)
    assert "DRAF" not in "".join(pages(export(run, "pdf").content))


def test_the_paper_is_the_run_in_figures_and_words(office):
    run = drafted(office)
    (text,) = pages(export(run, "pdf").content)
    assert grouped(int(run.total_rupiah)) in text
    assert "JUMLAH SELURUHNYA (4 orang)" in flat(text)
    assert "Terbilang: Dua puluh juta" in flat(text)
    for row in RunInput.objects.filter(run=run):
        assert row.number in text
        assert grouped(int(row.net_rupiah)) in text
    for office_name in ("Pengguna Anggaran", "Pejabat Pembuat Komitmen", "Bendahara Pengeluaran"):
        assert office_name in flat(text)


def test_parts_print_everybody_once(office, monkeypatch):
    run = locked(office)
    monkeypatch.setattr(paper, "ROWS_A_PART", 1)
    text = flat(" ".join(pages(export(run, "pdf").content)))
    assert [text.count(row.number) for row in run.inputs.all()] == [1, 1, 1, 1]
    assert "Biro Umum (lanjutan)" in text
    assert text.count("Jumlah Biro Umum (2 orang)") == 1
    assert text.count("JUMLAH SELURUHNYA") == text.count("Terbilang") == 1


@pytest.mark.parametrize("rows", [300, 1])
def test_the_same_run_gives_the_same_paper(office, monkeypatch, rows):
    monkeypatch.setattr(paper, "ROWS_A_PART", rows)
    run = locked(office)
    assert export(run, "pdf").content == export(Run.objects.get(pk=run.pk), "pdf").content


def test_it_lies_on_a4_landscape(office):
    box = PdfReader(BytesIO(export(drafted(office), "pdf").content)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (842, 595)


def test_text_of_the_roster_is_never_typst(office):
    person = office.people["budi"]
    person.name = '#image("/etc/passwd") $x$ *b* _i_ @ref \\ "'
    person.save()
    text = flat(pages(export(drafted(office), "pdf").content)[0])
    assert '#image("/etc/passwd")' in text.replace("\u201c", '"').replace("\u201d", '"')


def test_a_unit_means_its_subtree(office):
    run = drafted(office)
    text = flat(" ".join(pages(export(run, "pdf", office.top).content)))
    assert "Agus" in text
    assert "Budi" not in text


def test_a_slip_tells_every_line_down_to_the_day(office):
    run = locked(office)
    row = run.inputs.get(name="Wulan")
    made = slip_pdf(row)
    text = flat(" ".join(pages(made.content)))
    assert f"Rp{grouped(int(row.net_rupiah))}" in text
    assert "Terlambat 14 menit pada 12 November 2026" in text
    assert "Pasal 5 ayat (2) (peragaan)" in text
    assert row.verification_code.replace(" ", "") in text.replace(" ", "")
    assert "Agus" not in text and "DRAF" not in text
    assert slip_pdf(RunInput.objects.get(pk=row.pk)).content == made.content


def test_a_slip_of_a_draft_says_so(office):
    made = slip_pdf(drafted(office).inputs.get(name="Agus"))
    assert all("DRAF" in text for text in pages(made.content))
    assert "DRAF" in made.file_name


def test_a_slip_that_the_rules_do_not_give_is_not_made(office):
    row = drafted(office).inputs.get(name="Agus")
    RunInput.objects.filter(pk=row.pk).update(gross_rupiah=row.gross_rupiah + 1, net_rupiah=row.net_rupiah + 1)
    with pytest.raises(PortalError, match="tidak sama dengan yang tersimpan"):
        slip_pdf(RunInput.objects.get(pk=row.pk))


def test_a_slip_with_rapel_tells_month_reason_due_and_paid(office):
    first = locked(office)
    agus = office.people["agus"]
    Adjustment.objects.create(
        person=agus, month=first.month, source="correction:1", reason="Ternyata hadir", recorded_at=AT
    )
    agus.dayrecord_set.all().delete()
    close_month(agus, at=AT)
    december = date(2026, 12, 1)
    close_month(agus, month=december, at=CLOSED_AT + timedelta(days=40))
    score(agus, "Baik", month=december)
    run = draft_run(office.government, december, AT + timedelta(days=40))
    row = run.inputs.get(person=agus)
    text = flat(" ".join(pages(slip_pdf(row).content)))
    assert "Rapel November 2026" in text
    assert "Ternyata hadir" in text
    assert f"+Rp{grouped(int(row.rapel_rupiah))}" in text
    assert "Sudah dibayar untuk November 2026" in text


@pytest.mark.parametrize("kind", ["nominatif", "rekap", "pdf", "bundle"])
def test_a_run_without_anybody_and_a_unit_without_anybody_make_empty_files(office, kind):
    run = drafted(office)
    assert export(run, kind, make_unit(office.government, "Unit Kosong")).content
    empty = draft_run(office.government, date(2027, 1, 1), AT + timedelta(days=90))
    assert empty.people_count == 0
    assert export(empty, kind).content
    if kind == "pdf":
        assert "Terbilang: Nol rupiah" in flat(pages(export(empty, kind).content)[0])


def test_a_press_that_fails_is_a_sentence(office, monkeypatch):
    run = drafted(office)
    monkeypatch.setattr(paper, "WIDTHS_MM", ("wide",))
    with pytest.raises(PortalError, match="tidak dapat dicetak"):
        export(run, "pdf")
