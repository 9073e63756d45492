"""What every decision on a request has in common: never on one's own, only by right, a refusal with its reason."""

from datetime import date, datetime
from typing import Any

from attendance.models import Absence, Correction
from attendance.queries.rights import may_decide
from core import audit
from core.errors import PortalError


def settle(
    asked: Absence | Correction, what: str, user: Any, approve: bool, note: str, at: datetime, today: date,
    detail: dict[str, Any],
) -> None:  # fmt: skip
    """Store and record the decision on a waiting request that is locked by the caller's transaction.

    `what` names it (absence, correction) in the audit log, with `detail`. Raises PortalError: one's own, no right, or
    a rejection without a reason.
    """
    person = asked.person
    if person.user_id == user.pk:
        raise PortalError("Permohonan sendiri tidak dapat diputus sendiri; atasan Anda yang memutus.")
    if not may_decide(user, person, today, asked.due_on):
        raise PortalError("Anda bukan atasan atau kepegawaian dari pegawai ini.")
    if not approve and not note.strip():
        raise PortalError("Penolakan wajib beralasan. Tulis alasannya.")
    asked.state = asked.State.APPROVED if approve else asked.State.REJECTED
    asked.decided_by, asked.decided_at, asked.decision_note = user, at, note.strip()[:250]
    asked.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])
    about = {what: asked.pk, **detail}
    audit.record(at, person.government.code, user.username, f"{what}.{asked.state}", f"person:{person.pk}", about)
