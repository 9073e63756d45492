"""The worker killed in the middle of each stage: the sweeper brings the night to the same end, and nothing is twice."""

import os
import signal
import time
from collections.abc import Callable

import psycopg2
import pytest
from django.db import connection
from django.utils import timezone

from core.models import Job
from roster.models import Government
from tests import night_world
from wfh_portal import night, night_states
from wfh_portal.night_stages import STAGES
from wfh_portal.tasks import send

PEOPLE = 30


@pytest.fixture
def government(transactional_db: None) -> Government:
    return night_world.make(PEOPLE)


def wait_until(true: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, list(
            Job.objects.values("stage", "chunk", "state", "attempts", "error", "worker")
        )
        time.sleep(0.05)


def is_held_up(table: str) -> bool:
    """Whether somebody waits for the table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_locks WHERE relation = %s::regclass AND NOT granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [table],
        )
        return cursor.fetchone() is not None


class Held:
    """A table that nobody can write until it is let go."""

    def __init__(self, table: str) -> None:
        settings = connection.settings_dict
        self._other = psycopg2.connect(
            dbname=settings["NAME"], user=settings["USER"], password=settings["PASSWORD"], host=settings["HOST"],
            port=settings["PORT"] or None,
        )  # fmt: skip
        with self._other.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")

    def let_go(self) -> None:
        self._other.rollback()
        self._other.close()


@pytest.fixture
def hold():
    """Holds a table: `held = hold("attendance_dayrecord")`; let go at the end of the test at the latest."""
    taken: list[Held] = []

    def take(table: str) -> Held:
        taken.append(Held(table))
        return taken[-1]

    yield take
    for held in taken:
        if not held._other.closed:
            held.let_go()


def ended(government: Government) -> bool:
    return night_states.has_ended(government.code, night_world.chain_of(government))


def assert_as_undisturbed(government: Government) -> None:
    found = night_world.rows()
    from_machine = [row for row in found["punches"] if row[2] == "device"]
    assert len(from_machine) == PEOPLE // 10
    assert all(found.values()), {name: len(rows) for name, rows in found.items()}
    assert found == night_world.undisturbed()


@pytest.mark.parametrize("stage", [stage.name for stage in STAGES])
def test_a_worker_killed_in_the_middle_of_a_stage(government: Government, start_worker, hold, stage: str) -> None:
    table = night_world.TABLES[stage]
    # Closing a day may write plans too: their table is taken when the stage between the two stands still.
    before = hold(night_world.TABLES["evidence"]) if stage == "plan_day" else None
    held = None if before else hold(table)
    doomed = start_worker()
    assert night.start(night_world.night_of(government), timezone.now(), send, people_a_chunk=10)
    if before:
        wait_until(lambda: is_held_up(night_world.TABLES["evidence"]))
        held = hold(table)
        before.let_go()
    wait_until(lambda: is_held_up(table))
    interrupted = Job.objects.get(state="running")
    assert interrupted.stage == stage
    os.killpg(doomed.pid, signal.SIGKILL)
    doomed.wait(10)
    held.let_go()
    start_worker()
    assert night_world.sweep() >= 1
    wait_until(lambda: ended(government))
    assert night_states.ended_well(government.code, night_world.chain_of(government))
    interrupted.refresh_from_db()
    assert (interrupted.state, interrupted.attempts) == ("done", 2)
    assert_as_undisturbed(government)
