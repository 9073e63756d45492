"""Servers and processes of their own that a test may kill: PostgreSQL, Valkey, the web server, Celery workers.

Use the fixture `faults` (tests/conftest.py), and say in the module `pytestmark = FAULTS`: there is one cluster a run,
and its tables are copied from the test database. Everything listens on 127.0.0.1, keeps its port over every restart,
and ends with the run.

    faults.start_web(); faults.start_worker()          real granian and Celery, as in production
    faults.kill_web_worker()                           kill -9 of one of granian's processes
    faults.kill_worker(worker)                         kill -9 of a Celery worker and its children
    faults.kill_broker(lose_data=True); faults.freeze_broker(); faults.start_broker()
    faults.kill_database(); faults.start_database()    kill -9 of PostgreSQL with all its children; crash recovery
    faults.run("manage.py", "night", ...)              a process of the portal on these servers
    faults.sql("SELECT ...", [values])                 what stands in the database, as the owner
    faults.phones(40)                                  people with a session each (tests/fault_load.py)

PostgreSQL is durable here (fsync, synchronous_commit and full_page_writes are on), unlike in other tests: what it
confirmed must be there after kill -9. The fixture mends before a test what an earlier one left down, and ends the
Celery workers of a test after it. The web server stays for the next test. Rows of earlier tests stay too: a test asks
for people of its own and looks at those alone.
"""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from tests.fault_load import Phone
from wfh_portal import embedded
from wfh_portal.embedded_account import choose_account
from wfh_portal.embedded_broker import broker_process
from wfh_portal.embedded_database import database_process, free_port
from wfh_portal.embedded_programs import find_programs
from wfh_portal.embedded_watch import Guard
from wfh_portal.processes import web_command, worker_command

PROJECT = Path(__file__).resolve().parent.parent
# In one worker of xdist, and with the test database made, which Django does only for tests that say they use it.
FAULTS = [pytest.mark.xdist_group("faults"), pytest.mark.django_db]
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


