"""`python -m bench.month_by_rules [--people N] [GOVERNMENT ...]`: one person's month by the shipped regulations.

CPU a person in one process, nothing of the database: the net alone, all values of a month, and, as their floor, reading
the frozen facts from JSON.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import django

# The worker's application names the settings, as it does for every program that is not manage.py.
from wfh_portal import celery as _settings  # noqa: F401

REGULATIONS = Path(__file__).resolve().parent.parent / "regulations"
ROUNDS = 5


def main() -> None:
    """Measure every document that was asked for, all by default, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("governments", nargs="*", metavar="GOVERNMENT")
    parser.add_argument("--people", type=int, default=2_000)
    options = parser.parse_args()
    django.setup()
    sys.stdout.write(f"{'ms of CPU a person':<32} {'JSON':>8} {'net':>8} {'month':>8}\n")
    for folder in sorted(REGULATIONS.glob("*/allowance")):
        government = folder.parent.name
        if not options.governments or government in options.governments:
            figures = "".join(f" {value:8.3f}" for value in measured(folder, options.people))
            sys.stdout.write(f"{government:<32}{figures}\n")


def measured(folder: Path, people: int) -> tuple[float, float, float]:
    """Milliseconds a person: reading JSON, the net, the whole month; the best of some rounds."""
    from allowances.rules import compile_allowance, evaluate_month, evaluate_net
    from attendance.rules import compile_attendance
    from policy.documents import Library

    library = Library(reads_files=True)
    library.load_folder(REGULATIONS)
    document = library.find(str(max(folder.glob("*.yaml"))))
    table = (document.parameters.get("tax") or {}).get("table")

    def attendance_on(on: date) -> Any:
        found = library.attendance_for(document, on)
        return compile_attendance(found) if found else None

    plan = compile_allowance(document, attendance_on, library.tax_table(document, table) if table else None)
    texts = [json.dumps(given) for given in _people(document.parameters.get("base") or {}, people)]
    read = [json.loads(text) for text in texts]
    return (
        _milliseconds(json.loads, texts),
        _milliseconds(lambda given: evaluate_net(plan, given), read),
        _milliseconds(lambda given: evaluate_month(plan, given), read),
    )


def _people(base: Mapping[str, Any], count: int) -> list[dict[str, Any]]:
    """Frozen facts that the document's base can pay."""
    from bench.frozen_month import given_of

    chance = random.Random(7)  # noqa: S311 - repeatable people, no secret
    people = []
    for _ in range(count):
        given = given_of(chance) | {"gross": chance.randrange(2_000_000, 20_000_000)}
        if base.get("classes"):
            given["class"] = chance.choice(list(base["classes"]))
        if base.get("by") == "criteria":
            given["criteria"] = {name: chance.randrange(0, 4_000) * 1_000 for name in base["criteria"]}
        people.append(given)
    return people


def _milliseconds(work: Callable[[Any], object], items: list[Any]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        for item in items:
            work(item)
        best = min(best, time.process_time() - started)
    return best / len(items) * 1_000


if __name__ == "__main__":
    main()
