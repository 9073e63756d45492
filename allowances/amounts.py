"""Steps 12 to 18 of a month, each a rule of the book: from components to net (regulation format, §7)."""

from collections.abc import Mapping, Sequence

from allowances.book import RULES, Amount, rounded, times, total
from allowances.components import Paid
from allowances.days import amount_of
from allowances.given import MonthFacts, class_amount, record_look
from allowances.lines import Line
from allowances.plan import AllowancePlan
from core.money import Exact, exact, exact_sum, parse_share, tidy
from policy.conditions import CaseError

Lines = Sequence[Line]


def _post_gross(plan: AllowancePlan, line: Line, criteria: Mapping[str, Exact] | None) -> Amount:
    """Gross of the acting post: given, or by its class (with `by: basic` times the same percentages)."""
    held = line.record
    if held.get("gross") is not None:
        return amount_of("gross", held["gross"])
    if held.get("class") is None:
        return None
    base = class_amount(plan, held["class"])
    if plan.base.get("by") != "basic":
        return base
    return None if criteria is None else times(base, exact_sum(list(criteria.values())))


def supplement_base(
    plan: AllowancePlan,
    line: Line,
    gross: Amount,
    criteria: Mapping[str, Exact] | None,
    paid_together: Paid,
) -> Amount:
    """What the share of a supplement's line is of; None is unknown."""
    of = line.rule.of
    if of == "allowance":
        return paid_together.allowance
    if of not in ("post_gross", "difference"):
        return gross
    post = _post_gross(plan, line, criteria)
    if of == "post_gross":
        return post
    return None if post is None or gross is None else max(post - gross, 0)


@RULES.rule(label="Rupiah tiap baris tambahan", unit="rupiah", article="supplements")
def supplement_parts(
    plan: AllowancePlan,
    supplement_lines: Lines,
    gross: Amount,
    criteria: Mapping[str, Exact] | None,
    paid_together: Paid,
) -> dict[str, list[tuple[Line, Amount, Amount]]]:
    """Supplement -> (line, base, amount): rupiah a unit, or the share of what the rule names; freed lines are 0."""
    parts: dict[str, list[tuple[Line, Amount, Amount]]] = {}
    for line in supplement_lines:
        base: Amount = None
        amount: Amount = line.share
        if not line.rupiah:
            base = supplement_base(plan, line, gross, criteria, paid_together)
            amount = times(base, line.share)
        parts.setdefault(line.rule.name, []).append((line, base, 0 if line.freed else amount))
    return parts


@RULES.rule(label="Tambahan", unit="rupiah", article="supplements", over="supplement", named="supplement.{}")
def supplement(
    supplement: str, plan: AllowancePlan, supplement_parts: Mapping[str, list[tuple[Line, Amount, Amount]]]
) -> Amount:
    """The sum of the supplement's lines, rounded at `supplement`."""
    parts = supplement_parts.get(supplement, ())
    return rounded(plan, "supplement", total([amount for _, _, amount in parts]))


@RULES.rule(label="Tambahan yang dibayar bulan ini", unit="rupiah", article="supplements")
def supplements(plan: AllowancePlan, supplement: Mapping[str, Amount]) -> Amount:
    """The sum of the supplements without a lag."""
    return total([supplement[rule.name] for rule in plan.supplements if not rule.lag_months])


@RULES.rule(label="Tambahan yang dibayar kemudian", unit="rupiah", article="supplements.lag_months")
def lagging(plan: AllowancePlan, supplement: Mapping[str, Amount]) -> Amount:
    """The sum of the supplements that are paid in a later month."""
    return total([supplement[rule.name] for rule in plan.supplements if rule.lag_months])


@RULES.rule(label="Diterima dari tempat lain", unit="rupiah", article="offsets")
def elsewhere(plan: AllowancePlan, facts: MonthFacts) -> Exact:
    """Amounts received elsewhere that come off the allowance; what is not given is 0."""
    return exact_sum([amount_of(name, facts.look(name) or 0) for name in plan.offsets])


@RULES.rule(label="Tunjangan", unit="rupiah", article="allowance")
def allowance(paid_together: Paid, supplements: Amount, elsewhere: Exact) -> Amount:
    """Components and supplements less what was received elsewhere, at least 0."""
    if paid_together.allowance is None or supplements is None:
        return None
    return max(tidy(paid_together.allowance + supplements - elsewhere), 0)


@RULES.rule(label="Bagian yang ditahan", unit="share", article="holds")
def hold_share(hold_lines: Lines) -> Exact:
    """The sum of the shares of all holds, at most 100 %."""
    return min(exact_sum([line.share for line in hold_lines if not line.freed]), 1)


