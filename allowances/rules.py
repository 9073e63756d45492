"""One person's month by an allowance document: facts become lines, lines become rupiah, each with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allowances import amounts
from allowances.given import MonthFacts, amount_of, read_given
from allowances.lines import Line, apply_caps, check_events, lines_of
from allowances.plan import AllowancePlan, PlanFor, read_plan
from attendance.plan import AttendancePlan
from core.money import Exact, exact_sum, tidy
from policy.conditions import CaseError


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Values by the names of regulation format §8 (None is unknown), counts by code, flags and all lines."""

    values: dict[str, Any]
    events: dict[str, Exact]
    exempt_events: dict[str, Exact]
    flags: tuple[str, ...]
    lines: tuple[Line, ...]


def compile_allowance(
    document: Any, attendance_plan_for: AttendancePlan | PlanFor | None, tax_document: Any | None = None
) -> AllowancePlan:
    """The plan of an allowance document; CaseError where the document cannot be read."""
    try:
        return read_plan(document, attendance_plan_for, tax_document)
    except (KeyError, TypeError, AttributeError, StopIteration) as error:
        raise CaseError(f"Dokumen {document.id} tidak lengkap: {error!r}") from error


def _charged(plan: AllowancePlan, lines: list[Line], values: dict[str, Any], bases: Mapping[str, Any]) -> None:
    """`cut.X` and `exempt.X`: 0 without a line, also where gross is unknown."""
    for prefix, exempt in (("cut", False), ("exempt", True)):
        for rule in plan.charges:
            taken = []
            for line in lines:
                if line.rule is rule and line.exempt is exempt:
                    for name, share in line.shares.items():
                        base = values[f"{name}_points_base"] if rule.of == "achievement" else bases[name]
                        taken.append(amounts.times(base, share) if share else 0)
            values[f"{prefix}.{rule.name}"] = amounts.total(taken)


def _counts(charges: list[Line]) -> tuple[dict[str, Exact], dict[str, Exact]]:
    """Events by code: all that happened, and those among them that cost nothing."""
    events: dict[str, Exact] = {}
    freed: dict[str, Exact] = {}
    for line in charges:
        events[line.code] = events.get(line.code, 0) + line.count
        if line.exempt:
            freed[line.code] = freed.get(line.code, 0) + line.count
    return events, freed


def _supplements(
    plan: AllowancePlan,
    lines: list[Line],
    facts: MonthFacts,
    gross: amounts.Amount,
    paid: amounts.Amount,
    values: dict[str, amounts.Amount],
) -> tuple[amounts.Amount, list[amounts.Amount]]:
    """Supplements by name into `values`; the sum paid now, and the amounts with a lag."""
    now: list[amounts.Amount] = []
    later: list[amounts.Amount] = []
    for rule in plan.supplements:
        parts = [
            amounts.supplement_amount(plan, line, gross, paid, facts)
            for line in lines
            if line.rule is rule and not line.exempt
        ]
        values[f"supplement.{rule.name}"] = amount = amounts.rounded(plan, "supplement", amounts.total(parts))
        (later if rule.lag_months else now).append(amount)
    return amounts.total(now), later


def evaluate_month(plan: AllowancePlan, given: Mapping[str, Any]) -> Evaluation:
    """All values of one person's month, in the order of regulation format §7. Raises CaseError."""
    facts = read_given(plan, given)
    check_events(plan, facts)
    criteria = amounts.criteria_of(plan, facts)
    gross = amounts.gross_of(plan, facts, criteria)
    charges = [line for rule in plan.charges for line in lines_of(plan, rule, facts)]
    factors = [line for rule in plan.factors for line in lines_of(plan, rule, facts)]
    supplements = [line for rule in plan.supplements for line in lines_of(plan, rule, facts)]
    holds = [line for rule in plan.holds for line in lines_of(plan, rule, facts)]
    replaced = frozenset(hit for line in factors if line.rule.replaces and not line.exempt for hit in line.rule.hits)
    charges, flags = apply_caps(plan, charges, replaced)
    values, bases, _ = amounts.component_values(plan, facts, gross, factors, charges)
    _charged(plan, charges, values, bases)
    cuts, paid = amounts.components_paid(plan, gross, values)
    amounts.by_criteria(plan, values, criteria)
    values = {name: value for name, value in values.items() if not name.endswith("_points_base")}
    added, later = _supplements(plan, supplements, facts, gross, paid, values)
    elsewhere = exact_sum([amount_of(name, facts.look(name) or 0) for name in plan.offsets])
    allowance = None if paid is None or added is None else max(tidy(paid + added - elsewhere), 0)
    hold = min(exact_sum([line.share for line in holds if not line.exempt]), 1)
    held = amounts.rounded(plan, "held", amounts.times(allowance, hold))
    carried = amount_of("carried", facts.given.get("carried") or 0)
    payable = None if allowance is None or held is None else tidy(allowance - held + carried)
    employer, employee = amounts.insurance_of(plan, facts, gross, payable)
    tax = amounts.tax_of(plan, facts, payable)
    own_tax = 0 if (plan.tax or {}).get("borne_by") == "government" else tax
    net = None if payable is None or employee is None or own_tax is None else tidy(payable - employee - own_tax)
    values = {
        **{name: facts.month.get(name) for name in (*plan.day_numbers, *(fact.name for fact in plan.own_facts))},
        **values,
        "gross": gross,
        "cuts": cuts,
        "supplements": added,
        "allowance": allowance,
        "held": held,
        "later": amounts.total([*later, held]),
        "payable": payable,
        "insurance_employer": employer,
        "insurance_employee": employee,
        "tax": tax,
        "net": net,
    }
    if len(facts.days) == 1:
        values |= {name: facts.days[0].get(name) for name in ("required_departure", "place", "weekday")}
    events, freed = _counts(charges)
    return Evaluation(values, events, freed, flags, (*charges, *factors, *supplements, *holds))
