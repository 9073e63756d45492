"""Steps 2 to 18 of a month: gross to net, exact until a point that the document names (regulation format, §7)."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from allowances.given import MonthFacts, acting_class, amount_of, class_amount, record_look
from allowances.lines import Line
from allowances.plan import AllowancePlan
from core.money import Exact, apportion, exact, exact_sum, parse_share, round_to, tidy
from policy.conditions import CaseError

Amount = Exact | None


def rounded(plan: AllowancePlan, point: str, amount: Amount) -> Amount:
    """The amount rounded at a named point; exact where the document does not name it."""
    if amount is None or point not in plan.rounding:
        return amount
    return round_to(amount, *plan.rounding[point])


def total(amounts: Sequence[Amount]) -> Amount:
    """The sum; unknown when a part is."""
    known = [amount for amount in amounts if amount is not None]
    return exact_sum(known) if len(known) == len(amounts) else None


def times(amount: Amount, share: Amount) -> Amount:
    """Amount x share; unknown when either is."""
    return None if amount is None or share is None else tidy(amount * share)


def criteria_of(plan: AllowancePlan, facts: MonthFacts) -> dict[str, Exact] | None:
    """Rupiah by budget criterion as given; None where the base has no criteria."""
    given = facts.given.get("criteria")
    names = [str(name) for name in plan.base.get("criteria") or []]
    if plan.base.get("by") not in ("criteria", "basic") or given is None:
        return None
    for name in given:
        if name not in names:
            raise CaseError(f"Kriteria {name} tidak ada dalam {plan.document.id}: {', '.join(names)}")
    read: Any = parse_share if plan.base["by"] == "basic" else exact
    return {name: read(given[name]) if given.get(name) is not None else 0 for name in names}


def _by_class(plan: AllowancePlan, facts: MonthFacts) -> Amount:
    classes = facts.given.get("classes")
    if classes and plan.base.get("change") == "by_days":
        days = sum(amount_of("days", entry["days"]) for entry in classes)
        if not days:
            raise CaseError("classes: jumlah days tidak boleh 0")
        return tidy(sum(Fraction(class_amount(plan, e["class"])) * exact(e["days"]) for e in classes) / days)
    held = acting_class(plan, facts.given)
    return None if held is None else class_amount(plan, held)


def gross_of(plan: AllowancePlan, facts: MonthFacts, criteria: Mapping[str, Exact] | None) -> Amount:
    """Gross by the document's base, rounded at `gross`; None when nothing of it was given."""
    by, amount = plan.base.get("by") or "given", None
    if by == "class":
        amount = _by_class(plan, facts)
    elif by == "criteria" and criteria is not None:
        amount = exact_sum(list(criteria.values()))
    elif by == "basic" and criteria is not None:
        basic = facts.given.get("basic")
        amount = times(
            amount_of("basic", basic) if basic is not None else _by_class(plan, facts),
            exact_sum(list(criteria.values())),
        )
    if amount is None and facts.given.get("gross") is not None:
        amount = amount_of("gross", facts.given["gross"])
    return rounded(plan, "gross", amount)


def component_values(
    plan: AllowancePlan, facts: MonthFacts, gross: Amount, factors: Sequence[Line], charges: Sequence[Line]
) -> tuple[dict[str, Any], dict[str, Amount], frozenset[str]]:
    """Steps 5 to 9: values by name, the amount that charges are percentages of, replaced components."""
    values: dict[str, Any] = {}
    bases: dict[str, Amount] = {}
    replacing = {
        hit: line.share for line in factors if line.rule.replaces and not line.exempt for hit in line.rule.hits
    }
    for name, weight in plan.weights.items():
        hits = [line for line in charges if not line.exempt and name in line.shares]
        points = exact_sum([line.share for line in hits if line.rule.of == "achievement"])
        rate: Exact = exact_sum([line.shares[name] for line in hits if line.rule.of != "achievement"])
        achievement: Amount = 1
        factor: Exact = replacing.get(name, 1)
        if name in replacing:
            rate = 0
        else:
            for line in factors:
                if not line.exempt and name in line.rule.hits:
                    factor = factor * line.share
            achievement = achievement_of(plan, name, facts)
            achievement = None if achievement is None else max(achievement - points, 0)
        full = times(gross, weight * factor)
        achieved = rounded(plan, "achieved", times(full, achievement))
        base = full if plan.cuts_of[name] == "full" else achieved
        cut = rounded(plan, "cut", times(base, rate))
        cut = None if cut is None or achieved is None else min(cut, achieved)
        paid = None if cut is None or achieved is None else rounded(plan, "component", achieved - cut)
        bases[name] = 0 if name in replacing else base
        values[f"{name}_points_base"] = 0 if name in replacing else full
        values |= {name: paid, f"{name}_full": full, f"{name}_achieved": achieved, f"{name}_cut": cut}
        values |= {f"{name}_achievement": achievement, f"{name}_cut_rate": rate}
    return values, bases, frozenset(replacing)


