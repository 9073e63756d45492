"""A load of the demonstration that is killed on its way goes on at the next start, to the same province."""

import io
import os
import re
import signal
import subprocess
import sys
import time
from datetime import date

import psutil
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from attendance.models import DayRecord
from demo import bulk
from demo.load import Asked, begin, unfinished
from roster.models import Government
from tests.conftest import PROJECT
from tests.servers import process_environment
from wfh_portal.demo_steps import needs_people

PLAIN_INDEX = re.compile(r"CREATE INDEX \S+ ON \S*attendance_punch ")
SIZE = ("--people", "40", "--seed", "11", "--days", "32", "--without-pay")
# Rows as they would be in any database: people by their order, without what counts on or tells the time of the load.
FINGERPRINT = """
SELECT count(*), md5(string_agg(row::text, ';' ORDER BY row::text)) FROM (
    SELECT to_jsonb(one) - '{{id,person_id,unit_id,receipt_number,planned_at}}'::text[]
        || jsonb_build_object('person', person_id - (SELECT min(id) FROM roster_person)) AS row
    FROM {table} AS one
) AS rows
"""
TABLES = (
    "attendance_punch", "attendance_dayplan", "attendance_dayrecord", "attendance_workreport", "performance_indicator",
    "performance_behaviour",
)  # fmt: skip
DEFINITIONS = """
SELECT conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint
WHERE conrelid = ANY(%s::regclass[]) AND contype <> 'n'
UNION SELECT relname, pg_get_indexdef(indexrelid), indisvalid
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE indrelid = ANY(%s::regclass[]) ORDER BY 1, 2
"""


def fingerprints() -> dict[str, tuple]:
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(FINGERPRINT.format(table=table))
            found[table] = cursor.fetchone()
    return found


def definitions() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(DEFINITIONS, [list(bulk.TABLES), list(bulk.TABLES)])
        return cursor.fetchall()


def undisturbed(settings, folder) -> dict[str, tuple]:
    """The same load by one process in one go, seen and taken back."""
    settings.PORTAL_DATA = folder
    with transaction.atomic():
        call_command("seed_demo", *SIZE, "--processes", "1", stdout=io.StringIO())
        found = fingerprints()
        transaction.set_rollback(True)
    return found


def test_a_killed_load_goes_on_and_ends_as_an_undisturbed_one(transactional_db, run_command, settings, tmp_path):
    expected = undisturbed(settings, tmp_path)
    assert all(count > 0 for count, _ in expected.values())
    address = process_environment(connection)["DATABASE_URL"]
    assert needs_people(address)
    load = subprocess.Popen(
        [sys.executable, "manage.py", "seed_demo", *SIZE, "--processes", "2"],
        cwd=PROJECT, env=process_environment(connection), stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while (made := DayRecord.objects.values("work_date").distinct().count()) < 4:
        assert load.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    children = psutil.Process(load.pid).children()
    os.kill(load.pid, signal.SIGKILL)
    load.wait(10)
    assert len(children) == 2
    assert psutil.wait_procs(children, timeout=20)[1] == [], "who works for a killed load must end with it"
    assert made < 32
    assert needs_people(address)
    assert unfinished(Government.objects.get(code="contoh")) is not None
    again = run_command("seed_demo", "--people", "99", "--processes", "2")
    assert again.returncode == 0, again.stderr
    assert "Melanjutkan pemuatan 40 orang" in again.stdout
    assert "kata sandi" in again.stdout
    assert fingerprints() == expected
    assert not needs_people(address)
    assert "sudah dimuat" in run_command("seed_demo").stdout


def test_indexes_and_references_that_were_taken_away_come_back_as_they_were(
    transactional_db, settings, tmp_path, monkeypatch
):
    settings.PORTAL_DATA = tmp_path
    monkeypatch.setattr(bulk, "WORTH_IT_ROWS", 0)
    before, missing = definitions(), []
    give_back = bulk.give_back

    def interrupted(given: Government) -> None:
        missing.append(len(before) - len(definitions()))
        assert bulk.take_away(given, timezone.now()) == 0, "tables with rows keep their indexes"
        # As where the end of the load was killed half-way: one of them stands again already.
        gone = [definition for _, definition, _ in before if PLAIN_INDEX.match(definition)]
        with connection.cursor() as cursor:
            cursor.execute(gone[0])
        give_back(given)

    monkeypatch.setattr(bulk, "give_back", interrupted)
    call_command("seed_demo", *SIZE[:4], "--days", "8", "--without-pay", "--processes", "1", stdout=io.StringIO())
    assert missing[0] > 15
    assert definitions() == before


def test_what_a_killed_start_took_away_comes_back_with_what_the_next_one_takes(transactional_db):
    before, government = definitions(), Government.objects.get(code="contoh")
    begin(government, Asked(40, 7, date(2026, 1, 1), date(2026, 1, 9), timezone.now(), with_pay=False))
    assert bulk.take_away(government, timezone.now()) > 15
    gone = [definition for _, definition, _ in before if PLAIN_INDEX.match(definition)]
    with connection.cursor() as cursor:
        cursor.execute(gone[0])
    assert bulk.take_away(government, timezone.now()) == 1
    bulk.give_back(government)
    assert definitions() == before
