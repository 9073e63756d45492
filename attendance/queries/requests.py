"""What waits for a decision about attendance, until when, and who is next to decide."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from attendance.models import Absence, Correction, EvidenceCase, WorkReport
from attendance.queries.rights import superiors_of
from core.indonesian import clock, day_words
from roster.models import Government, Person, Role
from roster.rights import Standing

# Rows of a page: what is decided makes room for the next, and the page says how many wait in all.
LIMIT = 100
DECIDES_AS_HR = frozenset({Role.UNIT_HR, Role.HR})


@dataclass(frozen=True, slots=True)
class Approvers:
    """Who decides on several people: superiors by person, and the names of all of them."""

    chains: dict[int, list[int]]
    names: dict[int, str]
    own_id: int | None
    as_hr: bool

    def next_id(self, person_id: int, due_on: date | None, on: date) -> int | None:
        """Whose turn it is: the superior, and once `due_on` is over the superior's superior."""
        chain = self.chains.get(person_id, [])
        if due_on is not None and due_on < on and len(chain) > 1:
            return chain[1]
        return chain[0] if chain else None

    def next_name(self, person_id: int, due_on: date | None, on: date) -> str:
        """The name of whose turn it is; HR where no superior is known."""
        found = self.next_id(person_id, due_on, on)
        return self.names.get(found, "") if found else "Kepegawaian"

    def mine(self, person_id: int, due_on: date | None, on: date) -> bool:
        """Whether the reader may decide; the same answer as `rights.may_decide` for people whom the reader sees."""
        if person_id == self.own_id:
            return False
        chain = self.chains.get(person_id, [])
        allowed = chain[:2] if due_on is not None and due_on < on else chain[:1]
        return self.as_hr or (self.own_id is not None and self.own_id in allowed)


def approvers_of(government: Government, standing: Standing | None, person_ids: Iterable[int], on: date) -> Approvers:
    """The approvers of several people as `standing` sees them (None: for a page without a reader); three statements."""
    chains = superiors_of(government, list(dict.fromkeys(person_ids)), on)
    ids = {person_id for chain in chains.values() for person_id in chain}
    names = {person.pk: person.display_name for person in Person.objects.filter(pk__in=ids)}
    own = standing.person.pk if standing and standing.person else None
    return Approvers(chains, names, own, bool(standing and DECIDES_AS_HR & standing.roles))


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """One row; `key` names it in the form, such as `koreksi-12` or `cuti-5`."""

    key: str
    name: str
    title: str
    detail: str
    due_on: date | None
    overdue: bool
    approver: str
    mine: bool


def waiting_count(people: QuerySet[Person]) -> int:
    """How many corrections and absences of the visible `people` wait in all."""
    corrections, absences = _waiting(people)
    return corrections.count() + absences.count()


def _waiting(people: QuerySet[Person]) -> tuple[QuerySet[Correction], QuerySet[Absence]]:
    return (
        Correction.objects.filter(state=Correction.State.REQUESTED, person__in=people),
        Absence.objects.filter(state=Absence.State.REQUESTED, person__in=people),
    )


def waiting_requests(people: QuerySet[Person], standing: Standing, on: date) -> list[WaitingRequest]:
    """Corrections and absences of the visible `people`, the reader's own turn first, then by due day; at most LIMIT."""
    if standing.government is None:
        return []
    corrections, absences = _waiting(people)
    found = [
        *corrections.select_related("person").order_by("due_on", "pk")[:LIMIT],
        *absences.select_related("person").order_by("due_on", "pk")[:LIMIT],
    ]
    approvers = approvers_of(standing.government, standing, [item.person_id for item in found], on)
    rows = [_row(item, approvers, on) for item in found]
    return sorted(rows, key=lambda row: (not row.mine, row.due_on or on, row.name))[:LIMIT]


def _row(item: Correction | Absence, approvers: Approvers, on: date) -> WaitingRequest:
    if isinstance(item, Correction):
        key, title = f"koreksi-{item.pk}", "Koreksi absen"
        when = (
            f"{item.get_verb_display()} {day_words(item.work_date, False)}, {clock(item.claimed_time, seconds=False)}"
        )
    else:
        key, title, when = f"cuti-{item.pk}", item.get_kind_display(), days_words(item)
    person_id, due_on = item.person_id, item.due_on
    return WaitingRequest(
        key,
        item.person.display_name,
        title,
        f"{when} · {item.reason}" if item.reason else when,
        due_on,
        due_on is not None and due_on < on,
        approvers.next_name(person_id, due_on, on),
        approvers.mine(person_id, due_on, on),
    )


def days_words(absence: Absence) -> str:
    """ "16 November 2026", "16–17 November 2026", or "30 November 2026 sampai 1 Desember 2026"."""
    first, last = absence.valid_from, absence.valid_to - timedelta(days=1)
    if first == last:
        return day_words(first, False)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_words(last, False)}"
    return f"{day_words(first, False)} sampai {day_words(last, False)}"


@dataclass(frozen=True, slots=True)
class OwnAbsence:
    """One's own request or absence, with who decides it next while it waits."""

    absence: Absence
    days: str
    approver: str
    overdue: bool


def own_absences(person: Person, on: date) -> list[OwnAbsence]:
    """The latest thirty of `person` (with the government loaded), the newest first; four statements."""
    rows = list(Absence.objects.filter(person=person).order_by("-valid_from", "-pk")[:30])
    approvers = approvers_of(person.government, None, [person.pk], on)
    return [
        OwnAbsence(
            row,
            days_words(row),
            approvers.next_name(person.pk, row.due_on, on) if row.state == Absence.State.REQUESTED else "",
            row.state == Absence.State.REQUESTED and row.due_on is not None and row.due_on < on,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One anomaly of the evidence of a day."""

    case: EvidenceCase
    name: str
    mine: bool


def open_case_count(people: QuerySet[Person]) -> int:
    """How many cases of `people` nobody has judged."""
    return _open_cases(people).count()


def _open_cases(people: QuerySet[Person]) -> QuerySet[EvidenceCase]:
    return EvidenceCase.objects.filter(person__in=people, decided_at__isnull=True)


def open_cases(people: QuerySet[Person], standing: Standing, on: date) -> list[CaseRow]:
    """Cases of `people` that nobody has judged, the oldest first; at most LIMIT."""
    if standing.government is None:
        return []
    found = list(_open_cases(people).select_related("person").order_by("work_date", "pk")[:LIMIT])
    approvers = approvers_of(standing.government, standing, [case.person_id for case in found], on)
    return [CaseRow(case, case.person.display_name, approvers.mine(case.person_id, None, on)) for case in found]


def decided_cases(people: QuerySet[Person], most: int = 20) -> list[EvidenceCase]:
    """The cases of `people` that were judged last."""
    cases = EvidenceCase.objects.filter(person__in=people, decided_at__isnull=False)
    return list(cases.select_related("person", "decided_by").order_by("-decided_at")[:most])


def report_state(report: WorkReport | None, delivered_on: date | None, work_date: date) -> str:
    """`missing`, `below`, `late` or `done`: what is wrong with a day's report, the worst first."""
    if report is None or delivered_on is None:
        return "missing"
    if report.verdict == "below":
        return "below"
    return "late" if delivered_on > work_date else "done"
