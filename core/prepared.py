"""Statements that every connection plans once: planning the check-in's costs the database more than running them.

PREPARE and EXECUTE are the server's own words, because the driver has none for them. Inside a transaction, and behind a
pooler that gives each statement another connection, the plain statement is sent; both give the same rows.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2 import errors

# For each connection the statements that it has planned; None for one on which planning ahead does not work.
_planned: WeakKeyDictionary[Any, set[str] | None] = WeakKeyDictionary()
# It is unknown or known already (a pooler changed the connection), or a migration has changed a column under it.
_NOT_HERE = (errors.InvalidSqlStatementName, errors.DuplicatePreparedStatement, errors.FeatureNotSupported)


class Prepared:
    """A statement with `%(name)s` in it; `types` gives the type of each name. The text is asked for on first use.

    `reads`: it changes nothing, so it may be asked twice. The first statement of a request then also finds out whether
    its kept connection still lives, for which Django would ask the server by a statement of its own.
    """

    def __init__(self, name: str, types: Mapping[str, str], text: Callable[[], str], reads: bool = False) -> None:
        self._prefix, self._types, self._text, self._reads = name, types, text, reads

    @cached_property
    def text(self) -> str:
        """As it is sent where planning ahead does not work."""
        return self._text()

    @cached_property
    def name(self) -> str:
        """Another text has another name, so that no connection can take an older one for it."""
        return f"{self._prefix}_{hashlib.sha256(self.text.encode()).hexdigest()[:16]}"

    @cached_property
    def _prepare(self) -> str:
        places = {name: f"${place}" for place, name in enumerate(self._types, start=1)}
        body = re.sub(r"%\((\w+)\)s", lambda found: places[found[1]], self.text)
        return f"PREPARE {self.name} {_in_brackets(self._types.values())} AS {body}"

    @cached_property
    def _execute(self) -> str:
        return f"EXECUTE {self.name} {_in_brackets(f'%({name})s' for name in self._types)}"

    def rows(self, values: Mapping[str, Any] = MappingProxyType({})) -> list[tuple]:
        """Run it with `values` for all names."""
        here = connections[DEFAULT_DB_ALIAS]
        if not self._reads or not _is_unproven(here):
            return self._run(here, values)
        here.health_check_done = True
        try:
            return self._run(here, values)
        except (OperationalError, InterfaceError):
            if here.is_usable():
                raise
            here.close()
        return self._run(here, values)

    def _run(self, here: BaseDatabaseWrapper, values: Mapping[str, Any]) -> list[tuple]:
        with here.cursor() as cursor:
            planned = _planned.setdefault(here.connection, set())
            # An error would end a transaction, so nothing is tried inside one.
            if planned is not None and not here.in_atomic_block:
                try:
                    if self.name not in planned:
                        cursor.execute(self._prepare)
                        planned.add(self.name)
                    cursor.execute(self._execute, values)
                    return cursor.fetchall()
                except DatabaseError as error:
                    if not isinstance(error.__cause__, _NOT_HERE):
                        raise
                    _planned[here.connection] = None
            cursor.execute(self.text, values)
            return cursor.fetchall()


def _in_brackets(words: Iterable[str]) -> str:
    joined = ", ".join(words)
    return f"({joined})" if joined else ""


def _is_unproven(here: BaseDatabaseWrapper) -> bool:
    """Whether the connection was kept from an earlier request and nothing has been asked by it in this one."""
    kept = here.connection is not None and not here.in_atomic_block
    return kept and here.health_check_enabled and not here.health_check_done
