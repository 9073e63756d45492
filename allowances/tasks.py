"""One call each."""

from celery import shared_task
from django.utils import timezone

from allowances.operations import requests


def send(job_id: int) -> None:
    """Ring for one requested draft."""
    draft_run.apply_async(kwargs={"job_id": job_id})


@shared_task(name="allowances.draft_run")
def draft_run(*, job_id: int) -> None:
    """Do the draft that somebody asked for, once; its row says how far it is."""
    requests.run_requested(job_id, timezone.now)
