"""`python -m bench [--sizes 8500,85000] [--only NAME,NAME]`: every measure beside its floor, as a table and bench.json.

A province of each size is made in a folder of its own with servers of its own, and kept for the next run. Each module
of measures runs in a process of its own, so that memory is its own.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil

from bench.provinces import Province, province

SIZES = (8_500, 85_000)
MODULES = ("check_in", "close_day", "month", "export_nominatif", "import_roster", "pages")
RESULT = Path("bench.json")


def main() -> int:
    """Measure, print, write; 1 when a module failed (the others are still written)."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of people, comma between")
    parser.add_argument("--only", default=",".join(MODULES), help=f"modules, comma between: {', '.join(MODULES)}")
    parser.add_argument("--out", type=Path, default=RESULT, help="where the JSON goes")
    options = parser.parse_args()
    measures, failed = [], []
    for size in [int(words) for words in options.sizes.split(",")]:
        with province(size, say) as made:
            for module in options.only.split(","):
                say(f"{module}, {size:,} people ...")
                found = _run(module, made)
                measures += found
                failed += [] if found else [f"{module} at {size}"]
                for one in found:
                    say(line(one))
    options.out.write_text(json.dumps({"machine": machine(), "measures": measures}, indent=1) + "\n", encoding="utf-8")
    say(table(measures))
    for words in failed:
        say(f"Not measured: {words}; what it said stands above.")
    return 1 if failed else 0


def _run(module: str, made: Province) -> list[dict[str, Any]]:
    """The measures of one module, each as it stands in bench.json; empty when the module failed."""
    command = [sys.executable, "-m", "bench.one", module, str(made.size)]
    done = subprocess.run(command, env=made.environment, stdout=subprocess.PIPE, text=True, check=False)
    return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else []


def machine() -> dict[str, Any]:
    """What was measured on; figures of another machine are not to be compared."""
    return {
        "cores": os.cpu_count(),
        "memory_mb": psutil.virtual_memory().total // 1_000_000,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }


def table(measures: list[dict[str, Any]]) -> str:
    """All measures, then how each grew from the smaller to the larger size."""
    rows = [f"{'measure':<20}{'people':>8}{'seconds':>10}{'floor':>10}{'ratio':>7}{'peak MB':>9}"]
    rows += [line(one) for one in measures]
    for name in dict.fromkeys(one["name"] for one in measures):
        same = sorted((one for one in measures if one["name"] == name), key=lambda one: one["size"])
        if len(same) > 1 and same[0]["seconds"]:
            rows.append(f"{name}: {same[-1]['seconds'] / same[0]['seconds']:.1f} times for "
                        f"{same[-1]['size'] / same[0]['size']:.0f} times the people")  # fmt: skip
    return "\n".join(rows)


def line(one: dict[str, Any]) -> str:
    """One measure for the terminal."""
    return (
        f"{one['name']:<20}{one['size']:>8}{one['seconds']:>10.3f}{one['floor_seconds']:>10.3f}"
        f"{one['ratio']:>7.2f}{one['peak_mb']:>9.0f}"
    )


def say(words: str) -> None:
    """One line for the person who measures."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
