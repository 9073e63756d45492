"""Draft a run: read everybody, compute by the document of the month, freeze inputs and lines by COPY.

The run's row is locked while rows are written, so that chunks, a second draft and a check wait for each other. A run
that was checked is never touched. Twice with the same facts gives the same rows.
"""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils.crypto import salted_hmac

from allowances.frozen import choose_documents, plan_of
from allowances.models import Adjustment, Line, Run, RunInput
from allowances.operations.adjustments import brought_for
from allowances.operations.facts import PersonFacts, former_facts, read_facts
from allowances.operations.late_facts import DAY_MONTHS, locked_runs, notice_late_facts
from allowances.plan import AllowancePlan
from allowances.rows import AMOUNTS, Brought, PaidRow, carried_amount, money_text, paid_row
from allowances.rules import evaluate_month
from core import audit
from core.copying import copy_rows
from core.errors import PortalError
from core.indonesian import month_words
from core.period import next_month
from roster.models import Assignment, Government

PEOPLE_A_CHUNK = 2_000
KINDS = ("regular", "thirteenth", "holiday")
INPUT_COLUMNS = (
    "run_id", "person_id", "unit_id", "unit_name", "number", "name", "rank", "position_name", "job_class", "given",
    *(f"{name}_rupiah" for name in AMOUNTS), "verification_code", "read_at", "bank_name", "bank_account",
)  # fmt: skip
LINE_COLUMNS = (
    "run_id", "person_id", "kind", "name", "amount_rupiah", "criteria", "mends_month", "reason", "detail",
)  # fmt: skip
Progress = Callable[[int, int], None]
_amounts_of = attrgetter(*AMOUNTS)


@dataclass
class Drafted:
    """Rows of a chunk, ready to be written, and who was set aside. `code_of`: person id -> code of the slip."""

    run: Run
    read_at: str
    code_of: Callable[[int], str]
    inputs: list[tuple[Any, ...]] = field(default_factory=list)
    lines: list[tuple[Any, ...]] = field(default_factory=list)
    set_aside: list[dict[str, Any]] = field(default_factory=list)


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
    aside: list[dict[str, Any]] = []
    for start in range(0, len(everybody), PEOPLE_A_CHUNK):
        people = everybody[start : start + PEOPLE_A_CHUNK]
        aside += _draft_people(run, people, at)
        if progress:
            progress(start + len(people), len(everybody))
    took_ms = int((time.monotonic() - started) * 1000)
    run = _settle_head(run.pk, everybody, aside, whole=person_ids is None, duration_ms=took_ms)
    audit.record(
        at, government.code, getattr(user, "username", "") or "draft_run", "run.drafted", f"run:{run.pk}",
        {"month": month.isoformat(), "kind": kind, "number": number, "people": run.people_count,
         "set_aside": len(run.set_aside)},
    )  # fmt: skip
    return run


def draft_chunk(
    government: Government, month: date, person_ids: Sequence[int], at: datetime
) -> tuple[int, list[dict[str, Any]]]:
    """One chunk of the night's regular draft: (people written, people set aside). A checked run is left alone.

    Without a document in force for the month nothing is drafted, and nobody is set aside.
    """
    month = month.replace(day=1)
    if choose_documents(government, month) is None:
        return 0, []
    run = _open_draft(government, month, "regular", 1, at, None)
    if run is None:
        return 0, []
    aside = _draft_people(run, person_ids, at)
    _settle_head(run.pk, person_ids, aside)
    return RunInput.objects.filter(run=run, person_id__in=list(person_ids)).count(), aside


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