def achievement_of(plan: AllowancePlan, name: str, facts: MonthFacts) -> Amount:
    """The share of a component that was achieved, 100 % without a scale; None is unknown."""
    scale = plan.achievements[name]
    reading = scale(facts.look) if scale else None
    if scale and reading is None:
        raise CaseError(f"Pencapaian {name} di luar skala dokumen {plan.document.id}")
    return 1 if reading is None else reading.share


def components_paid(plan: AllowancePlan, gross: Amount, values: dict[str, Any]) -> tuple[Amount, Amount]:
    """Step 10: (cuts, allowance of the components); apportions components where cuts or allowance is rounded."""
    names = list(plan.weights)
    if not names:
        return 0, 0
    paid = total([values[name] for name in names])
    if paid is None or gross is None:
        return None, None
    cuts = rounded(plan, "cuts", gross - paid) or 0
    allowance = rounded(plan, "allowance", gross - cuts) or 0
    point = next((point for point in ("cuts", "allowance") if point in plan.rounding), None)
    if point is not None:
        allowance = max(allowance, 0)
        parts = apportion([values[name] for name in names], allowance, plan.rounding[point][0])
        values.update(zip(names, parts, strict=True))
    return tidy(gross - allowance), tidy(allowance)


def by_criteria(plan: AllowancePlan, values: dict[str, Any], criteria: Mapping[str, Exact] | None) -> None:
    """Step 11: every component by budget criterion, and their sums."""
    if plan.base.get("by") not in ("criteria", "basic"):
        return
    names = [str(name) for name in plan.base.get("criteria") or []]
    whole = exact_sum(list(criteria.values())) if criteria else 0
    for component in plan.weights:
        paid, parts = values[component], [None] * len(names)  # type: ignore[var-annotated]
        if paid is not None and criteria is not None:
            parts = [tidy(Fraction(paid) * criteria[name] / whole) if whole else 0 for name in names]
            if "criterion" in plan.rounding:
                parts = apportion(parts, paid, plan.rounding["criterion"][0])
        values.update({f"{component}.{name}": part for name, part in zip(names, parts, strict=True)})
    for name in names:
        values[f"allowance.{name}"] = total([values[f"{component}.{name}"] for component in plan.weights])


def supplement_amount(plan: AllowancePlan, line: Line, gross: Amount, paid: Amount, facts: MonthFacts) -> Amount:
    """Step 12, one line: rupiah a unit, or the share of what the rule names."""
    if line.rupiah:
        return line.share
    of, base = line.rule.of, gross
    if of == "allowance":
        base = paid
    elif of in ("post_gross", "difference"):
        base, held = None, line.record
        if held.get("gross") is not None:
            base = amount_of("gross", held["gross"])
        elif held.get("class") is not None:
            base = class_amount(plan, held["class"])
            if plan.base.get("by") == "basic":
                base = times(base, exact_sum(list((criteria_of(plan, facts) or {}).values())))
        if of == "difference":
            base = None if base is None or gross is None else max(base - gross, 0)
    return times(base, line.share)


def insurance_of(plan: AllowancePlan, facts: MonthFacts, gross: Amount, payable: Amount) -> tuple[Amount, Amount]:
    """Step 16: (employer, employee)."""
    block = plan.insurance
    if block is None or (plan.insurance_when and not plan.insurance_when(facts.look)):
        return 0, 0
    part, salary = gross if block.get("of") == "gross" else payable, facts.given.get("salary")
    floor, ceiling = block.get("floor_rupiah"), block.get("ceiling_rupiah")
    if salary is None and (floor is not None or ceiling is not None):
        part = None
    if part is not None:
        own = 0 if salary is None else amount_of("salary", salary)
        whole = part + own
        whole = whole if floor is None else max(whole, exact(floor))
        whole = whole if ceiling is None else min(whole, exact(ceiling))
        part = max(whole - own, 0)
    employer, employee = [parse_share(block[who]) if block.get(who) else 0 for who in ("employer", "employee")]
    return rounded(plan, "insurance", times(part, employer)), rounded(plan, "insurance", times(part, employee))


def tax_of(plan: AllowancePlan, facts: MonthFacts, payable: Amount) -> Amount:
    """Step 17. A scale that gives nothing is no tax; an unknown stays unknown."""
    if plan.tax is None or (plan.tax_when and not plan.tax_when(facts.look)):
        return 0
    if plan.tax_scale is None:
        raise CaseError(f"Tabel pajak {plan.tax.get('table')} tidak ada")

    def tax_on(income: Exact) -> Amount:
        assert plan.tax_scale is not None
        reading = plan.tax_scale(record_look({"taxable_rupiah": income}, facts))
        return 0 if reading is None else times(income, reading.share)

    if payable is None:
        return None
    if plan.tax.get("of") != "increment":
        return rounded(plan, "tax", tax_on(payable))
    if facts.given.get("salary") is None:
        return None
    salary = amount_of("salary", facts.given["salary"])
    whole, before = tax_on(salary + payable), tax_on(salary)
    return None if whole is None or before is None else rounded(plan, "tax", whole - before)
