"""Accounts follow the legal standing: who is no longer active may not sign in, who is active again may."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.operations import set_active
from core import audit
from roster.models import Government, PersonStatus
from roster.queries import known_on

# A standing may begin while the timetable stands still; it is looked for this long afterwards.
LOOK_BACK = timedelta(days=7)


def local_day(government: Government, at: datetime) -> date:
    """The date of `at` on the government's clock."""
    return at.astimezone(ZoneInfo(government.zone)).date()


@transaction.atomic
def follow_standing(
    government: Government, person_ids: Iterable[int], on: date, at: datetime, actor: str
) -> tuple[int, int]:
    """Close or open the accounts of people so that they agree with the standing of `on`; (closed, opened).

    Callers name only people whose standing changed: an account that was closed for another reason stays closed when
    something else about its person changes. Each closing and opening is recorded under the person's id.
    """
    rows = PersonStatus.objects.filter(
        known_on(on), person__government=government, person_id__in=list(person_ids), person__user__isnull=False
    )
    wrong = [
        (person_id, user_id, active)
        for person_id, user_id, active, opened in rows.order_by("person_id").values_list(
            "person_id", "person__user_id", "is_active", "person__user__is_active"
        )
        if active != opened
    ]
    counts = []
    for active in (False, True):
        counts.append(set_active([user_id for _, user_id, wanted in wrong if wanted == active], active))
    for person_id, _, active in wrong:
        action = "account.opened" if active else "account.closed"
        audit.record(at, government.code, actor, action, f"person:{person_id}", {"because": "standing"})
    return counts[0], counts[1]


def follow_standing_of_the_day(government: Government, at: datetime) -> tuple[int, int]:
    """The same for people whose standing turned on the day of `at` or in the week before it; (closed, opened)."""
    on = local_day(government, at)
    begun = PersonStatus.objects.filter(
        known_on(on), person__government=government, person__user__isnull=False, valid_from__gt=on - LOOK_BACK
    )
    before = PersonStatus.objects.filter(
        person=OuterRef("person"), superseded_at=None, valid_to=OuterRef("valid_from")
    ).exclude(is_active=OuterRef("is_active"))
    turned = begun.filter(Exists(before)).values_list("person_id", flat=True)
    return follow_standing(government, turned, on, at, "follow_standing")
