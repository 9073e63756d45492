"""Servers of a test run: one PostgreSQL cluster and one Valkey, thrown away afterwards.

A pytest plugin (named in pyproject.toml) and no fixture, because the settings read the addresses before any conftest.
With pytest-xdist only the controller starts them; workers inherit the addresses and make databases of their own.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper

from wfh_portal.embedded import start, stop
from wfh_portal.embedded_watch import Guard


class _Run:
    data: Path | None = None
    guard: Guard | None = None


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database-only`: what is worth repeating on another version of PostgreSQL (POSTGRESQL_BIN)."""
    parser.addoption("--database-only", action="store_true", help="only tests that use the database, without browser")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, where asked, what never reaches the database, and what needs a browser to reach it."""
    if not config.getoption("--database-only"):
        return
    kept, left = [], []
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        reaches = bool(names & {"db", "transactional_db"} or item.get_closest_marker("django_db"))
        (kept if reaches and "_browser" not in names else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """Settle the environment before pytest-django reads the settings."""
    os.environ["PORTAL_MODE"] = "test"
    os.environ["PORTAL_DATABASE_ROLE"] = "owner"
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    os.environ["REDIS_PREFIX"] = f"test-{worker}-{os.getpid()}:"
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        _start_servers()
    return (yield)


def _start_servers() -> None:
    # Always in /tmp: root's servers run as another user, who must be able to reach them.
    _Run.data = Path(tempfile.mkdtemp(prefix="portal-test-", dir="/tmp"))
    _Run.data.chmod(0o711)
    _Run.guard = Guard()
    _Run.guard.tell(f"remove {_Run.data}")
    addresses = start(_Run.data, say=_say, durable=False)
    os.environ["PORTAL_DATA"] = str(_Run.data)
    os.environ["DATABASE_URL"] = addresses.database_url
    os.environ["DATABASE_OWNER_URL"] = addresses.owner_url
    os.environ["REDIS_URL"] = addresses.redis_url


def pytest_unconfigure() -> None:
    """Stop and remove what this process started."""
    if _Run.data is None or _Run.guard is None:
        return
    stop(_Run.data, remove=True)
    shutil.rmtree(_Run.data, ignore_errors=True)
    _Run.guard.dismiss()
    _Run.data = None


def process_environment(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Environment for a portal process of its own (worker, command) on this test's database, as the application."""
    database_name = connection.settings_dict["NAME"]
    environment = dict(os.environ)
    environment["DATABASE_URL"] = urlsplit(environment["DATABASE_URL"])._replace(path=f"/{database_name}").geturl()
    environment["PORTAL_DATABASE_ROLE"] = "application"
    environment.pop("DATABASE_OWNER_URL", None)
    return environment
