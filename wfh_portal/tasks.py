"""The night through Celery: one call each."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from core.sending import ring
from wfh_portal import night, night_states, night_watch, state


def send(job_id: int) -> None:
    """Ring for one row. A broker that is down is no harm: the row stands, and the sweeper rings again."""
    ring(night_chunk, [job_id])


@shared_task(name="night.chunk", bind=True)
def night_chunk(self: Any, *, job_id: int) -> None:
    """Do one chunk of a night."""
    night.run_chunk(job_id, timezone.now, send, self.request.hostname or "")


@shared_task(name="night.start_due")
def start_due() -> None:
    """Start the night of every government where one is due, missed ones first."""
    now = timezone.now()
    for one in night_states.due(now):
        night.start(one, now, send)


@shared_task(name="night.sweep")
def sweep() -> None:
    """Send again what was lost."""
    night.sweep(timezone.now(), send)


@shared_task(name="night.check")
def check() -> None:
    """Say which nights did not finish."""
    night_watch.check(timezone.now())


@shared_task(name="portal.tick")
def tick() -> None:
    """Show that the timetable is sent and that a worker takes it."""
    state.tick(timezone.now())
