"""One PostgreSQL cluster of our own: made, started on a free port of this machine, given two roles, stopped by pid."""

import os
import secrets
import signal
import socket
import time
from pathlib import Path

import psutil
import psycopg2
from psycopg2 import sql

from wfh_portal.embedded_account import Account
from wfh_portal.embedded_programs import EmbeddedError

START_SECONDS, STOP_SECONDS, START_ATTEMPTS = 120, 60, 5
ADMIN, OWNER, APPLICATION, DATABASE = "portal_admin", "portal_owner", "portal_app", "portal"
# A cluster for tests is thrown away, so nothing in it needs to survive a power cut.
THROWAWAY_OPTIONS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_wal_size": "1GB"}
# A sixteenth of the machine's memory, within these bounds: indexes of a month of a province need some hundred MB.
LEAST_BUFFERS_MB, MOST_BUFFERS_MB = 128, 1_024
DURABLE_OPTIONS = {"max_wal_size": "2GB", "checkpoint_completion_target": "0.9"}


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_database(account: Account, passwords: dict[str, str], *, durable: bool) -> int:
    """Make the cluster if it is new, start it, and return its port."""
    data, log = account.folder / "postgres", account.folder / "postgres.log"
    if not (data / "PG_VERSION").is_file():
        _make_cluster(account, data, log, passwords[ADMIN], durable=durable)
    for attempt in range(START_ATTEMPTS):
        # Another program may take the port first, and after a crash the dead server's children need a moment to go.
        time.sleep(attempt)
        port = free_port()
        _write_options(account, data, port, durable=durable)
        command = [account.programs.postgres_bin / "pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-D", data]
        # The server log is a file of its own: the server must not hold on to whoever started it.
        if account.run([*command, "-l", data / "server.log"], log) == 0:
            _make_roles(port, passwords, durable=durable)
            return port
        stop_database(account.folder)
    raise EmbeddedError(f"PostgreSQL tidak mau mulai. Sebabnya tertulis di {data / 'server.log'} dan {log}.")


def stop_database(folder: Path) -> bool:
    """Stop the cluster under a folder by its pid, connections closed and data written; False if it did not run."""
    server = database_process(folder)
    if server is None:
        return False
    for signal_number, patience_seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 10)):
        server.send_signal(signal_number)
        if _ended(server, patience_seconds):
            return True
    raise EmbeddedError(f"PostgreSQL (pid {server.pid}) tidak mau berhenti.")


def database_process(folder: Path) -> psutil.Process | None:
    """The running postmaster of a folder; a pid that now belongs to something else does not count."""
    return running(folder / "postgres" / "postmaster.pid", ("postgres",))


def running(pid_file: Path, names: tuple[str, ...]) -> psutil.Process | None:
    """The live process that a pid file names, if its program has one of the names."""
    try:
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        alive = process.status() != psutil.STATUS_ZOMBIE and process.name() in names
    except (OSError, ValueError, IndexError, psutil.NoSuchProcess):
        return None
    return process if alive else None


def _ended(process: psutil.Process, patience_seconds: float) -> bool:
    deadline = time.monotonic() + patience_seconds
    while time.monotonic() < deadline:
        try:
            # A zombie waits for a parent that may never look; the server itself is gone.
            if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


def stop_process(process: psutil.Process, patience_seconds: float) -> None:
    """Ask a process to end, and end it if it does not."""
    process.terminate()
    if not _ended(process, patience_seconds):
        process.kill()
        _ended(process, 5)


def _make_cluster(account: Account, data: Path, log: Path, admin_password: str, *, durable: bool) -> None:
    account.make_folder(data)
    password_file = data.with_name(f"admin-{secrets.token_hex(8)}")
    with open(os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(admin_password)
    if account.user_id is not None:
        os.chown(password_file, account.user_id, account.group_id or -1)
    command = [account.programs.postgres_bin / "initdb", "-D", data, "--username", ADMIN, "--pwfile", password_file]
    command += ["--auth", "scram-sha-256", "--encoding", "UTF8", "--no-locale", *([] if durable else ["--no-sync"])]
    code = account.run(command, log)
    password_file.unlink()
    if code != 0:
        raise EmbeddedError(f"Gugus PostgreSQL tidak dapat dibuat di {data}. Sebabnya tertulis di {log}.")


def _write_options(account: Account, data: Path, port: int, *, durable: bool) -> None:
    options = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        # No socket file: its path would be too long in deep folders, and another user could be waiting there.
        "unix_socket_directories": "",
        "max_connections": "100",
        "shared_buffers": f"{_buffers_mb() if durable else LEAST_BUFFERS_MB}MB",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_messages": "warning",
        # A statement that fails is not written down with its values, which are names, numbers and pay.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        **(DURABLE_OPTIONS if durable else THROWAWAY_OPTIONS),
    }
    path = data / "postgresql.auto.conf"
    path.write_text("".join(f"{name} = '{value}'\n" for name, value in options.items()), encoding="ascii")
    if account.user_id is not None:
        os.chown(path, account.user_id, account.group_id or -1)


def _buffers_mb() -> int:
    return min(max(psutil.virtual_memory().total // (16 << 20), LEAST_BUFFERS_MB), MOST_BUFFERS_MB)


def _make_roles(port: int, passwords: dict[str, str], *, durable: bool) -> None:
    """The owner makes and changes tables; the application reads and writes rows. Neither is a superuser."""
    admin = psycopg2.connect(host="127.0.0.1", port=port, user=ADMIN, password=passwords[ADMIN], dbname="postgres")
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles")
        present = {row[0] for row in cursor.fetchall()}
        for role in (OWNER, APPLICATION):
            verb = "ALTER" if role in present else "CREATE"
            cursor.execute(
                sql.SQL(f"{verb} ROLE {{}} LOGIN PASSWORD %s {{}}").format(
                    sql.Identifier(role), sql.SQL("CREATEDB" if role == OWNER and not durable else "NOCREATEDB")
                ),
                [passwords[role]],
            )
        if not durable:
            # Tests act as the application by SET ROLE, and empty tables that triggers protect.
            cursor.execute(f"GRANT {APPLICATION} TO {OWNER}")
            cursor.execute(f"GRANT SET ON PARAMETER session_replication_role TO {OWNER}")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
    admin.close()
