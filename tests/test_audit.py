"""The audit log: appended only, and any later change breaks the chain of seals."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from core import audit
from core.models import AuditEntry, AuditSeal

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def record_some(count: int) -> None:
    for number in range(count):
        audit.record(NOW + timedelta(seconds=number), "contoh", "hr", "slip.read", f"run:{number}", {"n": number})


def without_triggers(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET session_replication_role = origin")


def test_entries_keep_what_they_were_given() -> None:
    audit.record(NOW, "contoh", "hr", "run.locked", "run:1", {"total": "12", "people": 3})
    entry = AuditEntry.objects.get()
    assert (entry.at, entry.actor, entry.action, entry.subject) == (NOW, "hr", "run.locked", "run:1")
    assert entry.detail == {"total": "12", "people": 3}


def test_seals_are_chained_and_an_untouched_log_verifies() -> None:
    record_some(3)
    first = audit.seal(NOW)
    record_some(2)
    second = audit.seal(NOW)
    assert first is not None and second is not None
    assert second.previous_hash == first.hash
    assert audit.seal(NOW) is None, "nothing new, no seal"
    assert audit.verify() == []


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE core_auditentry SET actor = 'somebody' WHERE id = (SELECT min(id) FROM core_auditentry)",
        "DELETE FROM core_auditentry WHERE id = (SELECT max(id) FROM core_auditentry)",
        "UPDATE core_auditentry SET detail = '{\"n\": 7}' WHERE id = (SELECT min(id) FROM core_auditentry)",
        "DELETE FROM core_auditseal WHERE id = (SELECT min(id) FROM core_auditseal)",
    ],
)
def test_tampering_past_the_triggers_is_seen(tampering: str) -> None:
    record_some(3)
    audit.seal(NOW)
    record_some(1)
    audit.seal(NOW)
    without_triggers(tampering)
    assert audit.verify() != []


@pytest.mark.parametrize("table", ["core_auditentry", "core_auditseal"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_triggers_refuse_even_the_owner(table: str, sql: str) -> None:
    record_some(1)
    audit.seal(NOW)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(table))
    assert AuditEntry.objects.count() == 1 and AuditSeal.objects.count() == 1


def test_the_application_may_append_and_seal(as_application: None) -> None:
    record_some(1)
    assert audit.seal(NOW) is not None
