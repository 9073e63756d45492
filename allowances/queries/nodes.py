"""The lines of a slip as a tree: the rules' own explanation, with the stored amounts on top and always adding up."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from allowances.models import Line
from allowances.plan import AllowancePlan
from allowances.rows import AMOUNTS
from allowances.steps import Step
from core.indonesian import day_words, month_words, rupiah
from core.money import Exact, tidy
from policy.sentences_words import NOT_LOCATED

# The amounts of a row, as a slip names them.
AMOUNT_LABELS = {
    "gross": "Pagu TPP",
    "cuts": "Potongan",
    "supplements": "Tambahan",
    "rapel": "Rapel",
    "held": "Ditahan",
    "insurance_employee": "Iuran jaminan kesehatan",
    "insurance_employer": "Iuran jaminan kesehatan pemberi kerja",
    "tax": "Pajak",
    "tax_own": "Pajak yang ditanggung sendiri",
    "carried_over": "Kekurangan dibawa ke bulan berikutnya",
    "net": "Diterima di rekening",
    "offsets": "Sudah diterima dari tempat lain",
}
# Steps of an explanation whose stored line has another name.
STORED = {"insurance.employee": "insurance_employee", "insurance.employer": "insurance_employer"}
OF_COMPONENT = ("paid", "part", "achievement", "scale", "supplement")


@dataclass(frozen=True, slots=True)
class Node:
    """One line that opens. `about` is what an objection to it names; `run_id` leads to the month that it mends."""

    label: str
    amount: Exact | None
    note: str = ""
    sentence: str = ""
    arithmetic: str = ""
    article: str = ""
    on: date | None = None
    about: str = ""
    run_id: int | None = None
    children: tuple["Node", ...] = ()
    key: str = ""
    unit: str = "rupiah"


def node_of(step: Step, names: Collection[str], about: str = "") -> Node:
    """A step and everything below it; `names` are what objections may be about, `about` the line it stands under."""
    own = about_of(step.key, names) or about
    label, note = step.label, step.note
    if step.on is not None:
        label = day_words(step.on)
        note = "" if note == "dibebaskan" and step.value else note
    return Node(
        label,
        step.value,
        note,
        step.sentence,
        step.arithmetic,
        step.article,
        step.on,
        own,
        children=tuple(node_of(child, names, own) for child in step.children),
        key=step.key,
        unit=step.unit,
    )


def about_of(key: str, names: Collection[str]) -> str:
    """The name under which an objection is filed against the step `key`; "" where there is none of its own."""
    kind, _, name = key.partition(".")
    for wanted in (STORED.get(key, ""), name if kind in (*OF_COMPONENT, "charge", "line") else "", kind):
        if wanted in names:
            return wanted
    return ""


def stored_node(node: Node, amount: Exact) -> Node:
    """The node with the amount that was stored; what rounding to the sen makes of it stands as a child."""
    missing = None if node.amount is None else tidy(Fraction(amount) - Fraction(node.amount))
    if not missing:
        return replace(node, amount=amount)
    # The difference needs something to stand beside: a node without children gets its own value as the first.
    children = node.children or (replace(node, label="Menurut aturan"),)
    said = "Yang dibayarkan dibulatkan ke sen terdekat."
    rounding = Node("Pembulatan ke sen", missing, sentence=said, article=node.article, key="rest")
    return replace(node, amount=amount, children=(*children, rounding))


def exact_rupiah(amount: Decimal) -> Exact:
    """A stored amount as an exact number."""
    return tidy(Fraction(amount))


def brought_node(line: Line, decree: str = "") -> Node:
    """A line that another month brings: rapel with what was due and paid, or a shortage that is carried.

    `decree` is what the mended month was computed by.
    """
    article = decree or NOT_LOCATED
    amount, detail = exact_rupiah(line.amount_rupiah), line.detail
    if line.mends_month is None:
        words = "Potongan bulan ini melebihi haknya; kekurangannya dipotong dari perhitungan berikutnya."
        return Node(
            AMOUNT_LABELS["carried_over"], amount, sentence=words, about=line.name, key=line.kind, article=article
        )
    month = month_words(line.mends_month)
    label = f"Rapel {month}" if line.kind == "rapel" else f"{line.reason or 'Dibawa dari'} ({month})"
    if line.kind == "carried":
        label = line.reason or f"Dibawa dari {month}"
    node = Node(
        label,
        amount,
        sentence=_reason_words(line, month),
        article=article,
        about=line.name,
        run_id=detail.get("run"),
        key=line.kind,
    )
    if not {"due", "paid", "earlier"} <= detail.keys():
        return node
    due, paid, earlier = (tidy(Fraction(str(detail[name]))) for name in ("due", "paid", "earlier"))
    parts = [
        ("due", f"Hak {month} dihitung lagi", due, "Dengan data yang sekarang diketahui dan aturan bulan itu."),
        ("paid", f"Sudah dibayar untuk {month}", -paid, "Menurut perhitungan bulan itu yang sudah dikunci."),
    ]
    if earlier:
        parts.append(("earlier", f"Rapel {month} sebelumnya", -earlier, "Dibayar pada perhitungan lain."))
    children = [Node(label, part, sentence=said, article=article, key=key) for key, label, part, said in parts]
    words = f"{rupiah(due)} − {rupiah(paid)}{f' − {rupiah(earlier)}' if earlier else ''} = {rupiah(amount)}"
    return replace(node, arithmetic=words, children=tuple(children))


def _reason_words(line: Line, month: str) -> str:
    reason = line.reason.rstrip(".")
    if line.kind == "carried":
        return f"{reason}." if reason else f"Dibawa dari {month}."
    why = f" Sebabnya: {reason}." if reason else ""
    return f"Membetulkan {month}, yang sudah dikunci dan tidak diubah.{why}"


def names_of(plan: AllowancePlan, lines: Iterable[Line]) -> set[str]:
    """What an objection to a slip with these lines may be about."""
    return {line.name for line in lines} | set(AMOUNTS) | {rule.name for rule in plan.charges} | set(plan.codes)


def label_of(plan: AllowancePlan, name: str) -> str:
    """The words for what an objection is about: a component, a charge, a supplement or an amount of the slip."""
    labels: dict[str, Any] = {rule.name: rule.label for rule in (*plan.charges, *plan.supplements, *plan.holds)}
    labels |= plan.labels
    if name.startswith("later."):
        return labels.get(name.removeprefix("later."), name)
    return str(labels.get(name) or AMOUNT_LABELS.get(name) or name)
