"""Writes of allowances, one transaction each."""

from allowances.operations.deciding import approve_run, check_run, lock_run, mark_paid, return_run
from allowances.operations.drafting import draft_chunk, draft_run
from allowances.operations.objections import decide_objection, file_objection

__all__ = [
    "approve_run",
    "check_run",
    "decide_objection",
    "draft_chunk",
    "draft_run",
    "file_objection",
    "lock_run",
    "mark_paid",
    "return_run",
]
