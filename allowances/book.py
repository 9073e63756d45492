"""The rule book of allowances, and the few sums that every step of a month uses."""

from collections.abc import Sequence

from allowances.plan import AllowancePlan
from core.money import Exact, exact_sum, product, round_to
from policy.registry import RuleBook

RULES = RuleBook("allowances")
Amount = Exact | None


def rounded(plan: AllowancePlan, point: str, amount: Amount) -> Amount:
    """The amount rounded at a named point; exact where the document does not name it."""
    if amount is None or point not in plan.rounding:
        return amount
    return round_to(amount, *plan.rounding[point])


def total(amounts: Sequence[Amount]) -> Amount:
    """The sum; unknown when a part is."""
    known = [amount for amount in amounts if amount is not None]
    return exact_sum(known) if len(known) == len(amounts) else None


def times(amount: Amount, share: Amount) -> Amount:
    """Amount x share; unknown when either is."""
    return None if amount is None or share is None else product(amount, share)
