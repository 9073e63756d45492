"""Reads of attendance."""

from attendance.queries.months import corrections_decided_after, month_days
from attendance.queries.outages import outage_at

__all__ = ["corrections_decided_after", "month_days", "outage_at"]
