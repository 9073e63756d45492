"""The nightly chain: stages one after the other, each in chunks of people, on as many workers as there are.

Job rows are the truth. A message only says "look at this row"; a lost one is sent again by the sweeper, a repeated one
finds the row taken. A chunk reports and the next stage is planned in one transaction, so no crash falls in between.
"""

from collections.abc import Callable
from datetime import date, datetime

from django.db import connection, transaction

from core import audit, jobs
from core.models import Job
from roster.models import Government
from wfh_portal import night_watch
from wfh_portal.night_stages import BY_NAME, STAGES, Night, Stage, chunks_of, settle_drafts
from wfh_portal.night_states import chain_name, has_ended

# 500 to 5,000 measured alike; in this size a chunk takes seconds, and a killed one loses little.
PEOPLE_A_CHUNK = 2_000
Send = Callable[[int], None]


@transaction.atomic
def start(
    night: Night, now: datetime, send: Send, *, again: bool = False, people_a_chunk: int = PEOPLE_A_CHUNK
) -> bool:
    """Start the chain of a night; True when this call started it.

    A chain that is under way is never started twice. One that has ended starts over only where somebody asks for it
    `again` (a late fact, a chunk that was set aside); every stage then comes to the same result.
    """
    chain, code = chain_name(night.on), night.government.code
    _hold(code, chain)
    rows = Job.objects.filter(government_code=code, chain=chain)
    if rows.exists():
        if not (again and has_ended(code, chain)):
            return False
        rows.delete()
    audit.record(now, code, "night", "night.started", chain, {"month": night.month.isoformat(), "again": again})
    _plan_stage(STAGES[0], night, now, send, people_a_chunk)
    return True


def run_chunk(job_id: int, clock: Callable[[], datetime], send: Send, worker: str = "") -> None:
    """Do one chunk, if its row is free; then plan the next stage where this was the last chunk of its own.

    A chunk that failed or lost its worker twice is cut into smaller ones instead, so that in the end one person is
    set aside and not all. `worker` is kept in the row.
    """
    job = _take(job_id, clock(), send, worker)
    if job is None:
        return
    try:
        with jobs.beating(job, clock):
            outcome = BY_NAME[job.stage].work(_night_of(job), job.arguments.get("person_ids"), clock())
    except Exception as error:  # noqa: BLE001 - whatever a chunk dies of, it must be counted and the night go on
        # Where the database went away, the report needs a new connection; while there is none the sweeper takes over.
        connection.close_if_unusable_or_obsolete()
        _report_failure(job, clock(), f"{type(error).__name__}: {error}", send)
        return
    with transaction.atomic():
        _hold(job.government_code, job.chain)
        if jobs.finish(job, clock(), outcome.done_count, outcome.set_aside):
            _advance(job, clock(), send)


@transaction.atomic
def _take(job_id: int, now: datetime, send: Send, worker: str) -> Job | None:
    """The row for one attempt; None where somebody is at it, or where it has ended: then the chain moves on."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        return None
    _hold(job.government_code, job.chain)
    if pieces := jobs.cut(job_id, now):
        _send_on_commit([piece.pk for piece in pieces], send)
        return None
    taken = jobs.claim(job_id, now, worker)
    if taken is None:
        job.refresh_from_db()
        _advance(job, now, send)
    return taken


@transaction.atomic
def _report_failure(job: Job, now: datetime, error: str, send: Send) -> None:
    _hold(job.government_code, job.chain)
    if pieces := jobs.cut(job.pk, now, held=job, error=error):
        _send_on_commit([piece.pk for piece in pieces], send)
    elif jobs.fail(job, now, error) == Job.State.WAITING:
        _send_on_commit([job.pk], send)
    else:
        _advance(job, now, send)


def _advance(job: Job, now: datetime, send: Send) -> None:
    """Plan the next stage if the one of `job` has ended and nobody did so; after the last, look how the night went."""
    open_rows = Job.objects.filter(
        government_code=job.government_code, chain=job.chain, stage=job.stage, state__in=jobs.OPEN
    )
    if open_rows.exists():
        return
    position = [stage.name for stage in STAGES].index(job.stage) + 1
    if position == len(STAGES):
        transaction.on_commit(lambda: _end(job, now))
        return
    following = STAGES[position]
    planned = Job.objects.filter(government_code=job.government_code, chain=job.chain, stage=following.name)
    if not planned.exists():
        _plan_stage(following, _night_of(job), now, send, job.arguments["people_a_chunk"])


def _end(job: Job, now: datetime) -> None:
    """After the last chunk of the night: say what was set aside, and make right what only a whole chunk makes right."""
    night = _night_of(job)
    night_watch.look_at_end(night.government, night.on, now)
    if Job.objects.filter(
        government_code=job.government_code, chain=job.chain, stage=job.stage, state=Job.State.FAILED
    ).exists():
        settle_drafts(night, now)


def _plan_stage(stage: Stage, night: Night, now: datetime, send: Send, people_a_chunk: int) -> None:
    rows = jobs.plan(night.government.code, chain_name(night.on), stage.name, chunks_of(stage, night, people_a_chunk))
    job_ids = [row.pk for row in rows]
    jobs.mark_sent(job_ids, now)
    _send_on_commit(job_ids, send)


def _send_on_commit(job_ids: list[int], send: Send) -> None:
    """A worker that is quicker than the commit would find no row."""
    transaction.on_commit(lambda: _send_all(job_ids, send))


def _send_all(job_ids: list[int], send: Send) -> None:
    for job_id in job_ids:
        send(job_id)


def _night_of(job: Job) -> Night:
    return Night(
        Government.objects.get(code=job.government_code),
        date.fromisoformat(job.arguments["on"]),
        date.fromisoformat(job.arguments["month"]),
    )


def _hold(government_code: str, chain: str) -> None:
    """One at a time moves a chain; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{government_code}/{chain}"])


def sweep(now: datetime, send: Send) -> int:
    """Send again what the broker or a worker lost, and move on chains whose last chunk was set aside; how many."""
    return jobs.sweep(now, list(BY_NAME), send)
