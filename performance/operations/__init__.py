"""Writes of performance, one transaction each."""

from performance.operations.judging import Target, rate, set_indicators, set_realisation
from performance.operations.scoring import Scored, score_month

__all__ = ["Scored", "Target", "rate", "score_month", "set_indicators", "set_realisation"]
