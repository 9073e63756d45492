"""COPY into a table: the way for thousands of rows at once."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

BATCH_ROWS = 20_000
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": None})


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """COPY `rows` (values in the order of `columns`; None is NULL) into `table`; gives their number."""
    quote = connection.ops.quote_name
    statement = f"COPY {quote(table)} ({', '.join(quote(name) for name in columns)}) FROM STDIN"
    count, lines = 0, []
    with connection.cursor() as cursor:
        for row in rows:
            lines.append("\t".join([_field(value) for value in row]))
            count += 1
            if len(lines) == BATCH_ROWS:
                cursor.copy_expert(statement, io.StringIO("\n".join(lines) + "\n"))
                lines = []
        if lines:
            cursor.copy_expert(statement, io.StringIO("\n".join(lines) + "\n"))
    return count


def new_ids(table: str, count: int) -> list[int]:
    """`count` ids from the table's own sequence, so that rows which refer to each other can be copied."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [row[0] for row in cursor.fetchall()]


def _field(value: Any) -> str:
    if type(value) is str:
        return value.translate(ESCAPES)
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
