"""Scoring a month and drafting its allowance, by the night itself: a worker of two processes, chunks of 2,000 people.

The time of a stage is what its rows say, from the first start to the last end. The floors are the reads grouped in SQL
and COPY of the very rows that were written, into tables with the same indexes, in one session and one transaction.
Needs a province that `bench.provinces` has made; the month is its first one. What is measured is removed afterwards.
"""

import os
import statistics
import time
from datetime import date, timedelta
from typing import Any

import psycopg2
from django.db.models import Max, Min
from django.utils import timezone

from allowances.models import Run
from allowances.operations import draft_run
from attendance.models import DayRecord
from bench.measure import ROUNDS, Measure, PeakMemory, timed
from bench.month_floor import Floor
from bench.worker import cpu_seconds, worker_of_two
from core import jobs
from core.models import Job
from core.period import next_month
from roster.models import Government
from wfh_portal import night, night_states
from wfh_portal.night_stages import BY_NAME, Night, chain_name, chunks_of
from wfh_portal.tasks import send

STAGES = ("score_month", "draft_run")
CLEARED = (
    "allowances_line", "allowances_runinput", "allowances_setaside", "allowances_run", "performance_monthscore",
)  # fmt: skip
CLEAR = """
    CREATE TEMPORARY TABLE bench_runs ON COMMIT DROP AS SELECT id FROM allowances_run
        WHERE government_id = %(government)s AND month = %(month)s AND state = 'draft';
    DELETE FROM allowances_line WHERE run_id IN (SELECT id FROM bench_runs);
    DELETE FROM allowances_runinput WHERE run_id IN (SELECT id FROM bench_runs);
    DELETE FROM allowances_setaside WHERE run_id IN (SELECT id FROM bench_runs);
    DELETE FROM allowances_run WHERE id IN (SELECT id FROM bench_runs);
"""
CLEAR_SCORES = """
    DELETE FROM performance_monthscore WHERE month = %(month)s AND source = 'portal'
        AND person_id IN (SELECT id FROM roster_person WHERE government_id = %(government)s)
"""
LOOK_SECONDS = 0.1
WAIT_SECONDS = 1_800


def measure(size: int) -> list[Measure]:
    """Both stages, each beside its floor."""
    government = Government.objects.get(code="contoh")
    days = DayRecord.objects.filter(person__government=government)
    first = days.aggregate(first=Min("work_date"))["first"].replace(day=1)
    one = night_states.night_for(government, next_month(first) - timedelta(days=1))
    floor, rounds = Floor(first), []
    try:
        with worker_of_two() as worker, PeakMemory(worker.pid) as memory:
            clear(government, first)
            _stages(one)  # the first round fills the caches and gives the floor its rows
            floor.learn(government)
            again, busy = _stages(one), cpu_seconds(worker)
            for _ in range(ROUNDS):
                floors = {stage: floor.take(stage) for stage in STAGES}
                clear(government, first)
                rounds.append((_stages(one), floors))
            busy = (cpu_seconds(worker) - busy) / ROUNDS
        alone = _alone(government, first)
        counted = {**_counted(government, first), "worker_cpu_seconds_both": round(busy, 2)}
    finally:
        floor.end()
        clear(government, first)
    return [
        _measure(name, stage, size, rounds, memory.mb, {**counted, "again_seconds": again[stage], **more})
        for name, stage, more in (
            ("score_month", "score_month", {}),
            ("allowance_run", "draft_run", {"one_process_seconds": alone}),
        )
    ]


def _measure(name: str, stage: str, size: int, rounds: list[Any], peak_mb: float, detail: dict[str, Any]) -> Measure:
    products = [took[stage] for took, _ in rounds]
    floors = [took[stage] for _, took in rounds]
    said = {"rounds": [round(one, 3) for one in products], "floor_rounds": [round(one, 3) for one in floors]}
    return Measure(
        name, size, statistics.median(products), statistics.median(floors), round(peak_mb, 1), {**said, **detail}
    )


def _alone(government: Government, month: date) -> float:
    """The operation in one process, on a month without a draft."""
    clear(government, month, scores=False)
    return round(timed(lambda: draft_run(government, month, timezone.now())), 3)


def _counted(government: Government, month: date) -> dict[str, Any]:
    run = Run.objects.get(government=government, month=month)
    return {"people": run.people_count, "set_aside": len(run.set_aside), "lines": run.lines.count()}


def _stages(one: Night) -> dict[str, float]:
    """Seconds of both stages, run as the night runs them."""
    code, chain = one.government.code, chain_name(one.on)
    rows = Job.objects.filter(government_code=code, chain=chain)
    rows.delete()
    for row in jobs.plan(code, chain, STAGES[0], chunks_of(BY_NAME[STAGES[0]], one, night.PEOPLE_A_CHUNK)):
        send(row.pk)
    waited = time.monotonic()
    while not rows.filter(stage=STAGES[-1]).exists() or rows.filter(state__in=jobs.OPEN).exists():
        if time.monotonic() - waited > WAIT_SECONDS:
            raise RuntimeError("The stages did not end.")
        time.sleep(LOOK_SECONDS)
    if rows.exclude(state=Job.State.DONE).exists():
        raise RuntimeError("; ".join(rows.exclude(error="").values_list("error", flat=True)[:3]) or "not done")
    took = rows.values("stage").annotate(seconds=Max("finished_at") - Min("started_at"))
    found = {row["stage"]: row["seconds"].total_seconds() for row in took}
    rows.delete()
    return found


def clear(government: Government, month: date, scores: bool = True) -> None:
    """Take away the draft of the month, and its scores, as if it had never been drafted."""
    owner = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    try:
        with owner, owner.cursor() as cursor:
            about = {"government": government.pk, "month": month}
            cursor.execute(CLEAR, about)
            if scores:
                cursor.execute(CLEAR_SCORES, about)
        owner.autocommit = True
        with owner.cursor() as cursor:
            cursor.execute(f"VACUUM ANALYZE {', '.join(CLEARED)}")
    finally:
        owner.close()
