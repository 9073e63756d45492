"""Reads of scores, indicators and behaviour. Missing is unknown, never 0."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet

from core.among import Among
from core.period import next_month
from performance.models import Behaviour, Expectation, Indicator, MonthScore
from roster.models import Assignment, Government, Person, Role, UnitDecision
from roster.queries import known_on, subtree
from roster.rights import Standing, standing_of


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
        rows = rows.filter(Among("person_id", list(person_ids)))
    values = rows.values_list("person_id", "predicate", "score_bp", "unrated_subordinates")
    return {person_id: Score(*rest) for person_id, *rest in values.iterator(chunk_size=10_000)}


def number_text(value: Decimal) -> str:
    """A number with a decimal comma and without idle zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",")


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One weighted target and what was realised (None: not given yet)."""

    id: int
    name: str
    weight_bp: int
    target: Decimal
    realised: Decimal | None
    unit_name: str

    @property
    def share(self) -> Fraction | None:
        """The part of the target that was realised, 1 is all of it; None while unknown."""
        return None if self.realised is None else Fraction(self.realised) / Fraction(self.target)

    @property
    def target_text(self) -> str:
        """The target as people write it: 1250,5."""
        return number_text(self.target)

    @property
    def realised_text(self) -> str:
        """What was realised as people write it; empty while unknown."""
        return "" if self.realised is None else number_text(self.realised)

    @property
    def weight_text(self) -> str:
        """The weight in percent as people write it."""
        return number_text(Decimal(self.weight_bp) / 100)


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

    @property
    def behaviour_words(self) -> str:
        """The judgement in words; empty while not given."""
        return dict(Expectation.choices).get(self.behaviour, "")


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


def last_day_of(month: date) -> date:
    """The last day of a month."""
    return next_month(month) - timedelta(days=1)


def rated_people(standing: Standing, user: Any, month: date) -> QuerySet[Person]:
    """Whom `user` of that standing judges in `month`: subordinates of its last day, and the units of a grant."""
    on = last_day_of(month)
    if standing.government is None:
        return Person.objects.none()
    ids = {person.pk for person in subordinates_of(standing.person, on)} if standing.person else set()
    people = Q(pk__in=ids)
    grants = [grant for grant in standing.grants if grant.role == Role.SUPERVISOR]
    if grants:
        roots = {grant.unit_id for grant in grants if grant.unit_id}
        members = Assignment.objects.filter(known_on(on), kind=Assignment.Kind.DEFINITIVE)
        if all(grant.unit_id for grant in grants):
            members = members.filter(unit__in=subtree(standing.government, roots, on))
        people |= Q(pk__in=members.values("person_id"))
    return Person.objects.filter(people, government=standing.government).exclude(user=user)


def may_rate(user: Any, person: Person, month: date, today: date) -> bool:
    """Whether `user` judges `person` in `month`; never oneself."""
    return (
        person.user_id != user.pk and rated_people(standing_of(user, today), user, month).filter(pk=person.pk).exists()
    )
