"""What a draft of regulations would do to one person's pay of a month. Nothing is written here.

Where the month has a run, the facts are those that it froze, so that the difference is the draft's alone. Where an
attendance document is among the drafts, days are decided anew from the arrivals and departures that counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from allowances.explain import explain_month
from allowances.frozen import explain_input
from allowances.models import RunInput
from allowances.plan import AllowancePlan, for_frozen_days
from allowances.rows import sen
from allowances.rules import compile_allowance, evaluate_net
from allowances.steps import Step
from attendance.plan import DECIDING, AttendancePlan
from attendance.rules import compile_attendance
from core.errors import PortalError
from core.money import Exact
from core.period import next_month
from policy.conditions import CaseError
from policy.documents import Document, DocumentError
from policy.drafts import DraftReading

UNKNOWN = "Rancangan ini meminta masukan yang belum diketahui untuk pegawai ini."
# What a rule may raise for one person's facts; the others go on.
FAILS = (ValueError, ArithmeticError, LookupError, TypeError, AttributeError)
DECIDES = ("allowance", "attendance", "tax")


@dataclass(frozen=True)
class DraftPlan:
    """A draft, ready for one month: its plan, whether days are decided anew by it, and the plan for amounts alone."""

    plan: AllowancePlan
    decides_days: bool
    of_amounts: AllowancePlan

    def given_of(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Facts of a month as the draft is given them."""
        if not self.decides_days:
            return given
        return {**given, "days": [_undecided(day) for day in given.get("days") or []]}

    def net_of(self, given: Mapping[str, Any]) -> tuple[Exact | None, str]:
        """Net of the month in rupiah to the sen, and why it is not known where it is None."""
        try:
            net = evaluate_net(self.of_amounts, self.given_of(given))
        except FAILS as error:
            return None, f"Aturan tidak dapat dihitung: {error}"[:250]
        return (None, UNKNOWN) if net is None else (sen(net), "")

    def explain(self, given: Mapping[str, Any]) -> Step:
        """The explanation of a month by the draft. Raises CaseError."""
        return explain_month(self.plan, self.given_of(given))


def plan_of_draft(reading: DraftReading, jurisdiction: str, month: date) -> DraftPlan:
    """The draft for `month`, whatever its documents' own first day; what it lacks comes from the stored versions.

    Raises PortalError: a file is refused, nothing in it touches pay, or no allowance document is known.
    """
    for file in reading.files:
        if file.refusals and file.document is None:
            first = file.refusals[0]
            more = f" (dan {len(file.refusals) - 1} temuan lain)" if len(file.refusals) > 1 else ""
            raise PortalError(f"{file.name}, {first.path or 'berkas'}: {first.message}{more}")
    first_on, last_on = month, date.fromordinal(next_month(month).toordinal() - 1)
    drafted = {topic: reading.acting(topic, first_on, last_on) for topic in DECIDES}
    if not any(drafted.values()):
        raise PortalError("Rancangan ini tidak memuat dokumen tunjangan, kehadiran, atau pajak: TPP tidak berubah.")
    known = reading.known
    try:
        allowance = (
            drafted["allowance"]
            or known.choose(jurisdiction, "allowance", first_on)
            or known.choose(jurisdiction, "allowance", last_on)
        )
        if allowance is None:
            raise PortalError("Belum ada dokumen tunjangan (topic: allowance), baik di rancangan maupun yang berlaku.")
        tax = _tax_of(reading, allowance)
        plan = compile_allowance(allowance, _attendance(reading, allowance, drafted["attendance"]), tax)
    except (DocumentError, CaseError) as error:
        raise PortalError(f"Dokumen tidak dapat dipakai: {error}") from error
    return DraftPlan(plan, drafted["attendance"] is not None, for_frozen_days(plan))


def side_by_side(row: RunInput, draft: DraftPlan) -> tuple[Step, Step]:
    """One person's explanation as the run has it, and by the draft. Raises PortalError, CaseError."""
    return explain_input(row), draft.explain(row.given)


def _undecided(day: Mapping[str, Any]) -> dict[str, Any]:
    """A day without what an attendance document decides; arrival, departure and labels stay."""
    return {name: value for name, value in day.items() if name not in DECIDING}


def _attendance(reading: DraftReading, allowance: Document, drafted: Document | None) -> Any:
    def on(day: date) -> AttendancePlan | None:
        found = drafted or reading.known.attendance_for(allowance, day)
        return compile_attendance(found) if found else None

    return on


def _tax_of(reading: DraftReading, allowance: Document) -> Document | None:
    table = (allowance.parameters.get("tax") or {}).get("table")
    return reading.known.tax_table(allowance, table) if table else None
