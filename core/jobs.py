"""Long work in rows: what is to be done, who is at it, what failed. The broker only rings the bell.

A chunk is claimed with an attempt number. Only the holder of the latest attempt may report on it, a holder that stops
beating loses it, and after three attempts it is set aside so that the rest of the chain can be seen to end.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, Min, Q, QuerySet, Sum

from core.models import Job

MAX_ATTEMPTS = 3
BEAT_SECONDS = 10
# Six missed beats: a worker that was killed, or a machine that is gone.
STALE_AFTER = timedelta(seconds=60)
# A waiting row whose message was never taken; above the time that a full queue needs to come round to it.
RESEND_AFTER = timedelta(seconds=120)
ERROR_LENGTH = 2_000


@dataclass(frozen=True)
class Chunk:
    """One piece of a stage: its name, the JSON arguments that its task needs, and how many people it has."""

    name: str
    arguments: dict
    people_count: int = 0


def plan(government_code: str, chain: str, stage: str, chunks: list[Chunk]) -> list[Job]:
    """The rows of a stage, made once; a second call returns the rows that stand."""
    Job.objects.bulk_create(
        [
            Job(
                government_code=government_code,
                chain=chain,
                stage=stage,
                chunk=chunk.name,
                arguments=chunk.arguments,
                total_count=chunk.people_count,
            )
            for chunk in chunks
        ],
        ignore_conflicts=True,
    )
    return list(Job.objects.filter(government_code=government_code, chain=chain, stage=stage).order_by("pk"))


def claim(job_id: int, now: datetime) -> Job | None:
    """Take a waiting or abandoned row for one attempt; None when it is done, failed, or somebody is at it.

    An abandoned row that has had its attempts is set aside here, so a chunk that kills its worker cannot loop.
    """
    with transaction.atomic():
        job = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id).first()
        if job is None or not _is_free(job, now):
            return None
        if job.attempts >= MAX_ATTEMPTS:
            job.state, job.finished_at = Job.State.FAILED, now
            job.error = job.error or "Pekerja berhenti tiga kali pada bagian ini; bagian ini disisihkan."
            job.save(update_fields=["state", "finished_at", "error"])
            return None
        job.state, job.attempts = Job.State.RUNNING, job.attempts + 1
        job.started_at = job.heartbeat_at = now
        job.finished_at, job.done_count = None, 0
        job.save(update_fields=["state", "attempts", "started_at", "heartbeat_at", "finished_at", "done_count"])
        return job


def _is_free(job: Job, now: datetime) -> bool:
    if job.state == Job.State.WAITING:
        return True
    return job.state == Job.State.RUNNING and (job.heartbeat_at is None or job.heartbeat_at < now - STALE_AFTER)


def _held(job: Job) -> QuerySet[Job]:
    """The row, while the attempt of `job` is still the latest one."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)


def beat(job: Job, now: datetime, done_count: int | None = None) -> bool:
    """Say that work goes on; False when another attempt has taken over, and this one should stop."""
    changes: dict = {"heartbeat_at": now}
    if done_count is not None:
        changes["done_count"] = done_count
    return bool(_held(job).update(**changes))


@contextmanager
def beating(job: Job, clock: Callable[[], datetime]) -> Iterator[None]:
    """Beat in the background while the block runs, on a connection of its own."""
    ended = threading.Event()

    def keep_beating() -> None:
        while not ended.wait(BEAT_SECONDS):
            beat(job, clock())
        connection.close()

    thread = threading.Thread(target=keep_beating, name=f"beat-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def finish(job: Job, now: datetime, done_count: int, set_aside: list[dict] | None = None) -> bool:
    """The chunk is done; False when another attempt holds it. `set_aside`: people left out, each with a reason."""
    return bool(
        _held(job).update(
            state=Job.State.DONE, finished_at=now, done_count=done_count, set_aside=set_aside or [], error=""
        )
    )


def fail(job: Job, now: datetime, error: str) -> Job.State:
    """The attempt failed: back to waiting, or set aside after the last one. Returns the state that stands now."""
    last = job.attempts >= MAX_ATTEMPTS
    state = Job.State.FAILED if last else Job.State.WAITING
    _held(job).update(state=state, error=error[:ERROR_LENGTH], heartbeat_at=now, finished_at=now if last else None)
    return state


def abandoned(now: datetime) -> list[Job]:
    """Rows whose message or worker was lost: waiting for too long, or running without a beat."""
    return list(
        Job.objects.filter(
            Q(state=Job.State.WAITING, heartbeat_at__isnull=True, created_at__lt=now - RESEND_AFTER)
            | Q(state=Job.State.WAITING, heartbeat_at__lt=now - RESEND_AFTER)
            | Q(state=Job.State.RUNNING, heartbeat_at__lt=now - STALE_AFTER)
        ).order_by("pk")
    )


def mark_sent(job_ids: list[int], now: datetime) -> None:
    """Remember when waiting rows were last sent, so that the sweeper does not send them every minute."""
    Job.objects.filter(pk__in=job_ids, state=Job.State.WAITING).update(heartbeat_at=now)


@dataclass(frozen=True)
class StageProgress:
    """How far a stage is: chunks and people, and what was set aside."""

    stage: str
    chunks: int
    chunks_done: int
    chunks_failed: int
    people: int
    people_done: int

    @property
    def ended(self) -> bool:
        """Every chunk is done or set aside."""
        return self.chunks_done + self.chunks_failed == self.chunks


def progress(government_code: str, chain: str) -> list[StageProgress]:
    """Progress of every stage that has been planned, in the order of planning."""
    rows = (
        Job.objects.filter(government_code=government_code, chain=chain)
        .values("stage")
        .annotate(
            first_id=Min("pk"),
            chunks=Count("pk"),
            chunks_done=Count("pk", filter=Q(state=Job.State.DONE)),
            chunks_failed=Count("pk", filter=Q(state=Job.State.FAILED)),
            people=Sum("total_count"),
            people_done=Sum("done_count"),
        )
        .order_by("first_id")
    )
    names = [field.name for field in fields(StageProgress)]
    return [StageProgress(**{name: row[name] for name in names}) for row in rows]
