"""The rows of a personnel export: read, judged and reduced to the columns in use.

Nothing but the columns below is ever taken from the file; identity card, religion, marriage, address, phone,
tax, insurance and school columns are not read at all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from core import cells
from core.findings import Findings
from core.tabular import open_table
from roster.rules import NumberCheck, check_number

REQUIRED = ("NIP BARU", "NAMA", "UNOR NAMA")
MARKERS = ("NIP BARU", "NAMA")
DATE_COLUMNS = ("TANGGAL LAHIR", "TMT CPNS", "TMT GOLONGAN", "TMT JABATAN")
TEXT_COLUMNS = (
    "NAMA", "GELAR DEPAN", "GELAR BELAKANG", "JENIS KELAMIN", "EMAIL GOV", "JENIS PEGAWAI NAMA",
    "KEDUDUKAN HUKUM NAMA", "STATUS CPNS PNS", "GOL AKHIR NAMA", "JENIS JABATAN NAMA", "JABATAN NAMA", "UNOR ID",
    "UNOR NAMA", "SATUAN KERJA KERJA NAMA", "ESELON NAMA",
)  # fmt: skip
COLUMNS = ("NIP BARU", *TEXT_COLUMNS, *DATE_COLUMNS)
ALIASES = {"KEDUDUKAN PNS NAMA": "KEDUDUKAN HUKUM NAMA", "TMT GOLONGAN AKHIR": "TMT GOLONGAN"}
WORD_PLACES = {column: place for place, column in enumerate(TEXT_COLUMNS)}
DAY_PLACES = {column: place for place, column in enumerate(DATE_COLUMNS)}
NAME, UNIT_ID, UNIT_NAME = (WORD_PLACES[column] for column in ("NAMA", "UNOR ID", "UNOR NAMA"))
FIRST_DAY = 1 + len(TEXT_COLUMNS)
TEXT_LENGTH = 250
FORMULA_STARTS = ("=", "+", "-", "@")
SEXES = {"M": "M", "L": "M", "F": "F", "P": "F"}
NUMBER_MESSAGES = {
    "missing": "NIP kosong. Isi NIP 18 angka.",
    "nip_damaged_number": "NIP tersimpan sebagai angka sehingga digit terakhirnya hilang. "
    "Ubah kolom NIP menjadi teks di berkas asal lalu ekspor ulang; digit yang hilang tidak boleh ditebak.",
    "nip_format": "NIP harus 18 angka dengan angka ke-15 berisi 1 atau 2. Periksa lagi di SIASN.",
    "nip_birth_date": "Delapan angka pertama NIP bukan tanggal. Periksa lagi di SIASN.",
}


@dataclass(slots=True)
class PersonRow:
    """One accepted row: `words` and `days` by column, the number's digits."""

    row: int
    number: str
    words: tuple[str, ...]
    days: tuple[date | None, ...]

    def word(self, column: str) -> str:
        """The text of a column in use."""
        return self.words[WORD_PLACES[column]]

    def day(self, column: str) -> date | None:
        """The date of a date column."""
        return self.days[DAY_PLACES[column]]

    @property
    def unit_key(self) -> str:
        """UNOR ID, or where it is empty the unit's name within its work unit."""
        parts = (self.word("SATUAN KERJA KERJA NAMA"), self.word("UNOR NAMA"))
        return self.word("UNOR ID") or " / ".join(part for part in parts if part)


@dataclass
class PeopleFile:
    """What the file holds: accepted rows by number in the file's order, findings, and every number that was read."""

    rows: dict[str, PersonRow] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
    numbers: set[str] = field(default_factory=set)
    columns: frozenset[str] = frozenset()
    row_count: int = 0
    rejected: int = 0


def read_people(path: Path, as_at_on: date, progress: Callable[[int], None]) -> PeopleFile:
    """Read a personnel export; `as_at_on` is the import day. Raises SheetError where it is no such file."""
    found, texts, days, latest_on = PeopleFile(), cells.Texts(), cells.Days(), year_after(as_at_on)
    with open_table(path, required=REQUIRED, columns=COLUMNS, markers=MARKERS, aliases=ALIASES) as table:
        found.columns = frozenset(table.positions)
        for row_number, row_cells in table.rows(COLUMNS):
            found.row_count += 1
            progress(found.row_count)
            words = tuple([texts[cell] for cell in row_cells[1:FIRST_DAY]])
            _take(found, row_number, row_cells, words, days, latest_on)
    return found


