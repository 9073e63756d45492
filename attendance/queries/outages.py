"""Declared outages."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from attendance.models import Outage
from roster.models import Government, Person
from roster.queries import post_of, subtree


def outage_at(person: Person, at: datetime) -> Outage | None:
    """The declared outage that holds for `person` (everybody, a building, or a unit and those below) at an instant."""
    found = list(Outage.objects.filter(government=person.government, starts_at__lte=at, ends_at__gt=at))
    if not found:
        return None
    whole = next((outage for outage in found if outage.building_id is None and outage.unit_id is None), None)
    if whole is not None:
        return whole
    on = at.astimezone(ZoneInfo(person.government.zone)).date()
    post = post_of(person, on)
    building_id = post.decision.building_id if post and post.decision else None
    unit_id = post.unit.pk if post else None
    for outage in found:
        units = subtree(person.government, {outage.unit_id}, on) if outage.unit_id else {unit_id}
        if outage.building_id in (None, building_id) and unit_id in units:
            return outage
    return None


def outages_between(government: Government, starts_at: datetime, ends_at: datetime) -> list[Outage]:
    """Outages of a government that touch a window, earliest first."""
    rows = Outage.objects.filter(Q(starts_at__lt=ends_at) & Q(ends_at__gt=starts_at), government=government)
    return list(rows.select_related("building", "unit").order_by("starts_at"))
