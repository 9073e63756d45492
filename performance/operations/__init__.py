"""Writes of performance, one transaction each."""

from performance.operations.scoring import Scored, score_month

__all__ = ["Scored", "score_month"]
