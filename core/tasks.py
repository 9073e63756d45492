"""Work of the core that the timetable sends."""

from celery import shared_task
from django.utils import timezone

from core import audit


@shared_task
def seal_audit() -> None:
    """Seal the audit entries of the last minute into the hash chain."""
    audit.seal(timezone.now())
