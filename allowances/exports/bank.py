"""What the bank is sent after the lock: account, name and rupiah of everybody with something to receive."""

import csv
from io import StringIO

from allowances.exports.book import Styles, head_lines, start_sheet, workbook, write_row
from allowances.exports.cells import ExportRefused, harmless, is_draft, rupiah_of_sen
from allowances.exports.nominatif import basis_of, has_sen
from allowances.exports.reading import Row, Totals, held_against_run, read_rows, unit_ids
from allowances.frozen import frozen_plan
from allowances.models import Run
from roster.models import Unit

COLUMNS = (("No", 6), ("Bank", 24), ("Nomor rekening", 24), ("Nama", 40), ("NIP", 22), ("Unit", 44), ("Jumlah", 18))


def payable_rows(run: Run, unit: Unit | None = None) -> tuple[list[Row], Totals]:
    """Those with a net above 0, by bank, then in the order of the nominatif.

    Raises ExportRefused before the lock, and while somebody has no account: all of them are in its `people`.
    """
    if is_draft(run):
        raise ExportRefused("Daftar bank baru dibuat sesudah perhitungan dikunci. Kunci perhitungan ini dahulu.")
    totals, rows = Totals(), []
    for row in read_rows(run, unit_ids(run, unit)):
        totals.add(row)
        if row.net_sen > 0:
            rows.append(row)
    if unit is None:
        held_against_run(run, totals)
    missing = [(row.number, row.name, row.unit_name) for row in rows if not row.bank_account.strip()]
    if missing:
        raise ExportRefused(
            f"{len(missing)} orang belum punya nomor rekening. Isi rekeningnya di data pegawai, lalu buat daftar bank "
            "lagi.",
            missing,
        )
    return sorted(rows, key=lambda row: row.bank_name.upper()), totals


def bank_sheet(run: Run, unit: Unit | None = None) -> bytes:
    """The list as a sheet, where NIP and account stay text. Raises PortalError as `payable_rows`."""
    rows, totals = payable_rows(run, unit)
    scope = f"{unit.name} dan unit di bawahnya" if unit else "seluruh unit"
    with workbook(run, "Daftar bank") as (book, made):
        styles = Styles(book, has_sen(run))
        lines = head_lines(run, "DAFTAR PEMBAYARAN MELALUI BANK", scope, basis_of(frozen_plan(run)))
        sheet, at = start_sheet(book, styles, run, "Bank", lines, COLUMNS)
        for number, row in enumerate(rows, 1):
            cells = [row.bank_name, row.bank_account, row.name, row.number, row.unit_name]
            sheet.write_number(at, 0, number, styles.whole)
            for column, text in enumerate(cells, 1):
                sheet.write_string(at, column, harmless(text), styles.text)
            sheet.write_number(at, len(COLUMNS) - 1, rupiah_of_sen(row.net_sen), styles.amount)
            at += 1
        total = [f"JUMLAH ({len(rows)} orang)", *[None] * (len(COLUMNS) - 2), rupiah_of_sen(totals.net_sen)]
        write_row(sheet, at, total, styles.total_text, styles.total_amount)
    return made.getvalue()


def bank_csv(run: Run, unit: Unit | None = None) -> bytes:
    """The list for programs: comma, UTF-8, one heading, no total. Raises PortalError as `payable_rows`."""
    rows, _ = payable_rows(run, unit)
    made = StringIO()
    writer = csv.writer(made, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(["no", "bank", "rekening", "nama", "nip", "unit", "jumlah"])
    for number, row in enumerate(rows, 1):
        texts = (row.bank_name, row.bank_account, row.name, row.number, row.unit_name)
        writer.writerow([number, *map(harmless, texts), rupiah_of_sen(row.net_sen)])
    return made.getvalue().encode()
