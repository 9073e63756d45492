"""Steps 1 and 2 of a month: facts, and gross by the document's base (regulation format, §7)."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from allowances.book import RULES, Amount, rounded, times
from allowances.days import amount_of
from allowances.given import MonthFacts, acting_class, class_amount, read_given
from allowances.lines import check_events
from allowances.plan import AllowancePlan
from core.money import Exact, MoneyError, exact, exact_sum, parse_share, tidy
from policy.conditions import CaseError


@RULES.rule(label="Fakta bulan", unit="facts", article="facts")
def facts(plan: AllowancePlan, given: Mapping[str, Any]) -> MonthFacts:
    """Days decided and in order, own facts and sums: everything that rules may look at."""
    month = read_given(plan, given)
    check_events(plan, month)
    return month


@RULES.rule(label="Kriteria", unit="rupiah", article="base.criteria")
def criteria(plan: AllowancePlan, facts: MonthFacts) -> dict[str, Exact] | None:
    """Rupiah by budget criterion as given (shares with `by: basic`); None where the base has none or none is given."""
    given = facts.given.get("criteria")
    names = [str(name) for name in plan.base.get("criteria") or []]
    if plan.base.get("by") not in ("criteria", "basic") or given is None:
        return None
    given = {str(name): amount for name, amount in given.items()}
    for name in given:
        if name not in names:
            raise CaseError(f"Kriteria {name} tidak ada dalam {plan.document.id}: {', '.join(names)}")
    read: Any = parse_share if plan.base["by"] == "basic" else exact
    if all(amount is None for amount in given.values()):
        return None
    try:
        return {name: read(given[name]) if given.get(name) is not None else 0 for name in names}
    except MoneyError as error:
        raise CaseError(f"criteria: {error}") from error


@RULES.rule(label="Besaran menurut kelas", unit="rupiah", article="base.classes")
def class_base(plan: AllowancePlan, facts: MonthFacts) -> Amount:
    """The amount of the class held, or of several by days; None where the base has no table or no class is given."""
    if plan.base.get("by") not in ("class", "basic"):
        return None
    classes = facts.given.get("classes")
    if plan.base["by"] == "basic" and facts.given.get("basic") is not None:
        return None
    if classes and plan.base.get("change") == "by_days":
        days = sum(amount_of("classes.days", entry.get("days")) for entry in classes)
        if not days:
            raise CaseError("classes: jumlah days tidak boleh 0")
        return tidy(sum(Fraction(class_amount(plan, e["class"])) * exact(e["days"]) for e in classes) / days)
    held = acting_class(plan, facts.given)
    return None if held is None else class_amount(plan, held)


@RULES.rule(label="Jumlah dasar", unit="rupiah", article="base.basic")
def basic_amount(facts: MonthFacts, class_base: Amount) -> Amount:
    """The basic amount as given, else by class."""
    given = facts.given.get("basic")
    return class_base if given is None else amount_of("basic", given)


@RULES.rule(label="Besaran tunjangan", unit="rupiah", article="base")
def gross(
    plan: AllowancePlan,
    facts: MonthFacts,
    criteria: Mapping[str, Exact] | None,
    class_base: Amount,
    basic_amount: Amount,
) -> Amount:
    """Gross by the document's base, rounded at `gross`; None when nothing of it was given."""
    by, amount = plan.base.get("by") or "given", None
    if by == "class":
        amount = class_base
    elif by == "criteria" and criteria is not None:
        amount = exact_sum(list(criteria.values()))
    elif by == "basic" and criteria is not None:
        amount = times(basic_amount, exact_sum(list(criteria.values())))
    if amount is None and facts.given.get("gross") is not None:
        amount = amount_of("gross", facts.given["gross"])
    return rounded(plan, "gross", amount)
