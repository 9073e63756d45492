"""What is given about a person and a month becomes days, sums and own facts (format, sections 6 and 11)."""

import calendar
from fractions import Fraction

from tests.reference.day import decide_day, with_weekday
from tests.reference.scale import period_key
from tests.reference.values import DAY_LABELS, DAY_NUMBERS, DEFAULTS, is_number


class Look:
    """Answers names: the record's own fields first, then the month's and the person's, defaults last."""

    def __init__(self, record, month, periods=False):
        self.record, self.month, self.periods = record, month, periods

    def __call__(self, name):
        if name == "rating":
            return self.rating("same_month")
        for source in (self.record, self.month.facts, DEFAULTS):
            if source.get(name) is not None:
                return source[name]
        return None

    def rating(self, period):
        if "ratings" in self.month.facts:
            ratings = {str(key): value for key, value in self.month.facts["ratings"].items()}
            return ratings.get(period_key(self.month.month, period if self.periods else "same_month"))
        return self.month.facts.get("rating")


class Month:
    """One person's month: `days` decided, `facts` of the month with all sums, `events` by code."""

    def __init__(self, parameters, given, attendance=None):
        self.parameters = parameters
        self.month = str(given["month"]) if "month" in given else None
        self.own = parameters.get("facts") or {}
        self.daily = [name for name, fact in self.own.items() if fact.get("each") == "day"]
        self.daily_numbers = [name for name in self.daily if self.own[name].get("given", "number") == "number"]
        self.numbers = [*DAY_NUMBERS, *self.daily_numbers]
        self.labels = [*DAY_LABELS, *(name for name in self.daily if name not in self.daily_numbers)]
        self.events = given.get("events") or {}
        self.facts = {name: value for name, value in given.items() if name not in ("days", "events")}
        self._class()
        days = self._days_of(given)
        person = {name: value for name, value in self.facts.items() if name not in self.numbers}
        self.days = [
            self._own_of_day(day if day.pop("decided", False) else decide_day(attendance, day, person)) for day in days
        ]
        self._sums()
        self._own_of_month()

    def _class(self):
        change = (self.parameters.get("base") or {}).get("change", "first_day")
        if "classes" in self.facts:
            self.facts["class"] = self.facts["classes"][0 if change == "first_day" else -1]["class"]

    def _days_of(self, given):
        """Days in order of date. Sums without days, and one day told beside the month's facts, are days too."""
        self.added = {}
        if "days" in given:
            self.added = {name: given[name] for name in self.numbers if name in given}
            days = [with_weekday(day) for day in given["days"]]
            return sorted(days, key=lambda day: str(day.get("date", "")))
        keys = [name for name in (*self.numbers, *self.labels, "away") if name in given]
        if any(name in given and name != "calendar" for name in (*self.labels, "away")):
            for name in keys:
                if name != "calendar":
                    del self.facts[name]
            return [with_weekday({name: given[name] for name in keys})]
        numbers = {name: given[name] for name in self.numbers if name in given}
        return [{**dict.fromkeys(DAY_NUMBERS, 0), **numbers, "decided": True}] if numbers else []

    def _own_of_day(self, day):
        for name in self.daily:
            if "given" in self.own[name] and name not in day:
                default = self.own[name].get("default", 0 if name in self.daily_numbers else None)
                if default is not None:
                    day[name] = default
        self._derive(self.daily, day, Look(day, self))
        return day

    def _own_of_month(self):
        monthly = [name for name in self.own if name not in self.daily]
        for name in monthly:
            if "default" in self.own[name]:
                self.facts.setdefault(name, self.own[name]["default"])
        self._derive(monthly, self.facts, Look({}, self))

    def _derive(self, names, target, look):
        waiting = [name for name in names if "given" not in self.own[name]]
        while waiting:
            for name in list(waiting):
                form = next(form for form in ("sum", "least", "greatest") if form in self.own[name])
                terms = self.own[name][form]
                if not any(term in waiting for term in terms):
                    target[name] = _derived(form, terms, look)
                    waiting.remove(name)

    def _sums(self):
        for name in self.numbers:
            values = [day[name] for day in self.days] + [self.added.get(name, 0)]
            self.facts[name] = None if None in values else sum(map(Fraction, values), Fraction(0))

    def calendar_days(self):
        if self.facts.get("calendar_days") is not None:
            return self.facts["calendar_days"]
        return calendar.monthrange(int(self.month[:4]), int(self.month[5:7]))[1] if self.month else None


def _derived(form, terms, look):
    values = [Fraction(term) if is_number(term) else look(term) for term in terms]
    if any(not is_number(value) for value in values):
        return None
    if form == "sum":
        return sum((value * Fraction(times) for value, times in zip(values, terms.values(), strict=True)), Fraction(0))
    return min(values) if form == "least" else max(values)
