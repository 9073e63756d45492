"""A personnel export of any size: the 69 headings of the sample, every usual column filled, invented people."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import python_calamine
import xlsxwriter

from wfh_portal.environment import BASE_DIR

SAMPLE = BASE_DIR / "tests" / "data" / "siasn_export_sample.xlsx"
TITLE_ROWS = 3
FIRST_NAMES = ("YANTI", "BUDI", "SITI", "AGUS", "DEWI", "RINA", "DEDI", "ASEP", "NUR", "EKO", "NENENG", "DADANG")
LAST_NAMES = ("MULYANA", "SANTOSO", "LESTARI", "HIDAYAT", "SAPUTRA", "WIJAYA", "RAHAYU", "RAMDANI", "SAEPUDIN")
DEGREES = ("S.IP., M.Si.", "S.E.", "A.Md.", "S.Kom.", "S.Pd.", "")
RANKS = ("II/c", "II/d", "III/a", "III/b", "III/c", "III/d", "IV/a", "IV/b")
TOWNS = ("KOTA BANDUNG", "KOTA BEKASI", "KABUPATEN GARUT", "KABUPATEN CIANJUR", "KOTA CIREBON")
PEOPLE_A_UNIT = 47
UNITS_A_WORK_UNIT = 40
POSITIONS = 900
THOUSANDS = 100
# What a real export holds and the portal never looks at: filled so that reading the file costs what it costs.
UNREAD = {
    "NIK": "0000000000000000", "AGAMA ID": "1", "AGAMA NAMA": "-", "JENIS KAWIN ID": "1", "JENIS KAWIN NAMA": "-",
    "JENIS PEGAWAI ID": "12", "KEDUDUKAN HUKUM ID": "01", "GOL AWAL ID": "31", "GOL AWAL NAMA": "III/a",
    "GOL AKHIR ID": "33", "MK TAHUN": "12", "MK BULAN": "3", "JENIS JABATAN ID": "4", "TINGKAT PENDIDIKAN ID": "40",
    "TINGKAT PENDIDIKAN NAMA": "S-1", "PENDIDIKAN NAMA": "S-1 ADMINISTRASI NEGARA", "TAHUN LULUS": "2009",
    "KPKN ID": "022", "KPKN NAMA": "BANDUNG I", "LOKASI KERJA NAMA": "KOTA BANDUNG",
    "INSTANSI INDUK NAMA": "Pemerintah Provinsi Contoh", "INSTANSI KERJA NAMA": "Pemerintah Provinsi Contoh",
    "SATUAN KERJA INDUK NAMA": "Pemerintah Provinsi Contoh", "IS VALID NIK": "true", "FLAG IKD": "0",
    "NAMA SEKOLAH": "Universitas Contoh", "ESELON ID": "99",
}  # fmt: skip
UNREAD_IDS = (
    "TEMPAT LAHIR ID", "JABATAN ID", "PENDIDIKAN ID", "LOKASI KERJA ID", "INSTANSI INDUK ID", "INSTANSI KERJA ID",
    "SATUAN KERJA INDUK ID", "SATUAN KERJA KERJA ID",
)  # fmt: skip


def headings() -> list[str]:
    """The headings of the sample, in its order."""
    sheet = python_calamine.load_workbook(str(SAMPLE)).get_sheet_by_index(0)
    return [str(cell) for cell in sheet.to_python(skip_empty_area=False)[TITLE_ROWS]]


def people_of(count: int, seed: int, changed_share: float = 0.0) -> Iterator[dict[str, str]]:
    """`count` people by column; the same for one seed, but for a post and a rank of every `changed_share`-th one."""
    chance, changes = random.Random(seed), random.Random(seed + 1)  # noqa: S311 - repeatable people, no secret
    for position in range(count):
        person = _person(position, chance)
        if changes.random() < changed_share:
            person |= {"JABATAN NAMA": "Analis Kebijakan", "TMT JABATAN": "2026-10-01",
                       "GOL AKHIR NAMA": "IV/c", "TMT GOLONGAN": "2026-10-01"}  # fmt: skip
        yield person


def _person(position: int, chance: random.Random) -> dict[str, str]:
    # Numbers end with the place among a thousand; thousands differ by the day of birth.
    born_on = date(1968, 1, 1) + timedelta(days=THOUSANDS * chance.randrange(120) + position // 1000 % THOUSANDS)
    started_on = date(born_on.year + chance.randrange(22, 30), chance.randrange(1, 13), 1)
    posted_on = started_on + timedelta(days=chance.randrange(200, 2_000))
    unit, man = position // PEOPLE_A_UNIT, chance.random() < 0.5
    number = f"{born_on:%Y%m%d}{started_on:%Y%m}{1 if man else 2}{position % 1000:03}"
    identity = f"{position:08x}{chance.getrandbits(96):024x}"
    return UNREAD | dict.fromkeys(UNREAD_IDS, identity[::-1]) | {
        "PNS ID": identity,
        "NIP BARU": number,
        "NIP LAMA": f"{480_000_000 + position}",
        "NAMA": f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)} {position}",
        "GELAR BELAKANG": chance.choice(DEGREES),
        "TEMPAT LAHIR NAMA": chance.choice(TOWNS),
        "TANGGAL LAHIR": born_on.isoformat(),
        "JENIS KELAMIN": "M" if man else "F",
        "NOMOR HP": f"0812{position:08}",
        "EMAIL": f"pribadi{position}@contoh.invalid",
        "EMAIL GOV": f"pegawai{position}@contoh.invalid",
        "ALAMAT": f"Jl. Contoh No. {position}",
        "NPWP NOMOR": f"{position:015}",
        "BPJS": f"{position:013}",
        "JENIS PEGAWAI NAMA": "PNS Daerah Provinsi yang Bekerja pada Provinsi",
        "KEDUDUKAN HUKUM NAMA": "Aktif" if chance.random() < 0.98 else "Pensiun",
        "STATUS CPNS PNS": "P",
        "NOMOR SK CPNS": f"810/{position}/BKD",
        "TANGGAL SK CPNS": started_on.isoformat(),
        "TMT CPNS": started_on.isoformat(),
        "NOMOR SK PNS": f"821/{position}/BKD",
        "TANGGAL SK PNS": posted_on.isoformat(),
        "TMT PNS": posted_on.isoformat(),
        "GOL AKHIR NAMA": chance.choice(RANKS),
        "TMT GOLONGAN": f"{chance.randrange(2015, 2026)}-04-01",
        "JENIS JABATAN NAMA": chance.choice(("Pelaksana", "Fungsional")),
        "JABATAN NAMA": f"Jabatan {chance.randrange(POSITIONS)}",
        "TMT JABATAN": posted_on.isoformat(),
        "UNOR ID": f"{unit:032x}",
        "UNOR NAMA": f"UNIT KERJA {unit}",
        "SATUAN KERJA KERJA NAMA": f"DINAS {unit // UNITS_A_WORK_UNIT}",
        "ESELON NAMA": "Non Eselon",
    }  # fmt: skip


def write_file(path: Path, count: int, seed: int, changed_share: float = 0.0) -> Path:
    """Write the export as the national system does: titles, headings, then one row a person, all of it text."""
    names = headings()
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("DATA ASN")
    sheet.write_string(0, 0, "DAFTAR PEGAWAI PEMERINTAH PROVINSI CONTOH")
    for column, name in enumerate(names):
        sheet.write_string(TITLE_ROWS, column, name)
    for row, person in enumerate(people_of(count, seed, changed_share), start=TITLE_ROWS + 1):
        for column, name in enumerate(names):
            if cell := person.get(name):
                sheet.write_string(row, column, cell)
    book.close()
    return path
