"""Writes of attendance, one transaction each."""

from attendance.operations.absences import decide_absence, record_absence, request_absence
from attendance.operations.closing import ClosedDay, close_day
from attendance.operations.corrections import decide_correction, request_correction
from attendance.operations.devices import take_in_waiting
from attendance.operations.evidence import decide_case, expire_evidence, score_evidence
from attendance.operations.outages import declare_outage
from attendance.operations.plans import plan_day
from attendance.operations.punches import Attempt, Outcome, keep_forged, record_punch
from attendance.operations.reports import judge_report, write_plan, write_result

__all__ = [
    "Attempt",
    "ClosedDay",
    "Outcome",
    "close_day",
    "decide_absence",
    "decide_case",
    "decide_correction",
    "declare_outage",
    "expire_evidence",
    "judge_report",
    "keep_forged",
    "plan_day",
    "record_absence",
    "record_punch",
    "request_absence",
    "request_correction",
    "score_evidence",
    "take_in_waiting",
    "write_plan",
    "write_result",
]
