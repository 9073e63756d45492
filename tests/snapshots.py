"""Rows that migrate made (governments, regulations, content types), put back after a test that empties all tables.

Django empties every table after a test that commits (`transaction=True`, live server). Triggers refuse that on tables
that hold evidence, and the rows of migrate would be lost to the tests after it.
"""

import io

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations


def keep_migrated_rows(connection: BaseDatabaseWrapper) -> None:
    """Remember all present rows, and make every later flush put them back.

    The class is changed and not the connection: while a browser is open Playwright's event loop counts as running in
    this thread, and Django then hands out another connection object.
    """
    kept = _copy_out(connection)
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def flush_and_restore(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
        try:
            flush(self, sql_list)
            _copy_in(self.connection, kept)
        finally:
            with self.connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = origin")

    operations.execute_sql_flush = flush_and_restore


def _copy_out(connection: BaseDatabaseWrapper) -> dict[str, bytes]:
    kept = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table == "django_migrations":
                continue
            target = io.BytesIO()
            cursor.copy_expert(f"COPY {connection.ops.quote_name(table)} TO STDOUT", target)
            if target.getvalue():
                kept[table] = target.getvalue()
    return kept


def _copy_in(connection: BaseDatabaseWrapper, kept: dict[str, bytes]) -> None:
    with connection.cursor() as cursor:
        for table, rows in kept.items():
            cursor.copy_expert(f"COPY {connection.ops.quote_name(table)} FROM STDIN", io.BytesIO(rows))
