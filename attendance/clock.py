"""Instants and the office's calendar day. The zone is the government's, never the server's."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def work_date_of(at: datetime, zone: str) -> date:
    """The calendar day of an instant in the office's zone: 00:30 WIB is a new day though UTC still has the old one."""
    return at.astimezone(ZoneInfo(zone)).date()


def local_time(at: datetime, zone: str) -> time:
    """The wall clock of an instant in the office's zone, without zone."""
    return at.astimezone(ZoneInfo(zone)).time()


def instant(on: date, clock: time, zone: str) -> datetime:
    """The instant of a wall clock time on a day in the office's zone."""
    return datetime.combine(on, clock, tzinfo=ZoneInfo(zone))


def next_working_day(on: date, days: int) -> date:
    """The day `days` Mondays to Fridays after `on`; holidays are not looked up, a due date may only be later."""
    while days:
        on += timedelta(days=1)
        if on.weekday() < 5:
            days -= 1
    return on
