"""What the pay pages share: whose pay one may read, and the trace of having read it."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from accounts.freshness import require_fresh
from allowances.models import Run, RunInput
from core import audit
from roster.models import Person, Role
from roster.rights import require

# Pay is a right of its own: neither a superior nor the personnel office of a unit sees it.
PAY = (Role.HR, Role.FINANCE, Role.AUDITOR)


def holds(request: HttpRequest, *roles: str) -> bool:
    """Whether the visitor has one of `roles` for the whole government."""
    return any(grant.unit_id is None and grant.role in roles for grant in request.standing.grants)


def pay_page(*roles: str) -> Callable:
    """View decorator: a role of `roles` for the whole government, and a fresh sign-in."""

    def decorate(view: Callable) -> Callable:
        fresh = require_fresh(view)

        @require(*roles)
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not holds(request, *roles):
                raise PermissionDenied
            return fresh(request, *args, **kwargs)

        guarded.needs_fresh_sign_in = True
        return guarded

    return decorate


def own_page(view: Callable) -> Callable:
    """View decorator: a person of the roster, about their own pay, with a fresh sign-in."""
    fresh = require_fresh(view)

    @require(Role.EMPLOYEE)
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.person is None:
            raise Http404
        return fresh(request, *args, **kwargs)

    guarded.needs_fresh_sign_in = True
    return guarded


def run_or_404(request: HttpRequest, pk: int) -> Run:
    """A run of the visitor's government."""
    people = ("drafted_by", "checked_by", "approved_by", "locked_by")
    return get_object_or_404(Run.objects.select_related("government", *people), pk=pk, government=request.government)


def input_or_404(request: HttpRequest, pk: int, person: int) -> RunInput:
    """Somebody's row in a run of the visitor's government."""
    rows = RunInput.objects.select_related("run__government", "person")
    return get_object_or_404(rows, run_id=pk, person_id=person, run__government=request.government)


def record_read(request: HttpRequest, at: datetime, action: str, subject: str, detail: dict) -> None:
    """The trace of reading pay of others."""
    audit.record(at, request.government.code, request.user.username, action, subject, detail)


def record_slip_read(request: HttpRequest, at: datetime, person: Person | int, run: Run, what: str = "slip") -> None:
    """The trace of reading somebody's slip; one's own leaves none."""
    person_id = person if isinstance(person, int) else person.pk
    if request.person is None or request.person.pk != person_id:
        record_read(request, at, f"{what}.read", f"person:{person_id}", {"run": run.pk, "month": run.month})


def number_in(words: str | None) -> int | None:
    """A number from an address; None where it is none."""
    return int(words) if words and words.isdecimal() and len(words) < 18 else None
