"""`python -m bench.regulation_effect [--people N] [--processes N]`: a draft on a whole province, beside its floor.

Floor: the same processes read the same frozen rows with their JSON, and nothing else. PORTAL_DATA names a folder of its
own, in which `manage.py migrate` was run; the people are made when there are none.
"""

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection, connections

# The worker's application names the settings, as it does for every program that is not manage.py.
from wfh_portal import celery as _settings  # noqa: F401
from wfh_portal.environment import data_folder

ROUNDS = 3
ROWS_A_PIECE = 4_000


def main() -> None:
    """Make the people if they are not there, measure, print, take back what was written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=85_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    django.setup()
    from allowances.models import RunInput
    from bench.frozen_month import freeze_month

    if not RunInput.objects.exists():
        seconds, _ = timed(lambda: freeze_month(options.people))
        say(f"{options.people} people made in {seconds:.1f} s")
    draft = _draft(data_folder() / "rancangan.yaml")
    for _ in range(ROUNDS):
        measures = {
            "floor": lambda: _floor(options.processes),
            "command": lambda: _by_command(draft, options.processes),
            "page": lambda: _by_jobs(draft, options.processes),
        }
        for name, measured in measures.items():
            seconds, cpu_seconds = timed(measured)
            say(f"{name:<8} {seconds:6.2f} s, {cpu_seconds:6.2f} s of CPU in Python, {options.processes} processes")


def timed(measured: Callable[[], object]) -> tuple[float, float]:
    """(seconds on the clock, seconds of CPU of this process and its children that ended)."""
    before, started = _cpu_seconds(), time.perf_counter()
    measured()
    return time.perf_counter() - started, _cpu_seconds() - before


def say(words: str) -> None:
    """One line for the person who measures."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _cpu_seconds() -> float:
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, whose))


def _draft(file: Path) -> Path:
    """The demonstration's allowance with a dearer first band, so that nearly everybody changes."""
    body = next(Path("regulations/contoh/allowance").glob("*.yaml")).read_text(encoding="utf-8")
    changed = body.replace("id: contoh-tpp", "id: rancangan-tpp", 1).replace("[1, 31, 0.5 %]", "[1, 31, 1 %]", 1)
    file.write_text(changed, encoding="utf-8")
    return file


def _floor(processes: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM allowances_runinput ORDER BY person_id")
        people = [row[0] for row in cursor.fetchall()]
    spans = [people[start : start + ROWS_A_PIECE] for start in range(0, len(people), ROWS_A_PIECE)]
    connections.close_all()
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        list(pool.map(_read, [(span[0], span[-1]) for span in spans]))


def _read(span: tuple[int, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, net_rupiah, given::text FROM allowances_runinput WHERE person_id BETWEEN %s AND %s", span
        )
        for _, _, given in cursor:
            json.loads(given)


def _by_command(draft: Path, processes: int) -> None:
    from bench.frozen_month import MONTH

    with open(os.devnull, "w") as nowhere:
        call_command(
            "regulation_effect", str(draft), month=f"{MONTH:%Y-%m}", government="contoh", stdout=nowhere,
            processes=processes,
        )  # fmt: skip


def _by_jobs(draft: Path, processes: int) -> None:
    """As the page does it: rows of work, done by as many workers as there are processes, rows of effect by COPY."""
    from accounts.models import User
    from allowances.models import RegulationEffect
    from allowances.operations.effects import request_effect
    from allowances.queries.effects import progress_of, summary_of
    from bench.frozen_month import MONTH
    from policy.models import RegulationDraft
    from policy.operations import open_draft
    from roster.models import Government

    government = Government.objects.get(code="contoh")
    user, _ = User.objects.get_or_create(username="pengukur")
    at, sent = datetime.now(UTC), []
    found = open_draft("contoh", "Ukur", {draft.name: draft.read_bytes()}, user, at)
    effect = request_effect(found, government, MONTH, user, at, sent.append)
    connections.close_all()
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        list(pool.map(_chunk, sent))
    whole = summary_of(effect).whole
    if not progress_of(effect).ended or whole.unchanged == whole.people:
        raise SystemExit("Bagian pekerjaan tidak selesai, atau rancangannya tidak mengubah apa pun.")
    RegulationEffect.objects.filter(pk=effect.pk).delete()
    RegulationDraft.objects.filter(pk=found.pk).delete()


def _chunk(job_id: int) -> None:
    from allowances.operations.effects import run_chunk

    run_chunk(job_id, lambda: datetime.now(UTC))


if __name__ == "__main__":
    main()
