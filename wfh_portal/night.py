"""The nightly chain: stages one after the other, each in chunks of people, on as many workers as there are.

Job rows are the truth. A message only says "look at this row"; a lost one is sent again by the sweeper, a repeated one
finds the row taken. A chunk reports and the next stage is planned in one transaction, so no crash falls in between.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from core import audit, jobs
from core.models import Job
from roster.models import Government
from wfh_portal.night_stages import BY_NAME, STAGES, Night, Stage, chunks_of

# 500 to 5,000 measured alike; in this size a chunk takes seconds, and a killed one loses little.
PEOPLE_A_CHUNK = 2_000
Send = Callable[[int], None]


def chain_name(on: date) -> str:
    """The chain of the night that closes `on`."""
    return f"night:{on.isoformat()}"


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


def run_chunk(job_id: int, clock: Callable[[], datetime], send: Send) -> None:
    """Do one chunk, if its row is free; then plan the next stage where this was the last chunk of its own."""
    job = jobs.claim(job_id, clock())
    if job is None:
        advance_after(job_id, clock(), send)
        return
    try:
        with jobs.beating(job, clock):
            outcome = BY_NAME[job.stage].work(_night_of(job), job.arguments.get("person_ids"), clock())
    except Exception as error:  # noqa: BLE001 - whatever a chunk dies of, it must be counted and the night go on
        state = jobs.fail(job, clock(), f"{type(error).__name__}: {error}")
        if state == Job.State.WAITING:
            send(job.pk)
        else:
            advance_after(job.pk, clock(), send)
        return
    with transaction.atomic():
        _hold(job.government_code, job.chain)
        if jobs.finish(job, clock(), outcome.done_count, outcome.set_aside):
            _advance(job, clock(), send)


@transaction.atomic
def advance_after(job_id: int, now: datetime, send: Send) -> None:
    """Plan the next stage if the stage of this row has ended and nobody did so."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None or job.state not in (Job.State.DONE, Job.State.FAILED):
        return
    _hold(job.government_code, job.chain)
    _advance(job, now, send)


def _advance(job: Job, now: datetime, send: Send) -> None:
    open_rows = Job.objects.filter(government_code=job.government_code, chain=job.chain, stage=job.stage).exclude(
        state__in=[Job.State.DONE, Job.State.FAILED]
    )
    position = STAGES.index(BY_NAME[job.stage]) + 1
    if open_rows.exists() or position == len(STAGES):
        return
    following = STAGES[position]
    planned = Job.objects.filter(government_code=job.government_code, chain=job.chain, stage=following.name)
    if not planned.exists():
        _plan_stage(following, _night_of(job), now, send, job.arguments["people_a_chunk"])


def _plan_stage(stage: Stage, night: Night, now: datetime, send: Send, people_a_chunk: int) -> None:
    rows = jobs.plan(night.government.code, chain_name(night.on), stage.name, chunks_of(stage, night, people_a_chunk))
    job_ids = [row.pk for row in rows]
    jobs.mark_sent(job_ids, now)
    # Sent on commit: a worker that is quicker than the commit would find no row.
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
    rows = [job for job in jobs.abandoned(now) if job.stage in BY_NAME]
    for job in rows:
        send(job.pk)
    jobs.mark_sent([job.pk for job in rows], now)
    return len(rows)


def has_ended(government_code: str, chain: str) -> bool:
    """Every stage was planned, and every chunk is done or set aside."""
    stages = jobs.progress(government_code, chain)
    return len(stages) == len(STAGES) and all(stage.ended for stage in stages)


def ended_well(government_code: str, chain: str) -> bool:
    """It has ended, and no chunk was set aside."""
    return (
        has_ended(government_code, chain)
        and not Job.objects.filter(government_code=government_code, chain=chain, state=Job.State.FAILED).exists()
    )


def night_for(government: Government, on: date, month: date | None = None) -> Night:
    """The night that closes `on`; its month is the one of `on` unless another is asked for."""
    return Night(government, on, (month or on).replace(day=1))


def due(now: datetime) -> list[Night]:
    """Nights that begin now: governments in use where it is the first hour of the day, closing yesterday."""
    found = []
    for government in Government.objects.filter(go_live_on__isnull=False).order_by("code"):
        local = now.astimezone(ZoneInfo(government.zone))
        yesterday = local.date() - timedelta(days=1)
        if local.hour == 0 and government.go_live_on <= local.date():
            found.append(night_for(government, yesterday))
    return found
