"""What is looked at before a run goes on: small checks, each a list of findings in words that say what to do.

A finding that `holds` refuses the step named by `stage`: the check of the draft, or only the lock. Everything else is
shown and left to the person who checks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Subquery, Window
from django.db.models.functions import Abs, Mod, RowNumber

from allowances.frozen import choose_documents, frozen_plan, recompute_differences
from allowances.models import Adjustment, Run, RunInput
from attendance.models import Correction
from core.errors import PortalError
from core.indonesian import day_words, rupiah
from core.period import next_month, previous_month
from policy.queries import document_for

SUMS = (Path(__file__).parent / "sql" / "run_sums.sql").read_text(encoding="utf-8")
SHOWN_PEOPLE = 100
SAMPLED_PEOPLE = 100
LARGE_CHANGE = Decimal("0.5")


@dataclass(frozen=True)
class Finding:
    """One thing found; `holds` refuses `stage` (check, approve or lock). `person_id` is None for the whole run."""

    code: str
    message: str
    person_id: int | None = None
    number: str = ""
    holds: bool = False
    stage: str = "check"


@dataclass(frozen=True)
class Sums:
    """What the rows of a run come to; `other_locked`: another month was locked since the first facts were read."""

    people: int
    net_rupiah: Decimal
    line_rupiah: Decimal
    zero_count: int
    without_account: int
    other_locked: bool


@dataclass(frozen=True)
class Examined:
    """A run as it is looked at, and when; what several checks ask is read once."""

    run: Run
    at: datetime

    @cached_property
    def sums(self) -> Sums:
        """One statement, whatever the number of people."""
        values = {"run": self.run.pk, "government": self.run.government_id}
        with connection.cursor() as cursor:
            cursor.execute(SUMS, values)
            return Sums(*cursor.fetchone())


Check = Callable[[Examined], list[Finding]]


def missing_document(looked: Examined) -> list[Finding]:
    """The documents that the run used are still there, and nothing newer has taken their place since."""
    run = looked.run
    try:
        frozen_plan(run)
    except PortalError as error:
        return [Finding("missing_document", str(error), holds=True, stage=stage) for stage in ("check", "lock")]
    chosen = choose_documents(run.government, run.month)
    if run.state == Run.State.DRAFT and (chosen is None or chosen.policies != run.policies):
        return [Finding("stale_draft", "Dokumen yang berlaku berubah sejak draf disusun. Susun ulang.", holds=True)]
    return []


def document_within_month(looked: Examined) -> list[Finding]:
    """A document that begins within the month: the whole month follows the one of its first day."""
    run = looked.run
    last = next_month(run.month) - timedelta(days=1)
    newer = document_for(run.government.code, "allowance", last)
    if newer is None or newer.valid_from <= run.month:
        return []
    message = f"{newer.title} berlaku sejak {day_words(newer.valid_from, with_day=False)}, di tengah bulan ini. "
    used = "dokumen itu dipakai untuk seluruh bulan" if newer.id == run.policy_id else "bulan ini memakai yang lama"
    return [Finding("document_within_month", f"{message}Pastikan benar bahwa {used}.")]


def assumed_document(looked: Examined) -> list[Finding]:
    """A run on an assumed document may be shown, and never paid, unless the document is a demonstration."""
    try:
        document = frozen_plan(looked.run).document
    except PortalError:
        return []
    if document.status != "assumed":
        return []
    if document.demonstration:
        return [Finding("demonstration_document", f"{document.title}: dokumen peragaan, bukan peraturan.")]
    message = f"{document.title} masih dianggap (assumed): boleh dilihat, tidak boleh dikunci atau dibayar."
    return [Finding("assumed_document", message, holds=True, stage="lock")]


def empty_run(looked: Examined) -> list[Finding]:
    """Nobody is in the run."""
    if looked.sums.people:
        return []
    return [Finding("empty", "Tidak seorang pun ada dalam perhitungan ini. Susun drafnya dulu.", holds=True)]


def days_not_closed(looked: Examined) -> list[Finding]:
    """Days of the month without any record, from the go-live date on; the month that is not over is one of them."""
    run, at = looked.run, looked.at
    today = at.astimezone(ZoneInfo(run.government.zone)).date()
    following = next_month(run.month)
    if today < following:
        message = f"Bulan ini baru berakhir {day_words(following, with_day=False)}; periksa sesudahnya."
        return [Finding("days_not_closed", message, holds=True)]
    since = max(run.month, run.government.go_live_on or following)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT day::date FROM generate_series(%s::date, %s::date - 1, interval '1 day') AS day WHERE NOT EXISTS ("
            "SELECT FROM attendance_dayrecord r JOIN roster_person p ON p.id = r.person_id"
            " WHERE r.work_date = day::date AND p.government_id = %s) ORDER BY day",
            [since, following, run.government_id],
        )
        days = [row[0] for row in cursor.fetchall()]
    if not days:
        return []
    message = (
        f"{len(days)} hari belum ditutup, mulai {day_words(days[0])}. Jalankan penutupan hari itu, lalu susun ulang."
    )
    return [Finding("days_not_closed", message, holds=True)]


def people_set_aside(looked: Examined) -> list[Finding]:
    """Who is not paid in this run, and why; approving needs a confirmation of its own."""
    run = looked.run
    found = [
        Finding(item["code"], item["reason"], item["person"], item.get("number", ""))
        for item in run.set_aside[:SHOWN_PEOPLE]
    ]
    if run.set_aside:
        message = f"{len(run.set_aside)} pegawai disisihkan dan tidak dibayar dalam perhitungan ini."
        found.insert(0, Finding("set_aside", message, holds=True, stage="approve"))
    return found


def open_corrections(looked: Examined) -> list[Finding]:
    """Corrections of days of the month that still wait; approved after the lock they become rapel."""
    run = looked.run
    rows = Correction.objects.filter(
        person__in=run.inputs.values("person_id"),
        state=Correction.State.REQUESTED,
        work_date__gte=run.month,
        work_date__lt=next_month(run.month),
    ).order_by("person_id", "work_date")
    return [
        Finding("open_correction", f"Koreksi absen {day_words(row.work_date)} belum diputus.", row.person_id)
        for row in rows[:SHOWN_PEOPLE]
    ]


def late_corrections(looked: Examined) -> list[Finding]:
    """Corrections that were approved after the draft read the days: a draft can still take them in."""
    run = looked.run
    rows = Correction.objects.filter(
        state=Correction.State.APPROVED, work_date__gte=run.month, work_date__lt=next_month(run.month)
    )
    inputs = run.inputs.filter(person__correction__in=rows, person__correction__decided_at__gt=F("read_at"))
    if run.state != Run.State.DRAFT or not inputs.exists():
        return []
    return [Finding("stale_draft", "Ada koreksi yang disetujui sesudah draf disusun. Susun ulang.", holds=True)]


def locked_meanwhile(looked: Examined) -> list[Finding]:
    """Another month was locked after somebody's facts were read here: its rapel may stand in both."""
    if looked.run.kind != "regular" or not looked.sums.other_locked:
        return []
    message = "Bulan lain dikunci sesudah draf ini disusun, jadi rapelnya dapat terhitung dua kali. Susun ulang."
    return [Finding("stale_draft", message, holds=True, stage=stage) for stage in ("check", "lock")]


