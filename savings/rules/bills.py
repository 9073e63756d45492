"""What a month of bills can say before any statistics: the ceiling, and quantity apart from price. Pure and exact."""

from dataclasses import dataclass
from fractions import Fraction

UNKNOWN_SWITCHABLE_SHARE = Fraction(1)
UNKNOWN_WORKDAY_SHARE = Fraction(4, 5)


def ceiling(
    home_days: int | Fraction,
    work_days: int | Fraction,
    switchable_share: Fraction = UNKNOWN_SWITCHABLE_SHARE,
    workday_share: Fraction = UNKNOWN_WORKDAY_SHARE,
) -> Fraction:
    """The largest share of a month's use that working from home can save: phi * s_work * D_wfh / D_work.

    `home_days` of `work_days` days at home; shares from 0 to 1. One day in five gives 4/25 (16 %).
    Raises ValueError for shares or days outside their range.

    >>> ceiling(1, 5)
    Fraction(4, 25)
    """
    if work_days <= 0 or not 0 <= home_days <= work_days:
        raise ValueError("home days lie between 0 and the working days, and there is a working day")
    if not (0 <= switchable_share <= 1 and 0 <= workday_share <= 1):
        raise ValueError("a share lies between 0 and 1")
    return switchable_share * workday_share * Fraction(home_days) / Fraction(work_days)


@dataclass(frozen=True)
class BillChange:
    """A bill's change cut in two; the parts are positive where the later bill is lower."""

    quantity_effect_rupiah: Fraction
    price_effect_rupiah: Fraction

    @property
    def total_rupiah(self) -> Fraction:
        """Earlier cost less later cost, to the rupiah."""
        return self.quantity_effect_rupiah + self.price_effect_rupiah


def bill_change(
    usage_before: Fraction, cost_before_rupiah: Fraction, usage_after: Fraction, cost_after_rupiah: Fraction
) -> BillChange | None:
    """(Q0 - Q1) x P0 and (P0 - P1) x Q1, P being cost per unit; they add up to the bill's change exactly.

    None where either usage is 0: a zero reading is missing, and a price cannot be made from it.

    >>> bill_change(Fraction(100), Fraction(1000), Fraction(80), Fraction(880))
    BillChange(quantity_effect_rupiah=Fraction(200, 1), price_effect_rupiah=Fraction(-80, 1))
    """
    if usage_before <= 0 or usage_after <= 0:
        return None
    price_before = Fraction(cost_before_rupiah) / usage_before
    price_after = Fraction(cost_after_rupiah) / usage_after
    return BillChange((usage_before - usage_after) * price_before, (price_before - price_after) * usage_after)
