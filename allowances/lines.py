"""Lines: what every rule makes of its records, and what caps leave of them (regulation format, §3, §5, §7, §11)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from allowances.given import MonthFacts, amount_of, day_look, record_look
from allowances.plan import AllowancePlan, AllowanceRule
from core.money import Exact
from policy.conditions import CaseError, Look, label_key
from policy.scales import Reading

OPEN_PLACES = ("holiday", "day_off")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a rule. `shares` is what remains of it on each component after caps; `day` tells days apart.

    `asked` is the share on each component before caps; `freed` says by what a line costs nothing: `except` (a
    condition), `free` or `combine`, else empty. `event`: the line was given as a count by code. `limits` names the
    caps that took something of it.
    """

    rule: AllowanceRule
    code: str
    share: Exact
    count: Exact
    on: date | None
    day: int | None
    record: Mapping[str, Any]
    freed: str
    rupiah: bool
    shares: Mapping[str, Exact]
    asked: Exact
    event: bool = False
    limits: tuple[str, ...] = ()

    @property
    def exempt(self) -> bool:
        """Whether the line is shown and costs nothing."""
        return self.freed != ""


def _records(
    plan: AllowancePlan, rule: AllowanceRule, facts: MonthFacts
) -> Iterator[tuple[Mapping[str, Any], int | None, Look]]:
    if rule.each == "day":
        for position, day in enumerate(facts.days):
            if not (rule.silent_at_zero and not day.get(rule.fact)):
                yield day, position, day_look(plan, day, facts)
    elif rule.each == "month":
        yield {}, None, facts.look
    elif rule.each in ("week", "run"):
        for group in _groups(plan, rule, facts):
            sums = {name: _sum_of(name, group) for name in plan.day_numbers}
            record = {**sums, **({"date": group[0]["date"]} if "date" in group[0] else {})}
            yield record, None, record_look(record, facts)
    else:
        for record in facts.given.get({"leave": "leaves", "sanction": "sanctions", "post": "posts"}[rule.each]) or ():
            yield record, None, record_look(record, facts)


def _sum_of(name: str, group: list[Mapping[str, Any]]) -> Exact | None:
    """The sum over days; None where an own fact of one of them is unknown."""
    values = [day.get(name, 0) for day in group]
    return None if None in values else sum(amount_of(name, value) for value in values)


def _groups(plan: AllowancePlan, rule: AllowanceRule, facts: MonthFacts) -> list[list[Mapping[str, Any]]]:
    """Days of one ISO week, or of one unbroken run; labels in conditions choose the days that are summed.

    A run is broken by a working day on which the fact is 0, also where `when` does not choose that day; a day that
    `except` leaves out breaks nothing.
    """
    groups: list[list[Mapping[str, Any]]] = []
    last: object = None
    for day in facts.days:
        look = day_look(plan, day, facts)
        if any(test(look) for test in rule.choose_except):
            continue
        if rule.each == "week":
            key: object = tuple(day["date"].isocalendar()[:2]) if "date" in day else "undated"
        elif label_key(look("place")) in OPEN_PLACES:
            continue
        else:
            key = "run" if rule.fact and look(rule.fact) else None
        if key is not None:
            if not groups or key != last:
                groups.append([])
            if rule.choose_when is None or rule.choose_when(look):
                groups[-1].append(day)
        last = key
    return [group for group in groups if group]


def _prorated(rule: AllowanceRule, share: Exact, look: Look, record: Mapping[str, Any]) -> Exact | None:
    if rule.prorate is None:
        return share
    days, whole = record.get("days"), look(rule.prorate)
    if days is None or not whole:
        return None
    part = Fraction(amount_of("days", days)) / amount_of(rule.prorate, whole)
    return 1 - (1 - share) * part if rule.verb == "factors" else share * part


def _line(
    rule: AllowanceRule, reading: Reading | None, record: Mapping[str, Any], day: int | None, look: Look
) -> Line | None:
    if reading is None or reading.share is None:
        return None
    share = _prorated(rule, reading.share, look, record)
    if share is None or (not rule.replaces and share == (1 if rule.verb == "factors" else 0)):
        return None
    each = share
    if rule.verb == "charges" and rule.of == "gross":
        each = Fraction(share) / rule.weight_of_hits if rule.weight_of_hits else 0
    freed = "except" if any(test(look) for test in rule.excepts) else ""
    on = record.get("date")
    shares = dict.fromkeys(rule.hits, each) if rule.verb == "charges" else {}
    code = reading.code or rule.name
    return Line(rule, code, share, reading.count, on, day, record, freed, reading.rupiah, shares, each)


