"""A superior's board: the team today, what waits for a decision, and counts of unexcused days."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Q, QuerySet

from attendance.clock import local_time
from attendance.models import Absence, DayPlan, DayRecord, Punch
from roster.models import Person, PersonStatus
from roster.queries import known_on

BOARD_LIMIT = 200
THRESHOLDS = (
    (3, "teguran lisan"), (4, "teguran tertulis"), (7, "pernyataan tidak puas"), (11, "hukuman sedang"),
    (21, "hukuman berat"),
)  # fmt: skip


@dataclass(frozen=True)
class BoardRow:
    """One person of the board; `status` is a code of the status tag."""

    person_id: int
    name: str
    place: str
    first_in: datetime | None
    status: str


def team_board(people: QuerySet[Person], on: date, at: datetime, zone: str, starts: str = "07:30") -> list[BoardRow]:
    """`people` (the visible ones) today, those who need attention first; at most 200 rows."""
    names = {person.pk: person.display_name for person in people.order_by("name")[:BOARD_LIMIT]}
    places = dict(DayPlan.objects.filter(work_date=on, person_id__in=names).values_list("person_id", "place"))
    first: dict[int, datetime] = {}
    rows = Punch.objects.filter(work_date=on, person_id__in=names, verb__in=["in", "unknown"]).order_by("-at")
    for person_id, instant in rows.values_list("person_id", "at"):
        first[person_id] = instant
    due = time.fromisoformat(starts)
    late_now = local_time(at, zone) > due
    board = []
    for person_id, name in names.items():
        place, came = places.get(person_id, "unknown"), first.get(person_id)
        status = place
        if came:
            status = "on_time" if local_time(came, zone).replace(second=0, microsecond=0) <= due else "late"
        elif place in ("office", "home", "mixed") and late_now:
            status = "none"
        board.append(BoardRow(person_id, name, place, came, status))
    order = {"none": 0, "unclear": 1, "late": 2, "unknown": 3}
    return sorted(board, key=lambda row: (order.get(row.status, 9), row.name))


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
