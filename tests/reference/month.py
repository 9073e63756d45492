"""From gross to net (format, section 7)."""

from fractions import Fraction

from tests.reference.amounts import gross_of, pay
from tests.reference.facts import Look, Month
from tests.reference.lines import limit, lines_of, spread
from tests.reference.scale import read
from tests.reference.values import apportioned, rounded, share


def evaluate_month(parameters, given, attendance=None, tax_scale=None):
    """Every value of section 8 by name; None is unknown. `events`, `exempt_events` and `flags` stand among them."""
    month = Month(parameters, given, attendance)
    points = parameters.get("rounding") or {}
    values = {name: month.facts[name] for name in month.facts if name in month.numbers or name in month.own}
    values["gross"] = gross = rounded(gross_of(parameters, month.facts), points.get("gross"))
    factors, charges = lines_of("factors", month), lines_of("charges", month)
    spread(charges, parameters)
    replaced = _replaced(factors, parameters)
    flags = limit(charges, parameters, replaced) if parameters.get("components") else []
    parts = {
        name: _component(name, month, gross, factors, charges, replaced.get(name))
        for name in parameters.get("components") or {}
    }
    for name, part in parts.items():
        values |= {f"{name}_{key}": part[key] for key in ("full", "achieved", "cut", "achievement", "cut_rate")}
    paid, total = _total(parts, gross, points, values)
    values |= paid
    _by_criteria(paid, parameters, month, points, values)
    _by_charge(parts, charges, parameters, values)
    pay(month, gross, total, points, tax_scale, values)
    values["events"], values["exempt_events"] = _counts(charges), _counts([line for line in charges if line.exempt])
    values["flags"] = flags
    return values


def _counts(lines):
    counts = {}
    for line in lines:
        counts[line.code] = counts.get(line.code, 0) + line.amount
    return counts


def _replaced(factors, parameters):
    """Component to the share of the last line that replaces it."""
    found = {}
    for line in factors:
        rule = parameters["factors"][line.rule]
        if rule.get("replaces") and not line.exempt:
            found |= dict.fromkeys(rule.get("hits") or parameters.get("components") or {}, line.share)
    return found


def _hits(rule, name):
    return "hits" not in rule or name in rule["hits"]


def _component(name, month, gross, factors, charges, replaced):
    parameters = month.parameters
    definition, points = parameters["components"][name], parameters.get("rounding") or {}
    product = Fraction(1)
    for line in factors:
        if _hits(parameters["factors"][line.rule], name) and not line.exempt:
            product *= line.share
    if replaced is not None:
        product, achievement, rate = replaced, Fraction(1), Fraction(0)
    else:
        achievement = (
            read(definition["achievement"], Look({}, month, periods=True)).share if "achievement" in definition else 1
        )
        points_off = sum(line.share for line in _point_lines(name, charges, parameters) if not line.exempt)
        achievement = None if achievement is None else max(achievement - points_off, Fraction(0))
        rate = sum((line.shares.get(name, Fraction(0)) for line in charges if not line.exempt), Fraction(0))
    full = None if gross is None else gross * share(definition["weight"]) * product
    achieved = None if full is None or achievement is None else rounded(full * achievement, points.get("achieved"))
    basis = full if definition.get("cuts_of") == "full" else achieved
    cut = component = None
    if achieved is not None:
        cut = min(rounded(basis * rate, points.get("cut")), achieved)
        component = rounded(achieved - cut, points.get("component"))
    return {
        "full": full,
        "achievement": achievement,
        "achieved": achieved,
        "cut_rate": rate,
        "cut": cut,
        "paid": component,
        "basis": basis,
        "replaced": replaced is not None,
    }


def _point_lines(name, charges, parameters):
    for line in charges:
        rule = parameters["charges"][line.rule]
        if rule.get("of") == "achievement" and _hits(rule, name):
            yield line


def _total(parts, gross, points, values):
    """What each component pays after apportioning, and the sum; `cuts` goes to values."""
    paid = {name: part["paid"] for name, part in parts.items()}
    if not parts:
        values["cuts"] = Fraction(0)
        return {}, Fraction(0)
    if None in paid.values():
        values["cuts"] = None
        return paid, None
    cuts = rounded(gross - sum(paid.values()), points.get("cuts"))
    total = max(rounded(gross - cuts, points.get("allowance")), Fraction(0))
    values["cuts"] = gross - total
    point = points.get("cuts") or points.get("allowance")
    if point:
        paid = dict(zip(paid, apportioned(list(paid.values()), total, point["to"]), strict=True))
    return paid, total


def _by_criteria(paid, parameters, month, points, values):
    given = month.facts.get("criteria")
    base = parameters.get("base") or {}
    if base.get("by") not in ("criteria", "basic") or not given:
        return
    weights = {name: share(given[name]) if base["by"] == "basic" else Fraction(given[name]) for name in given}
    whole = sum(weights.values())
    totals = dict.fromkeys(weights, Fraction(0))
    for name, amount in paid.items():
        if amount is None:
            parts = [None] * len(weights)
        else:
            parts = [amount * weight / whole for weight in weights.values()]
            if "criterion" in points:
                parts = apportioned(parts, amount, points["criterion"]["to"])
        for criterion, part in zip(weights, parts, strict=True):
            values[f"{name}.{criterion}"] = part
            known = part is not None and totals[criterion] is not None
            totals[criterion] = totals[criterion] + part if known else None
    values |= {f"allowance.{name}": amount for name, amount in totals.items()}


def _by_charge(parts, charges, parameters, values):
    """What each charge took and would have taken, before rounding."""
    for rule_name, rule in (parameters.get("charges") or {}).items():
        for prefix, exempt in (("cut", False), ("exempt", True)):
            total = Fraction(0)
            for line in (line for line in charges if line.rule == rule_name and line.exempt == exempt):
                for name, part in parts.items():
                    if not _hits(rule, name) or part["replaced"]:
                        continue
                    basis = part["full"] if rule.get("of") == "achievement" else part["basis"]
                    took = line.share if rule.get("of") == "achievement" else line.shares.get(name, Fraction(0))
                    if took:
                        total = None if total is None or basis is None else total + basis * took
            values[f"{prefix}.{rule_name}"] = total
