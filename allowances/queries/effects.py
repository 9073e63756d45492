"""The effect of a draft as its pages show it: months to choose, sums, people, and how far the work is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import DecimalField, ExpressionWrapper, F, Q, QuerySet

from allowances.effect_summary import Effect, PersonEffect, summarise
from allowances.models import EffectRow, RegulationEffect, Run
from allowances.operations.effects import STAGE, chain_of
from allowances.rows import rupiah_of
from core import jobs
from core.indonesian import month_words
from core.models import Job
from core.period import previous_month
from roster.models import Government

MONTHS_OFFERED = 24
ROWS = """
SELECT person_id, number, name, unit_name, job_class, rank, (before_rupiah * 100)::bigint, (after_rupiah * 100)::bigint,
    reason
FROM allowances_effectrow WHERE effect_id = %s ORDER BY person_id
"""
# ?urut= of the list of people -> the order of its rows; people whom the draft cannot compute stand last.
ORDERS = {"turun": F("change").asc(nulls_last=True), "naik": F("change").desc(nulls_last=True), "nama": F("name")}


@dataclass(frozen=True)
class Progress:
    """How far the work is: people done of all, whether it ended, and what kept a part of it from being done."""

    done: int
    total: int
    ended: bool
    errors: tuple[str, ...]


class MonthChoice(NamedTuple):
    """A month on which an effect can be asked for; `computed`: it has a run to compare with."""

    month: date
    words: str
    computed: bool


def months_to_choose(government: Government, today: date) -> list[MonthChoice]:
    """Months on which an effect can be asked for, newest first: those of runs, and those since the first day in use."""
    runs = dict(Run.objects.filter(government=government, kind="regular", number=1).values_list("month", "state")[:120])
    first = min([*runs, *([government.go_live_on.replace(day=1)] if government.go_live_on else [])], default=None)
    found: list[MonthChoice] = []
    month = today.replace(day=1)
    while first is not None and month >= first and len(found) < MONTHS_OFFERED:
        state = Run.State(runs[month]).label.lower() if month in runs else "belum ada perhitungan"
        found.append(MonthChoice(month, f"{month_words(month)} ({state})", month in runs))
        month = previous_month(month)
    return found


def progress_of(effect: RegulationEffect) -> Progress:
    """Progress from the rows of the work; rows that were cleared away mean that it ended."""
    rows = Job.objects.filter(
        government_code=effect.government.code, chain=chain_of(effect), stage=STAGE
    ).values_list("state", "done_count", "total_count", "error")  # fmt: skip
    done = sum(count for _, count, _, _ in rows)
    total = sum(count for _, _, count, _ in rows)
    ended = all(state in (Job.State.DONE, Job.State.FAILED) for state, *_ in rows)
    errors = dict.fromkeys(error for state, _, _, error in rows if state == Job.State.FAILED)
    return Progress(done, total, ended, tuple(errors))


def is_stuck(effect: RegulationEffect, now: Any) -> bool:
    """Whether a worker or a message was lost, so that asking again helps."""
    chain = chain_of(effect)
    return any(job.chain == chain and job.stage == STAGE for job in jobs.abandoned(now))


def summary_of(effect: RegulationEffect) -> Effect:
    """Sums of a finished effect; one statement, some 8 microseconds a person."""
    return summarise(_people(effect))


def people_of_effect(
    effect: RegulationEffect, words: str = "", unit: str | None = None, order: str = "turun"
) -> QuerySet[EffectRow]:
    """Rows with their `change`, largest loss first unless asked otherwise; `words` in names and numbers."""
    rows = effect.rows.annotate(
        change=ExpressionWrapper(
            F("after_rupiah") - F("before_rupiah"), output_field=DecimalField(max_digits=18, decimal_places=2)
        )
    )
    for word in words.split()[:6]:
        rows = rows.filter(Q(name__icontains=word) | Q(number__startswith=word))
    if unit is not None:
        rows = rows.filter(unit_name=unit)
    return rows.order_by(ORDERS.get(order, ORDERS["turun"]), "person_id")


def lines_of_effect(effect: RegulationEffect) -> Iterator[tuple[Any, ...]]:
    """Every person for a file: number, name, unit, class, rank, before, after, change, reason."""
    columns = ("number", "name", "unit_name", "job_class", "rank", "before_rupiah", "after_rupiah", "change", "reason")
    rows: QuerySet[EffectRow] = people_of_effect(effect, order="nama")
    return rows.values_list(*columns).iterator(chunk_size=5_000)


def _people(effect: RegulationEffect) -> Iterator[PersonEffect]:
    """Rows as the sums take them; amounts cross as whole sen, many times faster than as decimals."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [effect.pk])
        for person_id, number, name, unit, job_class, rank, sen_before, sen_after, reason in cursor:
            before = None if sen_before is None else rupiah_of(sen_before)
            after = None if sen_after is None else rupiah_of(sen_after)
            yield PersonEffect(person_id, number, name, unit, job_class, rank, before, after, reason)
