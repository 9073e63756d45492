"""The audit log: who read or changed what. Entries are appended; a chain of hashes shows any later change."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import OperationalError, connection, transaction

from core.models import AuditEntry, AuditSeal

# Writers hold it shared until they commit, the sealer alone: no entry can appear below a sealed one.
SEAL_LOCK = 7_406_001
# So long may writers wait for the sealer, and the sealer for writers; it tries again a minute later.
SEAL_WAIT = "3s"

APPEND = """
    WITH held AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(%s))
    INSERT INTO core_auditentry (at, government_code, actor, action, subject, detail)
    SELECT %s, %s, %s, %s, %s, %s::jsonb FROM held
"""


def record(
    at: datetime, government_code: str, actor: str, action: str, subject: str = "", detail: dict | None = None
) -> None:
    """Append one entry in the caller's transaction, so that the deed and its trace stand or fall together.

    `actor` is an account name or the name of a command; `detail` holds JSON values and never a name or an amount of
    somebody whom the reader of the log may not see. Long texts are cut to the width of their columns.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            APPEND,
            [
                SEAL_LOCK,
                at,
                government_code[:40],
                actor[:150],
                action[:80],
                subject[:200],
                json.dumps(detail or {}, default=str),
            ],
        )


def seal(now: datetime) -> AuditSeal | None:
    """Seal the entries that came after the last seal; None when there are none, or writers kept it waiting."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{SEAL_WAIT}'")
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
            return _seal_new_entries(now)
    except OperationalError as error:
        if "lock timeout" in str(error):
            return None
        raise


def _seal_new_entries(now: datetime) -> AuditSeal | None:
    before = AuditSeal.objects.order_by("-last_entry_id").first()
    entries = list(AuditEntry.objects.filter(pk__gt=before.last_entry_id if before else 0).order_by("pk"))
    if not entries:
        return None
    previous_hash = before.hash if before else ""
    return AuditSeal.objects.create(
        last_entry_id=entries[-1].pk,
        sealed_at=now,
        previous_hash=previous_hash,
        hash=chained_hash(previous_hash, entries),
    )


def chained_hash(previous_hash: str, entries: Iterable[AuditEntry]) -> str:
    """SHA-256 over the hash before and every entry, one canonical JSON line each."""
    digest = hashlib.sha256(previous_hash.encode())
    for entry in entries:
        row = [
            entry.pk,
            entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            entry.government_code,
            entry.actor,
            entry.action,
            entry.subject,
            entry.detail,
        ]
        digest.update(b"\n" + json.dumps(row, sort_keys=True, separators=(",", ":")).encode())
    return digest.hexdigest()


@dataclass(frozen=True)
class BrokenSeal:
    """A seal that no longer fits the entries under it, or the seal before it."""

    seal_id: int
    last_entry_id: int
    message: str


def verify() -> list[BrokenSeal]:
    """Recompute the whole chain; empty when nothing was changed, removed or slipped in since it was sealed."""
    broken, previous_hash, previous_id = [], "", 0
    for seal_row in AuditSeal.objects.order_by("last_entry_id"):
        if seal_row.previous_hash != previous_hash:
            broken.append(BrokenSeal(seal_row.pk, seal_row.last_entry_id, "Rantai segel terputus sebelum segel ini."))
        entries = AuditEntry.objects.filter(pk__gt=previous_id, pk__lte=seal_row.last_entry_id).order_by("pk")
        if chained_hash(seal_row.previous_hash, entries.iterator()) != seal_row.hash:
            message = f"Catatan {previous_id + 1} sampai {seal_row.last_entry_id} tidak sama dengan saat disegel."
            broken.append(BrokenSeal(seal_row.pk, seal_row.last_entry_id, message))
        previous_hash, previous_id = seal_row.hash, seal_row.last_entry_id
    return broken
