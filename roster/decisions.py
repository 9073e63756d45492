"""Write dated decisions: the old row is superseded, what remains of it and the new one are added."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import models


def begin(model: type[models.Model], key: str, starts: Mapping[int, date], at: datetime, **same: Any) -> None:
    """Make room from a day on: for each `key` value, rows that hold on or after its day end there.

    A row that begins before the day is superseded and added again with that end; a later one is superseded.
    `same` narrows the rows (kind="definitive"). The caller adds the new rows afterwards, in the same transaction.
    """
    rows = model.objects.filter(superseded_at=None, **{f"{key}__in": list(starts)}, **same)
    superseded, remaining = [], []
    for row in rows:
        start_on = starts[getattr(row, key)]
        if row.valid_to is not None and row.valid_to <= start_on:
            continue
        superseded.append(row.pk)
        if row.valid_from < start_on:
            row.pk, row.valid_to, row.recorded_at, row._state.adding = None, start_on, at, True
            remaining.append(row)
    supersede(model, superseded, at)
    model.objects.bulk_create(remaining, batch_size=2000)


def supersede(model: type[models.Model], ids: Sequence[int], at: datetime) -> None:
    """Known until `at` only."""
    model.objects.filter(pk__in=ids, superseded_at=None).update(superseded_at=at)
