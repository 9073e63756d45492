"""Long work in rows: what is to be done, who is at it, what failed. The broker only rings the bell.

A chunk is claimed with an attempt number. Only the holder of the latest attempt may report on it, and a holder that
stops beating loses it. A chunk of people that fails twice is cut into smaller ones, down to single people; what fails
three times is set aside, so that the rest of the chain can be seen to end.
"""

import logging
import math
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from core.models import Job

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
# Earlier than setting aside: a chunk is cut while it can still be found out who of it is the poison.
CUT_AFTER = 2
# A larger chunk is cut into as many pieces as each has people: one person among 2,000 is found in two steps.
SINGLE_BELOW = 64
# A stage that fails for everybody must not become a row for everybody.
MAX_PIECES_A_STAGE = 1_000
OPEN = (Job.State.WAITING, Job.State.RUNNING)
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


def claim(job_id: int, now: datetime, worker: str = "") -> Job | None:
    """Take a waiting or abandoned row for one attempt; None when it is done, failed, or somebody is at it.

    An abandoned row that has had its attempts is set aside here, so a chunk that kills its worker cannot loop.
    """
    with transaction.atomic():
        job = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id).first()
        if job is None or not _is_free(job, now):
            return None
        if job.attempts >= MAX_ATTEMPTS:
            job.state, job.finished_at = Job.State.FAILED, now
            job.error = job.error or "Pekerja berhenti mendadak tiga kali pada bagian ini; bagian ini disisihkan."
            job.set_aside = _person_aside(job, job.error)
            job.save(update_fields=["state", "finished_at", "error", "set_aside"])
            return None
        job.state, job.attempts, job.worker = Job.State.RUNNING, job.attempts + 1, worker[:200]
        job.started_at = job.heartbeat_at = now
        job.finished_at, job.done_count = None, 0
        job.save(
            update_fields=["state", "attempts", "worker", "started_at", "heartbeat_at", "finished_at", "done_count"]
        )
        return job


def _is_free(job: Job, now: datetime) -> bool:
    if job.state == Job.State.WAITING:
        return True
    return job.state == Job.State.RUNNING and (job.heartbeat_at is None or job.heartbeat_at < now - STALE_AFTER)


def _person_aside(job: Job, reason: str) -> list[dict]:
    """Whom a failed chunk sets aside by name: nobody, unless it was about one person alone."""
    people = job.arguments.get("person_ids") or []
    return [{"person": people[0], "reason": reason[:250]}] if len(people) == 1 else []


@transaction.atomic
def cut(job_id: int, now: datetime, held: Job | None = None, error: str = "") -> list[Job]:
    """Cut a chunk of people that has failed twice into smaller ones; the new rows, none where it is not to be cut.

    Its row must be `held` by the caller, or abandoned. It stays as `split`, with its attempts and its error.
    """
    job = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id, state=Job.State.RUNNING).first()
    if job is None or job.attempts < CUT_AFTER or not (job.attempts == held.attempts if held else _is_free(job, now)):
        return []
    people = job.arguments.get("person_ids") or []
    size = math.isqrt(len(people)) if len(people) > SINGLE_BELOW else 1
    pieces = [people[start : start + size] for start in range(0, len(people), size)]
    cut_before = Job.objects.filter(
        government_code=job.government_code, chain=job.chain, stage=job.stage, chunk__contains="."
    ).count()
    if len(people) < 2 or cut_before + len(pieces) > MAX_PIECES_A_STAGE:
        return []
    job.state, job.finished_at, job.total_count = Job.State.SPLIT, now, 0
    job.error = (error or job.error or "Pekerja berhenti mendadak dua kali pada bagian ini.")[:ERROR_LENGTH]
    job.arguments = {**job.arguments, "person_ids": []}
    job.save(update_fields=["state", "finished_at", "total_count", "error", "arguments"])
    return Job.objects.bulk_create(
        Job(
            government_code=job.government_code,
            chain=job.chain,
            stage=job.stage,
            chunk=f"{job.chunk}.{number:03}",
            arguments={**job.arguments, "person_ids": piece},
            total_count=len(piece),
            heartbeat_at=now,
        )
        for number, piece in enumerate(pieces, 1)
    )


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
def beating(
    job: Job,
    clock: Callable[[], datetime],
    done_count: Callable[[], int] | None = None,
    every_seconds: float = BEAT_SECONDS,
) -> Iterator[None]:
    """Beat in the background while the block runs, on a connection of its own; with `done_count`, say how far it is."""
    ended = threading.Event()

    def keep_beating() -> None:
        while not ended.wait(every_seconds):
            try:
                beat(job, clock(), done_count() if done_count is not None else None)
            except DatabaseError:
                # A server that restarts must not end the beat of work that goes on: the next one connects anew.
                logger.warning("beat of job %s failed", job.pk, exc_info=True)
                connection.close()
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
    _held(job).update(
        state=state,
        error=error[:ERROR_LENGTH],
        heartbeat_at=now,
        finished_at=now if last else None,
        set_aside=_person_aside(job, error) if last else [],
    )
    return state


