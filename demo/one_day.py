"""One day of everybody, whole in one transaction, decided by the portal's own evening and night.

The day is worked in tables of the session that stand before the real ones under the same names, so that planning and
closing cost the same on the first day and on the last, then it is appended to the real tables at once.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from attendance.models import Absence, DayPlan, DayRecord, Punch, WorkReport
from attendance.operations import close_day, plan_day
from demo.days import copy_punches, punch_lines, seed_reports
from demo.load import Asked
from roster.calendar import calendar_day
from roster.models import Government

TABLES = tuple(model._meta.db_table for model in (Punch, DayPlan, WorkReport, DayRecord))
COLUMNS = {
    model._meta.db_table: ", ".join(f'"{f.column}"' for f in model._meta.local_concrete_fields if not f.primary_key)
    for model in (Punch, DayPlan, WorkReport, DayRecord)
}
# What the evening and the night refuse to write twice; a single day needs no other index.
ONCE = {
    Punch._meta.db_table: "person_id, request_key",
    DayPlan._meta.db_table: "person_id, work_date",
    WorkReport._meta.db_table: "person_id, work_date",
    DayRecord._meta.db_table: "person_id, work_date",
}
JUDGED_AFTER_DAYS = 8


@contextmanager
def day_tables() -> Iterator[None]:
    """The session's own tables of one day, gone afterwards."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"CREATE TEMP TABLE {table} (LIKE public.{table} INCLUDING DEFAULTS INCLUDING IDENTITY)")
            cursor.execute(f"CREATE UNIQUE INDEX ON pg_temp.{table} ({ONCE[table]})")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {', '.join(f'pg_temp.{table}' for table in TABLES)}")


def make_day(government: Government, asked: Asked, person_ids: Sequence[int], on: date) -> None:
    """Presses, plan, reports and decided day of `on`; to be called inside `day_tables()`."""
    day = calendar_day(government, on)
    with transaction.atomic(), connection.cursor() as cursor:
        # The roster is new and has no statistics yet: nested loops over it take hours.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(f"TRUNCATE {', '.join(f'pg_temp.{table}' for table in TABLES)}")
        plan_day(government, on, start_of(on, government.zone))
        if on.weekday() < 5 and day.holiday is None:
            away = Absence.objects.filter(person__government=government, valid_from__lte=on, valid_to__gt=on)
            gone = set(away.values_list("person_id", flat=True))
            copy_punches(punch_lines(person_ids, gone, on, government.zone, asked.seed))
            judged = on < asked.today - timedelta(days=JUDGED_AFTER_DAYS)
            seed_reports(person_ids, on, government.zone, asked.seed, judged)
        # As every night did: half past midnight of the next day.
        close_day(government, on, start_of(on + timedelta(days=1), government.zone) + timedelta(minutes=30))
        for table in TABLES:
            columns = COLUMNS[table]
            cursor.execute(f"INSERT INTO public.{table} ({columns}) SELECT {columns} FROM pg_temp.{table}")


def days_made(government: Government) -> set[date]:
    """Days that stand already, because an earlier start came so far."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT record.work_date FROM attendance_dayrecord AS record"
            " JOIN roster_person AS person ON person.id = record.person_id WHERE person.government_id = %s",
            [government.pk],
        )
        return {row[0] for row in cursor.fetchall()}


def start_of(on: date, zone: str) -> datetime:
    """Midnight at which a day begins in the office's zone."""
    return datetime.combine(on, time(), ZoneInfo(zone))
