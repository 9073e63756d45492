"""`manage.py verify_audit` says whether the chain holds, and which seal does not."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from core import audit

AT = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.django_db
def test_a_chain_that_holds_and_one_that_does_not() -> None:
    audit.record(AT, "contoh", "wulan", "membaca", "slip 1")
    seal = audit.seal(AT)
    said = StringIO()
    call_command("verify_audit", stdout=said)
    assert "1 catatan, 1 segel, semua segel cocok" in said.getvalue()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE core_auditentry SET actor = 'agus'")
        cursor.execute("SET session_replication_role = origin")
    said, complaint = StringIO(), StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_audit", stdout=said, stderr=complaint)
    assert f"Segel {seal.pk}:" in complaint.getvalue()
    assert "1 segel rusak" in said.getvalue()
