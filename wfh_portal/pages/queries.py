"""Reads that compose several apps for the home pages; counts only, so that 85,000 people cost what 850 do."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, QuerySet, Sum

from allowances.models import Objection, Run, RunInput
from attendance.models import Absence, Correction, DayPlan, DayRecord, Punch
from core.models import AuditEntry, AuditSeal
from roster.models import Assignment, Building, Government, HomeDay, ImportRun, Person, RolloutPhase, Unit
from roster.queries import known_on
from savings.models import Bill


@dataclass(frozen=True)
class Today:
    """One person's day: where, the reasons, and what is recorded."""

    place: str | None
    reasons: list
    first_in: Punch | None
    last_out: Punch | None


def today_of(person: Person, on: date) -> Today:
    """The plan of the day, None where there is none, and the punches so far."""
    plan = DayPlan.objects.filter(person=person, work_date=on).first()
    punches = list(Punch.objects.filter(person=person, work_date=on).order_by("at"))
    ins = [punch for punch in punches if punch.verb == "in"]
    outs = [punch for punch in punches if punch.verb == "out"]
    return Today(
        plan.place if plan else None, plan.reasons if plan else [], next(iter(ins), None), (outs or [None])[-1]
    )


@dataclass(frozen=True)
class MonthSoFar:
    """Sums of the decided days of a month."""

    days: int
    home_days: int
    late_days: int
    absent_days: int


def month_so_far(person: Person, month: date) -> MonthSoFar:
    """Decided days of `person` in the month that begins on `month`."""
    found = DayRecord.objects.filter(person=person, work_date__gte=month, expected_days__gt=0).filter(
        work_date__month=month.month, work_date__year=month.year
    )
    sums = found.aggregate(
        days=Count("pk"),
        home=Sum("home_days"),
        late=Count("pk", filter=Q(minutes_late__gt=0)),
        absent=Sum("absent_days"),
    )
    return MonthSoFar(sums["days"], sums["home"] or 0, sums["late"], sums["absent"] or 0)


def last_slip(person: Person) -> RunInput | None:
    """The newest slip of a locked or paid run."""
    rows = RunInput.objects.filter(person=person, run__state__in=["locked", "paid"])
    return rows.select_related("run").order_by("-run__month", "-run__number").first()


@dataclass(frozen=True)
class Waiting:
    """Requests of visible people that nobody has decided."""

    corrections: int
    overdue: int
    absences: int
    home_days: int


def waiting_for(people: QuerySet[Person], on: date) -> Waiting:
    """Open requests of `people`, the visible ones without oneself: nobody decides on themselves."""
    corrections = Correction.objects.filter(person__in=people, state="requested").aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=on))
    )
    return Waiting(
        corrections["all"],
        corrections["late"],
        Absence.objects.filter(person__in=people, state="requested").count(),
        HomeDay.objects.filter(person__in=people, state="requested", on__gte=on).count(),
    )


def newest_runs(government: Government, most: int = 3) -> list[Run]:
    """The newest allowance runs."""
    return list(Run.objects.filter(government=government).order_by("-month", "-number")[:most])


def open_objections(government: Government, on: date) -> tuple[int, int]:
    """Open objections, and how many of them are past their due date."""
    found = Objection.objects.filter(government=government, state="open").aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=on))
    )
    return found["all"], found["late"]


def unmapped_units(government: Government, on: date) -> int:
    """Units with people but without a decision that holds: their people may not work from home yet."""
    return (
        Unit.objects.filter(government=government)
        .filter(pk__in=Assignment.objects.filter(known_on(on)).values("unit_id"))
        .exclude(pk__in=Unit.objects.filter(known_on(on, "decisions")).values("pk"))
        .count()
    )


def last_import(government: Government) -> ImportRun | None:
    """The newest confirmed import."""
    return ImportRun.objects.filter(government=government, undone_at=None).order_by("-confirmed_at").first()


@dataclass(frozen=True)
class Rollout:
    """How far working from home has come."""

    buildings: int
    open_buildings: int
    coming: int


def rollout(government: Government, on: date) -> Rollout:
    """Buildings, those with an open phase, and phases that are decided but not yet open."""
    phases = RolloutPhase.objects.filter(building__government=government, superseded_at=None)
    return Rollout(
        Building.objects.filter(government=government).count(),
        phases.filter(known_on(on)).aggregate(count=Count("building", distinct=True))["count"],
        phases.filter(valid_from__gt=on).count(),
    )


def people_and_units(people: QuerySet[Person], on: date) -> tuple[int, int]:
    """How many people, and how many units they stand in."""
    stands = Assignment.objects.filter(known_on(on), person__in=people)
    found = stands.aggregate(people=Count("person", distinct=True), units=Count("unit", distinct=True))
    return found["people"], found["units"]


def last_bill_on(government: Government) -> date | None:
    """Day after the last day that a bill covers."""
    found = Bill.objects.filter(meter__government=government, superseded_at=None)
    return found.aggregate(last=Max("period_to"))["last"]


def audit_state(government: Government) -> tuple[int, AuditSeal | None]:
    """Entries of the audit log, and its newest seal."""
    entries = AuditEntry.objects.filter(government_code=government.code).count()
    return entries, AuditSeal.objects.order_by("-sealed_at").first()
