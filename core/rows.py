"""Whole models from a statement of one's own, for the few reads that every request makes.

The ORM builds the text of a query anew each time, which costs several times what the database needs to answer it.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)


@cache
def columns(model: type[Model], alias: str) -> str:
    """The columns of `model` in the order that `instance` expects, each as `alias.column`."""
    # A field that converts what it reads would be read raw here.
    converting = [field.name for field in model._meta.concrete_fields if hasattr(field, "from_db_value")]
    if converting:
        raise TypeError(f"{model.__name__}: {', '.join(converting)} cannot be read by a plain statement.")
    quote = connection.ops.quote_name
    return ", ".join(f"{alias}.{quote(field.column)}" for field in model._meta.concrete_fields)


@cache
def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def instance(model: type[M], row: Sequence[Any], start: int = 0) -> M | None:
    """The model whose columns begin at `start` of `row`; None where an outer join found none."""
    names = _names(model)
    if row[start] is None:
        return None
    return model.from_db(connection.alias, names, row[start : start + len(names)])


def width(model: type[Model]) -> int:
    """How many columns `columns` names."""
    return len(_names(model))
