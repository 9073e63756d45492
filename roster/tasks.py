"""Housekeeping of the roster, run by the timetable."""

from celery import shared_task
from django.utils import timezone

from roster.models import Government
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
