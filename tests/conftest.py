"""Fixtures that every test may use: the database as owner or application, a live portal, a browser, a worker."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, connections

from tests.fault_servers import _fault_servers, faults  # noqa: F401 - fixtures
from tests.servers import process_environment
from tests.snapshots import keep_migrated_rows
from wfh_portal.processes import worker_command

PROJECT = Path(__file__).resolve().parent.parent

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_MISSING = "Peramban Chromium tidak ada; pasang dengan: sudo apt-get install -y chromium"
CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> None:
    """The migrated database, with the application's rights, and the rows of migrate kept for later."""
    with django_db_blocker.unblock():
        keep_migrated_rows(connection)


@pytest.fixture
def as_application(db: None) -> Iterator[None]:
    """The rest of the test acts as the application role: what only the owner may do is refused."""
    from django.conf import settings

    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {connection.ops.quote_name(settings.APPLICATION_DATABASE_ROLE)}")
    yield
    try:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
    except DatabaseError:
        # The refusal broke the transaction; its rollback also takes the role back.
        return


@pytest.fixture
def live_portal(live_server) -> str:
    """Address of a running portal on this test's database."""
    return live_server.url


@pytest.fixture(scope="session")
def _browser():
    if not os.path.exists(CHROMIUM):
        if os.environ.get("CI") == "true":
            pytest.fail(CHROMIUM_MISSING)
        pytest.skip(CHROMIUM_MISSING)
    # Playwright runs an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()
        # The connection that Django made while Playwright's loop ran would keep the test database from being dropped.
        connections.close_all()


@pytest.fixture
def browser_page(_browser, live_portal: str):
    """A page of a fresh browser on the live portal, in Indonesian, 10 s of patience."""
    context = _browser.new_context(base_url=live_portal, locale="id-ID", timezone_id="Asia/Jakarta")
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


@pytest.fixture
def enter(_browser, live_portal: str) -> Iterator[Callable]:
    """Opens a browser of one person, signed in by password: `enter("hr-satu", PHONE)`."""
    from tests.browsing import DESK, sign_in_at

    contexts = []

    def open_for(name: str, size: dict = DESK):
        context = _browser.new_context(base_url=live_portal, locale="id-ID", timezone_id="Asia/Jakarta", viewport=size)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        sign_in_at(page, name)
        return page

    yield open_for
    for context in contexts:
        context.close()


@pytest.fixture
def start_worker(transactional_db: None, tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen]]:
    """Starts real Celery worker processes on this test's database and queue; whatever still runs ends with the test.

    The process leads a group of its own: `os.killpg(worker.pid, signal.SIGKILL)` ends it as a power cut would.
    """
    started: list[subprocess.Popen] = []

    def start() -> subprocess.Popen:
        log = tmp_path / f"worker-{len(started)}.log"
        worker = subprocess.Popen(
            worker_command(f"test-{secrets.token_hex(4)}", concurrency=1),
            cwd=PROJECT,
            env=process_environment(connection),
            stdin=subprocess.DEVNULL,
            stdout=log.open("wb"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        started.append(worker)
        deadline = time.monotonic() + 30
        while b" ready." not in log.read_bytes():
            assert worker.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        return worker

    yield start
    for worker in started:
        try:
            os.killpg(worker.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        worker.wait(10)


@pytest.fixture
def run_command(transactional_db: None) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `manage.py WORDS` as a process of its own on this test's database, as the application."""

    def run(*words: str, timeout_seconds: float = 120) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=PROJECT,
            env=process_environment(connection),
            capture_output=True,
            text=True,
            timeout=timeout_seconds,
            check=False,
        )

    return run
