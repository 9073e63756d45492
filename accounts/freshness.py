"""A fresh sign-in for pages that show or change pay and account data: phones are shared and sessions are long."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import urlencode

FRESH_FOR = timedelta(hours=2)
SESSION_KEY = "fresh_at"


def mark_fresh(session: SessionBase, at: datetime) -> None:
    """Remember that the person of `session` has just proved who they are (also for sessions that tests make)."""
    session[SESSION_KEY] = at.timestamp()


def is_fresh(request: HttpRequest, at: datetime) -> bool:
    """Whether the person proved who they are, by password, code or passkey, in the last FRESH_FOR."""
    times = [record["at"] for record in get_authentication_records(request, request.user)]
    times.append(request.session.get(SESSION_KEY, 0))
    return at.timestamp() - max(times) < FRESH_FOR.total_seconds()


def require_fresh(view: Callable) -> Callable:
    """View decorator: ask for the password or passkey again where the last proof is older than FRESH_FOR.

    Put it under `roster.rights.require`, so that rights are judged first. A POST that comes too late leads to the
    question and then back to the page, unsent: nothing is stored that the person did not see.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not is_fresh(request, timezone.now()):
            back = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
            methods = get_adapter().get_reauthentication_methods(request.user)
            if not methods:
                # Only an account without any password or key, which cannot have signed in by itself.
                raise PermissionDenied
            return HttpResponseRedirect(f"{methods[0]['url']}?{urlencode({REDIRECT_FIELD_NAME: back})}")
        return view(request, *args, **kwargs)

    guarded.needs_fresh_sign_in = True
    return guarded
