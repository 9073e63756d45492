"""Conditions of regulation documents: names and values, never formulas (regulation format, section 3).

`compile_condition` turns `{place: home, class: {from: 15}}` into a function of a look-up; a fact that was not given
makes it false. Also here: how labels are compared, and the error for a case that the rules cannot answer.
"""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction

from core.money import MoneyError, exact

Look = Callable[[str], object]
Test = Callable[[Look], bool]


class CaseError(ValueError):
    """The facts given cannot be answered by the document: a class outside its table, an unknown code, a bad time."""


def label_key(value: object) -> str:
    """What labels and values are compared by: case does not matter, a space equals an underscore."""
    if isinstance(value, str):
        return value.replace(" ", "_").casefold()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def annotates(name: object, value: object) -> bool:
    """Whether an entry of a block of names is a remark for readers, which any block may carry (format §2)."""
    return name in ("article", "note", "label") and not isinstance(value, Mapping | list)


def as_date(value: object) -> date | None:
    """A date or ISO text as a date; None for anything else."""
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return None


def _position(value: object) -> Fraction | int | None:
    """Where a value stands on the line that ranges cut: numbers as they are, dates by their ordinal."""
    on = as_date(value)
    if on is not None:
        return on.toordinal()
    if isinstance(value, bool):
        return None
    try:
        return exact(value)
    except MoneyError:
        return None


def _range_test(name: str, bounds: Mapping[str, object]) -> Test:
    lowest = None if bounds.get("from") is None else _position(bounds["from"])
    limit = None if bounds.get("to") is None else _position(bounds["to"])
    by_date = any(as_date(bounds.get(end)) is not None for end in ("from", "to"))

    def within(look: Look) -> bool:
        value = look(name)
        if value is None or (as_date(value) is not None) != by_date:
            return False
        position = _position(value)
        if position is None:
            return False
        return (lowest is None or position >= lowest) and (limit is None or position < limit)

    return within


def _one_of_test(name: str, allowed: frozenset[str]) -> Test:
    seen: dict[str, bool] = {}

    def among(look: Look) -> bool:
        value = look(name)
        if value is None:
            return False
        if value.__class__ is not str:
            return label_key(value) in allowed
        found = seen.get(value)
        if found is None:
            found = label_key(value) in allowed
            if len(seen) < 1000:
                seen[value] = found
        return bool(found)

    return among


def compile_condition(condition: Mapping[str, object] | None) -> Test | None:
    """A test of all names of the condition; None where there is no condition (it always holds)."""
    tests: list[Test] = []
    for name, wanted in (condition or {}).items():
        if annotates(name, wanted):
            continue
        if isinstance(wanted, Mapping):
            tests.append(_range_test(str(name), wanted))
        else:
            values = wanted if isinstance(wanted, (list, tuple)) else [wanted]
            tests.append(_one_of_test(str(name), frozenset(label_key(value) for value in values)))
    if not tests:
        return None
    if len(tests) == 1:
        return tests[0]
    together = tuple(tests)
    return lambda look: all(test(look) for test in together)


def split_condition(
    condition: Mapping[str, object] | None, labels: frozenset[str], numbers: frozenset[str]
) -> tuple[dict[str, object], dict[str, object]]:
    """The condition of a week or run in two: what chooses its days, and what is asked of their sum.

    Without a label of a day all of it is asked of the sum; with one, everything but numbers of a day chooses.
    """
    names = {name: value for name, value in (condition or {}).items() if not annotates(name, value)}
    if labels.isdisjoint(names):
        return {}, names
    summed = {name: value for name, value in names.items() if name in numbers and name not in labels}
    return {name: value for name, value in names.items() if name not in summed}, summed
