"""Lines: what every rule makes of its records (regulation format, §3, §5, §7, §11); caps.py takes off limits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from allowances.days import amount_of
from allowances.given import MonthFacts, day_look, record_look
from allowances.plan import AllowancePlan, AllowanceRule
from core.money import Exact
from policy.conditions import CaseError, Look, label_key
from policy.scales import Reading

OPEN_PLACES = ("holiday", "day_off")
NEVER: Mapping[int, Any] = {}
SEEN_AT_MOST = 2_000


@dataclass(slots=True)
class Line:
    """One line of a rule. `shares` is what remains of it on each component after caps; `day` tells days apart.

    `asked` is the share on each component before caps; `freed` says by what a line costs nothing: `except` (a
    condition), `free` or `combine`, else empty. `event`: the line was given as a count by code. `limits` names the
    caps that took something of it. Nothing changes a line; it is not frozen because it is made millions of times a
    night, and freezing takes six times as long.
    """

    rule: AllowanceRule
    code: str
    share: Exact
    count: Exact
    rupiah: bool
    shares: Mapping[str, Exact]
    asked: Exact
    freed: str
    on: date | None
    day: int | None
    record: Mapping[str, Any]
    event: bool = False
    limits: tuple[str, ...] = ()

    @property
    def exempt(self) -> bool:
        """Whether the line is shown and costs nothing."""
        return self.freed != ""


Made = tuple[AllowanceRule, str, Exact, Exact, bool, Mapping[str, Exact], Exact]


def _records(
    plan: AllowancePlan, rule: AllowanceRule, facts: MonthFacts
) -> Iterator[tuple[Mapping[str, Any], int | None, Look]]:
    if rule.each == "day":
        for position, day in enumerate(facts.days):
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


def _made(rule: AllowanceRule, reading: Reading | None, look: Look, record: Mapping[str, Any]) -> Made | None:
    """What a reading makes of a rule: the first fields of its line; None where there is no line."""
    if reading is None or reading.share is None:
        return None
    share = _prorated(rule, reading.share, look, record)
    if share is None or (not rule.replaces and share == (1 if rule.verb == "factors" else 0)):
        return None
    each = share
    if rule.verb == "charges" and rule.of == "gross":
        each = Fraction(share) / rule.weight_of_hits if rule.weight_of_hits else 0
    shares = dict.fromkeys(rule.hits, each) if rule.verb == "charges" else {}
    return rule, reading.code or rule.name, share, reading.count, reading.rupiah, shares, each


def _freed(rule: AllowanceRule, look: Look) -> str:
    for test in rule.excepts:
        if test(look):
            return "except"
    return ""


def _lines_of_days(plan: AllowancePlan, rule: AllowanceRule, facts: MonthFacts) -> list[Line]:
    """Lines of a rule that is silent at zero: only days on which its fact happened are looked at."""
    lines: list[Line] = []
    seen, when, excepts = rule.seen, rule.when, rule.excepts
    for position, value in facts.happened.get(str(rule.fact), NEVER).items():
        day = facts.days[position]
        look = day_look(plan, day, facts)
        if when is not None and not when(look):
            continue
        made = seen.get(value, seen) if value.__class__ is int else seen
        if made is seen:
            made = _made(rule, rule.scale(look), look, day)
            if value.__class__ is int and len(seen) < SEEN_AT_MOST:
                seen[value] = made
        if made is not None:
            freed = _freed(rule, look) if excepts else ""
            lines.append(Line(*made, freed, day.get("date"), position, day))
    return lines


def _lines_of_records(plan: AllowancePlan, rule: AllowanceRule, facts: MonthFacts) -> list[Line]:
    lines: list[Line] = []
    for record, day, look in _records(plan, rule, facts):
        if rule.when is None or rule.when(look):
            made = _made(rule, rule.scale(look), look, record)
            if made is not None:
                lines.append(Line(*made, _freed(rule, look), record.get("date"), day, record))
    return lines


EVENTS_APART = 1_000_000_000
# More lines than any month could hold: a count beyond it is a slip of the pen.
MAX_EVENTS = 100_000


def _is_singly(rule: AllowanceRule, band: Reading | None, count: Exact) -> bool:
    """Whether each of the events makes a line of its own; an amount (of minutes, say) makes one line."""
    whole = isinstance(count, int)
    return band is not None or (rule.each == "day" and whole and "unit" not in rule.spec and "after" not in rule.spec)


def _event_lines(rule: AllowanceRule, plan: AllowancePlan, facts: MonthFacts) -> Iterator[Line]:
    """Lines of the counts that were given, codes in document order."""
    given = facts.given.get("events")
    if not given or any(test is not None and not test(facts.look) for test in (rule.when, rule.choose_when)):
        return
    counts = {str(name): count for name, count in given.items()}
    for position, (code, (charge, band)) in enumerate(plan.codes.items()):
        if charge is not rule or code not in counts:
            continue
        count = amount_of(code, counts[code])
        if count < 0 or (band is not None and not isinstance(count, int)):
            raise CaseError(f"events.{code}: jumlah {count} tidak mungkin")
        singly = _is_singly(rule, band, count)
        for number in range(int(count) if singly else int(count > 0)):
            record: dict[str, Any] = {"place": "office"} if singly else {}
            look = day_look(plan, record, facts) if singly else facts.look
            reading = band or (rule.scale(look) if rule.fact is None else rule.at(1 if singly else count))
            # A day of its own for each: below every real day, and never the same for two codes. An amount is no day.
            day = -1 - number - position * EVENTS_APART if singly else None
            made = _made(rule, reading, look, record)
            if made is not None:
                yield Line(*made, _freed(rule, look), None, day, record, event=True)


def lines_of(plan: AllowancePlan, rule: AllowanceRule, facts: MonthFacts) -> list[Line]:
    """The lines of one rule: records, then events; freed by `free`, then by `combine`."""
    lines = (_lines_of_days if rule.silent_at_zero else _lines_of_records)(plan, rule, facts)
    if rule.verb == "charges" and "events" in facts.given:
        lines.extend(_event_lines(rule, plan, facts))
    if rule.free or rule.combine != "sum":
        _free_some(rule, lines)
    return lines


def _free_some(rule: AllowanceRule, lines: list[Line]) -> None:
    """Free the first lines that cost something, as many as `free` says, then by `combine` all but one."""
    costing = [position for position, line in enumerate(lines) if not line.exempt]
    freed = dict.fromkeys(costing[: rule.free], "free")
    left = costing[rule.free :]
    if rule.combine != "sum" and left:
        pick = max if rule.combine == "max" else min
        kept = pick(left, key=lambda position: lines[position].share)
        freed |= {position: "combine" for position in left if position != kept}
    for position, why in freed.items():
        lines[position] = replace(lines[position], freed=why)


def check_events(plan: AllowancePlan, facts: MonthFacts) -> None:
    """Refuse codes that the document does not have, or that may not be given, and more events than could happen."""
    apart: Exact = 0
    for name, value in (facts.given.get("events") or {}).items():
        if str(name) not in plan.codes:
            raise CaseError(f"Kode {name} tidak dapat diberikan; yang dikenal: {', '.join(plan.codes)}")
        count = amount_of(str(name), value)
        if _is_singly(*plan.codes[str(name)], count):
            apart += max(count, 0)
        if apart > MAX_EVENTS:
            raise CaseError(f"events.{name}: terlalu banyak kejadian; paling banyak {MAX_EVENTS} dalam satu bulan")
