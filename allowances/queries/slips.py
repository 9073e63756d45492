"""One person's slip: the stored amounts, why they are what they are, and whether the rules still give them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from django.db.models import QuerySet

from allowances import explain
from allowances.frozen import Difference, frozen_plan, month_of_run, recompute_differences
from allowances.models import Line, Run, RunInput
from allowances.plan import AllowancePlan
from allowances.queries.nodes import AMOUNT_LABELS, Node, brought_node, exact_rupiah, names_of, node_of, stored_node
from allowances.wording import sum_words
from core.errors import PortalError
from core.indonesian import rupiah
from core.money import Exact, exact_sum, tidy
from policy.sentences_words import NOT_LOCATED, article_words
from roster.models import Person

LOCKED = (Run.State.LOCKED, Run.State.PAID)
# Where the steps of the payment stand in the stored lines: key of the step -> (kind, name) of the line.
LINE_OF_STEP = {
    "offsets": ("offset", "offsets"),
    "held": ("held", "held"),
    "insurance.employee": ("insurance", "insurance_employee"),
    "tax": ("tax", "tax"),
}


@dataclass(frozen=True)
class Slip:
    """A slip ready to be shown: `components` add up to `earned`, and with `payments` to the net of the row.

    `base` says where the ceiling comes from; it is None where nothing can be explained.
    """

    run: Run
    row: RunInput
    base: Node | None
    components: tuple[Node, ...]
    payments: tuple[Node, ...]
    earned: Exact
    criteria: tuple[tuple[str, Exact], ...]
    document_title: str
    decree: str
    alarm: tuple[str, ...]

    @property
    def tree(self) -> Node:
        """The whole of it under what is paid; its children are `components` and `payments`."""
        net, children = exact_rupiah(self.row.net_rupiah), (*self.components, *self.payments)
        parts = [node.amount for node in children if node.amount]
        return Node(
            AMOUNT_LABELS["net"] if self.locked else "Perkiraan diterima",
            net,
            sentence=f"Yang dibayarkan bulan ini {rupiah(net)}.",
            arithmetic=sum_words(parts, net) if len(parts) > 1 else "",
            article=self.decree,
            children=children,
            key="net",
        )

    @property
    def locked(self) -> bool:
        """Whether the amounts can no longer change."""
        return self.run.state in LOCKED

    @property
    def paid_share(self) -> Fraction | None:
        """How much of the ceiling the month earned; None without a ceiling."""
        gross = Fraction(self.row.gross_rupiah)
        return Fraction(self.earned) / gross if gross else None

    @property
    def code_words(self) -> str:
        """The verification code in groups of four."""
        code = self.row.verification_code
        return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def slips_of(person: Person) -> QuerySet[RunInput]:
    """All rows of a person, newest month first; drafts among them are estimates."""
    rows = RunInput.objects.filter(person=person, run__government_id=person.government_id)
    return rows.select_related("run__government").order_by("-run__month", "-run__kind", "-run__number")


def newest_slip(rows: Sequence[RunInput]) -> RunInput | None:
    """The newest that is locked or paid, else the newest estimate."""
    return next((row for row in rows if row.run.state in LOCKED), rows[0] if rows else None)


def slip_of(row: RunInput) -> Slip:
    """The whole slip of a stored row. What cannot be computed again is shown as stored, with an alarm."""
    run = row.run
    lines = list(run.lines.filter(person_id=row.person_id).order_by("pk"))
    alarm = [_difference_words(found) for found in _differences(run, row)]
    try:
        plan = frozen_plan(run)
        names = names_of(plan, lines)
        base, components, payments = _explained(plan, row, lines, names)
        title, decree = plan.document.title, article_words(str(plan.document.decree or ""))
    except (PortalError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError) as error:
        alarm.append(f"Penjelasan tidak dapat disusun dari masukan yang tersimpan: {error}")
        base, (components, payments) = None, _as_stored(lines)
        title, decree = run.policy_id, ""
    earned = exact_sum([node.amount or 0 for node in components])
    shown = tidy(Fraction(earned) + sum(Fraction(node.amount or 0) for node in payments))
    if shown != exact_rupiah(row.net_rupiah):
        alarm.append("Jumlah baris tidak sama dengan yang diterima.")
    return Slip(
        run, row, base, components, payments, earned, _criteria(lines), title, decree, tuple(dict.fromkeys(alarm))
    )


def _explained(
    plan: AllowancePlan, row: RunInput, lines: list[Line], names: set[str]
) -> tuple[Node | None, tuple[Node, ...], tuple[Node, ...]]:
    left = {(line.kind, line.name, line.mends_month): line for line in lines}
    components = []
    for step in explain.explain_components(plan, row.given):
        name = step.key.removeprefix("paid.")
        node = node_of(step, names)
        line = left.pop(("component", name, None), None)
        components.append(stored_node(node, exact_rupiah(line.amount_rupiah)) if line else node)
    base, payments = None, []
    for step in explain.explain_month(plan, row.given).children:
        if step.key == "gross":
            base = node_of(step, names)
        if step.key in ("gross", "carried") or step.key.startswith("component."):
            continue
        kind, name = LINE_OF_STEP.get(step.key, (step.key.partition(".")[0], step.key.partition(".")[2]))
        line = left.pop((kind, name, None), None)
        node = node_of(step, names, name if name in names else "")
        payments.append(stored_node(node, exact_rupiah(line.amount_rupiah)) if line else node)
    rest = _line_nodes(left.values())
    # What changes nothing (paid in and out again) stands after what does.
    return base, tuple(components), tuple(sorted([*payments, *rest], key=lambda node: not node.amount))


def _as_stored(lines: list[Line]) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    components = tuple(_line_nodes(line for line in lines if line.kind == "component"))
    return components, tuple(_line_nodes(line for line in lines if line.kind != "component"))


def _line_nodes(lines: Iterable[Line]) -> list[Node]:
    """Lines as they are stored; what other months bring under the decree of its month."""
    rows = list(lines)
    runs = Run.objects.filter(pk__in={line.detail["run"] for line in rows if "run" in line.detail}) if rows else ()
    decrees = {run.pk: _decree(run) for run in runs}
    return [
        brought_node(line, decrees.get(line.detail.get("run"), ""))
        if line.kind in ("rapel", "carried")
        else _stored(line)
        for line in rows
    ]


def _decree(run: Run) -> str:
    try:
        return article_words(str(frozen_plan(run).document.decree or ""))
    except PortalError:
        return ""


def _stored(line: Line) -> Node:
    label = AMOUNT_LABELS.get(line.name, line.name.replace("_", " ").capitalize())
    said = line.reason or "Seperti yang tersimpan."
    return Node(label, exact_rupiah(line.amount_rupiah), sentence=said, article=NOT_LOCATED, about=line.name)


def _criteria(lines: list[Line]) -> tuple[tuple[str, Exact], ...]:
    """Budget criteria of all components together; each is a budget account of its own."""
    sums: dict[str, Fraction] = {}
    for line in lines:
        for name, amount in line.criteria.items():
            sums[name] = sums.get(name, Fraction(0)) + Fraction(str(amount))
    return tuple((name.replace("_", " ").capitalize(), tidy(amount)) for name, amount in sums.items())


def _differences(run: Run, row: RunInput) -> list[Difference]:
    try:
        return recompute_differences(run, [row.person_id])
    except (PortalError, ArithmeticError, LookupError, TypeError, AttributeError) as error:
        return [Difference(row.person_id, row.number, "aturan", "", str(error))]


def _difference_words(found: Difference) -> str:
    what = AMOUNT_LABELS.get(found.what, found.what)
    return f"{what}: tersimpan {found.stored or '—'}, dihitung ulang {found.computed or '—'}."


def find_node(slip: Slip, about: str, on: date | None) -> Node | None:
    """The line that an objection is about: of that day where one is given, else the first of that name."""
    found: list[Node] = []

    def walk(nodes: Sequence[Node]) -> None:
        for node in nodes:
            if node.about == about:
                found.append(node)
            walk(node.children)

    walk((*slip.components, *slip.payments))
    same_day = [node for node in found if on is not None and node.on == on]
    if same_day:
        total = exact_sum([node.amount or 0 for node in same_day])
        return replace(same_day[0], amount=total, children=())
    return found[0] if found and on is None else None


def slip_title(run: Run) -> str:
    """`Oktober 2026`, with the kind of run where it is not the regular one."""
    return month_of_run(run)
