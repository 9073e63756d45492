"""What the month is computed from, and what is added, held, insured and taxed (format, sections 5 and 7)."""

from fractions import Fraction

from tests.reference.facts import Look
from tests.reference.lines import lines_of
from tests.reference.scale import NOTHING, read
from tests.reference.values import holds, rounded, share


def gross_of(parameters, facts):
    """The base amount before rounding; None when nothing was given."""
    base = parameters.get("base") or {}
    by = base.get("by", "given")
    found = None
    if by == "class":
        found = _by_class(base, facts)
    elif by == "criteria" and facts.get("criteria"):
        found = sum(map(Fraction, facts["criteria"].values()), Fraction(0))
    elif by == "basic" and facts.get("criteria"):
        basic = facts["basic"] if facts.get("basic") is not None else _by_class(base, facts)
        found = None if basic is None else basic * sum(map(share, facts["criteria"].values()))
    if found is None and facts.get("gross") is not None:
        found = Fraction(facts["gross"])
    return found


def _by_class(base, facts):
    table = {str(name): Fraction(amount) for name, amount in (base.get("classes") or {}).items()}
    if base.get("change") == "by_days" and "classes" in facts:
        days = sum(entry["days"] for entry in facts["classes"])
        return sum(table[str(entry["class"])] * entry["days"] for entry in facts["classes"]) / Fraction(days)
    return None if facts.get("class") is None else table[str(facts["class"])]


def pay(month, gross, components, points, tax_scale, values):
    """Steps 12 to 18, into `values`."""
    facts, parameters = month.facts, month.parameters
    now, later = _supplements(month, gross, components, points, values)
    allowance = _sum(components, now)
    if allowance is not None:
        allowance = max(
            allowance - sum(Fraction(facts.get(name) or 0) for name in parameters.get("offsets") or []), Fraction(0)
        )
    hold = sum((line.share for line in lines_of("holds", month) if not line.exempt), Fraction(0))
    held = None if allowance is None else rounded(allowance * min(hold, Fraction(1)), points.get("held"))
    carried = Fraction(facts.get("carried") or 0)
    payable = None if held is None else allowance - held + carried
    values |= {"supplements": now, "allowance": allowance, "held": held, "later": _sum(later, held)}
    employer, employee = _insurance(month, gross, payable, points)
    tax = _tax(month, payable, points, tax_scale)
    borne = tax if (parameters.get("tax") or {}).get("borne_by", "person") == "person" else Fraction(0)
    net = None if None in (payable, employee, borne) else payable - employee - borne
    values |= {"payable": payable, "insurance_employer": employer, "insurance_employee": employee}
    values |= {"tax": tax, "net": net}


def _sum(*amounts):
    return None if None in amounts else sum(amounts, Fraction(0))


def _supplements(month, gross, components, points, values):
    """The sum of what is paid now and of what is paid later."""
    now = later = Fraction(0)
    lines = lines_of("supplements", month)
    for name, rule in (month.parameters.get("supplements") or {}).items():
        amount = Fraction(0)
        for line in (line for line in lines if line.rule == name and not line.exempt):
            amount = _sum(amount, _supplement(line, rule, month, gross, components))
        values[f"supplement.{name}"] = amount = rounded(amount, points.get("supplement"))
        if rule.get("lag_months", 0) > 0:
            later = _sum(later, amount)
        else:
            now = _sum(now, amount)
    return now, later


def _supplement(line, rule, month, gross, components):
    if line.rupiah:
        return line.share
    of = rule.get("of", "gross")
    if of in ("gross", "allowance"):
        basis = gross if of == "gross" else components
        return None if basis is None else basis * line.share
    post = line.record.get("gross")
    if post is None and line.record.get("class") is not None:
        base = month.parameters.get("base") or {}
        post = _by_class(base, {"class": line.record["class"]})
        if base.get("by") == "basic":
            percentages = month.facts.get("criteria")
            post = post * sum(map(share, percentages.values())) if percentages else None
    if post is None or (of == "difference" and gross is None):
        return None
    return (Fraction(post) if of == "post_gross" else max(Fraction(post) - gross, Fraction(0))) * line.share


def _insurance(month, gross, payable, points):
    insurance = month.parameters.get("insurance")
    if not insurance or ("when" in insurance and not holds(insurance["when"], Look({}, month))):
        return Fraction(0), Fraction(0)
    part = gross if insurance.get("of") == "gross" else payable
    if part is None:
        return None, None
    salary = month.facts.get("salary")
    if salary is None:
        if {"floor_rupiah", "ceiling_rupiah"} & set(insurance):
            return None, None
        salary = 0
    basis = salary + part
    if "floor_rupiah" in insurance:
        basis = max(basis, Fraction(insurance["floor_rupiah"]))
    if "ceiling_rupiah" in insurance:
        basis = min(basis, Fraction(insurance["ceiling_rupiah"]))
    basis = max(basis - salary, Fraction(0))
    return tuple(
        rounded(basis * share(insurance.get(who, "0 %")), points.get("insurance")) for who in ("employer", "employee")
    )


def _tax(month, payable, points, tax_scale):
    tax = month.parameters.get("tax")
    if not tax or ("when" in tax and not holds(tax["when"], Look({}, month))):
        return Fraction(0)
    scale = tax_scale if "table" in tax else tax
    if payable is None:
        return None

    def on(income):
        found = read(scale, Look({"taxable_rupiah": income}, month)).share
        return None if found is None else income * (Fraction(0) if found == NOTHING else found)

    if tax.get("of") != "increment":
        return rounded(on(payable), points.get("tax"))
    salary = month.facts.get("salary")
    if salary is None:
        return None
    with_it, without = on(salary + payable), on(salary)
    return None if None in (with_it, without) else rounded(with_it - without, points.get("tax"))
