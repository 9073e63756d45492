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
    # The driver's own method: without the wrapper its errors would not be those that Django's callers know.
    with connection.cursor() as cursor, connection.wrap_database_errors:
        for row in rows:
            lines.append(copy_line(row))
            count += 1
            if len(lines) == BATCH_ROWS:
                cursor.copy_expert(statement, io.StringIO("\n".join(lines) + "\n"))
                lines = []
        if lines:
            cursor.copy_expert(statement, io.StringIO("\n".join(lines) + "\n"))
    return count


def copy_line(row: Sequence[Any]) -> str:
    """A row as COPY reads it, without the end of the line."""
    fields = [value if value.__class__ is str else _field(value) for value in row]
    line = "\t".join(fields)
    # One look at the whole line: hardly any holds what has to be escaped, and asking each value takes longer.
    if (
        line.count("\t") == len(fields) - 1
        and line.count("\\") == row.count(None)
        and not ("\n" in line or "\r" in line or "\0" in line)
    ):
        return line
    return "\t".join(
        ["\\N" if value is None else text.translate(ESCAPES) for value, text in zip(row, fields, strict=True)]
    )


def new_ids(table: str, count: int) -> list[int]:
    """`count` ids from the table's own sequence, so that rows which refer to each other can be copied."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [row[0] for row in cursor.fetchall()]


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
