"""One Valkey server of our own, for the cache and the task queue."""

import os
import time
from pathlib import Path

import psutil
import redis

from wfh_portal.embedded_account import Account
from wfh_portal.embedded_database import free_port, running, stop_process
from wfh_portal.embedded_programs import EmbeddedError

START_SECONDS, STOP_SECONDS = 15, 15


def start_broker(account: Account, password: str, *, durable: bool) -> int:
    """Start Valkey on a free port of this machine and return the port."""
    folder = account.folder / "valkey"
    account.make_folder(folder)
    for _attempt in range(3):
        port = free_port()
        _write_options(account, folder, port, password, durable=durable)
        account.run([account.programs.valkey_server, folder / "valkey.conf"], account.folder / "valkey.log")
        if _answers(port, password):
            return port
        stop_broker(account.folder)
    raise EmbeddedError(f"Valkey tidak mau mulai. Sebabnya tertulis di {folder / 'server.log'}.")


def stop_broker(folder: Path) -> bool:
    """Stop the Valkey server under a folder by its pid; False if it did not run."""
    server = broker_process(folder)
    if server is None:
        return False
    stop_process(server, STOP_SECONDS)
    return True


def broker_process(folder: Path) -> psutil.Process | None:
    """The running Valkey server of a folder."""
    return running(folder / "valkey" / "valkey.pid", ("valkey-server", "redis-server"))


def _write_options(account: Account, folder: Path, port: int, password: str, *, durable: bool) -> None:
    # Append-only file once a second: queued work survives a crash of the server, at most a second is sent again.
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        "daemonize yes",
        f'dir "{folder}"',
        f'pidfile "{folder / "valkey.pid"}"',
        f'logfile "{folder / "server.log"}"',
        'save ""',
        f"appendonly {'yes' if durable else 'no'}",
        "appendfsync everysec",
        "maxmemory-policy noeviction",
    ]
    path = folder / "valkey.conf"
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    if account.user_id is not None:
        os.chown(path, account.user_id, account.group_id or -1)


def _answers(port: int, password: str) -> bool:
    deadline = time.monotonic() + START_SECONDS
    client = redis.Redis(host="127.0.0.1", port=port, password=password, socket_timeout=2)
    while time.monotonic() < deadline:
        try:
            return bool(client.ping())
        except redis.exceptions.BusyLoadingError:
            time.sleep(0.1)
        except redis.exceptions.ConnectionError:
            time.sleep(0.05)
        except redis.exceptions.AuthenticationError:
            return False
    return False
