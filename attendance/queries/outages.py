"""Declared outages."""

from datetime import datetime

from django.db.models import Q

from attendance.models import Outage
from roster.models import Government, Person
from roster.queries import post_of


def outage_at(person: Person, at: datetime) -> Outage | None:
    """The declared outage that holds for `person` (whole government, or the building of the unit) at an instant."""
    found = list(Outage.objects.filter(government=person.government, starts_at__lte=at, ends_at__gt=at))
    if not found:
        return None
    whole = next((outage for outage in found if outage.building_id is None), None)
    if whole is not None:
        return whole
    post = post_of(person, at.date())
    building_id = post.decision.building_id if post and post.decision else None
    return next((outage for outage in found if outage.building_id == building_id), None)


def outages_between(government: Government, starts_at: datetime, ends_at: datetime) -> list[Outage]:
    """Outages of a government that touch a window, earliest first."""
    rows = Outage.objects.filter(Q(starts_at__lt=ends_at) & Q(ends_at__gt=starts_at), government=government)
    return list(rows.select_related("building").order_by("starts_at"))
