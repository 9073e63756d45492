"""Who may do what: roles from dated grants, deny by default."""

from collections.abc import Callable
from datetime import date
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from roster.models import Government, Grant, Person, Role


def grants_on(user, on: date):
    """The grants of `user` that hold on `on`."""
    return Grant.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), user=user, valid_from__lte=on)


def roles_of(user, on: date) -> frozenset[str]:
    """Role values that `user` has on `on`; a person of the roster is an employee."""
    roles = set(grants_on(user, on).values_list("role", flat=True))
    if Person.objects.filter(user=user).exists():
        roles.add(Role.EMPLOYEE)
    return frozenset(roles)


def government_of(user, on: date) -> Government | None:
    """The one government an account belongs to: its person's, else its first grant's."""
    person = Person.objects.filter(user=user).select_related("government").first()
    if person:
        return person.government
    grant = grants_on(user, on).select_related("government").order_by("pk").first()
    return grant.government if grant else None


def require(*roles: str) -> Callable:
    """View decorator: signed in, and one of `roles` today; else sign-in page or 403.

    Sets request.government, request.roles and request.person (None without a roster person).
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            today = timezone.localdate()
            request.roles = roles_of(request.user, today)
            request.government = government_of(request.user, today)
            request.person = Person.objects.filter(user=request.user).first()
            if request.government is None or not request.roles & set(roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.roles_allowed = frozenset(roles)
        return guarded

    return decorate
