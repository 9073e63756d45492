"""Imports by page: a file is kept and judged, shown, and written once when somebody confirms what was shown."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.base import File
from django.db import DataError, IntegrityError, transaction
from django.db.models import Max, Q, QuerySet

from core import audit, jobs
from core.copying import copy_rows
from core.errors import PortalError
from core.findings import shown
from core.importing import ImportKind, Request, kind_of
from core.models import Job
from roster.models import Government, ImportRun, Upload, UploadFinding, UploadPart
from roster.roster_lock import lock_roster

STAGE = "import"
PART_BYTES = 1024 * 1024
KEPT = timedelta(days=1)
FILE = "file"
LEVELS = tuple(UploadFinding.Level.values)
REMOVED = "Berkas unggahan ini sudah dihapus karena lebih dari sehari. Unggah kembali berkasnya."
CHANGED = "Data berubah sejak pratinjau ini dibuat. Periksa ulang lalu setujui yang baru."
BUSY = "Berkas ini sedang disimpan. Tunggu sampai selesai."


class UploadRefused(PortalError):
    """The upload cannot be confirmed, previewed again or undone as asked."""


@transaction.atomic
def receive_upload(
    government: Government,
    user: AbstractBaseUser,
    kind: ImportKind,
    files: Mapping[str, File],
    options: Mapping[str, Any],
    as_at_on: date,
    at: datetime,
) -> Upload:
    """Keep the files ("file" and those of the kind's options) and judge them; nothing of the roster is written.

    Raises PortalError (SheetError) where the file cannot be read; then nothing is kept either.
    """
    upload = Upload.objects.create(
        government=government,
        user=user,
        kind=kind.kind,
        file_name=shown(files[FILE].name)[:250],
        sha256="",
        options=dict(options),
        as_at_on=as_at_on,
        created_at=at,
        previewed_at=at,
    )
    digests = {role: _keep(upload, role, file) for role, file in files.items()}
    upload.sha256 = digests[FILE]
    _preview(upload, user, at)
    return upload


@transaction.atomic
def preview_again(upload: Upload, user: AbstractBaseUser, at: datetime) -> None:
    """Judge a waiting upload anew, against what the roster holds now. Raises UploadRefused."""
    _refuse_busy(upload)
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.confirmed_at is None:
        _refuse_busy(upload)
        _refuse_removed(upload, at)
        upload.findings.all().delete()
        _preview(upload, user, at)


def confirm_upload(
    upload: Upload,
    user: AbstractBaseUser,
    seen_at: str,
    at: datetime,
    *,
    asked_at: datetime | None = None,
    progress: Callable[[int], None] = lambda rows: None,
) -> Upload:
    """Write what the preview of `seen_at` (its instant as text) showed; a second call gives the first one's result.

    `asked_at`: when somebody confirmed, where a worker writes it later. Raises UploadRefused: removed, previewed again
    or something else imported since; PortalError of the importer.
    """
    try:
        with transaction.atomic():
            lock_roster(upload.government)
            upload = Upload.objects.select_for_update().get(pk=upload.pk)
            if upload.confirmed_at is None:
                refuse_changed(upload, seen_at, asked_at or at)
                _write(upload, user, at, progress)
            return upload
    except (IntegrityError, DataError) as error:
        raise UploadRefused(f"Tidak disimpan: isi berkas bertentangan dengan data yang ada. {CHANGED}") from error


def refuse_changed(upload: Upload, seen_at: str, at: datetime) -> None:
    """Raises UploadRefused: removed, previewed again since `seen_at`, or something else imported since."""
    _refuse_removed(upload, at)
    if seen_at != upload.previewed_at.isoformat() or imported_since(upload):
        raise UploadRefused(CHANGED)


def chain_of(upload_id: int) -> str:
    """The chain under which the writing of a long upload is kept."""
    return f"import:{upload_id}"


def jobs_of(upload: Upload) -> QuerySet[Job]:
    """The row of the writing of a long upload, if it was ever asked for."""
    return Job.objects.filter(government_code=upload.government.code, chain=chain_of(upload.pk), stage=STAGE)


def is_being_written(upload: Upload) -> bool:
    """Whether a worker has been asked for it and has not ended."""
    return jobs_of(upload).filter(state__in=jobs.OPEN).exists()


def _refuse_busy(upload: Upload) -> None:
    if is_being_written(upload):
        raise UploadRefused(BUSY)


@transaction.atomic
def discard_upload(upload: Upload) -> None:
    """Throw a waiting upload away; a confirmed one stays. Raises UploadRefused while it is being written."""
    _refuse_busy(upload)
    Upload.objects.filter(pk=upload.pk, confirmed_at=None).delete()


def undo_run(run: ImportRun, user: AbstractBaseUser, at: datetime) -> None:
    """Take an import back as a whole, as its kind does it. Raises PortalError: used, not the last one, no way."""
    kind = kind_of(run.kind)
    if kind.undo is None:
        raise UploadRefused("Impor jenis ini tidak dapat dibatalkan sebagai satu kesatuan. Impor berkas perbaikannya.")
    with transaction.atomic():
        lock_roster(run.government)
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        kind.undo(run, at)
        _trace(run.government, user, at, "import_undone", f"import:{run.pk}", run.kind, run.sha256, {})


@transaction.atomic
def forget_uploads(at: datetime) -> int:
    """Delete uploads that wait longer than KEPT, and the findings of confirmed ones; gives how many waited."""
    old = Q(created_at__lt=at - KEPT)
    confirmed = Upload.objects.filter(old, confirmed_at__isnull=False)
    UploadFinding.objects.filter(upload__in=confirmed).delete()
    UploadPart.objects.filter(upload__in=confirmed).delete()
    asked_for = [job.arguments["upload"] for job in Job.objects.filter(stage=STAGE, state__in=jobs.OPEN)]
    waiting = Upload.objects.filter(old, confirmed_at=None).exclude(pk__in=asked_for)
    count = waiting.count()
    waiting.delete()
    return count


def imported_since(upload: Upload) -> bool:
    """Whether something was imported or undone in the government after the preview."""
    later = Q(confirmed_at__gt=upload.previewed_at) | Q(undone_at__gt=upload.previewed_at)
    return ImportRun.objects.filter(later, government=upload.government_id).exists()


def _refuse_removed(upload: Upload, at: datetime) -> None:
    if at - upload.created_at > KEPT or not upload.parts.exists():
        raise UploadRefused(REMOVED)


def _keep(upload: Upload, role: str, file: File) -> str:
    """Store a file piece by piece; gives its SHA-256."""
    digest = hashlib.sha256()
    for position, piece in enumerate(file.chunks(PART_BYTES)):
        digest.update(piece)
        UploadPart.objects.create(upload=upload, role=role, position=position, content=piece)
    return digest.hexdigest()


@contextmanager
def _files_of(upload: Upload) -> Iterator[dict[str, Path]]:
    """The kept files on disk, by role, until the block ends."""
    roles = upload.parts.order_by().values_list("role", flat=True).distinct()
    with ExitStack() as stack:
        paths = {FILE: Path(stack.enter_context(tempfile.NamedTemporaryFile(suffix=".unggahan")).name)}
        for role in roles:
            file = stack.enter_context(tempfile.NamedTemporaryFile(suffix=f".{role}"))
            parts = upload.parts.filter(role=role).order_by("position")
            for content in parts.values_list("content", flat=True).iterator(chunk_size=4):
                file.write(content)
            file.flush()
            paths[role] = Path(file.name)
        yield paths


def _run_importer(
    upload: Upload, user: AbstractBaseUser, at: datetime, write: bool, progress: Callable[[int], None]
) -> dict[str, Any]:
    with _files_of(upload) as paths:
        request = Request(
            path=paths.pop(FILE),
            file_name=upload.file_name,
            government=upload.government,
            as_at_on=upload.as_at_on,
            at=at,
            write=write,
            user=user,
            options={**upload.options, **paths},
            progress=progress,
        )
        return kind_of(upload.kind).importer(request)


def _preview(upload: Upload, user: AbstractBaseUser, at: datetime) -> None:
    _store_report(upload, _run_importer(upload, user, at, write=False, progress=lambda rows: None))
    upload.previewed_at = at
    upload.save()


def _store_report(upload: Upload, summary: dict[str, Any]) -> None:
    row_name = kind_of(upload.kind).row_name
    upload.report = {name: value for name, value in summary.items() if not isinstance(value, list)}
    upload.report |= {f"{level}_count": len(summary.get(level) or []) for level in LEVELS}
    copy_rows(
        UploadFinding._meta.db_table,
        ("upload_id", "level", "row", "column", "code", "value", "message"),
        (
            (
                upload.pk,
                level,
                finding.get(row_name) or finding.get("row") or 0,
                str(finding.get("column", ""))[:250],
                str(finding.get("code", ""))[:60],
                str(finding.get("value", ""))[:250],
                str(finding.get("message", "")),
            )
            for level in LEVELS
            for finding in summary.get(level) or []
        ),
    )


def _write(upload: Upload, user: AbstractBaseUser, at: datetime, progress: Callable[[int], None]) -> None:
    """Import, remember the run, and drop the file: what it held is in the roster now."""
    runs = ImportRun.objects.filter(government=upload.government, kind=upload.kind)
    last_id = runs.aggregate(last=Max("pk"))["last"] or 0
    summary = _run_importer(upload, user, at, write=True, progress=progress)
    upload.findings.all().delete()
    _store_report(upload, summary)
    upload.run = runs.filter(pk__gt=last_id).order_by("-pk").first() or _own_run(upload, user, at)
    upload.confirmed_at = at
    upload.save()
    upload.parts.all().delete()
    _trace(upload.government, user, at, "import_confirmed", f"upload:{upload.pk}", upload.kind, upload.sha256,
           {"counts": upload.report, "run": upload.run_id, "uploaded_by": upload.user.get_username()})  # fmt: skip


def _own_run(upload: Upload, user: AbstractBaseUser, at: datetime) -> ImportRun | None:
    """The line of the history for kinds that keep none; a kind that can be undone wrote nothing if it kept none."""
    if kind_of(upload.kind).undo is not None:
        return None
    return ImportRun.objects.create(
        government=upload.government,
        kind=upload.kind,
        file_name=upload.file_name,
        sha256=upload.sha256,
        as_at_on=upload.as_at_on,
        summary=upload.report,
        confirmed_by=user,
        confirmed_at=at,
    )


def _trace(
    government: Government,
    user: AbstractBaseUser,
    at: datetime,
    action: str,
    subject: str,
    kind: str,
    sha256: str,
    more: dict[str, Any],
) -> None:
    audit.record(at, government.code, user.get_username(), action, subject, {"kind": kind, "sha256": sha256, **more})
