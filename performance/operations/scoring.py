"""Score a month: weighted indicators and the superior's judgement become a predicate, for everybody at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from core.among import Among
from core.garbage import uncollected
from core.period import next_month
from performance.models import Behaviour
from performance.rules import MonthResult, PerformancePlan, compile_performance, month_score
from policy.queries import document_for
from roster.models import Assignment, Government

SQL = Path(__file__).resolve().parent.parent / "sql"
Triple = tuple[int, int, int | None]
INDICATORS = """
    SELECT person_id, array_agg(weight_bp ORDER BY id), array_agg((target * 100)::bigint ORDER BY id),
        array_agg((realised * 100)::bigint ORDER BY id)
    FROM performance_indicator WHERE month = %s AND person_id = ANY(%s::bigint[]) GROUP BY person_id
"""


@dataclass
class Scored:
    """What scoring a month came to. `set_aside`: people without a score, each `{"person", "reason"}`."""

    month: date
    written: int = 0
    set_aside: list[dict[str, Any]] = field(default_factory=list)


def score_month(government: Government, month: date, at: datetime, person_ids: Sequence[int] | None = None) -> Scored:
    """Score `month` for everybody with a post in it (or for `person_ids`); twice is once.

    What is not known stays empty, never 0, and scores that came from the national system stay as they came. Without
    a performance document in force nothing is scored. Five statements, whatever the number of people.
    """
    month = month.replace(day=1)
    scored = Scored(month)
    document = document_for(government.code, "performance", month)
    ids = sorted(set(person_ids) if person_ids is not None else _posted(government, month))
    if document is None or not ids:
        return scored
    plan = compile_performance(document)
    indicators, judged = _indicators(ids, month), _judgements(ids, month)
    unrated = _unrated(government, month, ids, at)
    rows: list[tuple[int, MonthResult]] = []
    with uncollected():
        for person_id in ids:
            try:
                rows.append((person_id, _score(plan, indicators.get(person_id, []), judged.get(person_id))))
            except (ValueError, ArithmeticError, LookupError, TypeError) as error:
                scored.set_aside.append({"person": person_id, "reason": f"Nilai tidak dapat dihitung: {error}"[:250]})
    _write(month, at, rows, unrated)
    scored.written = len(rows)
    return scored


def _score(plan: PerformancePlan, triples: list[Triple], judgement: tuple[str, str] | None) -> MonthResult:
    behaviour, result = judgement or ("", "")
    return month_score(plan, triples, behaviour or None, result or None)


def _posted(government: Government, month: date) -> set[int]:
    posts = Assignment.objects.filter(
        person__government=government,
        kind=Assignment.Kind.DEFINITIVE,
        superseded_at__isnull=True,
        valid_from__lt=next_month(month),
    ).exclude(valid_to__lte=month)
    return set(posts.values_list("person_id", flat=True))


def _indicators(ids: list[int], month: date) -> dict[int, list[Triple]]:
    """Person id -> (weight, target, realised) triples; both amounts in hundredths, whose quotient is the same."""
    with connection.cursor() as cursor:
        cursor.execute(INDICATORS, [month, ids])
        return {person_id: list(zip(*columns, strict=True)) for person_id, *columns in cursor.fetchall()}


def _judgements(ids: list[int], month: date) -> dict[int, tuple[str, str]]:
    rows = Behaviour.objects.filter(Among("person_id", ids), month=month)
    return {person_id: (behaviour, result) for person_id, behaviour, result in rows.values_list(
        "person_id", "behaviour", "result"
    )}  # fmt: skip


def _unrated(government: Government, month: date, ids: list[int], at: datetime) -> dict[int, int]:
    """Superior -> subordinates not judged; nobody is late with a judgement before the month is over."""
    following = next_month(month)
    if at.astimezone(ZoneInfo(government.zone)).date() < following:
        return {}
    given = {"government": government.pk, "month": month, "last": following - timedelta(days=1), "people": ids}
    with connection.cursor() as cursor:
        cursor.execute((SQL / "unrated_subordinates.sql").read_text(encoding="utf-8"), given)
        return dict(cursor.fetchall())


@transaction.atomic
def _write(month: date, at: datetime, rows: list[tuple[int, MonthResult]], unrated: dict[int, int]) -> None:
    given = {
        "month": month,
        "at": at,
        "people": [person_id for person_id, _ in rows],
        "scores": [score.score_bp for _, score in rows],
        "results": [score.result or "" for _, score in rows],
        "behaviours": [score.behaviour or "" for _, score in rows],
        "predicates": [score.predicate or "" for _, score in rows],
        "unrated": [unrated.get(person_id, 0) for person_id, _ in rows],
    }
    with connection.cursor() as cursor:
        cursor.execute((SQL / "write_scores.sql").read_text(encoding="utf-8"), given)
