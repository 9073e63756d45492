"""The work reports of a team on a day at home."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from attendance.clock import work_date_of
from attendance.models import DayPlan, WorkReport
from attendance.queries.requests import LIMIT, approvers_of, report_state
from roster.models import Person
from roster.rights import Standing

HOME = ("home", "mixed")
LOOK_BACK_DAYS = 14
VERDICTS = {"accepted": "Diterima", "noted": "Diterima, catatan", "below": "Di bawah target"}
ORDER = {"missing": 0, "below": 1, "late": 2, "done": 3}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One person who was planned at home; `state` is missing, below, late or done."""

    name: str
    report: WorkReport | None
    state: str
    verdict: str
    mine: bool


def report_day(people: QuerySet[Person], on: date) -> date:
    """The latest day, at most two weeks back, on which one of `people` was planned at home; else `on`."""
    plans = DayPlan.objects.filter(
        person__in=people,
        place__in=HOME,
        work_date__gt=on - timedelta(days=LOOK_BACK_DAYS),
        work_date__lte=on,
    )
    return plans.order_by("-work_date").values_list("work_date", flat=True).first() or on


def team_reports(people: QuerySet[Person], standing: Standing, work_date: date, on: date) -> list[ReportRow]:
    """Who of `people` (the visible ones) was planned at home on `work_date`, what is missing first; at most 200."""
    if standing.government is None:
        return []
    plans = DayPlan.objects.filter(person__in=people, work_date=work_date, place__in=HOME).select_related("person")
    persons = [plan.person for plan in plans.order_by("person__name")[:LIMIT]]
    reports = {row.person_id: row for row in WorkReport.objects.filter(person__in=persons, work_date=work_date)}
    approvers = approvers_of(standing.government, standing, [person.pk for person in persons], on)
    zone = standing.government.zone
    rows = []
    for person in persons:
        report = reports.get(person.pk)
        delivered_on = work_date_of(report.delivered_at, zone) if report and report.delivered_at else None
        state = report_state(report, delivered_on, work_date)
        verdict = VERDICTS.get(report.verdict, "") if report else ""
        rows.append(ReportRow(person.display_name, report, state, verdict, approvers.mine(person.pk, None, on)))
    return sorted(rows, key=lambda row: (ORDER[row.state], row.name))
