"""Model rows written by COPY, with the ids that they will have: thousands of rows that refer to each other."""

from collections.abc import Iterable
from typing import Any, TypeVar

from core.copying import copy_rows, new_ids

M = TypeVar("M", bound=Any)


def copy_models(rows: Iterable[M]) -> list[M]:
    """Write unsaved rows of one model and give them back with their ids."""
    made = list(rows)
    if not made:
        return made
    meta = made[0]._meta
    for row, new_id in zip(made, new_ids(meta.db_table, len(made)), strict=True):
        row.pk = new_id
    fields = meta.local_concrete_fields
    names = [field.attname for field in fields]
    copy_rows(
        meta.db_table, [field.column for field in fields], ([getattr(row, name) for name in names] for row in made)
    )
    return made
