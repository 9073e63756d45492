"""Files of a run. The same run gives the same bytes; before the lock every page says DRAF."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from allowances.exports.bank import bank_csv, bank_sheet
from allowances.exports.book import XLSX
from allowances.exports.bundle import bundle
from allowances.exports.cells import Export, ExportRefused, is_draft, run_code
from allowances.exports.nominatif import nominatif
from allowances.exports.paper import nominatif_pdf
from allowances.exports.rekap import rekap
from allowances.exports.slip import slip_pdf
from allowances.models import Run
from core import audit
from core.errors import PortalError
from roster.models import Unit

__all__ = ["KINDS", "Export", "ExportRefused", "deliver", "export", "slip_pdf"]

Maker = Callable[[Run, Unit | None], bytes]
CSV, PDF, ZIP = "text/csv; charset=utf-8", "application/pdf", "application/zip"
# kind: (name in the file name, suffix, content type, maker)
MAKERS: dict[str, tuple[str, str, str, Maker]] = {
    "nominatif": ("nominatif", ".xlsx", XLSX, nominatif),
    "rekap": ("rekap", ".xlsx", XLSX, rekap),
    "bank": ("bank", ".xlsx", XLSX, bank_sheet),
    "pdf": ("nominatif", ".pdf", PDF, nominatif_pdf),
    "bundle": ("bundle", ".zip", ZIP, bundle),
    "bank_csv": ("bank", ".csv", CSV, bank_csv),
}
KINDS = ("nominatif", "rekap", "bank", "pdf", "bundle")


def export(run: Run, kind: str, unit: Unit | None = None) -> Export:
    """The file of one kind (KINDS, or `bank_csv`), for the subtree of `unit` or for everybody.

    Raises PortalError: an unknown kind, a bank list before the lock or without an account, a sum that is not the run's.
    """
    if kind not in MAKERS:
        raise PortalError(f"Jenis berkas {kind!r} tidak dikenal. Pilih salah satu: {', '.join(KINDS)}.")
    name, suffix, content_type, make = MAKERS[kind]
    scope = f"-unit{unit.pk}" if unit else ""
    state = "-DRAF" if is_draft(run) else ""
    return Export(f"{run_code(run)}-{name}{scope}{state}{suffix}", content_type, make(run, unit))


def deliver(run: Run, kind: str, unit: Unit | None, *, actor: str, at: datetime) -> Export:
    """`export`, with the trace of who took which file with which fingerprint. Raises PortalError as `export`."""
    made = export(run, kind, unit)
    detail = {
        "kind": kind,
        "unit": unit.pk if unit else None,
        "file": made.file_name,
        "sha256": sha256(made.content).hexdigest(),
    }
    audit.record(at, run.government.code, actor, "run.exported", f"run:{run.pk}", detail)
    return made
