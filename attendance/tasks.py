"""One call each."""

from datetime import date

from celery import shared_task
from django.utils import timezone

from attendance import operations
from roster.models import Government


@shared_task(name="attendance.plan_day")
def plan_day(*, government_code: str, on: str) -> None:
    """Plan one day of one government."""
    operations.plan_day(Government.objects.get(code=government_code), date.fromisoformat(on), timezone.now())


@shared_task(name="attendance.score_evidence")
def score_evidence(*, government_code: str, on: str) -> None:
    """Look for anomalies in the evidence of one day."""
    operations.score_evidence(Government.objects.get(code=government_code), date.fromisoformat(on), timezone.now())


@shared_task(name="attendance.expire_evidence")
def expire_evidence() -> None:
    """Delete evidence whose time is over."""
    operations.expire_evidence(timezone.localdate())
