"""Late facts of locked months, and what they bring into the next run."""

from collections.abc import Collection
from datetime import date, datetime

from allowances.models import Run
from allowances.rows import Brought
from roster.models import Government


def notice_late_facts(government: Government, before: date, person_ids: Collection[int], at: datetime) -> int:
    """Record an adjustment for every locked month whose facts differ from its frozen ones; how many were new."""
    return 0


def brought_for(run: Run, person_ids: Collection[int]) -> dict[int, list[Brought]]:
    """Person id -> what earlier locked months bring into `run`."""
    return {}


def settle_adjustments(run: Run) -> int:
    """Mark what this run pays as settled, in the transaction that locks it; how many."""
    return 0
