"""What every written file shares: harmless text, whole or exact amounts, and who a file is about."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from allowances.models import Run
from core.errors import PortalError
from core.indonesian import MONTHS, clock, day_words, month_words

# What a sheet would take for a formula, also after it was saved as CSV and opened again.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
FINAL_STATES = (Run.State.LOCKED, Run.State.PAID)
RUN_KINDS = {"regular": "Bulanan", "thirteenth": "Ketiga belas", "holiday": "Hari raya"}
DRAFT_BANNER = "DRAF - BELUM DIKUNCI, BUKAN DASAR PEMBAYARAN"
SIGNERS = (
    ("Mengetahui,", "Pengguna Anggaran / Kuasa Pengguna Anggaran"),
    ("", "Pejabat Pembuat Komitmen"),
    ("", "Bendahara Pengeluaran"),
)


class ExportRefused(PortalError):
    """The file may not be made now; `people` are those whom the reason is about, as (number, name, unit)."""

    def __init__(self, message: str, people: list[tuple[str, str, str]] | None = None) -> None:
        super().__init__(message)
        self.people = people or []


@dataclass(frozen=True)
class Export:
    """One file, ready to be handed out."""

    file_name: str
    content_type: str
    content: bytes


def harmless(text: str) -> str:
    """Text that no sheet takes for a formula: an apostrophe goes before = + - @ tab and CR."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def rupiah_of_sen(sen: int) -> int | Decimal:
    """Sen as rupiah: a plain integer where it is whole, else with two decimals; never a float."""
    whole, rest = divmod(sen, 100)
    return whole if rest == 0 else Decimal(sen) / 100


def is_draft(run: Run) -> bool:
    """Whether a run may still change: every page of its files says DRAF."""
    return run.state not in FINAL_STATES


def run_words(run: Run) -> str:
    """A run in a few words: "Bulanan nomor 1, Oktober 2026"."""
    return f"{RUN_KINDS.get(run.kind, run.kind)} nomor {run.number}, {month_words(run.month)}"


def run_code(run: Run) -> str:
    """The run's short code, for file names and papers: TPP-2026-10, TPP-2026-06-13, TPP-2026-03-THR-2."""
    kind = {"regular": "", "thirteenth": "-13", "holiday": "-THR"}.get(run.kind, f"-{run.kind}")
    return f"TPP-{run.month:%Y-%m}{kind}" + (f"-{run.number}" if run.number > 1 else "")


def frozen_at(run: Run) -> datetime:
    """The instant that a file of this run carries: of the lock, else of the draft; never of the printing."""
    return run.locked_at or run.drafted_at


def moment_words(at: datetime | None, zone: str) -> str:
    """Day and time as the government's clock shows it."""
    return f"{day_words(at.astimezone(ZoneInfo(zone)).date(), False)} {clock(at, zone, False)}" if at else ""


def decided_words(run: Run) -> list[str]:
    """Who checked, approved and locked the run, and when: one line for each step that was taken."""
    steps = (
        ("Disusun", run.drafted_at, run.drafted_by),
        ("Diperiksa", run.checked_at, run.checked_by),
        ("Disetujui", run.approved_at, run.approved_by),
        ("Dikunci", run.locked_at, run.locked_by),
    )
    zone = run.government.zone
    lines = [f"{verb} {moment_words(at, zone)}" + (f" oleh {by}" if by else "") for verb, at, by in steps if at]
    if run.paid_on:
        paid = f"{run.paid_on.day} {MONTHS[run.paid_on.month - 1]} {run.paid_on.year}"
        lines.append(f"Dibayar {paid}" + (f" dengan SP2D {run.treasury_order}" if run.treasury_order else ""))
    return lines
