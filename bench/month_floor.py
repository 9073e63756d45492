"""The least that scoring a month and drafting it could take: reads grouped in SQL, and COPY of the rows written."""

import io
import os
from datetime import date

import psycopg2

from bench.measure import timed
from core.period import next_month
from roster.models import Government

PREFIX = "bench_floor_"
WRITTEN = {
    "score_month": ("performance_monthscore",),
    "draft_run": ("allowances_runinput", "allowances_line"),
}
GROUPED = {
    "score_month": """
        SELECT i.person_id, count(*), sum(weight_bp), sum(realised / target * weight_bp),
            min(b.behaviour), min(b.result)
        FROM performance_indicator i
        LEFT JOIN performance_behaviour b ON b.person_id = i.person_id AND b.month = i.month
        WHERE i.month = %(first)s GROUP BY i.person_id""",
    "draft_run": """
        SELECT person_id, count(*), sum(expected_days), sum(present_days), sum(absent_days), sum(home_days),
            sum(leave_days), sum(minutes_late), sum(minutes_early), sum(missing_in), sum(missing_out),
            sum(ceremonies_missed), sum(reports_done), sum(reports_missing)
        FROM attendance_dayrecord WHERE work_date >= %(first)s AND work_date < %(next)s GROUP BY person_id""",
}


class Floor:
    """The rows that a stage wrote, as text, and the shortest way to read and write them."""

    def __init__(self, month: date) -> None:
        self._connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
        self._month = {"first": month, "next": next_month(month)}
        self._texts: dict[str, tuple[str, str]] = {}

    def learn(self, government: Government) -> None:
        """Keep the rows of every table as COPY gives them."""
        month = self._month["first"]
        runs = f"run_id IN (SELECT id FROM allowances_run WHERE month = '{month}' AND government_id = {government.pk})"
        for table in sum(WRITTEN.values(), ()):
            with self._connection, self._connection.cursor() as cursor:
                cursor.execute(
                    "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)"
                    " FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id'",
                    [table],
                )
                columns, rows = cursor.fetchone()[0], io.StringIO()
                chosen = runs if table.startswith("allowances") else f"month = '{month}'"
                cursor.copy_expert(
                    f"COPY (SELECT {columns} FROM {table} WHERE {chosen} ORDER BY person_id) TO STDOUT", rows
                )
                self._texts[table] = columns, rows.getvalue()

    def take(self, stage: str) -> float:
        """Seconds of one round."""
        tables = WRITTEN[stage]
        with self._connection, self._connection.cursor() as cursor:
            for table in tables:
                cursor.execute(
                    f"DROP TABLE IF EXISTS {PREFIX}{table}; CREATE TABLE {PREFIX}{table}"
                    f" (LIKE {table} INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING INDEXES)"
                )
        seconds = timed(lambda: self._once(stage, tables))
        with self._connection, self._connection.cursor() as cursor:
            cursor.execute("".join(f"DROP TABLE {PREFIX}{table};" for table in tables))
        return seconds

    def _once(self, stage: str, tables: tuple[str, ...]) -> None:
        with self._connection, self._connection.cursor() as cursor:
            cursor.execute(GROUPED[stage], self._month)
            cursor.fetchall()
            for table in tables:
                columns, rows = self._texts[table]
                cursor.copy_expert(f"COPY {PREFIX}{table} ({columns}) FROM STDIN", io.StringIO(rows))

    def end(self) -> None:
        """Close the session."""
        self._connection.close()
