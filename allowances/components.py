"""Steps 5 to 11 of a month, each a rule of the book: a component from full to paid (regulation format, §7)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from allowances.book import RULES, Amount, rounded, times, total
from allowances.given import MonthFacts
from allowances.lines import Line
from allowances.plan import AllowancePlan
from core.money import Exact, apportion, difference, exact_sum, product, tidy
from policy.conditions import CaseError

Lines = Sequence[Line]


@dataclass(frozen=True, slots=True)
class Paid:
    """Step 10: what all components pay, what they lost together, and each of them so that they add up."""

    components: Mapping[str, Amount]
    cuts: Amount
    allowance: Amount


@RULES.rule(label="Komponen yang digantikan", unit="share", article="factors.replaces")
def replaced(factor_lines: Lines) -> dict[str, Exact]:
    """Component -> the share that replaces it; of several lines the last one counts."""
    return {hit: line.share for line in factor_lines if line.rule.replaces and not line.freed for hit in line.rule.hits}


@RULES.rule(label="Potongan yang mengenai komponen", unit="lines", article="charges", over="component")
def hitting(component: str, charge_lines: Lines) -> list[Line]:
    """Lines that cost this component something."""
    return [line for line in charge_lines if component in line.shares and not line.freed]


@RULES.rule(label="Faktor", unit="share", article="factors", over="component")
def factor(component: str, factor_lines: Lines, replaced: Mapping[str, Exact]) -> Exact:
    """The product of the factors that hit the component, or the share that replaces it."""
    if component in replaced:
        return replaced[component]
    product: Exact = 1
    for line in factor_lines:
        if not line.freed and component in line.rule.hits:
            product = product * line.share
    return product


@RULES.rule(label="Bagian menurut bobot", unit="rupiah", article="components.weight", over="component")
def part(component: str, plan: AllowancePlan, gross: Amount) -> Amount:
    """Gross x weight."""
    return times(gross, plan.weights[component])


@RULES.rule(label="Bagian penuh", unit="rupiah", article="factors", over="component")
def full(part: Amount, factor: Exact) -> Amount:
    """Gross x weight x factors."""
    return part if factor == 1 else times(part, factor)


@RULES.rule(label="Capaian menurut skala", unit="share", article="components.achievement", over="component")
def scale_achievement(component: str, plan: AllowancePlan, facts: MonthFacts, replaced: Mapping[str, Exact]) -> Amount:
    """What the component's scale says, before points: 100 % without a scale; None is unknown."""
    scale = plan.achievements[component]
    if scale is None or component in replaced:
        return 1
    reading = scale(facts.look)
    if reading is None:
        raise CaseError(f"Pencapaian {component} di luar skala dokumen {plan.document.id}")
    return reading.share


@RULES.rule(label="Poin pengurang capaian", unit="share", article="charges.of", over="component")
def points(component: str, hitting: Lines, replaced: Mapping[str, Exact]) -> Exact:
    """Points that charges take off the achievement."""
    if component in replaced:
        return 0
    return exact_sum([line.share for line in hitting if line.rule.of == "achievement"])


@RULES.rule(label="Capaian", unit="share", article="components.achievement", over="component")
def achievement(scale_achievement: Amount, points: Exact) -> Amount:
    """Achievement less points, at least 0."""
    return None if scale_achievement is None else max(scale_achievement - points, 0)


@RULES.rule(label="Bagian yang dicapai", unit="rupiah", article="components.achievement", over="component")
def achieved(plan: AllowancePlan, full: Amount, achievement: Amount) -> Amount:
    """Full x achievement, rounded at `achieved`."""
    return rounded(plan, "achieved", times(full, achievement))


@RULES.rule(label="Persentase potongan", unit="share", article="charges", over="component")
def cut_rate(component: str, hitting: Lines, replaced: Mapping[str, Exact]) -> Exact:
    """The sum of the shares that remain of the lines after caps."""
    if component in replaced:
        return 0
    return exact_sum([line.shares[component] for line in hitting if line.rule.of != "achievement"])


@RULES.rule(label="Dasar potongan", unit="rupiah", article="components.cuts_of", over="component")
def cut_base(component: str, plan: AllowancePlan, full: Amount, achieved: Amount) -> Amount:
    """What charges are percentages of: the achieved or the full part."""
    return full if plan.cuts_of[component] == "full" else achieved


@RULES.rule(label="Potongan komponen", unit="rupiah", article="charges", over="component")
def cut(plan: AllowancePlan, cut_base: Amount, cut_rate: Exact, achieved: Amount) -> Amount:
    """Base x rate, rounded at `cut`, at most what was achieved."""
    taken = rounded(plan, "cut", times(cut_base, cut_rate))
    return None if taken is None or achieved is None else min(taken, achieved)


@RULES.rule(label="Komponen sebelum dibagi menurut pembulatan seluruhnya", unit="rupiah", over="component")
def remaining(plan: AllowancePlan, achieved: Amount, cut: Amount) -> Amount:
    """Achieved less cut, rounded at `component`."""
    return None if cut is None or achieved is None else rounded(plan, "component", difference(achieved, cut))


