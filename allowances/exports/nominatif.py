"""The daftar nominatif as a sheet: everybody of a run by unit, sub-totals, and a total that is the run's."""

from fractions import Fraction
from itertools import groupby
from typing import Any

from xlsxwriter.worksheet import Worksheet

from allowances.exports.book import Styles, head_lines, start_sheet, workbook, write_row
from allowances.exports.cells import SIGNERS, harmless, rupiah_of_sen
from allowances.exports.reading import Row, Totals, criteria_sen, held_against_run, read_rows, unit_ids
from allowances.exports.words import rupiah_in_words
from allowances.frozen import frozen_plan
from allowances.models import Run
from allowances.plan import AllowancePlan
from roster.models import Unit

NOT_LOCATED = "not located"
TITLE = "DAFTAR NOMINATIF TAMBAHAN PENGHASILAN PEGAWAI"
PERSON = (
    ("No", 6), ("NIP", 21), ("Nama", 34), ("Golongan", 9), ("Jabatan", 34), ("Kelas", 7),
)  # fmt: skip
AMOUNT_HEADINGS = (
    ("Pagu (bruto)", 15), ("Potongan (-)", 14), ("Tambahan (+)", 13), ("Rapel (+)", 13), ("Ditahan (-)", 13),
    ("Iuran jaminan pegawai (-)", 13), ("PPh 21 pegawai (-)", 13), ("Dibawa ke bulan depan (+)", 13),
    ("Diterima (neto)", 15), ("Iuran jaminan pemberi kerja", 13), ("PPh 21 seluruhnya", 13),
)  # fmt: skip
BANK = (("Bank", 16), ("Nomor rekening", 20))


def criteria_names(plan: AllowancePlan) -> tuple[str, ...]:
    """Budget criteria of the run's document, in its order; none where the base knows no criteria."""
    if plan.base.get("by") not in ("criteria", "basic"):
        return ()
    return tuple(str(name) for name in plan.base.get("criteria") or ())


def criterion_heading(name: str) -> str:
    """beban_kerja as "Kriteria beban kerja"."""
    return f"Kriteria {name.replace('_', ' ')}"


def has_sen(run: Run) -> bool:
    """Whether any amount of the run has part of a rupiah, so that all of its papers show two decimals."""
    sums = run.inputs.extra(where=["mod(gross_rupiah, 1) <> 0 OR mod(net_rupiah, 1) <> 0 OR mod(tax_rupiah, 1) <> 0"])
    return sums.exists()


def basis_of(plan: AllowancePlan) -> str:
    """The decree that a run was computed by; says so where its text was not seen or is only assumed."""
    document = plan.document
    decree = "peraturan belum diverifikasi" if document.decree == NOT_LOCATED else document.decree
    told = " - PERAGAAN" if document.demonstration else " - DUGAAN" if document.status == "assumed" else ""
    return f"{decree} ({document.id}){told}"


def nominatif(run: Run, unit: Unit | None = None) -> bytes:
    """The sheet, for the subtree of `unit` or for everybody. Raises PortalError where it would not be the run."""
    plan = frozen_plan(run)
    criteria = criteria_names(plan)
    by_person = criteria_sen(run) if criteria else {}
    scope = f"{unit.name} dan unit di bawahnya" if unit else "seluruh unit"
    columns = (*PERSON, *AMOUNT_HEADINGS, *((criterion_heading(name), 14) for name in criteria), *BANK)
    whole = Totals(criteria)
    with workbook(run, "Daftar nominatif") as (book, made):
        styles = Styles(book, has_sen(run))
        lines = head_lines(run, TITLE, scope, basis_of(plan))
        sheet, at = start_sheet(book, styles, run, "Nominatif", lines, columns)
        for _, rows in groupby(read_rows(run, unit_ids(run, unit)), key=lambda row: (row.unit_name, row.unit_id)):
            at = _write_unit(sheet, styles, at, list(rows), whole, by_person)
        write_total(sheet, styles, at, "JUMLAH SELURUHNYA", whole, len(PERSON), len(BANK))
        _write_end(sheet, styles, at + 2, whole)
    if unit is None:
        held_against_run(run, whole)
    return made.getvalue()


def _write_unit(
    sheet: Worksheet, styles: Styles, at: int, rows: list[Row], whole: Totals, by_person: dict[int, dict[str, int]]
) -> int:
    """Heading, people and sub-total of one unit; the next row."""
    part, names = Totals(tuple(whole.criteria)), tuple(whole.criteria)
    heading = rows[0].unit_name or "Tanpa unit"
    width = len(PERSON) + len(AMOUNT_HEADINGS) + len(names) + len(BANK)
    write_row(sheet, at, [heading, *[None] * (width - 1)], styles.total_text, styles.total_text)
    for below, row in enumerate(rows, 1):
        own = by_person.get(row.person_id, {})
        part.add(row, own)
        whole.add(row, own)
        _write_person(sheet, styles, at + below, whole.people, row, [own.get(name, 0) for name in names])
    write_total(sheet, styles, at + len(rows) + 1, f"Jumlah {heading}", part, len(PERSON), len(BANK))
    return at + len(rows) + 2


def _write_person(sheet: Worksheet, styles: Styles, at: int, number: int, row: Row, criteria: list[int]) -> None:
    sheet.write_number(at, 0, number, styles.whole)
    texts = (row.number, row.name, row.rank, row.position_name)
    for column, text in enumerate(texts, 1):
        sheet.write_string(at, column, harmless(text), styles.text)
    if row.job_class is None:
        sheet.write_blank(at, 5, None, styles.whole)
    else:
        sheet.write_number(at, 5, row.job_class, styles.whole)
    column = len(PERSON)
    for column, sen in enumerate((*row.sen, *criteria), len(PERSON)):
        sheet.write_number(at, column, rupiah_of_sen(sen), styles.amount)
    sheet.write_string(at, column + 1, harmless(row.bank_name), styles.text)
    sheet.write_string(at, column + 2, harmless(row.bank_account), styles.text)


def write_total(sheet: Worksheet, styles: Styles, at: int, words: str, totals: Totals, before: int, after: int) -> None:
    """A row of sums as values, so that they stand also where no formula is computed."""
    people = [f"{words} ({totals.people} orang)", *[None] * (before - 1)]
    amounts: list[Any] = [rupiah_of_sen(sen) for sen in (*totals.sen, *totals.criteria.values())]
    write_row(sheet, at, [*people, *amounts, *[None] * after], styles.total_text, styles.total_amount)


def _write_end(sheet: Worksheet, styles: Styles, at: int, whole: Totals) -> None:
    """The total in words, and where three people sign."""
    words = rupiah_in_words(Fraction(whole.net_sen, 100))
    sheet.write_string(at, 1, f"Terbilang: {words}", styles.strong)
    for column, (above, _) in zip((1, 4, 11), SIGNERS, strict=True):
        sheet.write_string(at + 2, column, above, styles.plain)
    for column, (_, office) in zip((1, 4, 11), SIGNERS, strict=True):
        sheet.write_string(at + 3, column, office, styles.plain)
    for column, _ in zip((1, 4, 11), SIGNERS, strict=True):
        sheet.write_string(at + 7, column, "(.......................................)", styles.plain)
    for column, _ in zip((1, 4, 11), SIGNERS, strict=True):
        sheet.write_string(at + 8, column, "NIP", styles.plain)
