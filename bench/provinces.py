"""The province that is measured: the demonstration's generator at any size, on embedded servers of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import psycopg2

from wfh_portal.embedded import start, stop
from wfh_portal.environment import BASE_DIR, data_folder

SEED = 7


@dataclass(frozen=True)
class Province:
    """How many people, and the environment in which any program of the portal finds them."""

    size: int
    environment: dict[str, str]


@contextmanager
def province(size: int, say: Callable[[str], None]) -> Iterator[Province]:
    """Start the servers of a size, make the people where they are not there yet, stop the servers afterwards."""
    data = data_folder() / "bench" / str(size)
    data.mkdir(parents=True, exist_ok=True)
    addresses = start(data, say=say)
    environment = os.environ | {
        "PORTAL_DATA": str(data),
        "DATABASE_URL": addresses.database_url,
        "DATABASE_OWNER_URL": addresses.owner_url,
        "REDIS_URL": addresses.redis_url,
    }
    try:
        _manage(environment, "migrate", "--no-input", "--verbosity", "0")
        if not (data / "made").exists():
            _make(size, environment)
            (data / "made").touch()
        yield Province(size, environment)
    finally:
        stop(data)


def history_days(today: date) -> int:
    """Days from the first of the month before until today: one whole month that can be scored and paid."""
    last_month = today.month - 1 or 12
    return (today - date(today.year - (today.month == 1), last_month, 1)).days


def _make(size: int, environment: dict[str, str]) -> None:
    days = history_days(datetime.now(ZoneInfo("Asia/Jakarta")).date())
    _manage(environment, "seed_demo", "--people", str(size), "--seed", str(SEED), "--days", str(days), "--without-pay")
    # As tables that have stood for a while: otherwise the server tidies up while the first measures are taken.
    with closing(psycopg2.connect(environment["DATABASE_OWNER_URL"])) as owner:
        owner.autocommit = True
        with owner.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")


def _manage(environment: dict[str, str], *words: str) -> None:
    subprocess.run([sys.executable, "manage.py", *words], cwd=BASE_DIR, env=environment, stdout=sys.stderr, check=True)
