"""The import of a personnel export into an empty government, and of the same file again with 1 % of it changed.

Floor: reading every cell of the file by python-calamine, and COPY of the rows that the import made into tables with
the same indexes and checks. Files are made once and kept beside the province's data; making them is not counted.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import psycopg2
import python_calamine
from django.utils import timezone

from bench.measure import ROUNDS, Measure, PeakMemory
from bench.personnel_file import write_file
from core.importing import Request
from roster.imports_people import import_people, undo_import
from roster.models import Government, ImportRun, Position, Unit
from wfh_portal.environment import data_folder

CODE = "impor-diukur"
SEED = 11
CHANGED_SHARE = 0.01
AS_AT_ON = date(2026, 11, 24)
# What the rows of one government are found by, in the order in which they may be written.
TABLES = {
    "roster_unit": "government_id = %(government)s",
    "roster_position": "government_id = %(government)s",
    "roster_person": "government_id = %(government)s",
    "roster_number": "government_id = %(government)s",
    "roster_personstatus": "person_id IN (SELECT id FROM roster_person WHERE government_id = %(government)s)",
    "roster_assignment": "person_id IN (SELECT id FROM roster_person WHERE government_id = %(government)s)",
}


@dataclass
class Rounds:
    """What every round found, in seconds, and what the imports said of themselves."""

    first: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    undo: list[float] = field(default_factory=list)
    peak_mb: list[float] = field(default_factory=list)
    counts: dict[str, Any] = field(default_factory=dict)


def measure(size: int) -> list[Measure]:
    """Floor and product in turn; the first import counts, the second one and its undoing stand in the detail."""
    first, second = _file(size, 0.0), _file(size, CHANGED_SHARE)
    government, _ = Government.objects.get_or_create(code=CODE, defaults={"name": "Impor yang diukur"})
    rounds = Rounds()
    with closing(psycopg2.connect(os.environ["DATABASE_OWNER_URL"])) as owner:
        for _ in range(ROUNDS):
            _one_round(government, first, second, owner, rounds)
        _leave_no_trace(government, owner)
    detail = {
        "rounds": [round(one, 3) for one in rounds.first],
        "floor_rounds": [round(one, 3) for one in rounds.floor],
        "again_seconds": round(statistics.median(rounds.again), 3),
        "undo_both_seconds": round(statistics.median(rounds.undo), 3),
        "file_mb": first.stat().st_size // 1_000_000,
        **rounds.counts,
    }
    seconds, floor_seconds = statistics.median(rounds.first), statistics.median(rounds.floor)
    return [Measure("import_roster", size, seconds, floor_seconds, round(max(rounds.peak_mb), 1), detail)]


def _one_round(government: Government, first: Path, second: Path, owner: Any, rounds: Rounds) -> None:
    with PeakMemory() as memory:
        seconds, rounds.counts["first"] = _clocked(lambda: _import(government, first))
    rounds.first.append(seconds)
    rounds.peak_mb.append(memory.mb)
    with ExitStack() as stack:
        rows = _taken_out(government, owner, stack)
        rounds.floor.append(_clocked(lambda: _floor(first, rows, owner))[0])
    with PeakMemory() as memory:
        seconds, rounds.counts["again"] = _clocked(lambda: _import(government, second))
    rounds.again.append(seconds)
    rounds.peak_mb.append(memory.mb)
    rounds.undo.append(_clocked(lambda: _undo(government))[0])


def _clocked(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    found = work()
    return time.perf_counter() - started, found


def _file(size: int, changed_share: float) -> Path:
    path = data_folder() / f"pegawai-{size}-{int(changed_share * 100)}.xlsx"
    if not path.exists():
        write_file(path.with_suffix(".part"), size, SEED, changed_share).rename(path)
    return path


def _import(government: Government, path: Path) -> dict[str, Any]:
    request = Request(
        path=path, file_name=path.name, government=government, as_at_on=AS_AT_ON, at=timezone.now(), write=True
    )
    return {name: value for name, value in import_people(request).items() if not isinstance(value, list)}


def _taken_out(government: Government, owner: Any, stack: ExitStack) -> dict[str, BinaryIO]:
    """The rows of the import as COPY text, in files, so that they are nobody's memory."""
    found: dict[str, BinaryIO] = {}
    with owner, owner.cursor() as cursor:
        for table, where in TABLES.items():
            rows = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
            query = cursor.mogrify(
                f"COPY (SELECT * FROM {table} WHERE {where}) TO STDOUT", {"government": government.pk}
            )
            cursor.copy_expert(query.decode(), rows)
            found[table] = rows
            cursor.execute(f"DROP TABLE IF EXISTS floor_{table}")
            cursor.execute(f"CREATE TABLE floor_{table} (LIKE {table} INCLUDING ALL)")
    return found


def _floor(path: Path, rows: dict[str, BinaryIO], owner: Any) -> None:
    book = python_calamine.load_workbook(str(path))
    for _ in book.get_sheet_by_index(0).iter_rows():
        pass
    with owner, owner.cursor() as cursor:
        for table, content in rows.items():
            content.seek(0)
            cursor.copy_expert(f"COPY floor_{table} FROM STDIN", content)


def _undo(government: Government) -> None:
    for run in ImportRun.objects.filter(government=government, undone_at=None).order_by("-confirmed_at"):
        undo_import(run, timezone.now())


def _leave_no_trace(government: Government, owner: Any) -> None:
    for model in (ImportRun, Unit, Position):
        model.objects.filter(government=government).delete()
    government.delete()
    with owner, owner.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS floor_{table}")
