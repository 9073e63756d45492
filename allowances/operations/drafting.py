"""Draft a run: read everybody, compute by the document of the month, freeze inputs and lines by COPY.

A run that was checked is never touched. Twice with the same facts gives the same rows, and so do chunks in any order.
"""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from allowances.frozen import choose_documents, plan_of
from allowances.models import Adjustment, Run, RunInput
from allowances.operations.adjustments import brought_for
from allowances.operations.facts import PersonFacts, former_facts, read_facts
from allowances.operations.late_facts import DAY_MONTHS, locked_runs, notice_late_facts
from allowances.operations.run_rows import DraftRows, replace_rows, settle_head
from allowances.plan import AllowancePlan
from allowances.rows import AMOUNTS, Brought, PaidRow, carried_amount, money_text, paid_row
from allowances.rules import evaluate_month
from core import audit
from core.errors import PortalError
from core.garbage import uncollected
from core.indonesian import month_words
from core.period import next_month
from roster.models import Assignment, Government

PEOPLE_A_CHUNK = 2_000
KINDS = ("regular", "thirteenth", "holiday")
Progress = Callable[[int, int], None]
_amounts_of = attrgetter(*AMOUNTS)


@dataclass(frozen=True, slots=True)
class Head:
    """What all rows of a chunk share. `code_of`: person id -> code of the slip."""

    run_id: int
    read_at: str
    code_of: Callable[[int], str]


def draft_run(
    government: Government,
    month: date,
    at: datetime,
    kind: str = "regular",
    number: int = 1,
    user: Any = None,
    person_ids: Sequence[int] | None = None,
    progress: Progress | None = None,
) -> Run:
    """Draft the run, or draft it again while it is still a draft; `person_ids` narrows to some people.

    `progress(done, total)` is called after every chunk. Raises PortalError: no document in force, a run that was
    checked already, or a later run of the same month while the earlier one is not locked.
    """
    started = time.monotonic()
    month = month.replace(day=1)
    run = _open_draft(government, month, kind, number, at, user)
    if run is None:
        raise PortalError(
            f"Perhitungan {month_words(month)} sudah diperiksa; kembalikan ke draf dulu bila harus disusun ulang."
        )
    everybody = list(people_of(run)) if person_ids is None else sorted(person_ids)
    for start in range(0, len(everybody), PEOPLE_A_CHUNK):
        people = everybody[start : start + PEOPLE_A_CHUNK]
        _draft_people(run, people, at)
        if progress:
            progress(start + len(people), len(everybody))
    took_ms = int((time.monotonic() - started) * 1000)
    run = settle_head(run.pk, at, user, everybody if person_ids is None else None, took_ms)
    audit.record(
        at, government.code, getattr(user, "username", "") or "draft_run", "run.drafted", f"run:{run.pk}",
        {"month": month.isoformat(), "kind": kind, "number": number, "people": run.people_count,
         "set_aside": len(run.set_aside)},
    )  # fmt: skip
    return run


def draft_chunk(
    government: Government,
    month: date,
    person_ids: Sequence[int],
    at: datetime,
    is_last: Callable[[], bool] = lambda: True,
) -> tuple[int, list[dict[str, Any]]]:
    """One chunk of the night's regular draft: (people written, people set aside). A checked run is left alone.

    Without a document in force for the month nothing is drafted, and nobody is set aside. `is_last` is asked
    when the rows are written, or could not be: the head of the run is made by the last chunk, whatever became of it.
    """
    month = month.replace(day=1)
    chosen = choose_documents(government, month)
    if chosen is None:
        return 0, []
    drafts = Run.objects.filter(government=government, month=month, kind="regular", number=1)
    run = drafts.select_related("government").defer("set_aside").first()
    if run is None or run.policies != chosen.policies or run.policy_id != chosen.policy_id:
        run = _open_draft(government, month, "regular", 1, at, None)
    if run is None or run.state != Run.State.DRAFT:
        return 0, []
    try:
        written = _draft_people(run, person_ids, at)
    finally:
        if is_last():
            settle_head(run.pk, at)
    return len(written.inputs), written.set_aside


