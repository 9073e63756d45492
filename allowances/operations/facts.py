"""What the rules are given for each person of a month: read in few statements, in the words of the format."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from allowances.models import Run, RunInput
from allowances.plan import AllowancePlan
from attendance.models import Absence
from attendance.queries import FrozenDays, frozen_days
from core.among import Among
from core.indonesian import MONTHS
from core.period import next_month
from performance.queries import Score, month_scores
from roster.calendar import working_days
from roster.models import Government, UnitDecision
from roster.month_facts import PersonMonth, acting_posts, people_in_month

KEPT_OF_FORMER = (
    "rating", "rating_score", "employment", "status", "service", "rank_group", "tax_category", "level",
)  # fmt: skip
UNCLEAR, NO_CLASS = "unclear_day", "no_class"


@dataclass(slots=True)
class PersonFacts:
    """One person's month: who they were, what the rules are given, and why they cannot be paid (code, reason)."""

    person: PersonMonth
    given: dict[str, Any]
    aside: tuple[str, str] | None = None


def read_facts(
    government: Government, month: date, plan: AllowancePlan, person_ids: Collection[int], kind: str = "regular"
) -> dict[int, PersonFacts]:
    """Person id -> facts of `month`, for those of `person_ids` who held a post in it and were in service."""
    people = people_in_month(government, month, person_ids)
    days = frozen_days(month, people)
    scores = month_scores(government, month, person_ids)
    posts = acting_posts(government, month, people)
    calendars = _calendars(government, month)
    leaves = _leaves(government, month, person_ids)
    work = {calendar: len(working_days(government, month, calendar)) for calendar in ("five_day", "six_day")}
    length = (next_month(month) - month).days
    found = {}
    for person_id, person in people.items():
        given: dict[str, Any] = {"month": f"{month:%Y-%m}", "calendar_days": length}
        if kind != "regular":
            given["run"] = kind
        count = work.get(calendars.get(person.unit_id, "five_day"))
        if count is not None:
            given["working_days"] = count
        given |= _of_person(person) | _of_score(scores.get(person_id))
        if person_id in posts:
            given["posts"] = posts[person_id]
        if person_id in leaves:
            given["leaves"] = leaves[person_id]
        theirs = days.get(person_id) or FrozenDays([])
        given["days"] = theirs.days
        found[person_id] = PersonFacts(person, given, _why_not(plan, person, theirs))
    return found


def former_facts(run: Run, person_ids: Collection[int]) -> dict[int, PersonFacts]:
    """Facts of people who hold no post in the run's month any more, but are due something of an earlier one.

    They have no gross of their own this month; who they were is taken from the latest locked run that paid them. The
    rating is that of then: of a gross of 0 it changes nothing, and without one the document would know no net.
    """
    rows = RunInput.objects.filter(
        person_id__in=list(person_ids), run__government=run.government, run__kind="regular", run__month__lt=run.month,
        run__state__in=["locked", "paid"],
    ).select_related("person")  # fmt: skip
    found = {}
    for row in rows.order_by("person_id", "run__month"):
        kept = {name: row.given[name] for name in KEPT_OF_FORMER if name in row.given}
        given = {"month": f"{run.month:%Y-%m}", "gross": 0, "days": []} | kept
        person = PersonMonth(
            row.person_id, row.name, row.number, kept.get("employment", ""), row.rank, kept.get("tax_category", ""),
            row.person.bank_name, row.person.bank_account, row.unit_id, row.unit_name, row.position_name,
            kept.get("level", ""), kept.get("service", ""),
        )  # fmt: skip
        found[row.person_id] = PersonFacts(person, given)
    return found


def _of_person(person: PersonMonth) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if len(person.classes) > 1:
        given["classes"] = [{"class": job_class, "days": days} for job_class, days in person.classes]
    elif person.job_class is not None:
        given["class"] = person.job_class
    named = {
        "level": person.level,
        "employment": person.employment,
        "status": person.employment,
        "service": person.service,
        "rank_group": person.rank_group,
        "tax_category": person.tax_category,
    }
    return given | {name: value for name, value in named.items() if value}


def _of_score(score: Score | None) -> dict[str, Any]:
    """Nothing where the month is not rated: unknown is not 0."""
    if score is None:
        return {}
    given: dict[str, Any] = {"unrated_subordinates": score.unrated_subordinates}
    if score.predicate:
        given["rating"] = score.predicate
    if score.score_bp is not None:
        whole, part = divmod(score.score_bp, 100)
        given["rating_score"] = f"{whole}.{part:02d}" if part else whole
    return given


def _why_not(plan: AllowancePlan, person: PersonMonth, days: FrozenDays) -> tuple[str, str] | None:
    if days.first_unclear_on is not None:
        since = _short(days.first_unclear_on)
        return UNCLEAR, f"{days.unclear_count} hari belum jelas, mulai {since}. Lengkapi jadwal sif atau harinya."
    if plan.base.get("by") in ("class", "basic") and any(job_class is None for job_class, _ in person.classes):
        return NO_CLASS, f"Jabatan {person.position_name or 'tanpa nama'} belum punya kelas. Isi kelas jabatannya."
    return None


def _short(on: date) -> str:
    return f"{on.day} {MONTHS[on.month - 1]}"


def _calendars(government: Government, month: date) -> dict[int, str]:
    """Unit id -> calendar that the unit followed last in the month."""
    rows = UnitDecision.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=month),
        unit__government=government,
        superseded_at__isnull=True,
        valid_from__lt=next_month(month),
    )
    return dict(rows.order_by("valid_from").values_list("unit_id", "calendar"))


def _leaves(government: Government, month: date, person_ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """Person id -> leaves that touch the month: kind, month and day now reached, calendar days in this month."""
    following = next_month(month)
    rows = Absence.objects.filter(
        Among("person_id", list(person_ids)),
        person__government=government,
        state=Absence.State.APPROVED,
        valid_from__lt=following,
        valid_to__gt=month,
    ).exclude(kind__in=[Absence.Kind.DUTY, Absence.Kind.TRAINING])
    found: dict[int, list[dict[str, Any]]] = {}
    spans = rows.order_by("person_id", "valid_from").values_list("person_id", "kind", "valid_from", "valid_to")
    for person_id, kind, since, until in spans:
        end = min(until, following)
        last = date.fromordinal(end.toordinal() - 1)
        months = (last.year - since.year) * 12 + last.month - since.month
        leave = {
            "kind": kind,
            "month": max(months + (1 if last.day >= since.day else 0), 1),
            "day": (end - since).days,
            "days": (end - max(since, month)).days,
        }
        found.setdefault(person_id, []).append(leave)
    return found
