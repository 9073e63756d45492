"""The rows of a draft, and its head made from them.

Chunks of one run write side by side: each holds the run by a share lock, for which a check, a lock and the head wait.
The head is made once, in one statement, when the last chunk is written: made after every chunk it would cost as much
as there are people, and every chunk would wait for it.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.db import IntegrityError, OperationalError, connection, transaction

from allowances.models import Line, Run, RunInput, SetAside
from allowances.rows import AMOUNTS
from core.copying import copy_rows
from core.errors import PortalError

INPUT_COLUMNS = (
    "run_id", "person_id", "unit_id", "unit_name", "number", "name", "rank", "position_name", "job_class", "given",
    *(f"{name}_rupiah" for name in AMOUNTS), "verification_code", "read_at", "bank_name", "bank_account",
)  # fmt: skip
LINE_COLUMNS = (
    "run_id", "person_id", "kind", "name", "amount_rupiah", "criteria", "mends_month", "reason", "detail",
)  # fmt: skip
_REPLACED = (Line._meta.db_table, RunInput._meta.db_table, SetAside._meta.db_table)
_SETTLE = """
    WITH paid AS (
        SELECT count(*) AS people_count, coalesce(sum(net_rupiah), 0) AS total_rupiah
        FROM allowances_runinput WHERE run_id = %(run)s
    ), aside AS (
        SELECT coalesce(jsonb_agg(item ORDER BY person_id), '[]') AS items
        FROM allowances_setaside WHERE run_id = %(run)s
    )
    UPDATE allowances_run
    SET people_count = paid.people_count, total_rupiah = paid.total_rupiah, set_aside = aside.items,
        drafted_at = %(at)s, drafted_by_id = %(user)s, duration_ms = coalesce(%(duration_ms)s, duration_ms)
    FROM paid, aside
    WHERE id = %(run)s
"""


@dataclass(slots=True)
class DraftRows:
    """Rows of a chunk, ready to be written, in the order of their columns; and who was set aside."""

    inputs: list[tuple[Any, ...]] = field(default_factory=list)
    lines: list[tuple[Any, ...]] = field(default_factory=list)
    set_aside: list[dict[str, Any]] = field(default_factory=list)


def replace_rows(run_id: int, person_ids: Collection[int], rows: DraftRows) -> None:
    """Replace the rows of `person_ids`, while the run stands still as a draft. Raises PortalError if it does not."""
    try:
        with _held_draft(run_id, "FOR SHARE"):
            _replace(run_id, person_ids, rows)
    except (IntegrityError, OperationalError):
        # Somebody wrote the same people at the same moment (a chunk whose worker was given up too early): now alone.
        with _held_draft(run_id, "FOR UPDATE"):
            _replace(run_id, person_ids, rows)


def settle_head(
    run_id: int,
    at: datetime,
    user: Any = None,
    everybody: Collection[int] | None = None,
    duration_ms: int | None = None,
) -> Run:
    """Make the head from the rows as they stand; whoever is set aside and not among `everybody` is forgotten."""
    with _held_draft(run_id, "FOR UPDATE") as cursor:
        if everybody is not None:
            cursor.execute(
                "DELETE FROM allowances_setaside WHERE run_id = %s AND person_id <> ALL(%s::bigint[])",
                [run_id, list(everybody)],
            )
        cursor.execute(_SETTLE, {"run": run_id, "at": at, "user": user and user.pk, "duration_ms": duration_ms})
        return Run.objects.select_related("government").get(pk=run_id)


@contextmanager
def _held_draft(run_id: int, lock: str) -> Iterator[Any]:
    """A transaction in which the run stays the draft that it is."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT state FROM allowances_run WHERE id = %s {lock}", [run_id])
        found = cursor.fetchone()
        if found is None or found[0] != Run.State.DRAFT:
            raise PortalError("Perhitungan ini sudah diperiksa selagi disusun; muat ulang halaman.")
        yield cursor


def _replace(run_id: int, person_ids: Collection[int], rows: DraftRows) -> None:
    people = sorted(set(person_ids))
    with connection.cursor() as cursor:
        for table in _REPLACED:
            cursor.execute(f"DELETE FROM {table} WHERE run_id = %s AND person_id = ANY(%s::bigint[])", [run_id, people])
    copy_rows(RunInput._meta.db_table, INPUT_COLUMNS, rows.inputs)
    copy_rows(Line._meta.db_table, LINE_COLUMNS, rows.lines)
    aside = ((run_id, item["person"], orjson.dumps(item).decode()) for item in rows.set_aside)
    copy_rows(SetAside._meta.db_table, ("run_id", "person_id", "item"), aside)
