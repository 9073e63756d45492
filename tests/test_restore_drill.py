"""The drill of a restore, as `make drill` runs it: kill -9 while people press; what was answered is not lost."""

import json
import re
import subprocess
import sys
from pathlib import Path


def test_nothing_that_was_answered_is_lost_and_a_mistake_can_be_undone() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.restore_drill"],
        cwd=Path(__file__).resolve().parent.parent,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(re.search(r"Latihan selesai .*: (\{.*\})", done.stdout)[1])
    assert told["lost"] == 0
    # Answered and committed presses stand, and at most one more of each thread that was killed before its answer.
    assert told["answered"] <= told["standing"] <= told["answered"] + 3
    assert 0 < told["until"] < told["answered"]
    assert told["deleted"] > 0
