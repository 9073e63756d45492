"""One person's month by an allowance document: facts become lines, lines become rupiah, each with its reason.

The steps are rules of one book (`RULES`): base.py makes gross, components.py what each component pays, amounts.py
what is added, held, insured and taxed. Here are the lines that rules make of records, and the month as a whole.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from allowances import amounts, base, components  # noqa: F401 - the rules of the book stand in these
from allowances.book import RULES
from allowances.caps import apply_caps
from allowances.given import MonthFacts
from allowances.lines import Line, lines_of
from allowances.plan import AllowancePlan, PlanFor, read_plan
from attendance.plan import DEFAULTS, AttendancePlan
from core.money import Exact
from policy.conditions import CaseError
from policy.registry import Program

Capped = tuple[list[Line], tuple[str, ...]]
WANTED = (
    "full", "achieved", "cut", "achievement", "cut_rate", "paid", "charge_cut", "charge_exempt", "supplement",
    "gross", "cuts", "supplements", "allowance", "held", "later", "payable", "insurance_employer",
    "insurance_employee", "tax", "net",
)  # fmt: skip
# What pages and counts need beside them, also where a document has no charge that asks for it.
BESIDE = (
    "by_criteria", "facts", "charge_lines", "factor_lines", "supplement_lines", "hold_lines", "flags",
)  # fmt: skip
MONTH = (*WANTED, *BESIDE)
# Lines beside it, so that a case which one of them refuses is refused here too where no component asks for them.
NET_ONLY = ("net", "charge_lines", "factor_lines")


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


@RULES.rule(label="Baris faktor", unit="lines", article="factors")
def factor_lines(plan: AllowancePlan, facts: MonthFacts) -> list[Line]:
    """Lines of the factors, in document order and then by record."""
    return [line for rule in plan.factors for line in lines_of(plan, rule, facts)]


@RULES.rule(label="Baris potongan sebelum batas", unit="lines", article="charges")
def uncapped_lines(plan: AllowancePlan, facts: MonthFacts) -> list[Line]:
    """Lines of the charges, in document order and then by record, as they are before caps."""
    return [line for rule in plan.charges for line in lines_of(plan, rule, facts)]


@RULES.rule(label="Batas potongan", unit="lines", article="caps")
def capped(plan: AllowancePlan, uncapped_lines: list[Line], replaced: Mapping[str, Exact]) -> Capped:
    """Lines of the charges as caps leave them, and the names of the caps that only flag."""
    return apply_caps(plan, uncapped_lines, frozenset(replaced))


@RULES.rule(label="Baris potongan", unit="lines", article="charges")
def charge_lines(capped: Capped) -> list[Line]:
    """Lines of the charges as caps leave them."""
    return capped[0]


@RULES.rule(label="Penanda batas", unit="names", article="caps.over")
def flags(capped: Capped) -> tuple[str, ...]:
    """Caps that change nothing and were exceeded."""
    return capped[1]


@RULES.rule(label="Baris tambahan", unit="lines", article="supplements")
def supplement_lines(plan: AllowancePlan, facts: MonthFacts) -> list[Line]:
    """Lines of the supplements, in document order and then by record."""
    return [line for rule in plan.supplements for line in lines_of(plan, rule, facts)]


@RULES.rule(label="Baris penahanan", unit="lines", article="holds")
def hold_lines(plan: AllowancePlan, facts: MonthFacts) -> list[Line]:
    """Lines of the holds, in document order and then by record."""
    return [line for rule in plan.holds for line in lines_of(plan, rule, facts)]


def _program(plan: AllowancePlan, wanted: tuple[str, ...], known: Iterable[str]) -> Program:
    """The order in which what is wanted of a month of this document is worked out."""
    instances = {
        "component": tuple(plan.weights),
        "charge": tuple(rule.name for rule in plan.charges),
        "supplement": tuple(rule.name for rule in plan.supplements),
    }
    return RULES.program(wanted, ("plan", "given", *known), instances)


def _same_for_all(plan: AllowancePlan) -> dict[str, Any]:
    """Values by name that are the same for everybody, because the document has nothing that would change them."""
    same: dict[str, Any] = {}
    if not plan.factors:
        same |= {"factor_lines": (), "replaced": {}, "factor": 1}
    if not any(rule.of == "achievement" for rule in plan.charges):
        same["points"] = 0
    if plan.base.get("by") not in ("criteria", "basic"):
        same |= {"criteria": None, "by_criteria": {}}
    if not plan.supplements:
        same |= {"supplement_lines": (), "supplements": 0, "lagging": 0}
    if not plan.offsets:
        same["elsewhere"] = 0
    if not plan.holds:
        same |= {"hold_lines": (), "hold_share": 0}
    if plan.insurance is None:
        same |= {"insurance_basis": 0, "insurance_employer": 0, "insurance_employee": 0}
    if plan.tax is None:
        same["tax"] = 0
    return same


def _found(plan: AllowancePlan, wanted: tuple[str, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """What is wanted of one person's month, by name; the order is made once and kept with the plan."""
    kept = plan.programs.get(wanted)
    if kept is None:
        same = _same_for_all(plan)
        kept = plan.programs[wanted] = _program(plan, wanted, same), same
    program, same = kept
    return program.solve({"plan": plan, "given": given} | same)


def _counts(charges: list[Line]) -> tuple[dict[str, Exact], dict[str, Exact]]:
    """Events by code: all that happened, and those among them that cost nothing."""
    events: dict[str, Exact] = {}
    freed: dict[str, Exact] = {}
    for line in charges:
        events[line.code] = events.get(line.code, 0) + line.count
        if line.freed:
            freed[line.code] = freed.get(line.code, 0) + line.count
    return events, freed


def _evaluation(plan: AllowancePlan, found: dict[str, Any]) -> Evaluation:
    """The values of a month that has been worked out, by the names of regulation format §8."""
    by_criteria, facts, charges, factors, supplements, holds, flags = [found.pop(name) for name in BESIDE]
    month = facts.month
    values = {name: month.get(name) for name in plan.day_numbers}
    values |= {fact.name: month.get(fact.name) for fact in plan.own_facts}
    if len(facts.days) == 1:
        day = facts.days[0]
        values |= {name: day.get(name, DEFAULTS.get(name)) for name in ("required_departure", "place", "weekday")}
    events, freed = _counts(charges)
    return Evaluation(values | found | by_criteria, events, freed, flags, (*charges, *factors, *supplements, *holds))


def month_steps(plan: AllowancePlan, given: Mapping[str, Any]) -> dict[Any, Any]:
    """Every step of one person's month by its key in the book. Raises CaseError."""
    return _program(plan, (*WANTED, *BESIDE, "line_amounts"), ()).run({"plan": plan, "given": given})


def evaluate_month(plan: AllowancePlan, given: Mapping[str, Any]) -> Evaluation:
    """All values of one person's month, in the order of regulation format §7. Raises CaseError."""
    return _evaluation(plan, _found(plan, MONTH, given))


def evaluate_net(plan: AllowancePlan, given: Mapping[str, Any]) -> Exact | None:
    """Only the net of one person's month: rupiah, exact; None is unknown. Raises CaseError.

    The same number, and the same error, as `evaluate_month(plan, given).values["net"]`, by the same steps: those that
    net does not need (counts, rupiah by charge, parts by criterion) are left out.
    """
    return _found(plan, NET_ONLY, given)["net"]  # type: ignore[no-any-return]