def _draft_people(run: Run, person_ids: Collection[int], at: datetime) -> list[dict[str, Any]]:
    """Compute and write some people of a run; who was set aside."""
    ids = set(person_ids) - paid_elsewhere(run, person_ids)
    plan = plan_of(run.policy_id, run.policies)
    government = run.government
    if run.kind == "regular":
        notice_late_facts(government, run.month, ids, at)
    facts = read_facts(government, run.month, plan, ids, run.kind)
    brought = brought_for(run, ids) if run.kind == "regular" else {}
    # Nobody without a post is made to owe: an amount below zero waits until there is pay to take it from.
    due = [person_id for person_id, parts in brought.items() if person_id not in facts and carried_amount(parts) > 0]
    facts |= former_facts(run, due) if due else {}
    drafted = Drafted(run, at.isoformat(), slip_codes(run))
    for person_id in sorted(facts):
        _draft_person(plan, facts[person_id], brought.get(person_id, []), drafted)
    _write(run, sorted(set(person_ids)), drafted)
    return drafted.set_aside


def paid_elsewhere(run: Run, person_ids: Collection[int]) -> set[int]:
    """Those whom an earlier run of the same month and kind has paid: a later number pays only the others."""
    if run.number == 1:
        return set()
    rows = RunInput.objects.filter(
        run__government_id=run.government_id, run__month=run.month, run__kind=run.kind, run__number__lt=run.number
    )
    return set(rows.filter(person_id__in=list(person_ids)).values_list("person_id", flat=True))


def _draft_person(plan: AllowancePlan, facts: PersonFacts, brought: list[Brought], drafted: Drafted) -> None:
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
        drafted.set_aside.append(
            {"person": person.person_id, "number": person.number, "name": person.name, "unit": person.unit_id,
             "unit_name": person.unit_name, "code": code, "reason": reason}
        )  # fmt: skip
        return
    row = paid_row(plan, evaluation, brought)
    drafted.inputs.append(_input_values(drafted, facts, row))
    drafted.lines.extend(
        (
            drafted.run.pk, person.person_id, line.kind, line.name, money_text(line.amount), _json(line.criteria),
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


def _input_values(drafted: Drafted, facts: PersonFacts, row: PaidRow) -> tuple[Any, ...]:
    person = facts.person
    return (
        drafted.run.pk, person.person_id, person.unit_id, person.unit_name[:250], person.number, person.name[:520],
        person.rank[:20], person.position_name[:250], person.job_class, _json(facts.given),
        *map(money_text, _amounts_of(row)), drafted.code_of(person.person_id), drafted.read_at,
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


@transaction.atomic
def _write(run: Run, person_ids: list[int], drafted: Drafted) -> None:
    """Replace the rows of `person_ids`, while the run stands still as a draft."""
    _hold_draft(run.pk)
    Line.objects.filter(run_id=run.pk, person_id__in=person_ids).delete()
    RunInput.objects.filter(run_id=run.pk, person_id__in=person_ids).delete()
    copy_rows(RunInput._meta.db_table, INPUT_COLUMNS, drafted.inputs)
    copy_rows(Line._meta.db_table, LINE_COLUMNS, drafted.lines)


def _hold_draft(run_id: int) -> Run:
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.state != Run.State.DRAFT:
        raise PortalError("Perhitungan ini sudah diperiksa selagi disusun; muat ulang halaman.")
    return run


@transaction.atomic
def _settle_head(
    run_id: int,
    person_ids: Collection[int],
    set_aside: list[dict[str, Any]],
    whole: bool = False,
    duration_ms: int | None = None,
) -> Run:
    """Totals from the rows as they stand; who is set aside, with the people of other chunks kept."""
    run, touched = _hold_draft(run_id), set(person_ids)
    kept = [] if whole else [item for item in run.set_aside if item["person"] not in touched]
    run.set_aside = sorted([*kept, *set_aside], key=lambda item: item["person"])
    sums = run.inputs.aggregate(total=Sum("net_rupiah"))
    run.people_count, run.total_rupiah = run.inputs.count(), sums["total"] or 0
    if duration_ms is not None:
        run.duration_ms = duration_ms
    run.save(update_fields=["set_aside", "people_count", "total_rupiah", "duration_ms"])
    return run
