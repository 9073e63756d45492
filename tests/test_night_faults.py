"""The night while its servers are killed: the broker with all of its data, and the database."""

import json
import time

import pytest

from tests import night_world
from tests.fault_servers import FAULTS, FaultServers

pytestmark = FAULTS
PEOPLE = 30
JOBS = "SELECT stage, chunk, state, attempts, error FROM core_job ORDER BY id"


@pytest.fixture
def night(faults: FaultServers):
    """The day of a night that can be started, on servers that can be killed; its people go again."""
    faults.sql("DELETE FROM core_job")
    yield run(faults, "make", str(PEOPLE)).strip()
    faults.sql("DELETE FROM core_job")


def run(faults: FaultServers, *words: str) -> str:
    return faults.run("-m", "tests.night_world", *words, timeout_seconds=240)


def ended(faults: FaultServers) -> bool:
    rows = faults.sql("SELECT state FROM core_job WHERE stage = 'draft_run'")
    return bool(rows) and all(state == "done" for (state,) in rows)


def start_and_reach_the_middle(faults: FaultServers, on: str) -> None:
    """A night in chunks of five of which some are done and some are not."""
    run(faults, "start", "5")
    wait_until(faults, lambda: faults.sql("SELECT 1 FROM core_job WHERE stage = 'close_day' AND state = 'done'"))


def wait_until(faults: FaultServers, true, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, faults.sql(JOBS)
        time.sleep(0.05)


def sweep_until_ended(faults: FaultServers) -> None:
    deadline = time.monotonic() + 120
    while not ended(faults):
        assert time.monotonic() < deadline, faults.sql(JOBS)
        run(faults, "sweep")
        looked = time.monotonic()
        while not ended(faults) and time.monotonic() < looked + 8:
            time.sleep(0.1)


def assert_as_undisturbed(faults: FaultServers) -> None:
    failed = faults.sql("SELECT stage, chunk, error FROM core_job WHERE state = 'failed'")
    assert failed == []
    found = json.loads(run(faults, "rows"))
    assert all(found.values()), {name: len(rows) for name, rows in found.items()}
    assert found == json.loads(run(faults, "undisturbed"))


def test_the_broker_loses_everything_in_the_middle(faults: FaultServers, night: str) -> None:
    faults.start_worker()
    start_and_reach_the_middle(faults, night)
    faults.kill_broker(lose_data=True)
    faults.start_broker()
    sweep_until_ended(faults)
    assert_as_undisturbed(faults)


def test_the_database_is_killed_in_the_middle(faults: FaultServers, night: str) -> None:
    faults.start_worker()
    start_and_reach_the_middle(faults, night)
    faults.kill_database()
    time.sleep(1)
    faults.start_database()
    sweep_until_ended(faults)
    assert_as_undisturbed(faults)


def test_world_and_stages_agree() -> None:
    from wfh_portal.night_stages import STAGES

    assert list(night_world.TABLES) == [stage.name for stage in STAGES]
