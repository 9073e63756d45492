"""Rules make lines of records; caps limit them (format, sections 3, 5 and 7)."""

from dataclasses import dataclass, field
from fractions import Fraction

from tests.reference.facts import Look
from tests.reference.scale import NOTHING, read
from tests.reference.values import holds, share, word


@dataclass
class Line:
    """One rule on one record. `shares` is filled for charges: what each component loses, before rounding."""

    rule: str
    code: str
    share: Fraction
    amount: Fraction
    rupiah: bool = False
    record: dict = field(default_factory=dict)
    day: object = None
    exempt: bool = False
    shares: dict = field(default_factory=dict)


def lines_of(verb, month):
    """All lines of one list of rules, in document order and then by record, with `free` and `combine` done."""
    found = []
    for name, rule in (month.parameters.get(verb) or {}).items():
        lines = _of_rule(name, rule, verb, month)
        left = rule.get("free", 0)
        for line in lines:
            if not line.exempt and left > 0:
                line.exempt, left = True, left - 1
        counting = [line for line in lines if not line.exempt]
        if rule.get("combine", "sum") != "sum" and counting:
            choose = max if rule["combine"] == "max" else min
            kept = choose(counting, key=lambda line: line.share)
            for line in counting:
                line.exempt = line is not kept
        found += lines
    return found


def _of_rule(name, rule, verb, month):
    each = rule.get("each", "day" if verb == "charges" else "month")
    lines = []
    for number, record in enumerate(_records(rule, verb, each, month)):
        line = _line(name, rule, verb, Look(record, month), record)
        if line is not None:
            line.exempt = _is_exempt(rule, verb, each, Look(record, month), month)
            line.day = ("day", number) if each == "day" else None
            lines.append(line)
    return lines + (_event_lines(name, rule, each, month) if verb == "charges" else [])


def _is_exempt(rule, verb, each, look, month):
    conditions = _exceptions(rule, verb, month)
    if each in ("week", "run"):
        conditions = [one for one in conditions if not set(one) & set(month.labels)]
    return any(holds(one, look) for one in conditions)


def _exceptions(rule, verb, month):
    conditions = [rule["except"]] if "except" in rule else []
    if verb == "charges" and "exempt" in month.parameters:
        conditions.append(month.parameters["exempt"])
    return conditions


def _line(name, rule, verb, look, record):
    if "when" in rule and "chosen" not in record and not holds(rule["when"], look):
        return None
    found = read(rule, look)
    if found.share is None or found.share == NOTHING:
        return None
    part = found.share
    if "prorate" in rule:
        whole = look("working_days") if rule["prorate"] == "working_days" else look.month.calendar_days()
        days = record.get("days")
        if whole is None or days is None:
            return None
        part = Fraction(days) / Fraction(whole) * (1 - part if verb == "factors" else part)
        part = 1 - part if verb == "factors" else part
    if part == (1 if verb == "factors" else 0) and not (rule.get("replaces") and part):
        return None
    return Line(name, found.code or name, part, found.amount, found.rupiah, record)


def _records(rule, verb, each, month):
    if each == "day":
        return month.days
    if each == "month":
        return [{}]
    if each in ("leave", "sanction", "post"):
        return month.facts.get(f"{each}s") or []
    when, numbers = _by_label(rule.get("when", {}), month)
    spared = [_by_label(one, month)[0] for one in _exceptions(rule, verb, month)]
    days = [day for day in month.days if not any(one and holds(one, Look(day, month)) for one in spared)]
    records = []
    for group in _weeks(days) if each == "week" else _runs(days, rule["fact"]):
        days = [day for day in group if holds(when, Look(day, month))]
        record = {name: _sum(day[name] for day in days) for name in month.numbers}
        if days and holds(numbers, Look(record, month)):
            records.append(record | {"chosen": True})
    return records


