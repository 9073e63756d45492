"""What earlier locked months bring into a run: rapel, nets below zero, and supplements that are paid later.

Rapel of a month is what its own frozen document makes of the facts as they are known now, less what the month paid,
less the rapel that was paid for it since. All of it enters the run as `carried`; each part is a line with its month.
"""

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef, Q, Sum

from allowances.frozen import evaluate_input, frozen_plan, paid_of
from allowances.models import Adjustment, Line, Run, RunInput
from allowances.operations.facts import read_facts
from allowances.operations.late_facts import locked_runs
from allowances.rows import Brought, due_of, money_text, sen
from allowances.rules import evaluate_month
from core.among import Among
from core.indonesian import month_words
from core.money import Exact, tidy

PAID = ("locked", "paid")


def brought_for(run: Run, person_ids: Collection[int]) -> dict[int, list[Brought]]:
    """Person id -> what earlier locked months bring into the regular run `run`, oldest month first."""
    ids = list(person_ids)
    found: dict[int, list[Brought]] = {}
    for person_id, brought in (*_rapel(run, ids), *_carried_over(run, ids), *_paid_later(run, ids)):
        found.setdefault(person_id, []).append(brought)
    for parts in found.values():
        parts.sort(key=lambda part: (part.kind, part.mends_month, part.name))
    return found


def pending_adjustments(run: Run, person_ids: Collection[int]) -> list[Adjustment]:
    """Adjustments of earlier months that no locked run has settled, oldest first."""
    rows = Adjustment.objects.filter(Among("person_id", person_ids), month__lt=run.month, settled_by_run__isnull=True)
    return list(rows.order_by("month", "pk"))


def _rapel(run: Run, ids: list[int]) -> Iterator[tuple[int, Brought]]:
    by_month: dict[date, dict[int, list[Adjustment]]] = {}
    for adjustment in pending_adjustments(run, ids):
        by_month.setdefault(adjustment.month, {}).setdefault(adjustment.person_id, []).append(adjustment)
    for month, people in by_month.items():
        for mended in Run.objects.filter(government=run.government, month=month, kind="regular", state__in=PAID):
            yield from _rapel_of(mended, people)


def _rapel_of(mended: Run, people: dict[int, list[Adjustment]]) -> Iterator[tuple[int, Brought]]:
    """The difference for each of `people` whom `mended` has paid, where there is one."""
    rows = {row.person_id: row for row in mended.inputs.filter(person_id__in=people)}
    plan = frozen_plan(mended)
    facts = read_facts(mended.government, mended.month, plan, rows) if rows else {}
    earlier = earlier_rapel(mended, rows)
    for person_id, row in sorted(rows.items()):
        now = facts.get(person_id)
        if now is None or now.aside is not None:
            continue
        try:
            due = due_of(evaluate_month(plan, now.given).values)
        except (ValueError, ArithmeticError, LookupError, TypeError):
            continue  # not computable now: the adjustment stays pending and is looked at again next time
        if due is None:
            continue
        paid, before = paid_of(row), earlier.get(person_id, 0)
        amount = tidy(Fraction(due) - paid - before)
        if amount:
            yield person_id, _rapel_line(mended, people[person_id], now.given, (due, paid, before), amount)


def _rapel_line(
    mended: Run, adjustments: list[Adjustment], given: dict[str, Any], parts: tuple[Exact, Exact, Exact], amount: Exact
) -> Brought:
    due, paid, before = (money_text(part) for part in parts)
    reason = "; ".join(dict.fromkeys(adjustment.reason for adjustment in adjustments))[:250]
    detail = {
        "due": due,
        "paid": paid,
        "earlier": before,
        "run": mended.pk,
        "given": given,
        "adjustments": [adjustment.pk for adjustment in adjustments],
    }
    return Brought("rapel", "rapel", amount, mended.month, reason, detail)


def earlier_rapel(mended: Run, person_ids: Collection[int]) -> dict[int, Exact]:
    """Person id -> rapel that locked runs have paid for the month of `mended`."""
    lines = Line.objects.filter(
        person_id__in=person_ids,
        kind="rapel",
        mends_month=mended.month,
        run__government_id=mended.government_id,
        run__state__in=PAID,
    )
    sums = lines.values_list("person_id").annotate(total=Sum("amount_rupiah"))
    return {person_id: tidy(Fraction(total)) for person_id, total in sums.order_by()}


def _carried_over(run: Run, ids: list[int]) -> Iterator[tuple[int, Brought]]:
    """Nets below zero of locked months that no locked run has taken back yet."""
    rows = RunInput.objects.filter(
        Among("person_id", ids),
        carried_over_rupiah__gt=0,
        run__kind="regular",
        run__government=run.government,
        run__state__in=PAID,
        run__month__lt=run.month,
    )
    taken = _brought_already(run, ids)
    for person_id, month, over in rows.order_by("person_id", "run__month").values_list(
        "person_id", "run__month", "carried_over_rupiah"
    ):
        left = over + taken.get((person_id, "carried_over", month), Decimal(0))
        if left > 0:
            reason = f"Kekurangan {month_words(month)}"
            yield person_id, Brought("carried", "carried_over", -tidy(Fraction(left)), month, reason)


def _brought_already(run: Run, ids: list[int]) -> dict[tuple[int, str, date], Decimal]:
    lines = Line.objects.filter(
        Among("person_id", ids),
        kind="carried",
        mends_month__isnull=False,
        run__government=run.government,
        run__state__in=PAID,
    )
    sums = lines.values_list("person_id", "name", "mends_month").annotate(total=Sum("amount_rupiah")).order_by()
    return {(person_id, name, month): total for person_id, name, month, total in sums}


def _paid_later(run: Run, ids: list[int]) -> Iterator[tuple[int, Brought]]:
    """Supplements of locked months whose lag is over, and that no locked run has paid yet."""
    taken: dict[tuple[int, str, date], Decimal] | None = None
    for earlier in locked_runs(run.government, run.month):
        passed = (run.month.year - earlier.month.year) * 12 + run.month.month - earlier.month.month
        plan = frozen_plan(earlier)
        rules = [rule for rule in plan.supplements if 0 < rule.lag_months <= passed]
        if not rules:
            continue
        taken = _brought_already(run, ids) if taken is None else taken
        for row in earlier.inputs.filter(Among("person_id", ids)).order_by("person_id"):
            values = evaluate_input(plan, row).values
            for rule in rules:
                amount, name = values[f"supplement.{rule.name}"], f"later.{rule.name}"[:60]
                if amount and (row.person_id, name, earlier.month) not in taken:
                    reason = f"{rule.label} {month_words(earlier.month)}"[:250]
                    yield row.person_id, Brought("carried", name, sen(amount), earlier.month, reason)


def settle_adjustments(run: Run) -> int:
    """Mark what this run has looked at as settled, in the transaction that locks it; how many.

    An accepted objection that made no difference stays open: its facts have yet to be mended.
    """
    if run.kind != "regular":
        return 0
    paid = [
        pk
        for detail in run.lines.filter(kind="rapel").values_list("detail", flat=True)
        for pk in detail.get("adjustments", [])
    ]
    looked_at = run.inputs.filter(person_id=OuterRef("person_id"), read_at__gte=OuterRef("recorded_at"))
    seen = Q(month__lt=run.month) & ~Q(source__startswith="objection:") & Exists(looked_at)
    return Adjustment.objects.filter(Q(pk__in=paid) | seen, settled_by_run__isnull=True).update(settled_by_run=run)
