"""A person's values become the row and the lines that are paid: to the sen, adding up, never below zero.

gross - cuts + supplements + rapel - held - own insurance - own tax + carried over = net = sum of the lines.
- cuts: everything that keeps the components below the gross, and what was received elsewhere (`offsets`).
- supplements: those paid now; one with a lag stands in no line of this month.
- rapel: what earlier months are due, both rapel lines and amounts carried into this run (negative ones too).
- carried over: what a net below zero lacks; it stands here as a positive line and in the next run as a negative one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from allowances.plan import AllowancePlan
from allowances.rules import Evaluation
from core.money import Exact, apportion, exact_sum, round_to, tidy

SEN = Fraction(1, 100)
AMOUNTS = (
    "gross", "cuts", "supplements", "rapel", "held", "insurance_employee", "insurance_employer", "tax", "tax_own",
    "carried_over", "net",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Brought:
    """An amount that another month brings into a row: `kind` rapel or carried, with the month it belongs to."""

    kind: str
    name: str
    amount: Exact
    mends_month: date
    reason: str
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PaidLine:
    """One line; `criteria` are its parts by budget criterion, rupiah as text."""

    kind: str
    name: str
    amount: Exact
    criteria: dict[str, str] = field(default_factory=dict)
    mends_month: date | None = None
    reason: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PaidRow:
    """The amounts of one person, in rupiah with at most two decimals, and the lines that add up to `net`."""

    gross: Exact
    cuts: Exact
    supplements: Exact
    rapel: Exact
    held: Exact
    insurance_employee: Exact
    insurance_employer: Exact
    tax: Exact
    tax_own: Exact
    carried_over: Exact
    net: Exact
    lines: tuple[PaidLine, ...]


def sen(amount: Exact) -> Exact:
    """To the hundredth of a rupiah, half up; whole rupiah stay plain integers."""
    return amount if amount.__class__ is int else round_to(amount, SEN)


def rupiah_of(whole_sen: int) -> Exact:
    """Rupiah of a whole number of sen; whole rupiah are plain integers."""
    whole, rest = divmod(whole_sen, 100)
    return whole if rest == 0 else Fraction(whole_sen, 100)


def money_text(amount: Exact) -> str:
    """An amount for a column of two decimals."""
    if amount.__class__ is int:
        return str(amount)
    hundredths = int(amount * 100)
    sign, hundredths = ("-" if hundredths < 0 else ""), abs(hundredths)
    return f"{sign}{hundredths // 100}.{hundredths % 100:02d}"


def carried_amount(brought: Sequence[Brought]) -> Exact:
    """The `carried` of the regulation format: everything that other months bring."""
    return exact_sum([item.amount for item in brought]) if brought else 0


def due_of(values: Mapping[str, Any]) -> Exact | None:
    """What a month pays by itself, to the sen: allowance less what is held; None where it is not known."""
    if values["allowance"] is None or values["held"] is None:
        return None
    return sen(tidy(values["allowance"] - values["held"]))


def paid_row(plan: AllowancePlan, evaluation: Evaluation, brought: Sequence[Brought] = ()) -> PaidRow:
    """Row and lines of an evaluation whose net is known; `brought` is what its `carried` consists of."""
    values = evaluation.values
    lines = [*_components(plan, values), *_supplements(plan, values)]
    paid = exact_sum([values[name] for name in plan.weights]) + values["supplements"]
    offset = paid - values["allowance"]
    if offset:
        lines.append(PaidLine("offset", "offsets", -sen(offset)))
    own_tax = 0 if (plan.tax or {}).get("borne_by") == "government" else values["tax"]
    for kind, name, amount in (
        ("held", "held", values["held"]),
        ("insurance", "insurance_employee", values["insurance_employee"]),
        ("tax", "tax", own_tax),
    ):
        if amount:
            lines.append(PaidLine(kind, name, -sen(amount)))
    lines += [
        PaidLine(item.kind, item.name, sen(item.amount), {}, item.mends_month, item.reason, item.detail)
        for item in brought
    ]
    lines = _with_criteria(plan, values, _to_the_net(lines, sen(values["net"])))
    net = exact_sum([line.amount for line in lines])
    over = -net if net < 0 else 0
    if over:
        lines.append(PaidLine("carried", "carried_over", over, reason="Kekurangan dibawa ke perhitungan berikutnya"))
    return _row(plan, values, lines, own_tax, over)


def _row(plan: AllowancePlan, values: dict[str, Any], lines: list[PaidLine], own_tax: Exact, over: Exact) -> PaidRow:
    def of(*kinds: str) -> Exact:
        return exact_sum([line.amount for line in lines if line.kind in kinds])

    gross = sen(values["gross"]) if plan.weights else 0
    return PaidRow(
        gross=gross,
        cuts=gross - of("component", "offset"),
        supplements=of("supplement"),
        rapel=of("rapel", "carried") - over,
        held=-of("held"),
        insurance_employee=-of("insurance"),
        insurance_employer=sen(values["insurance_employer"] or 0),
        tax=sen(values["tax"] or 0) if own_tax == 0 else -of("tax"),
        tax_own=-of("tax"),
        carried_over=over,
        net=exact_sum([line.amount for line in lines]),
        lines=tuple(lines),
    )


def _components(plan: AllowancePlan, values: dict[str, Any]) -> list[PaidLine]:
    return [PaidLine("component", name, sen(values[name])) for name in plan.weights]


def _with_criteria(plan: AllowancePlan, values: dict[str, Any], lines: list[PaidLine]) -> list[PaidLine]:
    """Component lines with their parts by budget criterion, which add up to the line."""
    if plan.base.get("by") not in ("criteria", "basic"):
        return lines
    criteria = [str(name) for name in plan.base.get("criteria") or []]
    made = []
    for line in lines:
        parts = [values.get(f"{line.name}.{name}") for name in criteria] if line.kind == "component" else []
        if parts and None not in parts:
            texts = map(money_text, apportion(parts, line.amount, SEN))
            line = replace(line, criteria=dict(zip(criteria, texts, strict=True)))
        made.append(line)
    return made


def _supplements(plan: AllowancePlan, values: dict[str, Any]) -> list[PaidLine]:
    return [
        PaidLine("supplement", rule.name, sen(values[f"supplement.{rule.name}"]))
        for rule in plan.supplements
        if not rule.lag_months and values[f"supplement.{rule.name}"]
    ]


def _to_the_net(lines: list[PaidLine], net: Exact) -> list[PaidLine]:
    """Lines rounded one by one may miss the rounded net by some sen: this month's largest line takes them."""
    missing = net - exact_sum([line.amount for line in lines])
    own = [position for position, line in enumerate(lines) if line.kind not in ("rapel", "carried")]
    if not missing or not own:
        return lines
    largest = max(own, key=lambda position: abs(lines[position].amount))
    changed = replace(lines[largest], amount=tidy(lines[largest].amount + missing))
    return [*lines[:largest], changed, *lines[largest + 1 :]]
