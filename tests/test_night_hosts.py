"""The night over two hosts that share nothing but broker and database, and nights that are started twice at once."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from core.models import AuditEntry, Job
from roster.models import Government
from tests import night_world
from tests.conftest import PROJECT
from tests.servers import process_environment
from tests.test_night_stages import assert_as_undisturbed, ended, hold, is_held_up, wait_until  # noqa: F401 - fixture
from wfh_portal import night, night_states
from wfh_portal.processes import worker_command
from wfh_portal.tasks import send, start_due

PEOPLE = 30


@pytest.fixture
def government(transactional_db: None) -> Government:
    return night_world.make(PEOPLE)


@pytest.fixture
def start_host(tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen]]:
    """Starts a worker as a machine of its own would: nothing of this process's environment but where Python is."""
    started: list[subprocess.Popen] = []
    shared = process_environment(connection)

    def start(name: str) -> subprocess.Popen:
        folder = tmp_path / name
        folder.mkdir()
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(PROJECT),
            "PORTAL_MODE": "production",
            "PORTAL_DATA": str(folder / "data"),
            "SECRET_KEY": settings.SECRET_KEY,
            "ALLOWED_HOSTS": f"{name}.example",
            "LOG_LEVEL": "DEBUG" if name == "malam-satu" else "WARNING",
            **{key: shared[key] for key in ("DATABASE_URL", "REDIS_URL", "REDIS_PREFIX")},
        }
        log = folder / "worker.log"
        words = [
            f"--hostname=celery@{name}" if word.startswith("--hostname") else word for word in worker_command(name, 1)
        ]
        host = subprocess.Popen(
            words, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log.open("wb"),
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        started.append(host)
        wait_until(lambda: b" ready." in log.read_bytes() or host.poll() is not None)
        assert host.poll() is None, log.read_text()
        return host

    yield start
    for host in started:
        if host.poll() is None:
            os.killpg(host.pid, 9)
        host.wait(10)


def test_two_hosts_share_the_chunks_of_a_night(government: Government, start_host, hold) -> None:  # noqa: F811
    held = hold("attendance_dayrecord")
    start_host("malam-satu")
    start_host("malam-dua")
    assert night.start(night_world.night_of(government), timezone.now(), send, people_a_chunk=5)
    # Each stands in the middle of a chunk of its own: the spread is no matter of luck.
    wait_until(lambda: Job.objects.filter(state="running").count() == 2)
    hosts = {"celery@malam-satu", "celery@malam-dua"}
    assert set(Job.objects.filter(state="running").values_list("worker", flat=True)) == hosts
    held.let_go()
    wait_until(lambda: ended(government))
    assert night_states.ended_well(government.code, night_world.chain_of(government))
    assert set(Job.objects.values_list("worker", flat=True)) == hosts
    assert set(Job.objects.values_list("attempts", flat=True)) == {1}
    assert_as_undisturbed(government)


def test_two_nights_started_at_once_are_one(
    government: Government,
    start_worker,
    hold,  # noqa: F811
    tmp_path: Path,
) -> None:
    """By hand in two processes, and by two timetables; all four ask for the same night."""
    held = hold("attendance_dayrecord")
    workers = [start_worker(), start_worker()]
    assert len({worker.pid for worker in workers}) == 2
    words = [sys.executable, "manage.py", "night", "--date", government.go_live_on.isoformat(), "--wait"]
    said = [tmp_path / "satu.txt", tmp_path / "dua.txt"]
    environment = process_environment(connection) | {"PYTHONUNBUFFERED": "1"}
    by_hand = [
        subprocess.Popen(words, cwd=PROJECT, env=environment, stdout=file.open("wb"), stderr=subprocess.STDOUT)
        for file in said
    ]
    start_due.apply_async()
    start_due.apply_async()
    try:
        wait_until(lambda: is_held_up("attendance_dayrecord"))
        # Nobody goes on before both have asked; else the second would come to an ended night, and do it again.
        wait_until(lambda: all("Rangkaian malam" in file.read_text() for file in said))
        held.let_go()
        codes = [process.wait(120) for process in by_hand]
    finally:
        for process in by_hand:
            if process.poll() is None:
                process.kill()
    outputs = [file.read_text() for file in said]
    assert codes == [0, 0], outputs
    assert AuditEntry.objects.filter(action="night.started").count() == 1, outputs
    assert_as_undisturbed(government)