class FaultServers:
    """One set of servers, from its start to its end."""

    def __init__(self) -> None:
        """Start both servers and put the migrated tables of this run into the new database."""
        self.data = Path(tempfile.mkdtemp(prefix="portal-fault-", dir="/tmp"))
        self.data.chmod(0o711)
        self._guard = Guard()
        self._guard.tell(f"remove {self.data}")
        self.addresses = embedded.start(self.data, say=lambda _line: None, durable=False)
        self._account = choose_account(self.data, find_programs(), lambda _line: None)
        self._postgres = self._account.folder / "postgres"
        self._copy_tables()
        with open(self._postgres / "postgresql.auto.conf", "a", encoding="ascii") as options:
            options.write("".join(f"{name} = 'on'\n" for name in DURABLE))
        self._run_pg_ctl("restart", "-m", "fast")
        self.port = free_port()
        # A test may start the database in a thread of its own, while its load goes on.
        self._starting = threading.Lock()
        self.web: subprocess.Popen | None = None
        self.workers: list[subprocess.Popen] = []

    @property
    def address(self) -> str:
        """Where the web server answers."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self, **more: str) -> dict[str, str]:
        """Environment of a portal process on these servers, as the application; keys and prefix are this run's."""
        kept = dict(os.environ)
        kept.pop("DATABASE_OWNER_URL", None)
        return kept | {
            "PORTAL_MODE": "test",
            "PORTAL_DATA": str(self.data),
            "SECRET_KEY": settings.SECRET_KEY,
            "DATABASE_URL": self.addresses.database_url,
            "REDIS_URL": self.addresses.redis_url,
            "PORTAL_DATABASE_ROLE": "application",
            **more,
        }

    def sql(self, statement: str, values: Sequence[Any] = ()) -> list[tuple]:
        """Rows of one statement on a connection of its own; changes are kept."""
        opened = psycopg2.connect(self.addresses.owner_url)
        try:
            with opened, opened.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            opened.close()

    def run(self, *words: str, timeout_seconds: float = 60) -> str:
        """Run `python WORDS` on these servers to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=PROJECT,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=timeout_seconds,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def phones(self, count: int) -> list[Phone]:
        """New people of a new government, expected at work now, each with a session; as many as asked."""
        return [Phone(**one) for one in json.loads(self.run("-m", "tests.fault_people", str(count)))]

    # The web server.

    def start_web(self) -> None:
        """Start granian unless it runs, and wait until it answers."""
        if self.web is None or self.web.poll() is not None:
            self.web = self._start(web_command(self.port), self.data / "web.log")
        deadline = time.monotonic() + 40
        while self.health()[0] == 0:
            assert self.web.poll() is None and time.monotonic() < deadline, self._tail("web.log")
            time.sleep(0.1)

    def health(self, path: str = "/healthz") -> tuple[int, dict[str, Any], float]:
        """Status, content and seconds of an answer in JSON; status 0 where nobody answered."""
        began = time.monotonic()
        try:
            with urllib.request.urlopen(self.address + path, timeout=15) as answer:
                status, body = answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            status, body = refused.code, refused.read()
        except OSError:
            return 0, {}, time.monotonic() - began
        return status, json.loads(body), time.monotonic() - began

    def web_workers(self) -> list[int]:
        """Process numbers of granian's workers."""
        assert self.web is not None
        return [child.pid for child in psutil.Process(self.web.pid).children() if _serves(child)]

    def kill_web_worker(self) -> int:
        """End one of granian's processes as the kernel would when memory is short; its number."""
        victim = self.web_workers()[0]
        os.kill(victim, signal.SIGKILL)
        return victim

    def stop_web(self) -> None:
        """End the web server at once."""
        if self.web is not None:
            _end(self.web)
            self.web = None

    # Celery.

    def start_worker(self, concurrency: int = 1) -> subprocess.Popen:
        """Start a Celery worker and wait until it takes tasks."""
        log = self.data / f"worker-{secrets.token_hex(4)}.log"
        worker = self._start(worker_command(f"fault-{secrets.token_hex(4)}", concurrency), log)
        self.workers.append(worker)
        deadline = time.monotonic() + 40
        while b" ready." not in log.read_bytes():
            assert worker.poll() is None and time.monotonic() < deadline, self._tail(log.name)
            time.sleep(0.1)
        return worker

    def kill_worker(self, worker: subprocess.Popen) -> None:
        """End a Celery worker with its children, as a power cut would."""
        _end(worker)

    # Valkey.

    def kill_broker(self, *, lose_data: bool = True) -> None:
        """Kill -9 of Valkey; with `lose_data` nothing of it comes back."""
        server = broker_process(self._account.folder)
        if server is not None:
            server.kill()
            _wait_gone([server])
        if lose_data:
            folder = self._account.folder / "valkey"
            for path in (*folder.glob("*.rdb"), *folder.glob("appendonlydir*")):
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def freeze_broker(self, frozen: bool = True) -> None:
        """Make Valkey hang with its connections open, as a host that swaps; or let it go on."""
        server = broker_process(self._account.folder)
        assert server is not None
        server.suspend() if frozen else server.resume()

    def start_broker(self) -> None:
        """Start Valkey again on its port; one that hangs goes on."""
        if broker_process(self._account.folder) is not None:
            self.freeze_broker(False)
        if broker_process(self._account.folder) is None:
            valkey = self._account.folder / "valkey"
            self._account.run([self._account.programs.valkey_server, valkey / "valkey.conf"], self.data / "valkey.log")
        import redis

        client = redis.Redis.from_url(self.addresses.redis_url)
        _until(lambda: _answers(client.ping), "Valkey")

    # PostgreSQL.

    def kill_database(self) -> None:
        """Kill -9 of PostgreSQL: the postmaster first, then all of its children, as a power cut would."""
        server = database_process(self._account.folder)
        if server is None:
            return
        family = [server, *server.children(recursive=True)]
        for process in family:
            _kill(process)
        _wait_gone(family)

    def start_database(self) -> None:
        """Start PostgreSQL again on its port; it recovers from its log."""
        with self._starting:
            if database_process(self._account.folder) is None:
                self._run_pg_ctl("start")
        _until(lambda: _answers(lambda: self.sql("SELECT 1")), "PostgreSQL")

    # The whole.

    def mend(self) -> None:
        """Start what is down, so that a test does not inherit an outage."""
        self.start_database()
        self.start_broker()

    def end_workers(self) -> None:
        """End every Celery worker."""
        for worker in self.workers:
            _end(worker)
        self.workers.clear()

    def close(self) -> None:
        """End and remove everything."""
        self.end_workers()
        self.stop_web()
        embedded.stop(self.data, remove=True)
        shutil.rmtree(self.data, ignore_errors=True)
        self._guard.dismiss()

    def _start(self, command: list[str], log: Path) -> subprocess.Popen:
        started = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=log.open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._guard.tell(f"pid {started.pid}")
        return started

    def _run_pg_ctl(self, *words: str) -> None:
        command = [self._account.programs.postgres_bin / "pg_ctl", *words, "-w", "-D", self._postgres]
        log = self.data / "pg_ctl.log"
        for _attempt in range(5):
            if self._account.run([*command, "-l", self._postgres / "server.log"], log) == 0:
                return
            time.sleep(1)
        raise AssertionError(self._tail("pg_ctl.log"))

    def _copy_tables(self) -> None:
        """The tables and rows of `migrate`, copied from this run's database: a tenth of the time of migrating."""
        kept = connection.settings_dict
        assert kept["NAME"].startswith("test_"), "the test module does not say `pytestmark = FAULTS`"
        source = {
            "PGUSER": kept["USER"],
            "PGPASSWORD": kept["PASSWORD"],
            "PGHOST": kept["HOST"],
            "PGPORT": kept["PORT"],
        }
        dump = self.data / "tables.sql"
        dumped = subprocess.run(
            [self._account.programs.postgres_bin / "pg_dump", f"--dbname={kept['NAME']}", f"--file={dump}"],
            env={**os.environ, **source},
            capture_output=True,
            text=True,
            check=False,
        )
        if dumped.returncode != 0:
            # A server of another version than these programs: the slow way.
            environment = self.environment(PORTAL_DATABASE_ROLE="owner", DATABASE_OWNER_URL=self.addresses.owner_url)
            migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
            subprocess.run(migrate, cwd=PROJECT, env=environment, check=True, timeout=180)
            return
        psql = [
            self._account.programs.postgres_bin / "psql",
            "--quiet",
            "--set=ON_ERROR_STOP=1",
            self.addresses.owner_url,
        ]
        loaded = subprocess.run([*psql, f"--file={dump}"], capture_output=True, text=True, check=False)
        assert loaded.returncode == 0, loaded.stderr[-3000:]

    def _tail(self, name: str) -> str:
        path = self.data / name
        return path.read_text(errors="replace")[-3000:] if path.is_file() else ""


def _end(process: subprocess.Popen) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait(10)


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def _wait_gone(processes: list[psutil.Process]) -> None:
    # Orphans of a killed server are zombies until the machine's first process takes them.
    _until(lambda: not any(_lives(process) for process in processes), "the end of killed servers")


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _serves(process: psutil.Process) -> bool:
    """Whether this child of granian answers requests: not its tracker of resources, and not one that has died."""
    try:
        return "resource_tracker" not in " ".join(process.cmdline())
    except psutil.Error:
        return False


def _answers(ask: Any) -> bool:
    try:
        ask()
    except Exception:  # noqa: BLE001 - a server that starts refuses in many ways
        return False
    return True


def _until(holds: Any, what: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"{what}: waited for {seconds} s"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def _fault_servers(django_db_setup: None, django_db_blocker: Any) -> Iterator[FaultServers]:
    with django_db_blocker.unblock():
        servers = FaultServers()
    yield servers
    servers.close()


@pytest.fixture
def faults(_fault_servers: FaultServers) -> Iterator[FaultServers]:
    """Servers of the run that may be killed, all of them up at the start of the test."""
    _fault_servers.mend()
    yield _fault_servers
    _fault_servers.end_workers()
