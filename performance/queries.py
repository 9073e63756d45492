"""Reads of scores, indicators and behaviour. Missing is unknown, never 0."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from performance.models import Behaviour, Indicator, MonthScore
from roster.models import Assignment, Government, Person, UnitDecision
from roster.queries import known_on


@dataclass(frozen=True, slots=True)
class Score:
    """What a run needs of one month; `predicate` is empty while the month is not rated."""

    predicate: str
    score_bp: int | None
    unrated_subordinates: int


def month_scores(government: Government, month: date, person_ids: Iterable[int] | None = None) -> dict[int, Score]:
    """Person id -> score of `month`, one statement."""
    rows = MonthScore.objects.filter(person__government=government, month=month)
    if person_ids is not None:
        rows = rows.filter(person_id__in=list(person_ids))
    values = rows.values_list("person_id", "predicate", "score_bp", "unrated_subordinates")
    return {person_id: Score(*rest) for person_id, *rest in values.iterator(chunk_size=10_000)}


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One weighted target and what was realised (None: not given yet)."""

    id: int
    name: str
    weight_bp: int
    target: Decimal
    realised: Decimal | None
    unit_name: str


def indicators_of(person: Person, month: date) -> list[IndicatorRow]:
    """The indicators of `person` in `month`, heaviest first."""
    rows = Indicator.objects.filter(person=person, month=month).order_by("-weight_bp", "pk")
    return [IndicatorRow(r.pk, r.name, r.weight_bp, r.target, r.realised, r.unit_name) for r in rows]


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One subordinate as the superior's page shows them."""

    person_id: int
    name: str
    targets_done: int
    targets: int
    score_bp: int | None
    result: str
    behaviour: str
    predicate: str


def team_scores(people: Iterable[Person], month: date) -> list[TeamRow]:
    """Rows for `people` (a bounded page of them), unrated first, then by name; four statements."""
    people = list(people)
    ids = [person.pk for person in people]
    targets: Counter[int] = Counter()
    done: Counter[int] = Counter()
    for person_id, target, realised in Indicator.objects.filter(person__in=ids, month=month).values_list(
        "person_id", "target", "realised"
    ):
        targets[person_id] += 1
        done[person_id] += realised is not None and realised >= target
    scores = {row.person_id: row for row in MonthScore.objects.filter(person__in=ids, month=month)}
    rated = {row.person_id: row for row in Behaviour.objects.filter(person__in=ids, month=month)}
    rows = []
    for person in people:
        score, judged = scores.get(person.pk), rated.get(person.pk)
        rows.append(
            TeamRow(
                person.pk,
                person.display_name,
                done[person.pk],
                targets[person.pk],
                score.score_bp if score else None,
                (score.result if score else "") or (judged.result if judged else ""),
                judged.behaviour if judged else "",
                score.predicate if score else "",
            )
        )
    return sorted(rows, key=lambda row: (bool(row.predicate), row.name))


def subordinates_of(person: Person, on: date) -> list[Person]:
    """People whose superior `person` is on `on`: of the units headed, and the heads of the units just below."""
    headed = UnitDecision.objects.filter(known_on(on), head=person).values("unit_id")
    members = Assignment.objects.filter(known_on(on), kind=Assignment.Kind.DEFINITIVE, unit__in=headed)
    heads_below = UnitDecision.objects.filter(known_on(on), parent__in=headed, head__isnull=False).values("head_id")
    people = Person.objects.filter(Q(pk__in=members.values("person_id")) | Q(pk__in=heads_below))
    return list(people.exclude(pk=person.pk).order_by("name"))


def distribution(rows: Iterable[TeamRow]) -> Counter[str]:
    """How often each predicate was given; unrated ones under the empty text."""
    return Counter(row.predicate for row in rows)
