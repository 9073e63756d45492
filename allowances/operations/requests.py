"""A draft that is asked for on a page and done by a worker; the job row is the truth about it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from allowances.models import Run
from allowances.operations.drafting import KINDS, draft_run
from core import jobs
from core.errors import PortalError
from core.models import Job
from roster.models import Government

STAGE = "draft_by_hand"


def chain_of(month: date, kind: str = "regular", number: int = 1) -> str:
    """The chain under which `core.jobs.progress` finds a draft that was asked for."""
    return f"draft:{month:%Y-%m}:{kind}:{number}"


@transaction.atomic
def request_draft(
    government: Government, month: date, kind: str, number: int, user: Any, at: datetime, send: Callable[[int], None]
) -> Job:
    """Ask for a draft; `send(job id)` is called on commit. One that is under way is not started twice.

    The caller has seen that `user` may ask. Raises PortalError: an unknown kind, or a run that was checked already.
    """
    month = month.replace(day=1)
    if kind not in KINDS or number < 1:
        raise PortalError("Jenis perhitungan itu tidak dikenal.")
    run = Run.objects.filter(government=government, month=month, kind=kind, number=number).first()
    if run is not None and run.state != Run.State.DRAFT:
        raise PortalError("Perhitungan itu sudah diperiksa; kembalikan ke draf dulu bila harus disusun ulang.")
    chain = chain_of(month, kind, number)
    rows = Job.objects.select_for_update().filter(government_code=government.code, chain=chain, stage=STAGE)
    waiting = [job for job in rows if job.state in (Job.State.WAITING, Job.State.RUNNING)]
    stuck = {job.pk for job in jobs.abandoned(at)} & {job.pk for job in waiting}
    if waiting and not stuck:
        return waiting[0]
    rows.delete()
    about = {"month": month.isoformat(), "kind": kind, "number": number, "user": getattr(user, "pk", None)}
    job = jobs.plan(government.code, chain, STAGE, [jobs.Chunk("all", about)])[0]
    jobs.mark_sent([job.pk], at)
    transaction.on_commit(lambda: send(job.pk))
    return job


def run_requested(job_id: int, clock: Callable[[], datetime]) -> None:
    """Do a requested draft, if its row is free. What people can put right stands in the row, and is not tried again."""
    job = jobs.claim(job_id, clock())
    if job is None:
        return
    about = job.arguments
    government = Government.objects.get(code=job.government_code)
    user = get_user_model().objects.filter(pk=about.get("user")).first()

    def progress(done: int, total: int) -> None:
        Job.objects.filter(pk=job.pk, attempts=job.attempts).update(total_count=total)
        jobs.beat(job, clock(), done)

    try:
        with jobs.beating(job, clock):
            run = draft_run(
                government, date.fromisoformat(about["month"]), clock(), about["kind"], about["number"], user,
                progress=progress,
            )  # fmt: skip
    except PortalError as error:
        jobs.refuse(job, clock(), str(error))
        return
    jobs.finish(job, clock(), run.people_count, [])


def sweep(now: datetime, send: Callable[[int], None]) -> int:
    """Send requested drafts again whose message or worker was lost; how many."""
    return jobs.sweep(now, [STAGE], send)
