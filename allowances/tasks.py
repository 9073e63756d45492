"""One call each."""

from celery import shared_task
from django.utils import timezone

from allowances.operations import effects, requests


def send(job_id: int) -> None:
    """Ring for one requested draft."""
    draft_run.apply_async(kwargs={"job_id": job_id})


@shared_task(name="allowances.draft_run")
def draft_run(*, job_id: int) -> None:
    """Do the draft that somebody asked for, once; its row says how far it is."""
    requests.run_requested(job_id, timezone.now)


def send_effect(job_id: int) -> None:
    """Ring for one chunk of an effect."""
    effect_chunk.apply_async(kwargs={"job_id": job_id})


@shared_task(name="allowances.effect_chunk")
def effect_chunk(*, job_id: int) -> None:
    """Compute one chunk of the effect of a draft, once; its row says how far it is."""
    effects.run_chunk(job_id, timezone.now)


@shared_task(name="allowances.sweep_effects")
def sweep_effects() -> None:
    """Send again what was lost."""
    effects.sweep(timezone.now(), send_effect)
