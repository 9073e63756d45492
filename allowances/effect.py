"""What a draft document would do to everybody's pay of a month that was computed already. Nothing is written.

The facts are those that the run froze, so that the difference is the document's alone. Where an attendance document is
among the drafts, days are decided anew from the arrivals and departures that counted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from allowances.explain import Step, explain_month
from allowances.frozen import explain_input
from allowances.models import Run, RunInput
from allowances.plan import AllowancePlan
from allowances.rules import compile_allowance, evaluate_month
from attendance.plan import DECIDING, AttendancePlan
from attendance.rules import compile_attendance
from core.errors import PortalError
from core.money import Exact, tidy
from policy.conditions import CaseError
from policy.documents import Document, DocumentError, Library
from policy.models import PolicyVersion
from policy.validator import validate

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class PersonEffect:
    """One person's net of the month (rupiah, exact), as the run has it and as the draft gives it."""

    person_id: int
    number: str
    name: str
    unit: str
    job_class: int | None
    rank: str
    before: Exact
    after: Exact

    @property
    def change(self) -> Exact:
        """What the draft adds; below 0 where it takes away."""
        return self.after - self.before


@dataclass(slots=True)
class Group:
    """People of one unit, class or rank: how many, and the sums of their nets."""

    label: str
    people: int = 0
    before: Exact = 0
    after: Exact = 0


@dataclass(slots=True)
class Effect:
    """What the draft does to a run. `aside`: people whom it could not compute, each with the reason."""

    policy_id: str
    month: date
    people: int = 0
    unchanged: int = 0
    before: Exact = 0
    after: Exact = 0
    by_unit: dict[str, Group] = field(default_factory=dict)
    by_class: dict[str, Group] = field(default_factory=dict)
    by_rank: dict[str, Group] = field(default_factory=dict)
    gainers: list[PersonEffect] = field(default_factory=list)
    losers: list[PersonEffect] = field(default_factory=list)
    aside: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Draft:
    """Uploaded documents, read: the plan of the allowance document, and whether days are decided anew by it."""

    plan: AllowancePlan
    decides_days: bool

    def given_of(self, row: RunInput) -> dict[str, Any]:
        """The frozen facts as the draft is given them."""
        if not self.decides_days:
            return row.given
        return row.given | {"days": [_undecided(day) for day in row.given.get("days") or []]}


def read_draft(run: Run, texts: Mapping[str, str]) -> Draft:
    """The draft among `texts` (file name -> YAML): one allowance document of the run's government, and what it needs.

    References lead to the files given, then to the stored versions. Raises PortalError naming file, path and remedy.
    """
    library = Library(reads_files=False)
    library.load_texts(dict(PolicyVersion.objects.values_list("source_path", "body")))
    names = {name: f"drafts/{name}" for name in texts}
    try:
        for name, text in texts.items():
            _take_in(library, name, names[name], text)
        _refuse_findings(texts, names, library)
        documents = {name: library.build(names[name], text) for name, text in texts.items()}
        allowance = _only(documents.values(), "allowance")
        if allowance is None or allowance.jurisdiction != run.government.code:
            raise PortalError(
                f"Unggah tepat satu dokumen tunjangan (topic: allowance) dengan jurisdiction {run.government.code}."
            )
        attendance = _only(documents.values(), "attendance")
        plan = compile_allowance(allowance, _attendance(library, allowance, attendance), _tax(library, allowance))
    except (DocumentError, CaseError) as error:
        raise PortalError(f"Dokumen tidak dapat dipakai: {error}") from error
    return Draft(plan, attendance is not None)


def effect_of(run: Run, draft: Draft) -> Effect:
    """The draft on everybody whom `run` pays; one statement, rows read in pieces."""
    effect = Effect(draft.plan.document.id, run.month)
    changed: list[PersonEffect] = []
    for row in run.inputs.order_by("person_id").iterator(chunk_size=2_000):
        before = tidy(Fraction(row.net_rupiah) - Fraction(row.carried_over_rupiah))
        try:
            after = evaluate_month(draft.plan, draft.given_of(row)).values["net"]
        except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError) as error:
            effect.aside.append(_aside(row, f"Aturan tidak dapat dihitung: {error}"))
            continue
        if after is None:
            effect.aside.append(_aside(row, "Dokumen ini meminta masukan yang belum diketahui."))
            continue
        person = PersonEffect(
            row.person_id, row.number, row.name, row.unit_name, row.job_class, row.rank, before, after
        )
        _count(effect, person)
        if person.change:
            changed.append(person)
    changed.sort(key=lambda person: (-person.change, person.person_id))
    effect.gainers = [person for person in changed[:MOST_SHOWN] if person.change > 0]
    effect.losers = [person for person in reversed(changed[-MOST_SHOWN:]) if person.change < 0]
    return effect


def side_by_side(row: RunInput, draft: Draft) -> tuple[Step, Step]:
    """One person's explanation as the run has it, and by the draft. Raises PortalError, CaseError."""
    return explain_input(row), explain_month(draft.plan, draft.given_of(row))


def _count(effect: Effect, person: PersonEffect) -> None:
    effect.people += 1
    effect.unchanged += person.change == 0
    effect.before, effect.after = effect.before + person.before, effect.after + person.after
    for groups, label in (
        (effect.by_unit, person.unit or "tanpa unit"),
        (effect.by_class, "tanpa kelas" if person.job_class is None else str(person.job_class)),
        (effect.by_rank, person.rank or "tanpa golongan"),
    ):
        group = groups.setdefault(label, Group(label))
        group.people += 1
        group.before, group.after = group.before + person.before, group.after + person.after


def _aside(row: RunInput, reason: str) -> dict[str, Any]:
    return {"person": row.person_id, "number": row.number, "name": row.name, "reason": reason[:250]}


def _undecided(day: Mapping[str, Any]) -> dict[str, Any]:
    """A day without what an attendance document decides; arrival, departure and labels stay."""
    return {name: value for name, value in day.items() if name not in DECIDING}


def _only(documents: Iterable[Document], topic: str) -> Document | None:
    found = [document for document in documents if document.topic == topic]
    return found[0] if len(found) == 1 else None


def _take_in(library: Library, name: str, path: str, text: str) -> None:
    try:
        library.add_text(path, text, replace=True)
    except DocumentError as error:
        raise PortalError(f"{name}: {error.message}") from error


def _refuse_findings(texts: Mapping[str, str], names: Mapping[str, str], library: Library) -> None:
    for name, text in texts.items():
        refused = [item for item in validate(text, library, names[name], neighbours=()) if not item.warning]
        if refused:
            more = f" (dan {len(refused) - 1} temuan lain)" if len(refused) > 1 else ""
            raise PortalError(f"{name}, {refused[0].path or 'berkas'}: {refused[0].message}{more}")


def _attendance(library: Library, allowance: Document, drafted: Document | None) -> Any:
    def on(day: date) -> AttendancePlan | None:
        found = drafted or library.attendance_for(allowance, day)
        return compile_attendance(found) if found else None

    return on


def _tax(library: Library, allowance: Document) -> Document | None:
    table = (allowance.parameters.get("tax") or {}).get("table")
    return library.tax_table(allowance, table) if table else None
