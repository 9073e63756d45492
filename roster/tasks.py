"""Housekeeping of the roster, run by the timetable."""

from celery import shared_task
from django.utils import timezone

from roster.operations.uploads import forget_uploads


@shared_task
def forget_old_uploads() -> int:
    """Delete uploads that nobody confirmed for a day, and what confirmed ones still hold of people."""
    return forget_uploads(timezone.now())
