"""Starting and stopping together: ports, and the guard that outlives a killed run."""

import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest

from tests.conftest import PROJECT
from wfh_portal import demo_runner


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_busy_port_is_named_and_the_next_is_taken(family, host, capsys):
    with socket.socket(family) as other:
        try:
            other.bind((host, 0))
        except OSError:
            pytest.skip("mesin ini tanpa IPv6")
        other.listen()
        port = other.getsockname()[1]
        assert demo_runner._free_port(port) > port
    assert f"Porta {port} sedang dipakai" in capsys.readouterr().out


def test_a_port_that_was_just_left_is_free():
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            server.accept()[0].close()
    assert demo_runner._free_port(port) == port


@pytest.mark.parametrize("asked", [True, False])
def test_the_guard_ends_what_a_killed_run_had_started(asked):
    run = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import subprocess, sys, time\n"
            "from wfh_portal.embedded_watch import Guard\n"
            "guard = Guard()\n"
            "child = subprocess.Popen(['sleep', '60'], start_new_session=True, stdout=subprocess.DEVNULL)\n"
            "guard.tell(f'pid {child.pid}')\n"
            "print(child.pid, flush=True)\n"
            "sys.stdin.read(1)\n"
            "guard.dismiss()\n",
        ],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    child = psutil.Process(int(run.stdout.readline()))
    if asked:
        run.communicate(b"x", timeout=20)
        assert child.is_running(), "a run that ended well ends its children itself"
        os.kill(child.pid, signal.SIGKILL)
        return
    run.kill()
    run.communicate()
    deadline = time.monotonic() + 15
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
