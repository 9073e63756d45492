"""What a run was computed with, again: the plan from the stored versions, a person's values, and whether they agree.

A run names every document it used by id and sha256. The same texts give the same plan, so a locked month can be
computed and explained years later, whatever was decreed since.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from allowances.explain import Step, explain_month
from allowances.models import Line, Run, RunInput
from allowances.plan import AllowancePlan
from allowances.rows import AMOUNTS, Brought, PaidRow, due_of, paid_row
from allowances.rules import Evaluation, compile_allowance, evaluate_month
from attendance.plan import AttendancePlan
from attendance.rules import compile_attendance
from core.errors import PortalError
from core.indonesian import month_words
from core.money import Exact, tidy
from core.period import next_month
from policy.conditions import CaseError
from policy.documents import Document, DocumentError, Library
from policy.models import PolicyVersion
from policy.queries import library
from roster.models import Government


@dataclass(frozen=True)
class ChosenDocuments:
    """The allowance document of a month, and every document it leads to: id -> sha256."""

    policy_id: str
    policies: dict[str, str]

    @property
    def sha256(self) -> str:
        """The fingerprint of the allowance document itself."""
        return self.policies[self.policy_id]


def choose_documents(government: Government, month: date) -> ChosenDocuments | None:
    """The document in force on the first day of `month`, else on its last; None where there is none."""
    documents, last = library(), date.fromordinal(next_month(month).toordinal() - 1)
    chosen = documents.choose(government.code, "allowance", month) or documents.choose(
        government.code, "allowance", last
    )
    if chosen is None:
        return None
    used = {document.id: document.sha256 for document in _used(documents, chosen, month, last)}
    return ChosenDocuments(chosen.id, dict(sorted(used.items())))


def has_document(government: Government) -> bool:
    """Whether any allowance document of the government is known, in force or not: without one nothing can be paid."""
    return any(
        document.topic == "allowance" and document.jurisdiction == government.code for document in library().documents()
    )


def _used(documents: Library, chosen: Document, *days: date) -> Iterator[Document]:
    starts = [chosen]
    table = (chosen.parameters.get("tax") or {}).get("table")
    if table:
        starts.append(documents.tax_table(chosen, table))
    starts += [found for on in days if (found := documents.attendance_for(chosen, on))]
    for document in starts:
        while document is not None:
            yield document
            document = documents.find(document.extends, document.source_path) if document.extends else None


def frozen_plan(run: Run) -> AllowancePlan:
    """The plan of a run from the stored texts of exactly the versions it used. Raises PortalError if one is gone."""
    return plan_of(run.policy_id, run.policies)


def plan_of(policy_id: str, policies: Mapping[str, str]) -> AllowancePlan:
    """The plan of an allowance document and the documents it leads to, by id -> sha256. Raises PortalError."""
    return _plan(policy_id, tuple(sorted(policies.items())))


@lru_cache(maxsize=32)
def _plan(policy_id: str, policies: tuple[tuple[str, str], ...]) -> AllowancePlan:
    wanted = dict(policies)
    rows = PolicyVersion.objects.filter(document_id__in=wanted, sha256__in=wanted.values())
    texts = {row.source_path: row.body for row in rows if wanted[row.document_id] == row.sha256}
    if len(texts) != len(wanted):
        raise PortalError("Teks dokumen yang dipakai perhitungan ini tidak ada lagi; pulihkan dari cadangan.")
    try:
        return _compiled(policy_id, texts)
    except (DocumentError, CaseError) as error:
        raise PortalError(f"Dokumen {policy_id} tidak dapat dipakai: {error}") from error


def _compiled(policy_id: str, texts: Mapping[str, str]) -> AllowancePlan:
    documents = Library(reads_files=False)
    documents.load_texts(texts)
    chosen = documents.find(policy_id)
    table = (chosen.parameters.get("tax") or {}).get("table")

    def attendance_on(on: date) -> AttendancePlan | None:
        found = documents.attendance_for(chosen, on)
        return compile_attendance(found) if found else None

    return compile_allowance(chosen, attendance_on, documents.tax_table(chosen, table) if table else None)


def evaluate_input(plan: AllowancePlan, run_input: RunInput) -> Evaluation:
    """The values of a frozen input, computed again. Raises CaseError."""
    return evaluate_month(plan, run_input.given)


def explain_input(run_input: RunInput) -> Step:
    """The explanation of a frozen input, by the rules that made the number. Raises PortalError, CaseError."""
    return explain_month(frozen_plan(run_input.run), run_input.given)


def brought_into(lines: list[Line]) -> list[Brought]:
    """What a stored row was given from other months: its rapel and its carried lines."""
    return [
        Brought(line.kind, line.name, Fraction(line.amount_rupiah), line.mends_month, line.reason, line.detail)
        for line in lines
        if line.kind in ("rapel", "carried") and line.mends_month is not None
    ]


def paid_of(row: RunInput) -> Exact:
    """What a stored row paid of its own month, without what other months brought."""
    return tidy(Fraction(row.gross_rupiah - row.cuts_rupiah + row.supplements_rupiah - row.held_rupiah))


@dataclass(frozen=True)
class Difference:
    """A stored amount that is not what the rules give for the frozen input: an alarm."""

    person_id: int
    number: str
    what: str
    stored: str
    computed: str


def recompute_differences(run: Run, person_ids: list[int] | None = None) -> list[Difference]:
    """Compute everybody (or `person_ids`) again from the frozen inputs; every stored amount that is not the same."""
    plan, found = frozen_plan(run), []
    inputs = run.inputs.order_by("person_id")
    lines = run.lines.order_by("person_id", "pk")
    if person_ids is not None:
        inputs, lines = inputs.filter(person_id__in=person_ids), lines.filter(person_id__in=person_ids)
    by_person: dict[int, list[Line]] = {}
    for line in lines.iterator(chunk_size=10_000):
        by_person.setdefault(line.person_id, []).append(line)
    for row in inputs.iterator(chunk_size=2_000):
        stored = by_person.pop(row.person_id, [])
        try:
            evaluation = evaluate_input(plan, row)
            if evaluation.values["net"] is None:
                raise ValueError("yang dibayarkan tidak diketahui lagi")
            computed = paid_row(plan, evaluation, brought_into(stored))
        except ValueError as error:
            found.append(Difference(row.person_id, row.number, "rules", "", str(error)))
            continue
        found += _differences(row, stored, computed)
        found += [item for line in stored if line.kind == "rapel" for item in _rapel_differences(row, line)]
    found += [Difference(person_id, "", "lines", "tanpa masukan", "") for person_id in by_person]
    return found


def _differences(row: RunInput, stored: list[Line], computed: PaidRow) -> Iterator[Difference]:
    for name in AMOUNTS:
        if Fraction(getattr(row, f"{name}_rupiah")) != getattr(computed, name):
            yield Difference(
                row.person_id, row.number, name, str(getattr(row, f"{name}_rupiah")), str(getattr(computed, name))
            )
    before = {(line.kind, line.name, line.mends_month): Fraction(line.amount_rupiah) for line in stored}
    now = {(line.kind, line.name, line.mends_month): line.amount for line in computed.lines}
    for key in sorted(before.keys() | now.keys(), key=str):
        if before.get(key) != now.get(key):
            what = ":".join(str(part) for part in key if part)
            yield Difference(row.person_id, row.number, what, str(before.get(key, "")), str(now.get(key, "")))
    if Fraction(str(row.given.get("carried") or 0)) != computed.rapel:
        yield Difference(row.person_id, row.number, "carried", str(row.given.get("carried")), str(computed.rapel))


def _rapel_differences(row: RunInput, line: Line) -> Iterator[Difference]:
    """A rapel line again: the mended month's own document on the facts kept with the line, and what it has paid."""
    detail, name = line.detail, f"rapel:{line.mends_month}"
    mended = RunInput.objects.select_related("run").filter(run=detail.get("run"), person=row.person_id).first()
    if mended is None:
        yield Difference(row.person_id, row.number, name, str(line.amount_rupiah), "bulan yang diperbaiki tidak ada")
        return
    try:
        due = due_of(evaluate_month(frozen_plan(mended.run), detail["given"]).values)
    except (ValueError, KeyError) as error:
        yield Difference(row.person_id, row.number, name, str(line.amount_rupiah), str(error))
        return
    amount = None if due is None else Fraction(due) - paid_of(mended) - Fraction(detail["earlier"])
    if amount != Fraction(line.amount_rupiah):
        yield Difference(row.person_id, row.number, name, str(line.amount_rupiah), str(amount))


def month_of_run(run: Run) -> str:
    """A run in words: "November 2026", with its kind where it is not the regular one."""
    kinds = {"regular": "", "thirteenth": " (ketiga belas)", "holiday": " (hari raya)"}
    number = f" nomor {run.number}" if run.number > 1 else ""
    return f"{month_words(run.month)}{kinds.get(run.kind, f' ({run.kind})')}{number}"
