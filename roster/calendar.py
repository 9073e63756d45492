"""What kind of day a date is: joint holidays from the calendar documents, local ones from rows, working days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.prepared import Prepared
from core.rows import columns, instance
from policy.documents import Library
from policy.queries import library
from roster.models import Government, Holiday

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NATIONAL = "indonesia"
DEFAULT_WORKING = {"five_day": WEEKDAYS[:5], "six_day": WEEKDAYS[:6]}


@dataclass(frozen=True)
class CalendarDay:
    """One date for one government. `holiday` is its name, `source` the decree; `working` names the calendars."""

    on: date
    holiday: str | None
    source: str
    ramadan: bool
    working: frozenset[str]

    def works(self, calendar: str) -> bool:
        """Whether `calendar` (five_day, six_day, shift) works that weekday, holidays aside. A rota decides shifts."""
        return calendar == "shift" or calendar in self.working

    def is_working_day(self, calendar: str) -> bool:
        """A working day of `calendar` that is no holiday."""
        return self.holiday is None and self.works(calendar)


def calendar_days(
    government: Government, days: Iterable[date], documents: Library | None = None
) -> dict[date, CalendarDay]:
    """The kind of each date; two SQL statements, whatever the number of dates, one where `documents` are at hand."""
    wanted = sorted(set(days))
    local: dict[date, list[Holiday]] = {}
    if wanted:
        for line in HOLIDAYS.rows({"government": government.pk, "first": wanted[0], "last": wanted[-1]}):
            if row := instance(Holiday, line):
                local.setdefault(row.on, []).append(row)
    documents = documents or library()
    return {on: _calendar_day(documents, government, on, local.get(on, [])) for on in wanted}


def _holidays_statement() -> str:
    return f"""
SELECT {columns(Holiday, "local")} FROM roster_holiday AS local
WHERE local.government_id = %(government)s AND local."on" BETWEEN %(first)s AND %(last)s
ORDER BY local.kind, local.id
"""


HOLIDAYS = Prepared(
    "holidays", {"government": "bigint", "first": "date", "last": "date"}, _holidays_statement, reads=True
)


def calendar_day(government: Government, on: date, documents: Library | None = None) -> CalendarDay:
    """The kind of one date."""
    return calendar_days(government, [on], documents)[on]


def month_days(month: date) -> list[date]:
    """Every date of the month in which `month` lies."""
    first = month.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return [first + timedelta(days=offset) for offset in range((following - first).days)]


def working_days(government: Government, month: date, calendar: str = "five_day") -> list[date]:
    """The working days of `calendar` in the month, holidays and joint leave taken out."""
    days = calendar_days(government, month_days(month))
    return [on for on, day in days.items() if day.is_working_day(calendar)]


def _calendar_day(documents: Library, government: Government, on: date, rows: list[Holiday]) -> CalendarDay:
    document = documents.choose(government.code, "calendar", on) or documents.choose(NATIONAL, "calendar", on)
    parameters = document.parameters if document else {}
    holiday, source = None, ""
    for entry in parameters.get("holidays") or []:
        if _as_date(entry["date"]) == on:
            holiday, source = str(entry["name"]), str(entry.get("decree") or document.decree)
            break
    ramadan = any(
        _as_date(span["valid_from"]) <= on < _as_date(span["valid_to"]) for span in parameters.get("ramadan") or []
    )
    for row in rows:
        if row.kind == "ramadan":
            ramadan = True
        elif holiday is None:
            holiday, source = row.name, row.decree
    weekday = WEEKDAYS[on.weekday()]
    patterns = parameters.get("working_days") or DEFAULT_WORKING
    working = frozenset(name for name, names in patterns.items() if weekday in names)
    return CalendarDay(on, holiday, source, ramadan, working)


def _as_date(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
