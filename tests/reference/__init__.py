"""A second program that follows the regulation format: slow, plain, and sharing no line with the one that pays.

It was written from the page alone, in `Fraction`, to be compared with the rules. `decide_day` answers for one day,
`evaluate_month` for one person and month; both take the `parameters` of documents.
"""

from tests.reference.day import decide_day
from tests.reference.month import evaluate_month

__all__ = ["decide_day", "evaluate_month"]
