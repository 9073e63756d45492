"""Closing a day by the night itself: a worker of two processes, chunks of 2,000 people; and planning one.

The day is the one of the province with most presses; its records are taken away before each round, so that every row
is written anew. Floor: its presses read and its very records copied into a table with the same indexes, in one session.
"""

import io
import os
import statistics
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg2

from attendance.models import DayPlan, Punch
from attendance.operations import close_day, plan_day
from bench.measure import ROUNDS, Measure, PeakMemory, timed
from bench.worker import cpu_seconds, seconds_of_stage, worker_of_two
from roster.models import Government
from wfh_portal import night
from wfh_portal.night_stages import BY_NAME, chunks_of
from wfh_portal.night_states import night_for

FLOOR_TABLE = "bench_floor_day"
OWN_TO_A_WRITING = ("id", "computed_at", "planned_at")
STAGE = "close_day"


def measure(size: int) -> list[Measure]:
    """Closing and planning, each beside its floor."""
    government = Government.objects.get(code="contoh")
    with closing(psycopg2.connect(os.environ["DATABASE_OWNER_URL"])) as owner:
        owner.autocommit = True
        cursor = owner.cursor()
        try:
            return [_closing(size, government, cursor), _planning(size, government, cursor)]
        finally:
            cursor.execute(f"DROP TABLE IF EXISTS {FLOOR_TABLE}")


def _closing(size: int, government: Government, cursor: Any) -> Measure:
    cursor.execute(
        "SELECT work_date FROM attendance_punch GROUP BY work_date ORDER BY count(*) DESC, work_date LIMIT 1"
    )
    one = night_for(government, cursor.fetchone()[0])
    records = Rows(cursor, "attendance_dayrecord", one.on)
    stored, now = records.fingerprint(), datetime.now(UTC)
    products, floors = [], []
    with worker_of_two() as worker, PeakMemory(worker.pid) as memory:
        seconds_of_stage(STAGE, one)  # the first round fills the caches and gives the floor its rows
        closed, text = records.fingerprint(), records.text()
        again, busy = seconds_of_stage(STAGE, one), cpu_seconds(worker)
        if records.fingerprint() != closed:
            raise SystemExit("Menutup hari dua kali memberi catatan yang berbeda.")
        for _ in range(ROUNDS):
            floors.append(records.floor(text, "SELECT person_id, verb, at FROM attendance_punch WHERE work_date = %s"))
            records.clear()
            products.append(seconds_of_stage(STAGE, one))
        busy = (cpu_seconds(worker) - busy) / ROUNDS
    records.clear()
    alone = timed(lambda: close_day(government, one.on, now))
    if records.fingerprint() != closed:
        raise SystemExit("Satu proses memberi catatan yang berbeda dari dua proses.")
    detail = {
        "again_seconds": round(again, 3), "one_process_seconds": round(alone, 3), "worker_cpu_seconds": round(busy, 3),
        "same_as_stored": closed == stored, "day": one.on.isoformat(), "records": text.count("\n"),
        "presses": Punch.objects.filter(work_date=one.on).count(),
    }  # fmt: skip
    return _measured(STAGE, size, products, floors, memory.mb, detail)


def _planning(size: int, government: Government, cursor: Any) -> Measure:
    """The day after all planned ones, by one process; the plans are taken away again."""
    last = DayPlan.objects.order_by("-work_date").values_list("work_date", flat=True).first()
    on = last + timedelta(days=3 - last.weekday() + 7)  # a Thursday, on which many are at home
    plans, now = Rows(cursor, "attendance_dayplan", on), datetime.now(UTC)
    one = night_for(government, on)
    chunks = [chunk.arguments["person_ids"] for chunk in chunks_of(BY_NAME["plan_day"], one, night.PEOPLE_A_CHUNK)]

    def plan() -> None:
        for person_ids in chunks:
            plan_day(government, on, now, person_ids)

    plan()
    text, products, floors = plans.text(), [], []
    with PeakMemory() as memory:
        for _ in range(ROUNDS):
            floors.append(plans.floor(text))
            plans.clear()
            products.append(timed(plan))
    detail = {"again_seconds": round(timed(plan), 3), "day": on.isoformat(), "plans": text.count("\n")}
    plans.clear()
    return _measured("plan_day", size, products, floors, memory.mb, detail)


def _measured(
    name: str, size: int, products: list[float], floors: list[float], peak_mb: float, detail: dict[str, Any]
) -> Measure:
    rounds = {
        "rounds": [round(seconds, 3) for seconds in products],
        "floor_rounds": [round(seconds, 3) for seconds in floors],
    }
    return Measure(
        name, size, statistics.median(products), statistics.median(floors), round(peak_mb, 1), {**rounds, **detail}
    )


class Rows:
    """The rows that one day has in a table: what they say, and the shortest way to write them."""

    def __init__(self, cursor: Any, table: str, on: date) -> None:
        self._cursor, self._table, self._on = cursor, table, on
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
            [table],
        )
        self._columns = [name for (name,) in cursor.fetchall()]

    def text(self) -> str:
        """The rows as COPY gives them, in order of person."""
        names, rows = self._named("id"), io.StringIO()
        where = f"work_date = '{self._on}' ORDER BY person_id"
        self._cursor.copy_expert(f"COPY (SELECT {names} FROM {self._table} WHERE {where}) TO STDOUT", rows)
        return rows.getvalue()

    def fingerprint(self) -> str:
        """One value for all rows, without what every writing has of its own."""
        names = self._named(*OWN_TO_A_WRITING)
        self._cursor.execute(
            f"SELECT md5(string_agg(md5(row({names})::text), '' ORDER BY person_id))"
            f" FROM {self._table} WHERE work_date = %s",
            [self._on],
        )
        return self._cursor.fetchone()[0]

    def clear(self) -> None:
        """Take the rows away, and what is left of them in the table."""
        self._cursor.execute(f"DELETE FROM {self._table} WHERE work_date = %s", [self._on])
        self._cursor.execute(f"VACUUM {self._table}")

    def floor(self, text: str, reading: str = "") -> float:
        """Seconds of reading and of COPY into a table with the same indexes."""
        self._cursor.execute(f"DROP TABLE IF EXISTS {FLOOR_TABLE}")
        self._cursor.execute(f"CREATE TABLE {FLOOR_TABLE} (LIKE {self._table} INCLUDING ALL)")
        return timed(lambda: self._least(text, reading))

    def _least(self, text: str, reading: str) -> None:
        if reading:
            self._cursor.execute(reading, [self._on])
            self._cursor.fetchall()
        self._cursor.copy_expert(f"COPY {FLOOR_TABLE} ({self._named('id')}) FROM STDIN", io.StringIO(text))

    def _named(self, *without: str) -> str:
        return ", ".join(f'"{name}"' for name in self._columns if name not in without)