def _take(
    found: PeopleFile, row_number: int, row_cells: list[Any], words: tuple[str, ...], known_days: cells.Days,
    latest_on: date,
) -> None:  # fmt: skip
    findings = found.findings
    errors_before = len(findings.errors)
    check = check_number(row_cells[0], cells.text(row_cells[0]))
    if check.problem:
        findings.error(row_number, "NIP BARU", check.problem, row_cells[0], NUMBER_MESSAGES[check.problem])
    else:
        found.numbers.add(check.digits)
    _check_words(findings, row_number, words)
    days = _read_days(findings, row_number, row_cells[FIRST_DAY:], known_days)
    row = PersonRow(row_number, check.digits, words, days)
    earlier = None if check.problem else found.rows.get(check.digits)
    same = earlier is not None and (earlier.words, earlier.days) == (words, days)
    if earlier is not None and not same:
        findings.error(
            row_number, "NIP BARU", "duplicate_conflict", check.digits,
            f"NIP ini sudah ada di baris {earlier.row} dengan isi yang berbeda; baris itu yang dipakai. "
            "Hapus baris yang salah.",
        )  # fmt: skip
    if len(findings.errors) > errors_before:
        found.rejected += 1
        return
    if same:
        findings.warning(
            row_number, "NIP BARU", "duplicate_identical", check.digits,
            f"Baris ini sama dengan baris {earlier.row}; dihitung sekali.",
        )  # fmt: skip
    else:
        found.rows[check.digits] = row
    _warn(findings, row, check, latest_on)


def _check_words(findings: Findings, row_number: int, words: tuple[str, ...]) -> None:
    if not words[NAME]:
        findings.error(row_number, "NAMA", "missing", "", "Nama kosong. Isi nama pegawai.")
    if not words[UNIT_NAME] and not words[UNIT_ID]:
        findings.error(row_number, "UNOR NAMA", "missing", "", "Unit organisasi kosong. Isi UNOR ID atau UNOR NAMA.")
    if max(map(len, words)) > TEXT_LENGTH:
        for column, word in zip(TEXT_COLUMNS, words, strict=True):
            if len(word) > TEXT_LENGTH:
                findings.error(
                    row_number, column, "too_long", word, f"Lebih dari {TEXT_LENGTH} huruf. Persingkat isinya."
                )


def _read_days(findings: Findings, row_number: int, day_cells: list[Any], known: cells.Days) -> tuple[date | None, ...]:
    days: list[date | None] = []
    for column, cell in zip(DATE_COLUMNS, day_cells, strict=True):
        try:
            days.append(known[cell])
        except ValueError:
            days.append(None)
            findings.error(
                row_number, column, "date", cell,
                "Tanggal ini tidak ada atau tidak terbaca. Tulis seperti 2026-01-31, 31-01-2026 atau 31/01/2026.",
            )  # fmt: skip
    return tuple(days)


def _warn(findings: Findings, row: PersonRow, check: NumberCheck, latest_on: date) -> None:
    """Warnings of a row that stands (or repeats one that does)."""
    contract = row.word("JENIS PEGAWAI NAMA").upper().startswith("PPPK")
    if not contract and not 1 <= int(row.number[12:14]) <= 12:
        findings.warning(
            row.row, "NIP BARU", "nip_start_month", row.number,
            "Angka ke-13 dan ke-14 NIP bukan bulan. Periksa NIP atau jenis pegawainya.",
        )  # fmt: skip
    sex = row.word("JENIS KELAMIN")
    if sex and SEXES.get(sex.upper()) is None:
        findings.warning(
            row.row, "JENIS KELAMIN", "unknown_value", sex, "Bukan M, F, L atau P; tidak disimpan. Perbaiki di SIASN."
        )
    elif sex and SEXES[sex.upper()] != check.sex:
        findings.warning(row.row, "JENIS KELAMIN", "nip_sex_differs", sex, "Berbeda dari angka ke-15 NIP. Periksa.")
    birth_on = row.day("TANGGAL LAHIR")
    if birth_on and birth_on != check.birth_on:
        findings.warning(
            row.row, "TANGGAL LAHIR", "nip_birth_date_differs", birth_on,
            "Berbeda dari delapan angka pertama NIP. Periksa lagi.",
        )  # fmt: skip
    standing = row.word("KEDUDUKAN HUKUM NAMA")
    if not is_active(standing):
        findings.warning(
            row.row, "KEDUDUKAN HUKUM NAMA", "not_active", standing,
            "Tidak aktif: tetap tercatat, tetapi tidak diharapkan absen.",
        )  # fmt: skip
    if row.word("NAMA").startswith(FORMULA_STARTS):
        findings.warning(
            row.row, "NAMA", "formula_like_text", row.word("NAMA"),
            "Nama diawali tanda rumus; disimpan sebagai teks biasa. Periksa di SIASN.",
        )  # fmt: skip
    started = row.day("TMT JABATAN")
    if started and started > latest_on:
        findings.warning(
            row.row, "TMT JABATAN", "date_in_future", started, "Lebih dari setahun ke depan. Periksa tahunnya."
        )


def is_active(standing: str) -> bool:
    """Empty or `Aktif`."""
    return standing.casefold() in ("", "aktif")


def year_after(on: date) -> date:
    """The same day a year later; 29 February gives 1 March."""
    if on.year == date.max.year:
        return date.max
    try:
        return on.replace(year=on.year + 1)
    except ValueError:
        return date(on.year + 1, 3, 1)
