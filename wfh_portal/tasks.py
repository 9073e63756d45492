"""The night through Celery: one call each."""

from celery import shared_task
from django.utils import timezone

from wfh_portal import night


def send(job_id: int) -> None:
    """Ring for one row."""
    night_chunk.apply_async(kwargs={"job_id": job_id})


@shared_task(name="night.chunk")
def night_chunk(*, job_id: int) -> None:
    """Do one chunk of a night."""
    night.run_chunk(job_id, timezone.now, send)


@shared_task(name="night.start_due")
def start_due() -> None:
    """Start the night of every government where the day has just begun."""
    now = timezone.now()
    for one in night.due(now):
        night.start(one, now, send)


@shared_task(name="night.sweep")
def sweep() -> None:
    """Send again what was lost."""
    night.sweep(timezone.now(), send)
