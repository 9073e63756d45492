"""PostgreSQL and Valkey for demonstration and tests, from the programs in two wheels, with a data folder as the unit.

Each data folder has servers of its own. `servers.json` in it holds the addresses with their passwords and is readable
by its owner alone. Production uses ordinary servers and never comes here.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from wfh_portal import embedded_database
from wfh_portal.embedded_account import choose_account, server_folder
from wfh_portal.embedded_broker import broker_process, start_broker, stop_broker
from wfh_portal.embedded_database import ADMIN, APPLICATION, DATABASE, OWNER, start_database, stop_database
from wfh_portal.embedded_programs import EmbeddedError, find_programs
from wfh_portal.environment import make_data_folder

__all__ = ["Addresses", "EmbeddedError", "ensure_servers", "is_running", "known_addresses", "start", "stop"]


@dataclass(frozen=True)
class Addresses:
    """Where the servers of a data folder answer, as the application, as the owner, and for tasks and cache."""

    database_url: str = "postgresql://portal_app@127.0.0.1:5432/portal"
    owner_url: str = "postgresql://portal_owner@127.0.0.1:5432/portal"
    redis_url: str = "redis://127.0.0.1:6379/0"


def known_addresses(data: Path) -> Addresses:
    """Addresses written at the last start in a data folder; the usual ports of this machine before the first."""
    try:
        return Addresses(**_read_state(data)["addresses"])
    except KeyError:
        return Addresses()


def ensure_servers(environment: MutableMapping[str, str], say: Callable[[str], None]) -> bool:
    """Start the embedded servers that the environment does not name and that do not run. True if any was started."""
    if environment.get("DATABASE_URL") and environment.get("REDIS_URL"):
        return False
    wants_database = not environment.get("DATABASE_URL")
    data = make_data_folder()
    folder = server_folder(data)
    if broker_process(folder) and (not wants_database or embedded_database.database_process(folder)):
        return False
    say(f"Server tertanam dimulai di {data} (hentikan dengan: manage.py embedded stop).")
    start(data, say=say, with_database=wants_database, with_broker=not environment.get("REDIS_URL"))
    return True


def start(
    data: Path,
    *,
    say: Callable[[str], None],
    durable: bool = True,
    with_database: bool = True,
    with_broker: bool = True,
) -> Addresses:
    """Start what does not run yet for a data folder and return the addresses. A second start changes nothing."""
    with alone(data):
        state = _read_state(data)
        account = choose_account(data, find_programs(), say)
        passwords = state.setdefault("passwords", {})
        for name in (ADMIN, OWNER, APPLICATION, "valkey"):
            passwords.setdefault(name, secrets.token_urlsafe(24))
        # Stored before the first start: a cluster whose password was lost cannot be opened again.
        _write_state(data, state)
        found = asdict(known_addresses(data))
        if with_database and not embedded_database.database_process(account.folder):
            port = start_database(account, passwords, durable=durable)
            found["database_url"] = f"postgresql://{APPLICATION}:{passwords[APPLICATION]}@127.0.0.1:{port}/{DATABASE}"
            found["owner_url"] = f"postgresql://{OWNER}:{passwords[OWNER]}@127.0.0.1:{port}/{DATABASE}"
        if with_broker and not broker_process(account.folder):
            port = start_broker(account, passwords["valkey"], durable=durable)
            found["redis_url"] = f"redis://:{passwords['valkey']}@127.0.0.1:{port}/0"
        state["addresses"] = found
        _write_state(data, state)
        return Addresses(**found)


def stop(data: Path, *, remove: bool = False) -> bool:
    """Stop the servers of a data folder; with `remove`, also delete their files. False if none ran."""
    if not data.is_dir():
        return False
    with alone(data):
        folder = server_folder(data)
        stopped = [stop_broker(folder), stop_database(folder)]
        if remove:
            for name in ("postgres", "valkey", "programs"):
                shutil.rmtree(folder / name, ignore_errors=True)
            for name in ("postgres.log", "valkey.log"):
                (folder / name).unlink(missing_ok=True)
            if folder != data:
                shutil.rmtree(folder, ignore_errors=True)
            (data / "servers.json").unlink(missing_ok=True)
    return any(stopped)


def is_running(data: Path) -> dict[str, int | None]:
    """Process number of each server of a data folder, None where it does not run."""
    folder = server_folder(data)
    found = {"postgres": embedded_database.database_process(folder), "valkey": broker_process(folder)}
    return {name: process.pid if process else None for name, process in found.items()}


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Wait for, then keep, the right to change the servers of a data folder: never two clusters in one folder."""
    try:
        file = open(data / "servers.lock", "a")  # noqa: SIM115
    except PermissionError:
        raise EmbeddedError(
            f"Folder data {data} milik pengguna lain: pakai pengguna itu, atau isi PORTAL_DATA dengan folder sendiri."
        ) from None
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _read_state(data: Path) -> dict[str, dict[str, str]]:
    try:
        return json.loads((data / "servers.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def _write_state(data: Path, state: dict[str, dict[str, str]]) -> None:
    draft = data / f"servers.json.{os.getpid()}"
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(state, file, indent=1)
    draft.replace(data / "servers.json")
