"""Rights that hold for the whole government: one that is bounded to a unit does not reach that far."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from roster.rights import require


def require_whole(*roles: str) -> Callable:
    """View decorator: signed in, with a grant of one of `roles` that is not bounded to a unit; else 403."""

    def decorate(view: Callable) -> Callable:
        @require(*roles)
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            grants = request.standing.grants
            if not any(grant.unit_id is None and grant.role in roles for grant in grants):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def today_of(request: HttpRequest, at: datetime) -> date:
    """The date in the zone of the request's government."""
    return at.astimezone(ZoneInfo(request.government.zone)).date()