def refuse(job: Job, now: datetime, error: str) -> bool:
    """Work that people have to put right first: set aside at once, with the reason in their words, and not repeated.

    False when another attempt holds the row.
    """
    return bool(_held(job).update(state=Job.State.FAILED, error=error[:ERROR_LENGTH], finished_at=now))


def sweep(now: datetime, stages: Collection[str], send: Callable[[int], None]) -> int:
    """Send rows of these stages again whose message or worker was lost; how many."""
    rows = [job.pk for job in abandoned(now) if job.stage in stages]
    for job_id in rows:
        send(job_id)
    mark_sent(rows, now)
    return len(rows)


def abandoned(now: datetime) -> list[Job]:
    """Rows whose message or worker was lost: waiting for too long, or running without a beat."""
    return list(
        Job.objects.filter(
            Q(state=Job.State.WAITING, heartbeat_at__isnull=True, created_at__lt=now - RESEND_AFTER)
            | Q(state=Job.State.WAITING, heartbeat_at__lt=now - RESEND_AFTER)
            | Q(state=Job.State.RUNNING, heartbeat_at__lt=now - STALE_AFTER),
            # Said once more by itself, so that the index of open rows serves.
            state__in=OPEN,
        ).order_by("pk")
    )


def forget_before(at: datetime) -> int:
    """Delete rows that ended before `at`; how many. What is open stays, however old."""
    return Job.objects.filter(finished_at__lt=at).exclude(state__in=OPEN).delete()[0]


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
    people_failed: int
    planned_at: datetime
    ended_at: datetime | None

    @property
    def ended(self) -> bool:
        """Every chunk is done or set aside."""
        return self.chunks_done + self.chunks_failed == self.chunks


def progress(government_code: str, chain: str) -> list[StageProgress]:
    """Progress of every stage that has been planned, in the order of planning."""
    return progress_of(government_code, [chain]).get(chain, [])


def progress_of(government_code: str, chains: list[str]) -> dict[str, list[StageProgress]]:
    """The same for several chains in one statement; a chain that was never planned is not in it."""
    done, failed = Q(state=Job.State.DONE), Q(state=Job.State.FAILED)
    rows = (
        Job.objects.filter(government_code=government_code, chain__in=chains)
        .exclude(state=Job.State.SPLIT)
        .values("chain", "stage")
        .annotate(
            first_id=Min("pk"),
            chunks=Count("pk"),
            chunks_done=Count("pk", filter=done),
            chunks_failed=Count("pk", filter=failed),
            people=Sum("total_count"),
            people_done=Sum("done_count"),
            people_failed=Sum("total_count", filter=failed, default=0),
            planned_at=Min("created_at"),
            ended_at=Max("finished_at"),
        )
        .order_by("first_id")
    )
    names = [field.name for field in fields(StageProgress)]
    found: dict[str, list[StageProgress]] = {}
    for row in rows:
        found.setdefault(row["chain"], []).append(StageProgress(**{name: row[name] for name in names}))
    return found