def people_of(run: Run) -> Iterator[int]:
    """Everybody with a definitive post in the run's month, unit by unit, then whoever else may be concerned.

    Those are people with a row in the run, and people of the last locked months, who may be due something of them.
    """
    posted = _posted(run.government, run.month)
    ordered = dict.fromkeys(posted.order_by("unit_id", "person_id").values_list("person_id", flat=True))
    ordered |= dict.fromkeys(run.inputs.order_by("person_id").values_list("person_id", flat=True))
    if run.kind == "regular":
        recent = locked_runs(run.government, run.month, DAY_MONTHS)
        before = RunInput.objects.filter(run__in=recent).exclude(person_id__in=posted.values("person_id"))
        pending = Adjustment.objects.filter(person__government=run.government, settled_by_run__isnull=True)
        for rows in (before, pending.filter(month__lt=run.month)):
            ordered |= dict.fromkeys(rows.order_by("person_id").values_list("person_id", flat=True).distinct())
    return iter(ordered)


def posted_people(government: Government, month: date) -> list[int]:
    """Everybody with a definitive post in the month, each once."""
    return list(_posted(government, month).order_by().values_list("person_id", flat=True).distinct())


def _posted(government: Government, month: date) -> QuerySet[Assignment]:
    return Assignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=month),
        person__government_id=government.pk,
        kind=Assignment.Kind.DEFINITIVE,
        superseded_at__isnull=True,
        valid_from__lt=next_month(month),
    )


@transaction.atomic
def _open_draft(government: Government, month: date, kind: str, number: int, at: datetime, user: Any) -> Run | None:
    """The draft with today's documents in its head; None where the run has been checked already."""
    if kind not in KINDS or number < 1:
        raise PortalError(f"Jenis perhitungan {kind!r} nomor {number} tidak dikenal. Pilih: {', '.join(KINDS)}.")
    chosen = choose_documents(government, month)
    if chosen is None:
        raise PortalError(
            f"Belum ada dokumen tunjangan yang berlaku untuk {government.name} pada {month_words(month)}."
        )
    same = {"government": government, "month": month, "kind": kind}
    if Run.objects.filter(**same, number__lt=number).exclude(state__in=["locked", "paid"]).exists():
        raise PortalError("Perhitungan bernomor lebih kecil untuk bulan itu belum dikunci; kunci itu dulu.")
    head = {"policy_id": chosen.policy_id, "policy_sha256": chosen.sha256, "policies": chosen.policies}
    Run.objects.get_or_create(**same, number=number, defaults={**head, "drafted_at": at, "drafted_by": user})
    run = Run.objects.select_for_update().get(**same, number=number)
    if run.state != Run.State.DRAFT:
        return None
    for name, value in {**head, "drafted_at": at, "drafted_by": user}.items():
        setattr(run, name, value)
    run.save(update_fields=[*head, "drafted_at", "drafted_by"])
    return run


def _draft_people(run: Run, person_ids: Collection[int], at: datetime) -> DraftRows:
    """Compute and write some people of a run; what was written."""
    with uncollected():
        rows = _rows_of(run, set(person_ids) - paid_elsewhere(run, person_ids), at)
        replace_rows(run.pk, person_ids, rows)
    return rows


def _rows_of(run: Run, ids: set[int], at: datetime) -> DraftRows:
    """What is to be written of some people."""
    plan = plan_of(run.policy_id, run.policies)
    government = run.government
    if run.kind == "regular":
        notice_late_facts(government, run.month, ids, at)
    facts = read_facts(government, run.month, plan, ids, run.kind)
    brought = brought_for(run, ids) if run.kind == "regular" else {}
    # Nobody without a post is made to owe: an amount below zero waits until there is pay to take it from.
    due = [person_id for person_id, parts in brought.items() if person_id not in facts and carried_amount(parts) > 0]
    facts |= former_facts(run, due) if due else {}
    head = Head(run.pk, at.isoformat(), slip_codes(run))
    rows = DraftRows()
    for person_id in sorted(facts):
        _draft_person(plan, head, facts[person_id], brought.get(person_id, []), rows)
    return rows


