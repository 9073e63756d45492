"""How nights stand: which ended and how, which are due, and which never began. Reads only.

A night is known by the day that it closes. It begins half an hour after midnight in the zone of its government.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db import connection

from core import jobs
from core.models import Job
from roster.models import Government
from wfh_portal.night_stages import BY_NAME, STAGES, Night, chain_name

BEGINS_AT = time(0, 30)
# A timetable that was down for longer is no accident: `manage.py night` does those days.
CATCH_UP_DAYS = 31
CLOSED = """
SELECT day FROM unnest(%s::date[]) AS day WHERE EXISTS (
    SELECT FROM roster_person AS person JOIN attendance_dayrecord AS record ON record.person_id = person.id
    WHERE person.government_id = %s AND record.work_date = day)
"""


class Status(StrEnum):
    """How a night stands: ended well, ended with something set aside, under way, or never begun."""

    WELL = "well"
    ASIDE = "aside"
    OPEN = "open"
    MISSING = "missing"


@dataclass(frozen=True)
class NightState:
    """One night: its planned stages in their order, and its status. A day closed by other means has no stages."""

    on: date
    status: Status
    stages: tuple[jobs.StageProgress, ...] = ()

    @property
    def stage_label(self) -> str:
        """The stage at which the night is, or was last."""
        return BY_NAME[self.stages[-1].stage].label if self.stages else STAGES[0].label

    @property
    def people_done(self) -> int:
        """People done in that stage."""
        return self.stages[-1].people_done if self.stages else 0

    @property
    def people_open(self) -> int:
        """People of that stage who are not done."""
        return self.stages[-1].people - self.people_done if self.stages else 0

    @property
    def people_aside(self) -> int:
        """People set aside with their chunk, in the stage that has most of them."""
        return max((stage.people_failed for stage in self.stages), default=0)

    @property
    def began_at(self) -> datetime | None:
        """When its first stage was planned."""
        return self.stages[0].planned_at if self.stages else None

    @property
    def ended_at(self) -> datetime | None:
        """When its last stage ended."""
        return self.stages[-1].ended_at if self.stages and self.status in (Status.WELL, Status.ASIDE) else None


def has_ended(government_code: str, chain: str) -> bool:
    """Every stage was planned, and every chunk is done or set aside."""
    return _all_ended(jobs.progress(government_code, chain))


def ended_well(government_code: str, chain: str) -> bool:
    """It has ended, and no chunk was set aside."""
    return _status(jobs.progress(government_code, chain)) == Status.WELL


def _all_ended(stages: Iterable[jobs.StageProgress]) -> bool:
    found = list(stages)
    return len(found) == len(STAGES) and all(stage.ended for stage in found)


def _status(stages: list[jobs.StageProgress]) -> Status:
    if not _all_ended(stages):
        return Status.OPEN
    return Status.ASIDE if any(stage.chunks_failed for stage in stages) else Status.WELL


def nights_of(government: Government, days: list[date]) -> list[NightState]:
    """The state of the nights that close `days`, in the same order; two statements at most."""
    by_chain = jobs.progress_of(government.code, [chain_name(on) for on in days])
    without = [on for on in days if chain_name(on) not in by_chain]
    closed = _closed_days(government, without) if without else set()
    found = []
    for on in days:
        stages = by_chain.get(chain_name(on), [])
        if stages:
            found.append(NightState(on, _status(stages), tuple(stages)))
        else:
            found.append(NightState(on, Status.WELL if on in closed else Status.MISSING))
    return found


def _closed_days(government: Government, days: list[date]) -> set[date]:
    with connection.cursor() as cursor:
        cursor.execute(CLOSED, [days, government.pk])
        return {row[0] for row in cursor.fetchall()}


def begun_days(government: Government, now: datetime, at_most: int) -> list[date]:
    """The last days whose night should have begun by `now`, oldest first; none before the government is in use."""
    local = now.astimezone(ZoneInfo(government.zone))
    last = local.date() - timedelta(days=1 if local.time() >= BEGINS_AT else 2)
    days = [last - timedelta(days=back) for back in range(at_most)]
    return sorted(on for on in days if government.go_live_on is not None and on >= government.go_live_on)


def governments_in_use() -> list[Government]:
    """Governments that have a day from which nights run."""
    return list(Government.objects.filter(go_live_on__isnull=False).order_by("code"))


def night_for(government: Government, on: date, month: date | None = None) -> Night:
    """The night that closes `on`; its month is the one of `on` unless another is asked for."""
    return Night(government, on, (month or on).replace(day=1))


def due(now: datetime) -> list[Night]:
    """Nights that begin now: of each government the oldest that never began, unless another is under way.

    One after the other, because each reads what the one before wrote. What a timetable that was down has missed is
    caught up in this way.
    """
    found = []
    for government in governments_in_use():
        states = nights_of(government, begun_days(government, now, CATCH_UP_DAYS))
        missing = [state.on for state in states if state.status == Status.MISSING]
        if missing and not any(state.status == Status.OPEN for state in states):
            found.append(night_for(government, missing[0]))
    return found


@dataclass(frozen=True)
class Aside:
    """A person whom a stage left out, and why."""

    person_id: int
    stage: str
    reason: str


def people_aside(government_code: str, on: date) -> list[Aside]:
    """Everybody whom the night that closes `on` left out, by name; one statement."""
    rows = Job.objects.filter(government_code=government_code, chain=chain_name(on)).exclude(set_aside=[])
    return [
        Aside(item["person"], BY_NAME[job.stage].label, item["reason"])
        for job in rows.only("stage", "set_aside").order_by("pk")
        for item in job.set_aside
    ]
