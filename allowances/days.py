"""Days of a month as rules look at them: decided, in order of date, and what happened on which of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from allowances.plan import AllowancePlan
from attendance.plan import DECIDING, NO_ATTENDANCE
from attendance.rules import dated_text, decide_day, is_decided, with_weekday
from core.money import Exact, MoneyError, exact, exact_sum
from policy.conditions import CaseError

Happened = dict[str, dict[int, Any]]
# Up to so many numbers it is faster to ask a day for each of them than to look through all that it holds.
FEW_NUMBERS = 8


def amount_of(name: str, value: object) -> Exact:
    """A given number, exactly; a float or a word there is an error in the case."""
    if value.__class__ is int:
        return value  # type: ignore[return-value]
    try:
        return exact(value)
    except MoneyError as error:
        raise CaseError(f"{name}: {error}") from error


def stored_days(plan: AllowancePlan, given: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], Happened]:
    """Days as runs freeze them, and what happened on them, in one pass; nothing where one day is otherwise.

    Frozen days are decided, in order of date, hold no empty value and no own fact that has yet to be derived. Other
    days, as cases write them, take the longer way of `days_in_order` and `happened_on`.
    """
    numbers, before = plan.numbers, date.min
    few = plan.day_numbers if len(plan.day_numbers) <= FEW_NUMBERS else ()
    days: list[Mapping[str, Any]] = []
    happened: Happened = defaultdict(dict)
    for position, raw in enumerate(given):
        on = raw.get("date")
        if on.__class__ is not str or "present_days" not in raw:
            return [], {}
        dated = dated_text(on)
        if dated["date"] < before:
            return [], {}
        before = dated["date"]
        if None in raw.values():
            return [], {}
        for name in few or raw:
            if name in raw and name in numbers and raw[name] != 0:
                happened[name][position] = raw[name]
        days.append({**raw, **dated})
    return days, happened


def _decided(
    plan: AllowancePlan, day: Mapping[str, Any], known: Mapping[str, Any], first: date | None
) -> Mapping[str, Any]:
    if is_decided(day):
        return day
    return decide_day(plan.attendance_on(day.get("date", first)) or NO_ATTENDANCE, day, known)


def days_in_order(
    plan: AllowancePlan, raw: list[Mapping[str, Any]], known: Mapping[str, Any], first: date | None
) -> list[Mapping[str, Any]]:
    """Days decided, in order of date; those without a date last."""
    days = [_decided(plan, day, known, first) for day in map(with_weekday, raw)]
    days.sort(key=lambda day: day.get("date", date.max))
    return days


def happened_on(plan: AllowancePlan, days: Sequence[Mapping[str, Any]]) -> Happened:
    """Number of a day -> place of the day -> its value, where it is not 0; None there is unknown."""
    numbers = plan.numbers
    happened: Happened = defaultdict(dict)
    for position, day in enumerate(days):
        for name, value in day.items():
            if name in numbers and value != 0:
                happened[name][position] = value
    return happened


def _sum(name: str, values: Collection[Any]) -> Exact | None:
    """The sum of a number over days; None where an own fact is unknown on one of them."""
    try:
        total = sum(values)
    except TypeError:  # a text or an unknown among them
        total = None
    if total.__class__ is int:
        return total
    amounts = [amount_of(name, value) for value in values if value is not None]
    return exact_sum(amounts) if len(amounts) == len(values) or name in DECIDING else None


def sums_of_days(
    plan: AllowancePlan, happened: Mapping[str, Mapping[int, Any]], extra: Mapping[str, Any]
) -> dict[str, Exact | None]:
    """The sum of every number of a day, by name."""
    sums: dict[str, Exact | None] = dict.fromkeys(plan.day_numbers, 0)
    sums |= {name: _sum(name, by_day.values()) for name, by_day in happened.items()}
    for name, value in extra.items():
        sums[name] = _sum(name, [*happened.get(name, {}).values(), value])
    return sums
