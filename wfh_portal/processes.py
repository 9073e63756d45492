"""The three long-running programs of the portal, in one place for demonstration, Procfile and tests."""

import sys
from pathlib import Path


def web_command(port: int) -> list[str]:
    """Web server: two processes with four threads each, by WSGI; the database driver is not made for ASGI."""
    return [
        *_program("granian"),
        "--interface=wsgi",
        "--workers=2",
        "--blocking-threads=4",
        # A thread keeps its connection to the database and the statements planned there; half a minute of quiet, which
        # is the default, would cost the next page both.
        "--blocking-threads-idle-timeout=600",
        "--workers-kill-timeout=5",
        # Without this, one process that the kernel kills takes the whole server with it.
        "--respawn-failed-workers",
        "--respawn-interval=0.5",
        "--host=127.0.0.1",
        f"--port={port}",
        "--log-level=warning",
        "wfh_portal.wsgi:application",
    ]


def worker_command(name: str, concurrency: int = 2) -> list[str]:
    """Worker for queued tasks; `name` must be unique on this machine."""
    return [
        *_program("celery"),
        "--app=wfh_portal",
        "worker",
        f"--concurrency={concurrency}",
        f"--hostname={name}@%h",
        "--without-gossip",
        "--without-mingle",
        "--loglevel=INFO",
    ]


def beat_command(schedule: Path) -> list[str]:
    """Sender of the timetable; exactly one may run. `schedule` is the file in which it keeps the last times."""
    return [*_program("celery"), "--app=wfh_portal", "beat", f"--schedule={schedule}", "--pidfile=", "--loglevel=INFO"]


def _program(module: str) -> list[str]:
    # By module and not by script: scripts carry the absolute path of the folder where the venv was made.
    return [sys.executable, "-m", module]