EVENTS_APART = 1_000_000_000


def _event_lines(rule: AllowanceRule, plan: AllowancePlan, facts: MonthFacts) -> Iterator[Line | None]:
    """Lines of the counts that were given, codes in document order."""
    given = facts.given.get("events")
    if not given or any(test is not None and not test(facts.look) for test in (rule.when, rule.choose_when)):
        return
    counts = {str(name): count for name, count in given.items()}
    for position, (code, (charge, band)) in enumerate(plan.codes.items()):
        if charge is not rule or code not in counts:
            continue
        count = amount_of(code, counts[code])
        whole = isinstance(count, int)
        if count < 0 or (band is not None and not whole):
            raise CaseError(f"events.{code}: jumlah {count} tidak mungkin")
        singly = band is not None or (
            rule.each == "day" and whole and "unit" not in rule.spec and "after" not in rule.spec
        )
        for number in range(int(count) if singly else int(count > 0)):
            record: dict[str, Any] = {"place": "office"} if singly else {}
            look = day_look(plan, record, facts) if singly else facts.look
            reading = band or rule.at(1 if singly else count)
            # A day of its own for each: below every real day, and never the same for two codes. An amount is no day.
            day = -1 - number - position * EVENTS_APART if singly else None
            line = _line(rule, reading, record, day, look)
            yield None if line is None else replace(line, event=True)


def lines_of(plan: AllowancePlan, rule: AllowanceRule, facts: MonthFacts) -> list[Line]:
    """The lines of one rule: records, then events; freed by `free`, then by `combine`."""
    made: list[Line | None] = []
    for record, day, look in _records(plan, rule, facts):
        if rule.when is None or rule.when(look):
            made.append(_line(rule, rule.scale(look), record, day, look))
    if rule.verb == "charges":
        made.extend(_event_lines(rule, plan, facts))
    lines = [line for line in made if line is not None]
    costing = [position for position, line in enumerate(lines) if not line.exempt]
    freed = dict.fromkeys(costing[: rule.free], "free")
    left = costing[rule.free :]
    if rule.combine != "sum" and left:
        pick = max if rule.combine == "max" else min
        kept = pick(left, key=lambda position: lines[position].share)
        freed |= {position: "combine" for position in left if position != kept}
    return [
        replace(line, freed=freed.get(position, line.freed)) if position in freed else line
        for position, line in enumerate(lines)
    ]


def check_events(plan: AllowancePlan, facts: MonthFacts) -> None:
    """Refuse codes that the document does not have, or that may not be given."""
    for name in facts.given.get("events") or {}:
        if str(name) not in plan.codes:
            raise CaseError(f"Kode {name} tidak dapat diberikan; yang dikenal: {', '.join(plan.codes)}")


def apply_caps(plan: AllowancePlan, lines: list[Line], replaced: frozenset[str]) -> tuple[list[Line], tuple[str, ...]]:
    """Day caps, then month caps: on each component lines keep their shares in order until the limit is reached."""
    flags: list[str] = []
    for cap in plan.caps:
        used: dict[tuple[str, date | int | None], Exact] = {}
        for position, line in enumerate(lines):
            if line.freed or line.rule.of == "achievement" or line.rule.name not in cap.charges:
                continue
            if cap.per == "day" and line.day is None:
                continue
            left = dict(line.shares)
            for component, share in line.shares.items():
                key = (component, (line.on or line.day) if cap.per == "day" else None)
                before = used.get(key, 0)
                used[key] = before + share
                if not cap.flag:
                    left[component] = max(min(share, cap.at - before), 0)
                elif used[key] > cap.at and component not in replaced and cap.name not in flags:
                    flags.append(cap.name)
            if left != line.shares:
                lines[position] = replace(line, shares=left, limits=(*line.limits, cap.name))
    return lines, tuple(flags)
