"""Housekeeping of accounts, run by the timetable."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts.operations import forget_attempts

ATTEMPTS_KEPT = timedelta(days=90)


@shared_task
def forget_old_attempts() -> int:
    """Delete attempts to sign in after ATTEMPTS_KEPT."""
    return forget_attempts(timezone.now() - ATTEMPTS_KEPT)