def _by_label(condition, month):
    """What chooses days of a week or run, and what is asked of the sum: without a day label, all of it."""
    if not set(condition) & set(month.labels):
        return {}, condition
    chosen = {name: wanted for name, wanted in condition.items() if name not in month.numbers}
    return chosen, {name: wanted for name, wanted in condition.items() if name in month.numbers}


def _sum(values):
    values = list(values)
    return None if None in values else sum(map(Fraction, values), Fraction(0))


def _weeks(days):
    groups = {}
    for day in days:
        groups.setdefault(day["date"].isocalendar()[:2] if "date" in day else None, []).append(day)
    return list(groups.values())


def _runs(days, fact):
    groups, current = [], []
    for day in days:
        if word(day.get("place", "office")) in ("holiday", "day_off"):
            continue  # no working day: neither counted nor a break
        if day.get(fact):
            current.append(day)
        else:
            groups.append(current)
            current = []
    return [group for group in [*groups, current] if group]


def _event_lines(name, rule, each, month):
    """Lines of the counts that were given by code, each of its own rule only."""
    whole = Look({}, month)
    office = Look({"place": "office", **dict.fromkeys(month.numbers, 0)}, month)
    lines = []
    if "when" in rule and not holds(rule["when"], whole):
        return []
    for scale in (rule, *(rule.get("labels") or {}).values()):
        bands = scale.get("bands") if isinstance(scale, dict) else None
        for code, band in bands.items() if isinstance(bands, dict) else ():
            for number in range(int(month.events.get(code, 0))):
                lines.append(Line(name, code, share(band[2]), Fraction(1), day=(code, number)))
    count = Fraction(month.events.get(name, 0))
    single = each == "day" and count.denominator == 1 and not {"unit", "after"} & set(rule)
    if "rate" in rule and count:
        for number in range(int(count) if single else 1):
            amount = Fraction(1) if single else count
            found = read(rule, lambda _, amount=amount: amount)
            lines.append(Line(name, name, found.share, found.amount, day=(name, number) if single else None))
    lines = [line for line in lines if line.share]
    for line in lines:
        line.exempt = _is_exempt(rule, "charges", each, office if line.day else whole, month)
    return lines


def spread(lines, parameters):
    """Fill the shares of charge lines on each component that they hit; points of the achievement have none."""
    components = parameters.get("components") or {}
    for line in lines:
        rule = parameters["charges"][line.rule]
        hit = rule.get("hits") or list(components)
        if rule.get("of") == "achievement":
            continue
        weights = sum(share(components[name]["weight"]) for name in hit)
        line.shares = {name: line.share / weights if rule.get("of") == "gross" else line.share for name in hit}


def limit(lines, parameters, replaced):
    """Apply caps to the shares of lines: day caps, then month caps, in document order. The names that flag."""
    caps = parameters.get("caps") or {}
    flags = []
    for name, cap in sorted(caps.items(), key=lambda item: item[1]["per"] != "day"):
        rules = list(cap.get("charges", parameters.get("charges") or {}))
        if cap["per"] == "day":
            rules = [name for name in rules if parameters["charges"][name].get("each", "day") == "day"]
        mine = [line for line in lines if not line.exempt and line.rule in rules]
        groups = {None: mine}
        if cap["per"] == "day":
            groups = {}
            for line in mine:
                if line.day is not None:
                    groups.setdefault(line.record.get("date", line.day), []).append(line)
        for group in groups.values():
            if _limit_group(group, cap, set(parameters["components"]) - set(replaced)) and name not in flags:
                flags.append(name)
    return flags


def _limit_group(group, cap, components):
    at, flagged = share(cap["at"]), False
    for component in components:
        total = Fraction(0)
        for line in group:
            part = line.shares.get(component, Fraction(0))
            if cap.get("over") != "flag" and part:
                line.shares[component] = min(part, at - total)
                part = line.shares[component]
            total += part
        flagged |= total > at
    return flagged and cap.get("over") == "flag"
