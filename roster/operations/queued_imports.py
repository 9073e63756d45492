"""Confirmed imports of long files: a row of work that any worker does, whole or not at all, however often it is sent.

Short files are written within the request. A long one is only asked for there: the row says how far it is, a worker
that dies leaves nothing behind, and the sweeper sends the row again. The broker may be away; the row stands.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from core import jobs
from core.errors import PortalError
from roster.models import Upload
from roster.operations.uploads import STAGE, chain_of, confirm_upload, is_being_written, jobs_of, refuse_changed

# Some three seconds of work for a worker of the web server, which others wait for.
ROWS_AT_ONCE = 2_000
BEAT_SECONDS = 2


def confirm(upload: Upload, user: AbstractBaseUser, seen_at: str, at: datetime, send: Callable[[int], None]) -> None:
    """Write what the preview of `seen_at` showed: a short file now, a long one by a worker; `send(job id)` on commit.

    A second call is the first one. Raises UploadRefused and what the importer raises, as `confirm_upload`.
    """
    rows = upload.report.get("rows") or upload.report.get("lines") or 0
    if rows <= ROWS_AT_ONCE or upload.confirmed_at is not None:
        confirm_upload(upload, user, seen_at, at)
    elif not is_being_written(upload):
        _ask(upload, user, seen_at, at, rows, send)


@transaction.atomic
def _ask(
    upload: Upload, user: AbstractBaseUser, seen_at: str, at: datetime, rows: int, send: Callable[[int], None]
) -> None:
    held = Upload.objects.select_for_update(skip_locked=True).filter(pk=upload.pk, confirmed_at=None).first()
    if held is None or is_being_written(held):
        # Somebody else has just asked, a worker is at it, or has done it.
        return
    refuse_changed(held, seen_at, at)
    # What failed for an earlier preview or attempt is over: this one has its own attempts.
    jobs_of(held).delete()
    about = {"upload": held.pk, "user": user.pk, "seen": seen_at, "asked_at": at.isoformat()}
    chain = chain_of(held.pk)
    job = jobs.plan(held.government.code, chain, STAGE, [jobs.Chunk("all", about, rows)])[0]
    jobs.mark_sent([job.pk], at)
    transaction.on_commit(lambda: send(job.pk))


def run_confirmed(job_id: int, clock: Callable[[], datetime], worker: str = "") -> None:
    """Do one asked-for import, if its row is free. What people can put right stands in the row, and is not repeated."""
    job = jobs.claim(job_id, clock(), worker)
    if job is None:
        return
    about = job.arguments
    upload = Upload.objects.filter(pk=about["upload"]).first()
    user: Any = get_user_model().objects.filter(pk=about["user"]).first()
    if upload is None or user is None:
        jobs.finish(job, clock(), 0)
        return
    read_rows = 0

    def progress(rows: int) -> None:
        nonlocal read_rows
        read_rows = rows

    try:
        with jobs.beating(job, clock, lambda: read_rows, BEAT_SECONDS):
            asked_at = datetime.fromisoformat(about["asked_at"])
            confirm_upload(upload, user, about["seen"], clock(), asked_at=asked_at, progress=progress)
    except PortalError as error:
        jobs.refuse(job, clock(), str(error))
        return
    jobs.finish(job, clock(), job.total_count)


def sweep(now: datetime, send: Callable[[int], None]) -> int:
    """Send imports again whose message or worker was lost; how many."""
    return jobs.sweep(now, [STAGE], send)
