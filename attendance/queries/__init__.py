"""Reads of attendance."""

from attendance.queries.months import corrections_decided_after, has_decided_days, month_days
from attendance.queries.outages import outage_at

__all__ = ["corrections_decided_after", "has_decided_days", "month_days", "outage_at"]