def totals_differ(looked: Examined) -> list[Finding]:
    """Total of the run, sum of its lines and sum of its nets are one number, and people are counted right."""
    run, sums = looked.run, looked.sums
    if sums.line_rupiah == sums.net_rupiah == run.total_rupiah and sums.people == run.people_count:
        return []
    message = (
        f"Jumlah baris {rupiah(sums.line_rupiah)}, jumlah bersih {rupiah(sums.net_rupiah)} dan total "
        f"{rupiah(run.total_rupiah)} berbeda. Susun ulang."
    )
    return [Finding("total_differs", message, holds=True, stage=stage) for stage in ("check", "lock")]


def rules_differ(looked: Examined) -> list[Finding]:
    """Some people, evenly spread, computed again from their frozen inputs: a difference is an alarm."""
    run = looked.run
    try:
        frozen_plan(run)
    except PortalError:
        return []
    step = max(looked.sums.people // SAMPLED_PEOPLE, 1)
    numbered = run.inputs.annotate(place=Window(RowNumber(), order_by="person_id") - 1).annotate(
        remainder=Mod(F("place"), step)
    )
    ids = list(numbered.filter(remainder=0).order_by("person_id").values_list("person_id", flat=True))
    return [
        Finding(
            "recomputed_differs",
            f"{found.what}: tersimpan {found.stored or '-'}, dihitung ulang {found.computed or '-'}. Susun ulang.",
            found.person_id,
            found.number,
            True,
            stage,
        )
        for found in recompute_differences(run, ids)[:SHOWN_PEOPLE]
        for stage in ("check", "lock")
    ]


def objections_without_effect(looked: Examined) -> list[Finding]:
    """Accepted objections of earlier months that bring nothing into this run: their facts have yet to be mended."""
    run = looked.run
    if run.kind != "regular":
        return []
    mended = run.lines.filter(kind="rapel", person_id=OuterRef("person_id"), mends_month=OuterRef("month"))
    rows = Adjustment.objects.filter(
        source__startswith="objection:",
        settled_by_run__isnull=True,
        month__lt=run.month,
        person__in=run.inputs.values("person_id"),
    ).exclude(Exists(mended))
    return [
        Finding("objection_without_effect", f"{row.reason}, tetapi datanya belum diperbaiki.", row.person_id)
        for row in rows.order_by("month", "pk")[:SHOWN_PEOPLE]
    ]


def net_zero(looked: Examined) -> list[Finding]:
    """People who get nothing."""
    if not looked.sums.zero_count:
        return []
    rows = looked.run.inputs.filter(net_rupiah=0).order_by("person_id")[:SHOWN_PEOPLE]
    return [Finding("net_zero", "Bersih Rp0 bulan ini. Pastikan benar.", row.person_id, row.number) for row in rows]


def large_changes(looked: Examined) -> list[Finding]:
    """People whose net changed by more than half since the month before."""
    run = looked.run
    before = RunInput.objects.filter(
        person_id=OuterRef("person_id"), run__government=run.government, run__kind=run.kind,
        run__month=previous_month(run.month),
    ).exclude(run__state=Run.State.DRAFT)  # fmt: skip
    then = Subquery(before.order_by("-run__number").values("net_rupiah")[:1])
    changed = run.inputs.annotate(then=then).filter(then__gt=0).annotate(by=Abs(F("net_rupiah") - F("then")))
    rows = changed.filter(by__gt=F("then") * LARGE_CHANGE).order_by("person_id")
    return [
        Finding(
            "large_change",
            f"Bersih {rupiah(row.net_rupiah)}, bulan lalu {rupiah(row.then)}: berubah lebih dari 50 persen.",
            row.person_id,
            row.number,
        )
        for row in rows.defer("given")[:SHOWN_PEOPLE]
    ]


def shared_accounts(looked: Examined) -> list[Finding]:
    """One bank account for several people."""
    accounts = looked.run.inputs.exclude(bank_account="")
    shared = accounts.values("bank_name", "bank_account").annotate(people=Count("pk")).filter(people__gt=1)
    found = []
    for entry in shared.order_by("bank_name", "bank_account")[:SHOWN_PEOPLE]:
        rows = accounts.filter(bank_name=entry["bank_name"], bank_account=entry["bank_account"]).order_by("person_id")
        tail = entry["bank_account"][-4:]
        found += [
            Finding(
                "shared_account", f"Rekening berakhiran {tail} dipakai {entry['people']} orang.", r.person_id, r.number
            )
            for r in rows[:SHOWN_PEOPLE]
        ]
    return found


def missing_accounts(looked: Examined) -> list[Finding]:
    """People who are paid, and have no bank account to be paid to: the bank's list cannot be made with them."""
    count = looked.sums.without_account
    if not count:
        return []
    rows = looked.run.inputs.filter(bank_account="", net_rupiah__gt=0)
    message = f"{count} pegawai belum punya nomor rekening; daftar untuk bank baru dapat dibuat bila sudah lengkap."
    people = rows.order_by("person_id").values_list("person_id", "number")[:SHOWN_PEOPLE]
    return [
        Finding("no_account", message),
        *[Finding("no_account", "Nomor rekening belum ada.", person_id, number) for person_id, number in people],
    ]


CHECKS: tuple[Check, ...] = (
    missing_document, document_within_month, assumed_document, empty_run, days_not_closed, late_corrections,
    locked_meanwhile, totals_differ, rules_differ, people_set_aside, open_corrections, objections_without_effect,
    net_zero, large_changes, shared_accounts, missing_accounts,
)  # fmt: skip


def findings_of(run: Run, at: datetime) -> list[Finding]:
    """Everything that the checks find, those that hold first."""
    looked = Examined(run, at)
    found = [finding for check in CHECKS for finding in check(looked)]
    return sorted(dict.fromkeys(found), key=lambda finding: not finding.holds)
