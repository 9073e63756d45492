"""What pages show of scores: one month as it came about, and how predicates are spread over a team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from performance.models import Behaviour, Expectation, MonthScore
from performance.queries import IndicatorRow
from performance.rules import LEVELS, compile_performance
from policy.queries import document_for
from roster.models import Person

WORDS = dict(Expectation.choices)
# The order in which predicates are told, best first; "" is not judged yet.
ORDER = ("Sangat Baik", "Baik", "Butuh Perbaikan", "Kurang", "Sangat Kurang")
# PermenPANRB 6/2022 expects most people of an organisation rated Baik to be Baik: a warning, never a refusal.
MOST_SHARE_PERCENT, FEWEST_PEOPLE = 50, 5


@dataclass(frozen=True)
class Spread:
    """One predicate: how many of the team, and the share of them in percent."""

    predicate: str
    count: int
    percent: int


def spread_of(people: QuerySet[Person], month: date, whole: int) -> dict[str, Any]:
    """Predicates of `people` (`whole` of them) in `month`; `unusual` where more than half are Sangat Baik."""
    counted = MonthScore.objects.filter(person__in=people.order_by(), month=month).exclude(predicate="")
    counts = dict(counted.values_list("predicate").annotate(Count("pk")).order_by())
    rated = sum(counts.values())
    rows = [
        Spread(name, count, round(100 * count / whole)) for name in ORDER if (count := counts.get(name, 0)) or whole
    ]
    rows.append(Spread("", whole - rated, round(100 * (whole - rated) / whole) if whole else 0))
    best = counts.get(ORDER[0], 0)
    unusual = rated >= FEWEST_PEOPLE and 100 * best > MOST_SHARE_PERCENT * rated
    return {"rows": rows, "whole": whole, "rated": rated, "best": best, "unusual": unusual}


def standing_of_month(person: Person, month: date) -> dict[str, Any]:
    """The month's score, judgement and the matrix of the document with the cell that holds."""
    score = MonthScore.objects.filter(person=person, month=month).first()
    judged = Behaviour.objects.filter(person=person, month=month).select_related("rated_by").first()
    document = document_for(person.government.code, "performance", month)
    plan = compile_performance(document) if document else None
    matrix = []
    if plan:
        for result in reversed(LEVELS):
            cells = [
                {
                    "predicate": plan.predicates[(result, behaviour)],
                    "here": score is not None and (score.result, score.behaviour) == (result, behaviour),
                }
                for behaviour in LEVELS
            ]
            matrix.append({"label": WORDS[result], "cells": cells})
    return {
        "score": score,
        "judged": judged,
        "plan": plan,
        "matrix": matrix,
        "columns": [WORDS[level] for level in LEVELS],
        "result_words": WORDS.get(score.result if score else "", ""),
        "behaviour_words": WORDS.get(judged.behaviour if judged else "", ""),
    }


def target_rows(indicators: Sequence[IndicatorRow], count: int) -> list[dict[str, Any]]:
    """Rows of the table in which targets are agreed: those that stand, then empty ones up to `count`."""
    rows: list[dict[str, Any]] = [{"number": number, "indicator": row} for number, row in enumerate(indicators, 1)]
    return rows + [{"number": number, "indicator": None} for number in range(len(rows) + 1, count + 1)]
