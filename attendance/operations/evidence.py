"""Look for anomalies in the evidence of a day; a case is for a person to judge and decides nothing."""

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from attendance.clock import work_date_of
from attendance.models import EvidenceCase, PunchEvidence
from attendance.queries.rights import may_decide
from attendance.sql import read_sql
from core import audit
from core.errors import PortalError
from roster.models import Government

SHARED_BY_PEOPLE = 5
FASTEST_KM_H = 900


def score_evidence(government: Government, on: date, at: datetime) -> int:
    """Open cases (missing, copied, shared, too_fast) for the presses of `on`; returns how many are new."""
    values = {
        "government": government.pk,
        "on": on,
        "at": at,
        "many": SHARED_BY_PEOPLE,
        "fastest": FASTEST_KM_H,
    }
    with connection.cursor() as cursor:
        cursor.execute(read_sql("evidence_cases"), values)
        return cursor.rowcount


def expire_evidence(today: date) -> int:
    """Delete evidence whose time is over; its hash stays on the punch."""
    return PunchEvidence.objects.filter(expires_on__lte=today).delete()[0]


def decide_case(case_id: int, user: Any, decision: str, at: datetime) -> EvidenceCase:
    """Write down what a person found about a case; it changes no punch. A correction of the day is a deed of its own.

    Raises PortalError: decided already, one's own, no right, or nothing said.
    """
    with transaction.atomic():
        waiting = EvidenceCase.objects.select_for_update(of=("self",)).select_related("person__government")
        case = waiting.filter(pk=case_id, decided_at__isnull=True).first()
        if case is None:
            raise PortalError("Kasus ini sudah diputus; muat ulang halaman.")
        person = case.person
        if person.user_id == user.pk:
            raise PortalError("Bukti sendiri tidak dapat diperiksa sendiri.")
        if not may_decide(user, person, work_date_of(at, person.government.zone)):
            raise PortalError("Anda bukan atasan atau kepegawaian dari pegawai ini.")
        if not decision.strip():
            raise PortalError("Hasil pemeriksaan belum diisi. Tulis apa yang Anda temukan.")
        case.decided_by, case.decided_at, case.decision = user, at, decision.strip()[:250]
        case.save(update_fields=["decided_by", "decided_at", "decision"])
        about = {"case": case.pk, "kind": case.kind, "work_date": case.work_date}
        audit.record(at, person.government.code, user.username, "evidence.decided", f"person:{person.pk}", about)
    return case
