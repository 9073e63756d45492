"""Reads of the import pages: what waits, what was imported, and the counts of a preview in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from core import jobs
from core.importing import ImportKind, kind_of, kinds
from core.models import Job
from roster.hooks import is_used
from roster.models import Government, ImportRun, Upload, UploadFinding
from roster.operations.uploads import jobs_of

WAITING_SHOWN = 20
# A worker that is there takes a row within moments.
NOBODY_AFTER = timedelta(seconds=15)
COUNT_LABELS = {
    "rows": "Baris dibaca",
    "lines": "Baris dibaca",
    "accepted": "Diterima",
    "rejected": "Ditolak",
    "duplicates": "Sudah ada sebelumnya",
    "unchanged": "Tidak berubah",
    "new.people": "Pegawai baru",
    "new.units": "Unit baru",
    "new.positions": "Jabatan baru",
    "changed.people": "Data pegawai berubah",
    "changed.assignments": "Pindah tugas atau jabatan",
    "absent": "Tidak ada di berkas",
}
LEVEL_LABELS = {"errors": "Galat", "warnings": "Peringatan", "listed": "Dicatat"}


@dataclass(frozen=True)
class Figure:
    """A count of a preview in words; `kind` as the page's key figures take it."""

    label: str
    value: int
    kind: str = ""


@dataclass(frozen=True)
class Writing:
    """How far the writing of a long upload is; `error`: why the last attempt ended without it."""

    is_open: bool
    done: int
    total: int
    is_waiting: bool = False
    nobody: bool = False
    stopped: bool = False
    error: str = ""

    @property
    def is_read(self) -> bool:
        """Every row was read; what is left is writing them down."""
        return self.done >= self.total


def writing_of(upload: Upload, now: datetime) -> Writing | None:
    """The writing that somebody asked a worker for; None where nobody did, or another preview has come since."""
    job = None if upload.confirmed_at else jobs_of(upload).order_by("-pk").first()
    if job is None or job.arguments.get("seen") != upload.previewed_at.isoformat():
        return None
    is_waiting = job.state == Job.State.WAITING
    nobody = is_waiting and job.created_at < now - NOBODY_AFTER
    stopped = job.state == Job.State.RUNNING and (job.heartbeat_at or now) < now - jobs.STALE_AFTER
    done = 0 if is_waiting else job.done_count
    return Writing(job.state in jobs.OPEN, done, job.total_count, is_waiting, nobody, stopped, job.error)


def kind_label(name: str) -> str:
    """The label of a kind; one that is no longer registered is called by its name."""
    try:
        return kind_of(name).label
    except KeyError:
        return name


def shown_kinds() -> tuple[ImportKind, ...]:
    """Every kind of import that there is."""
    return kinds()


def waiting_uploads(government: Government) -> list[Upload]:
    """The latest uploads that nobody has confirmed yet."""
    rows = Upload.objects.filter(government=government, confirmed_at=None).select_related("user")
    return list(rows.order_by("-created_at")[:WAITING_SHOWN])


def import_history(government: Government) -> QuerySet[ImportRun]:
    """Confirmed imports of the government, the latest first."""
    return ImportRun.objects.filter(government=government).select_related("confirmed_by").order_by("-confirmed_at")


def findings_of(upload: Upload, level: str = "") -> QuerySet[UploadFinding]:
    """The findings of an upload in the file's order; `level` narrows to one."""
    rows = upload.findings.order_by("row", "pk")
    return rows.filter(level=level) if level in LEVEL_LABELS else rows


def finding_lines(upload: Upload) -> Iterator[tuple[Any, ...]]:
    """All findings as rows of a sheet: level, row, column, code, value, message."""
    rows = findings_of(upload).values_list("level", "row", "column", "code", "value", "message")
    for level, *rest in rows.iterator(chunk_size=2_000):
        yield (LEVEL_LABELS[level], *rest)


def figures_of(report: Mapping[str, Any]) -> list[Figure]:
    """The counts of an importer's answer in the order of COUNT_LABELS, others after them; groups are spelled out."""
    counts = dict(
        pair
        for name, value in report.items()
        if not name.startswith("_") and name.removesuffix("_count") not in LEVEL_LABELS
        for pair in _flat(name, value)
    )
    order = {key: place for place, key in enumerate(COUNT_LABELS)}
    ranked = sorted(counts, key=lambda key: (order.get(key, len(order)), key))
    return [Figure(COUNT_LABELS.get(key, key), counts[key], _kind_of_count(key, counts[key])) for key in ranked]


def finding_counts(report: Mapping[str, Any]) -> dict[str, int]:
    """Level -> how many findings a preview had."""
    return {level: int(report.get(f"{level}_count") or 0) for level in LEVEL_LABELS}


def why_not_undone(run: ImportRun) -> str:
    """Why the import cannot be undone as a whole now; empty when it can be tried."""
    if run.undone_at is not None:
        return "Impor ini sudah dibatalkan."
    try:
        kind = kind_of(run.kind)
    except KeyError:
        return "Jenis impor ini tidak dikenal lagi."
    if kind.undo is None:
        return "Impor jenis ini diperbaiki dengan mengimpor berkas yang benar, bukan dibatalkan."
    later = ImportRun.objects.filter(
        government=run.government_id, kind=run.kind, undone_at=None, confirmed_at__gt=run.confirmed_at
    ).first()
    if later is not None:
        return f"Batalkan lebih dahulu impor yang lebih baru: {later.file_name}."
    if is_used(run):
        return "Impor ini sudah dipakai perhitungan tunjangan. Impor berkas perbaikannya."
    return ""


def _kind_of_count(key: str, count: int) -> str:
    return {"rejected": "bad", "accepted": "ok"}.get(key, "") if count else ""


def _flat(name: str, value: Any) -> Iterator[tuple[str, int]]:
    if isinstance(value, Mapping):
        for part, count in value.items():
            yield from _flat(f"{name}.{part}", count)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield name, value
