"""Who may work from home on a day, and what a number says. Pure: no database, no clock."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

NUMBER_LENGTH = 18
SCIENTIFIC = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE][+]?[0-9]+")
WELL_FORMED = re.compile(r"[0-9]{14}[12][0-9]{3}")

MESSAGES = {
    "not_active": "Kedudukan hukum tidak aktif.",
    "holiday": "Hari libur atau cuti bersama.",
    "day_off": "Bukan hari kerja menurut kalender unit.",
    "on_leave": "Sedang cuti.",
    "on_duty": "Sedang perjalanan dinas.",
    "position_level_excluded": "Tingkat jabatan ini bekerja di kantor.",
    "direct_service": "Unit ini memberi layanan langsung.",
    "discipline_case": "Ada pemeriksaan disiplin yang berjalan.",
    "exception_office": "Pengecualian mewajibkan bekerja di kantor pada hari ini.",
    "unit_not_mapped": "Unit belum dipetakan (gedung dan jenis layanannya belum ditetapkan).",
    "no_building": "Unit belum mempunyai gedung.",
    "no_open_phase": "Belum ada tahap WFH yang berlaku di gedung ini.",
    "weekday_not_in_phase": "Hari ini bukan hari WFH gedung ini.",
    "share_full": "Batas jumlah WFH pada hari ini sudah terisi.",
    "not_scheduled": "Tidak dijadwalkan WFH pada hari ini oleh kepala unit.",
    "request_not_approved": "Permohonan WFH untuk hari ini belum disetujui.",
}
OFF_CODES = ("not_active", "holiday", "day_off", "on_leave", "on_duty")


@dataclass(frozen=True)
class Reason:
    """One reason against working from home; `source` names the decree, phase or document."""

    code: str
    message: str
    source: str = ""


@dataclass(frozen=True)
class Eligibility:
    """The answer for one person on one day."""

    allowed: bool
    expected_place: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Situation:
    """Everything about one person and one day that the table asks for; each source stands beside its fact."""

    is_active: bool = True
    standing: str = ""
    holiday: str | None = None
    holiday_source: str = ""
    works_today: bool = True
    calendar: str = "five_day"
    away: str | None = None
    level_excluded: bool = False
    direct_service: bool = False
    discipline_case: bool = False
    exception: str | None = None
    unit_mapped: bool = True
    has_building: bool = True
    phase_open: bool = True
    mode: str | None = "all"
    assigned: bool = False
    share_taken: bool = False
    sources: tuple[tuple[str, str], ...] = ()

    def source(self, code: str) -> str:
        """Where the fact behind `code` is written."""
        return dict(self.sources).get(code, "")


def decide(situation: Situation) -> Eligibility:
    """All reasons against working from home, in the order of the table; none means at home.

    The first of the off-reasons stands alone; below them all that hold are given together.
    An exception that opens the day (`exception="home"`) stands in the place of building and phase.
    """
    off = _off_code(situation)
    if off is not None:
        return Eligibility(False, "off", (_reason(situation, off),))
    codes = _office_codes(situation)
    if not codes:
        return Eligibility(True, "home")
    return Eligibility(False, "office", tuple(_reason(situation, code) for code in codes))


def _off_code(s: Situation) -> str | None:
    if not s.is_active:
        return "not_active"
    if s.holiday is not None:
        return "holiday"
    if not s.works_today:
        return "day_off"
    return s.away


def _office_codes(s: Situation) -> list[str]:
    personal = [
        ("position_level_excluded", s.level_excluded),
        ("direct_service", s.direct_service),
        ("discipline_case", s.discipline_case),
        ("exception_office", s.exception == "office"),
    ]
    codes = [code for code, holds in personal if holds]
    if not s.unit_mapped:
        return [*codes, "unit_not_mapped"]
    if s.exception == "home":
        return codes
    if not s.has_building:
        return [*codes, "no_building"]
    if not s.phase_open:
        return [*codes, "no_open_phase"]
    return [*codes, *_phase_codes(s)]


def _phase_codes(s: Situation) -> list[str]:
    if s.mode is None:
        return ["weekday_not_in_phase"]
    if s.mode == "all" or s.assigned:
        return []
    if s.mode == "on_request":
        return ["request_not_approved"]
    return ["share_full" if s.share_taken else "not_scheduled"]


def _reason(s: Situation, code: str) -> Reason:
    message = MESSAGES[code]
    if code == "holiday" and s.holiday:
        message = f"Hari libur: {s.holiday}."
    elif code == "not_active" and s.standing:
        message = f"Kedudukan hukum: {s.standing}."
    return Reason(code, message, s.source(code))


def share_is_taken(assigned: int, people: int, max_share_bp: int) -> bool:
    """Whether one more of `people` would go over the share (10000 is everyone)."""
    return (assigned + 1) * 10_000 > people * max_share_bp


def narrower_exception(found: Sequence[tuple[int, date, int, bool]]) -> bool | None:
    """The exception that wins of (narrowness, decided on, id, opens): the narrower scope, then the later one."""
    return max(found)[3] if found else None


@dataclass(frozen=True)
class NumberCheck:
    """What a number says: its digits, or the code of what is wrong with it."""

    digits: str
    problem: str | None = None
    birth_on: date | None = None
    sex: str = ""


def check_number(cell: object, words: str) -> NumberCheck:
    """Judge NIP BARU: `cell` as it stands in the sheet, `words` its text.

    `problem` is missing, nip_damaged_number, nip_format or nip_birth_date; lost digits are never guessed.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return NumberCheck("", "nip_damaged_number")
    digits = "".join(words.split()).removeprefix("'")
    if not digits:
        return NumberCheck("", "missing")
    if SCIENTIFIC.fullmatch(digits):
        return NumberCheck("", "nip_damaged_number")
    if not WELL_FORMED.fullmatch(digits):
        return NumberCheck("", "nip_format")
    try:
        birth_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return NumberCheck(digits, "nip_birth_date")
    return NumberCheck(digits, None, birth_on, "M" if digits[14] == "1" else "F")


def level_of(echelon: str, job_kind: str) -> str:
    """Level from ESELON NAMA (I JPT Madya, II JPT Pratama, III administrator, IV pengawas), else JENIS JABATAN."""
    roman = re.match(r"(?:ESELON\s+)?(IV|III|II|I)\b", echelon.strip().upper())
    if roman:
        return {"I": "jpt_madya", "II": "jpt_pratama", "III": "administrator", "IV": "pengawas"}[roman[1]]
    return "fungsional" if "FUNGSIONAL" in job_kind.upper() else "pelaksana"


def employment_of(kind: str, status: str) -> str:
    """pns, cpns or pppk from JENIS PEGAWAI NAMA and STATUS CPNS PNS (C or P)."""
    if kind.strip().upper().startswith("PPPK"):
        return "pppk"
    return "cpns" if status.strip().upper() in ("C", "CPNS") else "pns"
