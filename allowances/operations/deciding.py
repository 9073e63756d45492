"""Check, approve, lock, pay: each by a person with the right, each once, two people at least.

Pressing twice is pressing once: the same act by the same account on a run that has it already changes nothing.
"""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Sum

from allowances.checks import Finding, findings_of
from allowances.frozen import month_of_run
from allowances.models import Run
from allowances.operations.adjustments import settle_adjustments
from core import audit
from core.errors import PortalError
from roster.models import Role
from roster.rights import standing_of

SHOWN = 3
# Locks of one government follow each other: what one pays, the next one's rapel must know.
LOCKING = 7_406_101


def check_run(run: Run, user: Any, at: datetime) -> Run:
    """Say that the draft was looked through. Raises PortalError: no right, no draft, or findings that hold it up."""
    with transaction.atomic():
        run = _held(run, user, Role.HR, at)
        if run.state == Run.State.CHECKED and run.checked_by_id == user.pk:
            return run
        _must_be(run, Run.State.DRAFT, "diperiksa")
        _refuse_findings(findings_of(run, at), "check")
        run.total_rupiah = run.inputs.aggregate(total=Sum("net_rupiah"))["total"] or 0
        run.people_count = run.inputs.count()
        run.state, run.checked_by, run.checked_at = Run.State.CHECKED, user, at
        run.save(update_fields=["state", "checked_by", "checked_at", "total_rupiah", "people_count"])
        _record(run, user, at, "run.checked")
    return run


def approve_run(run: Run, user: Any, at: datetime, despite_set_aside: bool = False) -> Run:
    """Approve a checked run, by somebody else than its checker; set-aside people need to be confirmed.

    Raises PortalError: no right, not checked, the same person, or people set aside and not confirmed.
    """
    with transaction.atomic():
        run = _held(run, user, Role.HR, at)
        if run.state == Run.State.APPROVED and run.approved_by_id == user.pk:
            return run
        _must_be(run, Run.State.CHECKED, "disetujui")
        if run.checked_by_id == user.pk:
            raise PortalError("Pemeriksa tidak dapat menyetujui perhitungan yang sama; minta orang lain menyetujuinya.")
        if run.set_aside and not despite_set_aside:
            raise PortalError(
                f"{len(run.set_aside)} pegawai disisihkan dan tidak dibayar dalam perhitungan ini. Selesaikan dulu, "
                "atau setujui dengan menyatakan bahwa mereka dibayar kemudian."
            )
        run.state, run.approved_by, run.approved_at = Run.State.APPROVED, user, at
        run.save(update_fields=["state", "approved_by", "approved_at"])
        _record(run, user, at, "run.approved", {"despite_set_aside": despite_set_aside and bool(run.set_aside)})
    return run


def lock_run(run: Run, user: Any, at: datetime) -> Run:
    """Lock an approved run: from here on only the payment can be recorded, and late facts become rapel.

    Raises PortalError: no right, not approved, an assumed document outside a demonstration, or totals that differ.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCKING, run.government_id])
        run = _held(run, user, Role.HR, at)
        if run.state == Run.State.LOCKED and run.locked_by_id == user.pk:
            return run
        _must_be(run, Run.State.APPROVED, "dikunci")
        _refuse_findings(findings_of(run, at), "lock")
        settled = settle_adjustments(run)
        run.state, run.locked_by, run.locked_at = Run.State.LOCKED, user, at
        run.save(update_fields=["state", "locked_by", "locked_at"])
        _record(run, user, at, "run.locked", {"total": str(run.total_rupiah), "adjustments": settled})
    return run


def return_run(run: Run, user: Any, at: datetime, reason: str) -> Run:
    """Give a checked or approved run back to be drafted again, with the reason. Raises PortalError."""
    with transaction.atomic():
        run = _held(run, user, Role.HR, at)
        if run.state == Run.State.DRAFT:
            return run
        if run.state not in (Run.State.CHECKED, Run.State.APPROVED):
            raise PortalError("Perhitungan sudah dikunci; selisihnya dibayar lewat rapel di bulan berikutnya.")
        if not reason.strip():
            raise PortalError("Alasan pengembalian belum diisi.")
        before = run.state
        run.state = Run.State.DRAFT
        run.checked_by = run.checked_at = run.approved_by = run.approved_at = None
        run.save(update_fields=["state", "checked_by", "checked_at", "approved_by", "approved_at"])
        _record(run, user, at, "run.returned", {"from": before, "reason": reason.strip()[:250]})
    return run


def mark_paid(run: Run, user: Any, at: datetime, order_number: str, paid_on: date) -> Run:
    """Record the treasury order (SP2D) of a locked run. Raises PortalError."""
    number = order_number.strip()
    with transaction.atomic():
        run = _held(run, user, Role.FINANCE, at)
        if run.state == Run.State.PAID and (run.treasury_order, run.paid_on) == (number, paid_on):
            return run
        _must_be(run, Run.State.LOCKED, "dicatat dibayar")
        if not number or len(number) > 60:
            raise PortalError("Nomor SP2D wajib diisi, paling panjang 60 huruf.")
        if paid_on > at.astimezone(ZoneInfo(run.government.zone)).date():
            raise PortalError("Tanggal bayar belum tiba. Isi tanggal SP2D dicairkan.")
        run.state, run.treasury_order, run.paid_on = Run.State.PAID, number, paid_on
        run.save(update_fields=["state", "treasury_order", "paid_on"])
        _record(run, user, at, "run.paid", {"order": number, "paid_on": paid_on})
    return run


def may_act(run: Run, user: Any, role: str, at: datetime) -> bool:
    """Whether `user` holds `role` for the whole government of `run`, at `at` in its zone."""
    standing = standing_of(user, at.astimezone(ZoneInfo(run.government.zone)).date())
    return standing.government == run.government and any(
        grant.role == role and grant.unit_id is None for grant in standing.grants
    )


def _held(run: Run, user: Any, role: str, at: datetime) -> Run:
    """The run as it is now, kept from changing until the transaction ends."""
    found = Run.objects.select_for_update(of=("self",)).select_related("government").get(pk=run.pk)
    if not may_act(found, user, role, at):
        who = "kepegawaian" if role == Role.HR else "keuangan"
        raise PortalError(f"Tindakan ini milik {who} untuk seluruh pemerintah; akun Anda tidak memilikinya.")
    return found


def _must_be(run: Run, state: str, verb: str) -> None:
    if run.state != state:
        raise PortalError(
            f"Perhitungan {month_of_run(run)} berstatus {run.get_state_display().lower()}, jadi tidak dapat {verb}. "
            "Muat ulang halaman."
        )


def _refuse_findings(findings: list[Finding], stage: str) -> None:
    holding = [finding for finding in findings if finding.holds and finding.stage == stage]
    if holding:
        more = f" (dan {len(holding) - SHOWN} temuan lain)" if len(holding) > SHOWN else ""
        raise PortalError(" ".join(finding.message for finding in holding[:SHOWN]) + more)


def _record(run: Run, user: Any, at: datetime, action: str, detail: dict | None = None) -> None:
    about = {"month": run.month.isoformat(), "kind": run.kind, "number": run.number}
    audit.record(at, run.government.code, user.username, action, f"run:{run.pk}", about | (detail or {}))