@RULES.rule(label="Ditahan", unit="rupiah", article="holds")
def held(plan: AllowancePlan, allowance: Amount, hold_share: Exact) -> Amount:
    """Allowance x share, rounded at `held`; paid later."""
    return rounded(plan, "held", times(allowance, hold_share))


@RULES.rule(label="Dibayar kemudian", unit="rupiah", article="holds")
def later(lagging: Amount, held: Amount) -> Amount:
    """What is held, and supplements with a lag."""
    return total([lagging, held])


@RULES.rule(label="Dari bulan sebelumnya", unit="rupiah", article="carried")
def carried(facts: MonthFacts) -> Exact:
    """Rupiah that is due from earlier months."""
    return amount_of("carried", facts.given.get("carried") or 0)


@RULES.rule(label="Dibayarkan sebelum iuran dan pajak", unit="rupiah", article="payable")
def payable(allowance: Amount, held: Amount, carried: Exact) -> Amount:
    """Allowance less what is held, with what is carried from earlier months."""
    return None if allowance is None or held is None else tidy(allowance - held + carried)


@RULES.rule(label="Dasar iuran", unit="rupiah", article="insurance")
def insurance_basis(plan: AllowancePlan, facts: MonthFacts, gross: Amount, payable: Amount) -> Amount:
    """Salary + payable (or + gross) between floor and ceiling, less the salary, at least 0; 0 where none is due."""
    block = plan.insurance
    if block is None or (plan.insurance_when and not plan.insurance_when(facts.look)):
        return 0
    part, salary = gross if block.get("of") == "gross" else payable, facts.given.get("salary")
    floor, ceiling = block.get("floor_rupiah"), block.get("ceiling_rupiah")
    if part is None or (salary is None and (floor is not None or ceiling is not None)):
        return None
    own = 0 if salary is None else amount_of("salary", salary)
    whole = part + own
    whole = whole if floor is None else max(whole, exact(floor))
    whole = whole if ceiling is None else min(whole, exact(ceiling))
    return max(whole - own, 0)


def insurance_share(plan: AllowancePlan, who: str) -> Exact:
    """The share of the basis that `employer` or `employee` pays."""
    written = (plan.insurance or {}).get(who)
    return parse_share(written) if written else 0


@RULES.rule(label="Iuran pemberi kerja", unit="rupiah", article="insurance.employer")
def insurance_employer(plan: AllowancePlan, insurance_basis: Amount) -> Amount:
    """The employer's share of the basis, booked in and out."""
    return rounded(plan, "insurance", times(insurance_basis, insurance_share(plan, "employer")))


@RULES.rule(label="Iuran pegawai", unit="rupiah", article="insurance.employee")
def insurance_employee(plan: AllowancePlan, insurance_basis: Amount) -> Amount:
    """The employee's share of the basis."""
    return rounded(plan, "insurance", times(insurance_basis, insurance_share(plan, "employee")))


def tax_share(plan: AllowancePlan, facts: MonthFacts, income: Exact) -> Amount:
    """The share that the scale takes of an income; 0 where it gives nothing, None where it is unknown."""
    if plan.tax_scale is None:
        raise CaseError(f"Tabel pajak {(plan.tax or {}).get('table')} tidak ada")
    reading = plan.tax_scale(record_look({"taxable_rupiah": income}, facts))
    return 0 if reading is None else reading.share


@RULES.rule(label="Pajak", unit="rupiah", article="tax")
def tax(plan: AllowancePlan, facts: MonthFacts, payable: Amount) -> Amount:
    """Share x payable, or what payable adds to the tax on the salary. An unknown stays unknown."""
    if plan.tax is None or (plan.tax_when and not plan.tax_when(facts.look)):
        return 0
    if payable is None:
        return None
    if plan.tax.get("of") != "increment":
        return rounded(plan, "tax", times(payable, tax_share(plan, facts, payable)))
    if facts.given.get("salary") is None:
        return None
    salary = amount_of("salary", facts.given["salary"])
    whole = times(salary + payable, tax_share(plan, facts, salary + payable))
    before = times(salary, tax_share(plan, facts, salary))
    return None if whole is None or before is None else rounded(plan, "tax", whole - before)


@RULES.rule(label="Pajak yang ditanggung pegawai", unit="rupiah", article="tax.borne_by")
def own_tax(plan: AllowancePlan, tax: Amount) -> Amount:
    """The tax where the person bears it, else 0."""
    return 0 if (plan.tax or {}).get("borne_by") == "government" else tax


@RULES.rule(label="Tunjangan yang dibayarkan", unit="rupiah", article="net")
def net(payable: Amount, insurance_employee: Amount, own_tax: Amount) -> Amount:
    """Payable less the employee's insurance and the tax that the person bears."""
    if payable is None or insurance_employee is None or own_tax is None:
        return None
    return tidy(payable - insurance_employee - own_tax)
