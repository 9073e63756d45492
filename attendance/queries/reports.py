"""The work reports of a team on a day at home."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.models import Case, Count, FilteredRelation, Q, QuerySet, Sum, When

from attendance.clock import instant, work_date_of
from attendance.models import DayPlan, WorkReport
from attendance.queries.requests import approvers_of, report_state
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


def people_at_home(people: QuerySet[Person], work_date: date, zone: str) -> QuerySet[Person]:
    """Who of `people` (the visible ones) was planned at home on `work_date`, what is missing first."""
    day_after = instant(work_date + timedelta(days=1), time.min, zone)
    state = Case(
        When(made__delivered_at__isnull=True, then=ORDER["missing"]),
        When(made__verdict="below", then=ORDER["below"]),
        When(made__delivered_at__gte=day_after, then=ORDER["late"]),
        default=ORDER["done"],
    )
    return (
        people.annotate(
            planned=FilteredRelation("dayplan", condition=Q(dayplan__work_date=work_date)),
            made=FilteredRelation("workreport", condition=Q(workreport__work_date=work_date)),
        )
        .filter(planned__place__in=HOME)
        .annotate(state=state)
        .order_by("state", "name", "pk")
    )


@dataclass(frozen=True, slots=True)
class ReportTotals:
    """Targets planned and reached by everybody at home that day, and people without a report."""

    planned: int
    done: int
    missing: int


def report_totals(at_home: QuerySet[Person]) -> ReportTotals:
    """Sums over `people_at_home`, in one statement."""
    sums = at_home.order_by().aggregate(
        targets=Sum("made__planned_count", default=0),
        done=Sum("made__done_count", default=0),
        missing=Count("pk", filter=Q(made__delivered_at__isnull=True)),
    )
    return ReportTotals(sums["targets"], sums["done"], sums["missing"])


def report_rows(persons: Sequence[Person], standing: Standing, work_date: date, on: date) -> list[ReportRow]:
    """The rows of some of `people_at_home`, in their order."""
    if standing.government is None:
        return []
    ids = [person.pk for person in persons]
    reports = {row.person_id: row for row in WorkReport.objects.filter(person__in=ids, work_date=work_date)}
    approvers = approvers_of(standing.government, standing, ids, on)
    zone = standing.government.zone
    rows = []
    for person in persons:
        report = reports.get(person.pk)
        delivered_on = work_date_of(report.delivered_at, zone) if report and report.delivered_at else None
        state = report_state(report, delivered_on, work_date)
        verdict = VERDICTS.get(report.verdict, "") if report else ""
        rows.append(ReportRow(person.display_name, report, state, verdict, approvers.mine(person.pk, None, on)))
    return rows
