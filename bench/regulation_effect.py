"""`python -m bench.regulation_effect [--people N] [--processes N]`: a draft on a whole province, beside its floor.

Floor: reading the frozen rows with their JSON, and COPY of as many rows of effect. Needs an empty portal of its own:
PORTAL_DATA names its folder.
"""

import argparse
import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wfh_portal.settings")


def say(words: str) -> None:
    """One line for the person who measures."""
    sys.stdout.write(f"{words}\n")


def main() -> None:
    """Make the people if they are not there, measure, print, take back what was written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=85_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    django.setup()
    from allowances.models import RunInput
    from bench.frozen_month import MONTH, freeze_month

    if not RunInput.objects.exists():
        started = time.perf_counter()
        freeze_month(options.people)
        say(f"{options.people} orang dibuat dalam {time.perf_counter() - started:.1f} s")
    draft = Path(os.environ["PORTAL_DATA"]) / "rancangan.yaml"
    body = next(Path("regulations/contoh/allowance").glob("*.yaml")).read_text(encoding="utf-8")
    draft.write_text(
        body.replace("id: contoh-tpp", "id: rancangan-tpp", 1).replace("[1, 31, 0.5 %]", "[1, 31, 1 %]", 1),
        encoding="utf-8",
    )
    for _ in range(3):
        floor = _floor()
        started = time.perf_counter()
        with open(os.devnull, "w") as nowhere:
            call_command(
                "regulation_effect", str(draft), month=f"{MONTH:%Y-%m}", government="contoh", stdout=nowhere,
                processes=options.processes,
            )  # fmt: skip
        seconds = time.perf_counter() - started
        connection.close()
        page = _by_jobs(draft, options.processes)
        say(f"perintah {seconds:.2f} s, halaman {page:.2f} s, lantai {floor:.2f} s ({options.processes} proses)")


def _floor() -> float:
    """Read every row with its JSON, write as many narrow rows, in one process."""
    started, count = time.perf_counter(), 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, net_rupiah, given::text FROM allowances_runinput")
        while rows := cursor.fetchmany(2_000):
            count += sum(json.loads(given) is not None for _, _, given in rows)
    return time.perf_counter() - started


def _by_jobs(draft: Path, processes: int) -> float:
    """As the page does it: rows of work, done by `processes` workers at a time, rows of effect written by COPY."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from django.db import connections

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
    at = datetime.now(UTC)
    found = open_draft("contoh", "Ukur", {draft.name: draft.read_bytes()}, user, at)
    sent: list[int] = []
    started = time.perf_counter()
    effect = request_effect(found, government, MONTH, user, at, sent.append)
    connections.close_all()
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        list(pool.map(_chunk, sent))
    assert progress_of(effect).ended
    whole = summary_of(effect).whole
    seconds = time.perf_counter() - started
    say(f"  {whole.people} orang, {whole.unchanged} tetap, selisih {whole.change}")
    RegulationEffect.objects.filter(pk=effect.pk).delete()
    RegulationDraft.objects.filter(pk=found.pk).delete()
    return seconds


def _chunk(job_id: int) -> None:
    from allowances.operations.effects import run_chunk

    run_chunk(job_id, lambda: datetime.now(UTC))


if __name__ == "__main__":
    main()
