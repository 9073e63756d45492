"""Work of the core that the timetable sends."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from core import audit, jobs

# Twice as long as missed nights are looked for; what a night came to stays in its own tables.
JOBS_KEPT = timedelta(days=62)


@shared_task
def seal_audit() -> None:
    """Seal the audit entries of the last minute into the hash chain."""
    audit.seal(timezone.now())


@shared_task
def forget_jobs() -> None:
    """Delete the rows of work that ended two months ago."""
    jobs.forget_before(timezone.now() - JOBS_KEPT)
