"""The portal behind its own web command on a free port, and a load sent to it by a process of its own."""

import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil
from django.db import connection

from bench.load import ANSWER_SECONDS, Answers, Load
from bench.measure import PeakMemory
from wfh_portal.embedded_database import free_port
from wfh_portal.environment import BASE_DIR, data_folder
from wfh_portal.processes import web_command

START_SECONDS = 60
PORTAL = "wfh_portal.wsgi:application"


@dataclass(frozen=True)
class Server:
    """A web server that runs: its port and the process that leads its workers."""

    port: int
    process: psutil.Process


@contextmanager
def served(application: str = PORTAL) -> Iterator[Server]:
    """Serve an application by the portal's web command until the block ends."""
    port = free_port()
    # To a file, as a service manager would take it: a terminal is no match for a line a request.
    with (data_folder() / "web.log").open("ab") as log:
        started = subprocess.Popen([*web_command(port)[:-1], application], cwd=BASE_DIR, stdout=log, stderr=log)
    try:
        _wait_for(port, started)
        yield Server(port, psutil.Process(started.pid))
    finally:
        started.terminate()
        try:
            started.wait(15)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


def _wait_for(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).read()  # noqa: S310 - own server
            return
        except OSError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"Server web uji tidak menjawab di porta {port}: {error}") from error
            time.sleep(0.2)


@dataclass(frozen=True)
class Window:
    """One load that was sent: what came back, and the CPU that each side spent meanwhile, in seconds."""

    rate: float
    answers: Answers
    web_cpu_seconds: float
    database_cpu_seconds: float
    peak_mb: float

    def summary(self, expected: Sequence[int]) -> dict[str, Any]:
        """The figures of the window as JSON; whatever has none of the expected statuses is an error."""
        answers, count = self.answers, len(self.answers.status)
        errors = sum(status not in expected for status in answers.status)
        return {
            "rate": self.rate,
            "requests": count,
            "errors": errors,
            **{name: quantile(answers.latency_ms, share) for name, share in QUANTILES.items()},
            "web_cpu_ms_each": round(self.web_cpu_seconds / count * 1_000, 3),
            "database_cpu_ms_each": round(self.database_cpu_seconds / count * 1_000, 3),
            "generator_cpu_share": round(answers.cpu_seconds / answers.seconds, 3),
            "generator_late_p99_ms": quantile(answers.late_ms, 0.99),
            "waiting_at_end": answers.waiting_at_end,
            "connections": answers.connections,
            "bytes_each": sum(answers.bytes) // count,
        }


QUANTILES = {"p50_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99, "p999_ms": 0.999}


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of them lie; every answer counts, errors with the time they took."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2)


def send(server: Server, requests: list[str], rate: float, seed: int = 7) -> Window:
    """Send the requests at random instants, `rate` a second, and see what each side spends."""
    database = database_process()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "load.json"
        path.write_text(json.dumps(asdict(Load("127.0.0.1", server.port, rate, requests, seed))), encoding="utf-8")
        patience_seconds = len(requests) / rate * 2 + ANSWER_SECONDS + 60
        web_before, database_before = cpu_seconds(server.process), cpu_seconds(database)
        with PeakMemory(server.process.pid) as memory:
            subprocess.run(
                [sys.executable, "-m", "bench.load", str(path)], cwd=BASE_DIR, timeout=patience_seconds, check=True
            )
        web, base = spent_since(web_before, server.process), spent_since(database_before, database)
        answers = Answers(**json.loads(path.with_suffix(".answers").read_text(encoding="utf-8")))
    return Window(rate, answers, web, base, memory.mb)


def database_process() -> psutil.Process | None:
    """The database server that this process is connected to, if it runs on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend_id,) = cursor.fetchone()
    try:
        backend = psutil.Process(backend_id)
        return backend.parent() if backend.name() == "postgres" else None
    except psutil.NoSuchProcess:
        return None


def cpu_seconds(root: psutil.Process | None) -> dict[int, float]:
    """CPU that a process and each below it have spent so far."""
    spent = {}
    for process in (root, *root.children(recursive=True)) if root else ():
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        spent[process.pid] = times.user + times.system
    return spent


def spent_since(before: dict[int, float], root: psutil.Process | None) -> float:
    """CPU since then, of those that run now; what ended meanwhile is missed."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in cpu_seconds(root).items())
