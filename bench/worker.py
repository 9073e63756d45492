"""A Celery worker of two processes for a measure, and stages of a night done by it."""

import secrets
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psutil
from django.db.models import Max, Min

from core import jobs
from core.models import Job
from wfh_portal import night
from wfh_portal.celery import app
from wfh_portal.night_stages import BY_NAME, STAGES, Night, chunks_of
from wfh_portal.night_states import chain_name
from wfh_portal.processes import worker_command
from wfh_portal.tasks import send

ANSWERS_SECONDS = 60
LOOK_SECONDS = 0.1
WAIT_SECONDS = 1_800


@contextmanager
def worker_of_two() -> Iterator[psutil.Process]:
    """The worker, once it answers; ended afterwards."""
    with tempfile.TemporaryFile() as log:
        started = subprocess.Popen(worker_command(f"bench-{secrets.token_hex(4)}"), stdout=log, stderr=log)
        try:
            for _ in range(ANSWERS_SECONDS):
                if app.control.broadcast("ping", reply=True, timeout=1, limit=1):
                    break
            yield psutil.Process(started.pid)
        finally:
            started.terminate()
            started.wait(60)


def cpu_seconds(worker: psutil.Process) -> float:
    """What the worker and its processes have used so far."""
    return sum(sum(process.cpu_times()[:2]) for process in (worker, *worker.children(recursive=True)))


def seconds_of_stage(name: str, one: Night) -> float:
    """Do one stage as the night does it; seconds from the first start to the last end of its rows."""
    code, chain = one.government.code, chain_name(one.on)
    rows = Job.objects.filter(government_code=code, chain=chain)
    rows.delete()
    following = STAGES[STAGES.index(BY_NAME[name]) + 1].name
    # A stage that is planned already is not planned again: the chain ends here.
    Job.objects.create(government_code=code, chain=chain, stage=following, chunk="-", state=Job.State.DONE,
                       arguments={}, finished_at=datetime.now(UTC))  # fmt: skip
    for row in jobs.plan(code, chain, name, chunks_of(BY_NAME[name], one, night.PEOPLE_A_CHUNK)):
        send(row.pk)
    chunks, deadline = rows.filter(stage=name), time.monotonic() + WAIT_SECONDS
    while chunks.exclude(state__in=[Job.State.DONE, Job.State.FAILED]).exists():
        if time.monotonic() > deadline:
            raise SystemExit(f"The stage {name} did not end.")
        time.sleep(LOOK_SECONDS)
    failed = chunks.exclude(state=Job.State.DONE).values_list("error", flat=True)
    if failed:
        raise SystemExit(f"{name}: {failed[0]}")
    took = chunks.aggregate(seconds=Max("finished_at") - Min("started_at"))["seconds"].total_seconds()
    rows.delete()
    return took
