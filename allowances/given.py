"""What was given becomes days and a month that conditions and scales can look into (regulation format, §6, §7, §11)."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from allowances.days import amount_of, days_in_order, happened_on, stored_days, sums_of_days
from allowances.plan import AllowancePlan, OwnFact
from attendance.plan import DEFAULTS
from core.money import Exact, exact_sum
from policy.conditions import CaseError, Look, label_key

NOT_OF_MONTH = frozenset({"days", "events", "classes", "month"})


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """Days in order of date, and everything of the month and the person by name.

    `happened`: for every number of a day, place in `days` -> value where it is not 0, which is on few days.
    """

    days: tuple[Mapping[str, Any], ...]
    month: Mapping[str, Any]
    given: Mapping[str, Any]
    happened: Mapping[str, Mapping[int, Any]]

    def look(self, name: str) -> object:
        """A fact of the month or its default; None where neither stands."""
        value = self.month.get(name)
        return DEFAULTS.get(name) if value is None else value


def day_look(plan: AllowancePlan, day: Mapping[str, Any], facts: MonthFacts) -> Look:
    """A day's own facts first, 0 for numbers it does not mention, then the month's and the person's, then defaults."""
    numbers, labels = plan.numbers, plan.day_labels

    def look(name: str) -> object:
        value = day.get(name)
        if value is not None:
            return value
        if name in numbers:  # true or false is no number, and an own fact made of something not given is unknown
            return None if name in labels or name in day else 0
        return facts.look(name)

    return look


def record_look(record: Mapping[str, Any], facts: MonthFacts) -> Look:
    """A record's own fields first, then the month's and the person's."""

    def look(name: str) -> object:
        value = record.get(name)
        return facts.look(name) if value is None else value

    return look


def _first_of(month: object) -> date | None:
    if isinstance(month, date):
        return month.replace(day=1)
    try:
        return date.fromisoformat(f"{month}-01") if month is not None else None
    except ValueError as error:
        raise CaseError(f"Bulan ditulis seperti 2025-11, bukan {month!r}") from error


def _raw_days(plan: AllowancePlan, given: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], bool, dict[str, Any]]:
    """(days, whether they are already decided, sums that are added to the month only)."""
    numbers = {name: given[name] for name in plan.day_numbers if name in given}
    if "days" in given:
        return list(given["days"]), False, numbers
    marks = {name: given[name] for name in (plan.day_labels - {"calendar"}) | {"away"} if name in given}
    if marks:
        day = {**marks, **numbers}
        if "calendar" in given:
            day["calendar"] = given["calendar"]
        return [day], False, {}
    return ([numbers], True, {}) if numbers else ([], True, {})


def _derive(fact: OwnFact, look: Look) -> Exact | None:
    values: list[Exact] = []
    for term, times in fact.terms:
        value = look(term) if isinstance(term, str) else term
        if value is None:
            return None
        values.append(amount_of(str(term), value) * times)
    if not values:
        return None
    if fact.kind == "sum":
        return exact_sum(values)
    return min(values) if fact.kind == "least" else max(values)


def _ratings(month: dict[str, Any], ratings: Mapping[Any, Any] | None, first: date | None) -> None:
    """The rating that acts, and those of the periods before, by the names that scales ask for."""
    rating = month.get("rating")
    if ratings is None:
        for period in ("previous_month", "previous_quarter", "previous_year"):
            month[f"rating@{period}"] = rating
        return
    by_period = {str(period): label for period, label in ratings.items()}
    month["rating"] = None
    if first is None:
        return
    months = first.year * 12 + first.month - 2
    quarters = first.year * 4 + (first.month - 1) // 3 - 1
    month["rating"] = by_period.get(f"{first:%Y-%m}")
    month["rating@previous_month"] = by_period.get(f"{months // 12}-{months % 12 + 1:02d}")
    month["rating@previous_quarter"] = by_period.get(f"{quarters // 4}-Q{quarters % 4 + 1}")
    month["rating@previous_year"] = by_period.get(str(first.year - 1))


def acting_class(plan: AllowancePlan, given: Mapping[str, Any]) -> object:
    """The class that conditions see: of the first or the last day where several were held."""
    classes = given.get("classes")
    if not classes:
        return given.get("class")
    return classes[0 if (plan.base.get("change") or "first_day") == "first_day" else -1].get("class")


def _own_of_days(
    plan: AllowancePlan, days: list[Mapping[str, Any]], month: Mapping[str, Any]
) -> list[Mapping[str, Any]]:
    own = [fact for fact in plan.own_facts if fact.by_day]
    if not own:
        return days
    made = []
    for day in days:
        facts = dict(day)
        look = day_look(plan, facts, MonthFacts((), month, month, {}))
        for fact in own:
            if fact.terms:
                facts[fact.name] = _derive(fact, look)
            elif facts.get(fact.name) is None and fact.default is not None:
                facts[fact.name] = fact.default
        made.append(facts)
    return made


def read_given(plan: AllowancePlan, given: Mapping[str, Any]) -> MonthFacts:
    """Days decided and in order of date, own facts, sums: everything that rules may look at. Raises CaseError."""
    known = {name: value for name, value in given.items() if value is not None}
    first = _first_of(known.get("month"))
    raw, as_given, extra = _raw_days(plan, known)
    numbers = plan.numbers
    month = {name: value for name, value in known.items() if name not in numbers and name not in NOT_OF_MONTH}
    if raw and not as_given and "days" not in known:
        month = {name: v for name, v in month.items() if name == "calendar" or name not in plan.day_labels}
    for fact in plan.own_facts:
        if not fact.terms and not fact.by_day and fact.name not in month and fact.default is not None:
            month[fact.name] = fact.default
    month["class"] = acting_class(plan, known)
    own_of_days = any(fact.by_day for fact in plan.own_facts)
    days, happened = ([], {}) if own_of_days or as_given else stored_days(plan, raw)
    if not days:
        days = raw if as_given else days_in_order(plan, raw, month, first)
    if first is None and days and "date" in days[0]:
        first = days[0]["date"].replace(day=1)
    if first is not None and "calendar_days" not in month:
        month["calendar_days"] = monthrange(first.year, first.month)[1]
    _ratings(month, known.get("ratings"), first)
    if own_of_days or not happened:
        days = _own_of_days(plan, days, month)
        happened = happened_on(plan, days)
    month |= sums_of_days(plan, happened, extra)
    facts = MonthFacts(tuple(days), month, known, happened)
    for fact in plan.own_facts:
        if fact.terms and not fact.by_day:
            month[fact.name] = _derive(fact, facts.look)
    return facts


def class_amount(plan: AllowancePlan, job_class: object) -> Exact:
    """The amount of a class in the document's table; a class outside it is an error in the case."""
    amount = plan.classes.get(label_key(job_class))
    if amount is None:
        raise CaseError(f"Kelas {job_class} tidak ada dalam tabel {plan.document.id}: {', '.join(plan.classes)}")
    return amount
