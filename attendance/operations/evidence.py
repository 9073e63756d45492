"""Look for anomalies in the evidence of a day; a case is for a person to judge and decides nothing."""

from datetime import date, datetime

from django.db import connection

from attendance.models import PunchEvidence
from attendance.sql import read_sql
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
