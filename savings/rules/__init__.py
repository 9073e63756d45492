"""What bills and panels can say: the ceiling, quantity apart from price, and the estimate with its interval."""

from savings.rules.bills import (
    UNKNOWN_SWITCHABLE_SHARE,
    UNKNOWN_WORKDAY_SHARE,
    BillChange,
    bill_change,
    ceiling,
)
from savings.rules.imputation import CannotEstimate, Estimate, Fit, Panel, Saving, estimate, fit, saved_share

__all__ = [
    "UNKNOWN_SWITCHABLE_SHARE",
    "UNKNOWN_WORKDAY_SHARE",
    "BillChange",
    "CannotEstimate",
    "Estimate",
    "Fit",
    "Panel",
    "Saving",
    "bill_change",
    "ceiling",
    "estimate",
    "fit",
    "saved_share",
]
