"""Many millions of rows go in without indexes and references, which are then made at once, each by one sorted pass.

Only the owner of the tables may do that, and only empty tables are worth it. What was taken away stands in the audit
log, so that a load that stopped on its way can give it back.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg2
from django.conf import settings
from django.db import connection

from attendance.models import DayPlan, DayRecord, Punch, WorkReport
from core import audit
from core.models import AuditEntry
from performance.models import Behaviour, Indicator
from roster.models import Government
from wfh_portal.demo_steps import BEGUN
from wfh_portal.embedded import known_addresses
from wfh_portal.environment import read

TABLES = tuple(model._meta.db_table for model in (Punch, DayPlan, DayRecord, WorkReport, Indicator, Behaviour))
# Below this many rows, what keeping the indexes up to date costs is not worth making them anew.
WORTH_IT_ROWS = 5_000_000
TAKEN = "demo.indexes_taken"
MEMORY = "512MB"
THREADS = 2
Definition = dict[str, str]

_CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, contype, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('u', 'f') ORDER BY contype DESC, conname
"""
_INDEXES = """
SELECT indrelid::regclass::text, relname, 'i', pg_get_indexdef(indexrelid)
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype = 'u')
ORDER BY relname
"""
_STANDS = """
SELECT EXISTS (SELECT FROM pg_constraint WHERE conrelid = %s::regclass AND conname = %s)
    OR EXISTS (SELECT FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
               WHERE indrelid = %s::regclass AND relname = %s)
"""


def take_away(government: Government, at: datetime) -> int:
    """Take indexes and references of the large tables away; how many. None where this is not the owner's database."""
    try:
        owner = _owner()
    except psycopg2.OperationalError:
        return 0
    with closing(owner), owner.cursor() as cursor:
        if not _empty_and_owned(cursor):
            return 0
        taken: list[Definition] = []
        for query in (_CONSTRAINTS, _INDEXES):
            cursor.execute(query, [list(TABLES)])
            taken += [dict(zip(("table", "name", "kind", "text"), row, strict=True)) for row in cursor.fetchall()]
        values = (at, government.code, "seed_demo", TAKEN, "", json.dumps({"taken": taken}))
        cursor.execute(audit.APPEND, (audit.SEAL_LOCK, *values))
        for one in reversed(taken):
            cursor.execute(
                f'DROP INDEX "{one["name"]}"'
                if one["kind"] == "i"
                else f'ALTER TABLE {one["table"]} DROP CONSTRAINT "{one["name"]}"'
            )
        owner.commit()
    return len(taken)


def give_back(government: Government) -> None:
    """Make again what was taken away and does not stand; two tables at a time, references last."""
    marks = AuditEntry.objects.filter(government_code=government.code)
    begun = marks.filter(action=BEGUN).order_by("-pk").values_list("pk", flat=True).first() or 0
    # A start that was killed right after taking them away is followed by one that finds fewer to take.
    entries = marks.filter(action=TAKEN, pk__gt=begun).order_by("pk")
    by_table: dict[str, list[Definition]] = {}
    for one in (one for entry in entries for one in entry.detail["taken"]):
        by_table.setdefault(one["table"], []).append(one)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(_make, by_table.values()))


def _make(definitions: list[Definition]) -> None:
    with closing(_owner()) as owner, owner.cursor() as cursor:
        owner.autocommit = True
        cursor.execute(f"SET maintenance_work_mem = '{MEMORY}'")
        for one in sorted(definitions, key=lambda one: one["kind"] == "f"):
            cursor.execute(_STANDS, [one["table"], one["name"], one["table"], one["name"]])
            if not _first(cursor):
                cursor.execute(_statement(one))
            if one["kind"] == "f":
                # Added unchecked, so that two tables need not wait for each other, then checked as a whole.
                cursor.execute(f'ALTER TABLE {one["table"]} VALIDATE CONSTRAINT "{one["name"]}"')
        cursor.execute(f"ANALYZE {definitions[0]['table']}")


def _statement(one: Definition) -> str:
    if one["kind"] == "i":
        return one["text"]
    unchecked = " NOT VALID" if one["kind"] == "f" else ""
    return f'ALTER TABLE {one["table"]} ADD CONSTRAINT "{one["name"]}" {one["text"]}{unchecked}'


def _empty_and_owned(cursor: Any) -> bool:
    cursor.execute(
        "SELECT bool_and(pg_has_role(current_user, relowner, 'MEMBER')) FROM pg_class WHERE oid = ANY(%s::regclass[])",
        [list(TABLES)],
    )
    if not _first(cursor):
        return False
    cursor.execute(" UNION ALL ".join(f"(SELECT 1 FROM {table} LIMIT 1)" for table in TABLES))
    return cursor.fetchone() is None


def _first(cursor: Any) -> bool:
    row = cursor.fetchone()
    return bool(row and row[0])


def _owner() -> Any:
    """A connection of the owner to the very database that is loaded."""
    present = connection.get_connection_params()
    url = read("DATABASE_OWNER_URL") or (
        "" if read("DATABASE_URL") else known_addresses(settings.PORTAL_DATA).owner_url
    )
    account = urlsplit(url)
    role = {"user": unquote(account.username or ""), "password": unquote(account.password or "")} if url else {}
    wanted = {name: present[name] for name in ("dbname", "user", "password", "host", "port") if name in present}
    return psycopg2.connect(**(wanted | role))
