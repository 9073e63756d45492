"""A guard beside a run: when the run dies, even by kill -9, the guard ends what the run had started.

The run holds the writing end of a pipe. `pid N` in it names a process group to end, `servers PATH` a data folder whose
servers to stop, `remove PATH` a throwaway data folder; `done` means that the run cleaned up itself. End of file without
`done` means that it died.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path


class Guard:
    """The run's side of the pipe."""

    def __init__(self) -> None:
        """Start the guard in a session of its own, so that Ctrl-C does not reach it."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "wfh_portal.embedded_watch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd=Path(__file__).resolve().parent.parent,
            text=True,
        )

    def tell(self, line: str) -> None:
        """Add something to end when the run dies."""
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()

    def dismiss(self) -> None:
        """The run has ended everything itself; the guard goes without touching anything."""
        self.tell("done")
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(timeout=10)


def main() -> None:
    """Wait for the end of the run, then end what is left of it."""
    told: list[tuple[str, str]] = []
    for line in sys.stdin:
        verb, _space, value = line.rstrip("\n").partition(" ")
        if verb == "done":
            return
        told.append((verb, value))
    groups = [int(value) for verb, value in told if verb == "pid"]
    for signal_number in (signal.SIGTERM, signal.SIGKILL):
        reached = [_signal_group(group, signal_number) for group in groups]
        if any(reached):
            time.sleep(5)
    from wfh_portal.embedded import stop

    for verb, value in told:
        if verb in ("servers", "remove"):
            stop(Path(value), remove=verb == "remove")
        if verb == "remove":
            shutil.rmtree(value, ignore_errors=True)


def _signal_group(group: int, signal_number: signal.Signals) -> bool:
    try:
        os.killpg(group, signal_number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    main()
