"""`column = ANY(array)`: what `__in` says, without a parameter of its own for each of thousands of ids."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import BooleanField, F, Func, Value


def ids_text(ids: Iterable[int]) -> str:
    """Ids as the text of an array, to be cast to `bigint[]`: the driver would quote a list one by one."""
    return "{" + ",".join([str(int(one)) for one in ids]) + "}"


class Among(Func):
    """Whether a column of ids is one of `ids`; `__in` prepares every id by itself, 2 microseconds each."""

    template = "(%(expressions)s::bigint[]))"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, column: str, ids: Collection[int], **more: Any) -> None:
        super().__init__(F(column), Value(ids_text(ids)), **more)
