"""One call each."""

from celery import shared_task
from django.utils import timezone

from allowances.operations import effects, requests
from core.sending import ring


def send(job_id: int) -> None:
    """Ring for one requested draft."""
    ring(draft_run, [job_id])


@shared_task(name="allowances.draft_run")
def draft_run(*, job_id: int) -> None:
    """Do the draft that somebody asked for, once; its row says how far it is."""
    requests.run_requested(job_id, timezone.now)


def send_effect(job_id: int) -> None:
    """Ring for one chunk of an effect."""
    ring(effect_chunk, [job_id])


@shared_task(name="allowances.effect_chunk")
def effect_chunk(*, job_id: int) -> None:
    """Compute one chunk of the effect of a draft, once; its row says how far it is."""
    effects.run_chunk(job_id, timezone.now)


@shared_task(name="allowances.sweep_effects")
def sweep_effects() -> None:
    """Send again what was lost."""
    now = timezone.now()
    effects.sweep(now, send_effect)
    requests.sweep(now, send)
