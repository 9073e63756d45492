"""`make demo`: everything the demonstration needs, started in order, watched, and stopped together."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType

from wfh_portal.demo_steps import accounts_text, collect_static, migrate, needs_people, seed
from wfh_portal.embedded import Addresses, EmbeddedError, known_addresses, start, stop
from wfh_portal.embedded_watch import Guard
from wfh_portal.environment import BASE_DIR, make_data_folder, read
from wfh_portal.processes import beat_command, web_command, worker_command

READY_SECONDS = 60
# Together under the 20 s in which everything must be gone after Ctrl-C.
CHILDREN_STOP_SECONDS = 8


class Stopped(Exception):
    """A signal asked the demonstration to end."""


class Demo:
    """What has been started so far, so that any end can stop exactly that."""

    def __init__(self) -> None:
        self.data = make_data_folder().resolve()
        self.guard = Guard()
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.started_servers = False

    def servers(self) -> Addresses:
        """Servers of the user's own where the environment names them, else embedded ones."""
        own_database, own_broker = read("DATABASE_URL"), read("REDIS_URL")
        if not (own_database and own_broker):
            self.guard.tell(f"servers {self.data}")
            self.started_servers = True
            say("Memulai server tertanam (PostgreSQL, Valkey) ...")
            start(self.data, say=say, with_database=not own_database, with_broker=not own_broker)
        known = known_addresses(self.data)
        return Addresses(own_database or known.database_url, "", own_broker or known.redis_url)

    def launch(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        """Start a program in a process group of its own; what it says goes to a file."""
        logs = self.data / "logs"
        logs.mkdir(exist_ok=True)
        with open(logs / f"{name}.log", "wb") as out:
            child = subprocess.Popen(
                command,
                cwd=BASE_DIR,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.children[name] = child
        self.guard.tell(f"pid {child.pid}")

    def stop(self) -> None:
        """Stop children, then servers, in the order that loses nothing."""
        for signal_number in (signal.SIGTERM, signal.SIGKILL):
            for child in self.children.values():
                _signal_group(child, signal_number)
            deadline = time.monotonic() + CHILDREN_STOP_SECONDS
            while any(child.poll() is None for child in self.children.values()) and time.monotonic() < deadline:
                time.sleep(0.1)
        if self.started_servers:
            stop(self.data)
        self.guard.dismiss()

    def fallen(self) -> str | None:
        """Name of a program that ended by itself."""
        return next((name for name, child in self.children.items() if child.poll() is not None), None)


def main() -> int:
    """Run the demonstration until Ctrl-C; 0 when it was asked to end, 1 when something failed."""
    for signal_number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signal_number, _stop_asked)
    demo, code = None, 1
    try:
        demo = Demo()
        code = _run(demo)
    except Stopped:
        code = 0
    except EmbeddedError as error:
        say(str(error))
    except subprocess.CalledProcessError as error:
        say(f"Langkah `{' '.join(map(str, error.cmd[2:4]))}` gagal; sebabnya tertulis di atas.")
    finally:
        for signal_number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signal_number, signal.SIG_IGN)
        if demo:
            say("Menghentikan semua yang dimulai ...")
            demo.stop()
    return code


def _run(demo: Demo) -> int:
    addresses = demo.servers()
    migrate()
    if needs_people(addresses.database_url):
        seed()
    collect_static()
    environment = os.environ | {"DATABASE_URL": addresses.database_url, "REDIS_URL": addresses.redis_url}
    # Web and worker are the application: they never learn how to be the owner.
    environment.pop("DATABASE_OWNER_URL", None)
    port = _free_port(int(os.environ.get("PORT") or 8000))
    demo.launch("web", web_command(port), environment)
    demo.launch("worker", worker_command(f"demo-{secrets.token_hex(3)}"), environment)
    demo.launch("beat", beat_command(demo.data / "beat-schedule"), environment)
    address = f"http://localhost:{port}"
    if not _answers(demo, address):
        return _report_fallen(demo, demo.fallen() or "web")
    say(f"\nPortal siap: {address}\n")
    say(accounts_text(demo.data))
    say("Ctrl-C menghentikan semuanya.")
    while not (name := demo.fallen()):
        time.sleep(0.5)
    return _report_fallen(demo, name)


def _answers(demo: Demo, address: str) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    # The address itself, never through a proxy that the environment may name.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline and not demo.fallen():
        try:
            with opener.open(f"{address}/healthz", timeout=5) as reply:
                if reply.status == 200:
                    return True
        except (OSError, urllib.error.URLError):
            time.sleep(0.2)
    return False


def _report_fallen(demo: Demo, name: str) -> int:
    log = demo.data / "logs" / f"{name}.log"
    say(f"Program `{name}` berhenti atau tidak menjawab. Akhir dari {log}:")
    say("\n".join(log.read_text(errors="replace").splitlines()[-20:]))
    return 1


def _free_port(wanted: int) -> int:
    for port in range(wanted, wanted + 100):
        if not _busy(port):
            return port
        say(f"Porta {port} sedang dipakai program lain; mencoba {port + 1}.")
    raise EmbeddedError(f"Tidak ada porta bebas antara {wanted} dan {wanted + 99}; pilih dengan PORT=...")


def _busy(port: int) -> bool:
    # A browser may take either address of `localhost`, so both must be ours or nobody's.
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as probe:
                # Connections that just ended do not count, a listening program does.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError:
            if family == socket.AF_INET or _connects(host, port):
                return True
    return False


def _connects(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def _signal_group(child: subprocess.Popen[bytes], signal_number: signal.Signals) -> None:
    try:
        os.killpg(child.pid, signal_number)
    except (ProcessLookupError, PermissionError):
        return


def _stop_asked(_signal_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def say(line: str) -> None:
    """Tell the person at the terminal, at once."""
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
