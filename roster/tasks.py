"""Housekeeping of the roster, run by the timetable."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from core.sending import ring
from roster.models import Government
from roster.operations import queued_imports
from roster.operations.standing_accounts import follow_standing_of_the_day
from roster.operations.uploads import forget_uploads


@shared_task
def forget_old_uploads() -> int:
    """Delete uploads that nobody confirmed for a day, and what confirmed ones still hold of people."""
    return forget_uploads(timezone.now())


@shared_task
def follow_standings() -> int:
    """Close or open accounts of people whose standing turned with the new day, in every government; how many."""
    at = timezone.now()
    return sum(sum(follow_standing_of_the_day(government, at)) for government in Government.objects.order_by("pk"))


def send_import(job_id: int) -> None:
    """Ring for one import that somebody confirmed."""
    ring(write_import, [job_id])


@shared_task(name="roster.write_import", bind=True)
def write_import(self: Any, *, job_id: int) -> None:
    """Write one confirmed import, once; its row says how far it is."""
    queued_imports.run_confirmed(job_id, timezone.now, self.request.hostname or "")


@shared_task(name="roster.sweep_imports")
def sweep_imports() -> None:
    """Send again what was lost."""
    queued_imports.sweep(timezone.now(), send_import)
