"""Reads of attendance."""

from attendance.queries.months import FrozenDays, corrections_decided_after, frozen_days, has_decided_days
from attendance.queries.outages import outage_at

__all__ = ["FrozenDays", "corrections_decided_after", "frozen_days", "has_decided_days", "outage_at"]
