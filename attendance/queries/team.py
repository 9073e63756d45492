"""A superior's board: the team today, what waits for a decision, and counts of unexcused days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Case, Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, When

from attendance.clock import instant, local_time
from attendance.models import Absence, DayRecord, Punch
from attendance.queries.today import usual_hours
from roster.models import Government, Person, PersonStatus
from roster.queries import known_on

WORKING = ("office", "home", "mixed")
ARRIVALS = ("in", "unknown")
# Where no document gives hours yet.
USUAL_START = time(7, 30)
THRESHOLDS = (
    (3, "teguran lisan"), (4, "teguran tertulis"), (7, "pernyataan tidak puas"), (11, "hukuman sedang"),
    (21, "hukuman berat"),
)  # fmt: skip


@dataclass(frozen=True)
class Team:
    """Counts over a team today: people by the place they are planned at, and who has pressed.

    `not_arrived`: planned at work, and without an arrival so far.
    """

    people: int
    places: Mapping[str, int]
    arrived: int
    not_arrived: int

    @property
    def expected(self) -> int:
        """People who are planned at work."""
        return self.at(*WORKING)

    def at(self, *places: str) -> int:
        """People planned at one of `places`."""
        return sum(self.places.get(place, 0) for place in places)


def team_counts(people: QuerySet[Person], on: date) -> Team:
    """Counts over `people` (the visible ones), whatever their number, in one statement."""
    pressed = Punch.objects.filter(person=OuterRef("pk"), work_date=on, verb__in=ARRIVALS)
    planned = FilteredRelation("dayplan", condition=Q(dayplan__work_date=on))
    rows = people.order_by().annotate(planned=planned, pressed=Exists(pressed)).values_list("planned__place")
    found = list(rows.annotate(people=Count("pk"), arrived=Count("pk", filter=Q(pressed=True))))
    return Team(
        people=sum(count for _, count, _ in found),
        places={place: count for place, count, _ in found if place},
        arrived=sum(arrived for _, _, arrived in found),
        not_arrived=sum(count - arrived for place, count, arrived in found if place in WORKING),
    )


def on_time_until(government: Government, on: date) -> time:
    """The latest arrival of the day that the usual hours do not call late."""
    line = usual_hours(government, on)
    if line is None:
        return USUAL_START
    minutes = line.start // 60 + int(line.tolerance.minutes)
    return time(*divmod(min(minutes, 24 * 60 - 1), 60))


@dataclass(frozen=True)
class BoardRow:
    """One person of the board; `status` is a code of the status tag."""

    person_id: int
    name: str
    place: str
    first_in: datetime | None
    status: str


class Board:
    """`people` (the visible ones) today, those who need attention first: for a paginator, which takes a page of it.

    Late is who comes after what the usual hours forgive; what the day comes to is decided in the night.
    """

    ordered = True

    def __init__(self, people: QuerySet[Person], government: Government, on: date, at: datetime) -> None:
        """As it stands at `at`; before the usual hours begin nobody is missing yet."""
        zone, starts = government.zone, on_time_until(government, on)
        self.late_now = local_time(at, zone) > starts
        # Seconds do not count: 07.30.59 is in time for 07.30.
        self._late_from = instant(on, starts, zone) + timedelta(minutes=1)
        first_in = Punch.objects.filter(person=OuterRef("pk"), work_date=on, verb__in=ARRIVALS).order_by("at")
        planned = FilteredRelation("dayplan", condition=Q(dayplan__work_date=on))
        self._people = people.annotate(
            planned=planned, place=F("planned__place"), first_in=Subquery(first_in.values("at")[:1])
        )

    def count(self) -> int:
        """How many people; asked by the paginator."""
        return self._people.count()

    def __getitem__(self, part: slice) -> list[BoardRow]:
        """The rows of a page."""
        absent = Q(first_in__isnull=True)
        attention = Case(
            When(absent & Q(place__in=WORKING if self.late_now else ()), then=0),
            When(absent & Q(place="unclear"), then=1),
            When(first_in__gte=self._late_from, then=2),
            When(absent & Q(place__isnull=True), then=3),
            default=9,
        )
        rows = self._people.annotate(attention=attention).order_by("attention", "name", "pk")[part]
        return [
            BoardRow(
                row.pk, row.display_name, row.place or "unknown", row.first_in, self._status(row.place, row.first_in)
            )
            for row in rows
        ]

    def _status(self, place: str | None, came: datetime | None) -> str:
        if came:
            return "late" if came >= self._late_from else "on_time"
        if place in WORKING and self.late_now:
            return "none"
        return place or "unknown"


@dataclass(frozen=True)
class UnexcusedCount:
    """Unexcused working days of a civil servant (PNS) in a year, PP 94/2021; a count, never a sanction."""

    person_id: int
    name: str
    days: int
    days_if_leave_granted: int
    threshold: str


def unexcused_counts(people: QuerySet[Person], on: date) -> list[UnexcusedCount]:
    """People at or over the first threshold this year, PNS only, with what waiting leave requests would change."""
    pns = PersonStatus.objects.filter(known_on(on), employment="pns", person__in=people).values("person_id")
    absent = DayRecord.objects.filter(person_id__in=pns, absent_days=1, work_date__year=on.year, work_date__lte=on)
    counts = {row["person_id"]: row["n"] for row in absent.values("person_id").annotate(n=Count("pk"))}
    reached = {person_id: n for person_id, n in counts.items() if n >= THRESHOLDS[0][0]}
    waiting: dict[int, int] = {}
    requests = Absence.objects.filter(person_id__in=reached, state=Absence.State.REQUESTED)
    for request in requests:
        inside = Q(work_date__gte=request.valid_from, work_date__lt=request.valid_to)
        held = absent.filter(inside, person_id=request.person_id)
        waiting[request.person_id] = waiting.get(request.person_id, 0) + held.count()
    names = {person.pk: person.display_name for person in Person.objects.filter(pk__in=reached)}
    found = [
        UnexcusedCount(person_id, names[person_id], n, n - waiting.get(person_id, 0), threshold_of(n))
        for person_id, n in reached.items()
    ]
    return sorted(found, key=lambda row: (-row.days, row.name))


def threshold_of(days: int) -> str:
    """The level of PP 94/2021 that a count has reached; empty below the first."""
    return next((name for least, name in reversed(THRESHOLDS) if days >= least), "")