def paid_elsewhere(run: Run, person_ids: Collection[int]) -> set[int]:
    """Those whom an earlier run of the same month and kind has paid: a later number pays only the others."""
    if run.number == 1:
        return set()
    rows = RunInput.objects.filter(
        run__government_id=run.government_id, run__month=run.month, run__kind=run.kind, run__number__lt=run.number
    )
    return set(rows.filter(person_id__in=list(person_ids)).values_list("person_id", flat=True))


def _draft_person(plan: AllowancePlan, head: Head, facts: PersonFacts, brought: list[Brought], rows: DraftRows) -> None:
    person, given = facts.person, facts.given
    aside = facts.aside
    if aside is None:
        carried = carried_amount(brought)
        if carried:
            given["carried"] = money_text(carried) if carried.__class__ is not int else carried
        try:
            evaluation = evaluate_month(plan, given)
            aside = why_unknown(given, evaluation.values)
        except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError) as error:
            aside = "rules", f"Aturan tidak dapat dihitung: {error}"[:240]
    if aside is not None:
        code, reason = aside
        rows.set_aside.append(
            {"person": person.person_id, "number": person.number, "name": person.name, "unit": person.unit_id,
             "unit_name": person.unit_name, "code": code, "reason": reason}
        )  # fmt: skip
        return
    row = paid_row(plan, evaluation, brought)
    rows.inputs.append(_input_values(head, facts, row))
    rows.lines.extend(
        (
            head.run_id, person.person_id, line.kind, line.name, money_text(line.amount), _json(line.criteria),
            line.mends_month, line.reason[:250], _json(line.detail),
        )
        for line in row.lines
    )  # fmt: skip


def _json(value: dict[str, Any]) -> str:
    """JSON for a column; nearly all of these are empty."""
    return orjson.dumps(value).decode() if value else "{}"


def why_unknown(given: dict[str, Any], values: dict[str, Any]) -> tuple[str, str] | None:
    """Why the net is not known (code, reason); None where it is. An unknown is never paid as 0."""
    if values["net"] is not None:
        return None
    if "rating" not in given or "rating_score" not in given:
        return "unscored", "Nilai kinerja bulan ini belum ada. Mintakan penilaian atasannya."
    if values["gross"] is None:
        return "no_gross", "Besaran tunjangan tidak diketahui. Lengkapi kelas jabatan atau besarannya."
    return "unknown", "Ada masukan yang belum diketahui (gaji atau golongan pajak). Lengkapi data pegawai."


def _input_values(head: Head, facts: PersonFacts, row: PaidRow) -> tuple[Any, ...]:
    person = facts.person
    return (
        head.run_id, person.person_id, person.unit_id, person.unit_name[:250], person.number, person.name[:520],
        person.rank[:20], person.position_name[:250], person.job_class, _json(facts.given),
        *map(money_text, _amounts_of(row)), head.code_of(person.person_id), head.read_at,
        person.bank_name, person.bank_account,
    )  # fmt: skip


def slip_codes(run: Run) -> Callable[[int], str]:
    """Person id -> the code by which anyone may verify a slip; the same after every draft, and not to be guessed."""
    begun = salted_hmac(
        "allowances.slip", f"{run.government_id}/{run.month}/{run.kind}/{run.number}/", algorithm="sha256"
    )

    def code_of(person_id: int) -> str:
        code = begun.copy()  # the key is derived once a run, not once a person
        code.update(str(person_id).encode())
        return code.hexdigest()[:32]

    return code_of