@RULES.rule(label="Semua komponen", unit="rupiah", article="rounding")
def paid_together(plan: AllowancePlan, gross: Amount, remaining: Mapping[str, Amount]) -> Paid:
    """Cuts and allowance of the components; apportions components where cuts or allowance is rounded."""
    if not remaining:
        return Paid({}, 0, 0)
    known = total(list(remaining.values()))
    if known is None or gross is None:
        return Paid(remaining, None, None)
    cuts = rounded(plan, "cuts", gross - known) or 0
    allowance = rounded(plan, "allowance", gross - cuts) or 0
    components = remaining
    point = next((point for point in ("cuts", "allowance") if point in plan.rounding), None)
    if point is not None:
        allowance = max(allowance, 0)
        parts = apportion([amount or 0 for amount in remaining.values()], allowance, plan.rounding[point][0])
        components = dict(zip(remaining, parts, strict=True))
    return Paid(components, tidy(gross - allowance), tidy(allowance))


@RULES.rule(label="Komponen yang dibayar", unit="rupiah", article="components", over="component", named="{}")
def paid(component: str, paid_together: Paid) -> Amount:
    """The component as it is paid."""
    return paid_together.components[component]


@RULES.rule(label="Potongan seluruhnya", unit="rupiah", article="charges")
def cuts(paid_together: Paid) -> Amount:
    """Gross less what the components pay."""
    return paid_together.cuts


@RULES.rule(label="Bagian menurut kriteria", unit="rupiah", article="base.criteria")
def by_criteria(
    plan: AllowancePlan, criteria: Mapping[str, Exact] | None, paid: Mapping[str, Amount]
) -> dict[str, Amount]:
    """Every component by budget criterion (`COMPONENT.CRITERION`), and their sums (`allowance.CRITERION`)."""
    if plan.base.get("by") not in ("criteria", "basic"):
        return {}
    names = [str(name) for name in plan.base.get("criteria") or []]
    whole = exact_sum(list(criteria.values())) if criteria else 0
    each = 1 / Fraction(whole) if whole else 0
    weights = [product(criteria[name], each) for name in names] if criteria else []
    values: dict[str, Amount] = {}
    for component, amount in paid.items():
        parts: list[Amount] = [None] * len(names)
        if amount is not None and criteria is not None:
            exactly = [product(amount, weight) for weight in weights]
            rounding = plan.rounding.get("criterion")
            parts = list(apportion(exactly, amount, rounding[0]) if rounding else exactly)
        values |= {f"{component}.{name}": part for name, part in zip(names, parts, strict=True)}
    return values | {
        f"allowance.{name}": total([values[f"{component}.{name}"] for component in paid]) for name in names
    }


@RULES.rule(label="Rupiah tiap baris potongan", unit="rupiah", article="charges", over="component")
def line_amounts(
    component: str,
    charge_lines: Lines,
    full: Amount,
    cut_base: Amount,
    replaced: Mapping[str, Exact],
) -> list[tuple[Line, Amount]]:
    """What every line takes of this component, or would have taken, before rounding; 0 where it was replaced."""
    made: list[tuple[Line, Amount]] = []
    for line in charge_lines:
        if component in line.shares:
            share = line.shares[component]
            base = full if line.rule.of == "achievement" else cut_base
            made.append((line, times(base, share) if share and component not in replaced else 0))
    return made


@RULES.rule(label="Rupiah menurut potongan", unit="rupiah", article="charges")
def taken(
    charge_lines: Lines,
    full: Mapping[str, Amount],
    cut_base: Mapping[str, Amount],
    replaced: Mapping[str, Exact],
) -> dict[tuple[str, bool], Amount]:
    """(Charge, whether it was exempt) -> rupiah on all components, the sum of `line_amounts`; unknown where one is."""
    by_charge: dict[tuple[str, bool], list[Line]] = defaultdict(list)
    for line in charge_lines:
        by_charge[line.rule.name, line.freed != ""].append(line)
    found: dict[tuple[str, bool], Amount] = {}
    for key, lines in by_charge.items():
        base = full if lines[0].rule.of == "achievement" else cut_base
        components = [component for component in lines[0].rule.hits if component not in replaced]
        if any(line.limits for line in lines):
            shares = [(exact_sum([line.shares[component] for line in lines]), component) for component in components]
            found[key] = total([times(base[component], share) for share, component in shares if share])
        else:  # the same share of every component
            share = exact_sum([line.asked for line in lines])
            found[key] = times(total([base[component] for component in components]), share) if share else 0
    return found


@RULES.rule(label="Yang diambil sebuah potongan", unit="rupiah", article="charges", over="charge", named="cut.{}")
def charge_cut(charge: str, taken: Mapping[tuple[str, bool], Amount]) -> Amount:
    """What the charge took, before rounding and the limit of what was achieved; 0 without a line."""
    return taken.get((charge, False), 0)


@RULES.rule(label="Yang dibebaskan sebuah potongan", unit="rupiah", article="exempt", over="charge", named="exempt.{}")
def charge_exempt(charge: str, taken: Mapping[tuple[str, bool], Amount]) -> Amount:
    """What the charge would have taken from lines that are shown and cost nothing; 0 without a line."""
    return taken.get((charge, True), 0)
