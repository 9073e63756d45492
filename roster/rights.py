"""Who may do what: roles from dated grants, deny by default."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import wraps

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.views import redirect_to_login
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from roster.models import Government, Grant, Person, Role, UnitDecision


def grants_on(user: AbstractBaseUser, on: date) -> QuerySet[Grant]:
    """The grants of `user` that hold on `on`."""
    return Grant.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), user=user, valid_from__lte=on)


@dataclass(frozen=True)
class Standing:
    """Who an account is on a date: its one government, its person there, grants and roles, and units that it heads."""

    on: date
    government: Government | None
    person: Person | None
    grants: tuple[Grant, ...]
    roles: frozenset[str]
    headed: frozenset[int]


def standing_of(user: AbstractBaseUser, on: date) -> Standing:
    """The account's one government (its person's, else its first grant's) and what it may do there; two statements.

    Grants of another government give nothing here. A person of the roster is an employee. The account of a request
    that was let in is not asked again.
    """
    known = getattr(user, "standing", None)
    if known is not None and known.on == on:
        return known
    decided = UnitDecision.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on), superseded_at=None, valid_from__lte=on, head=OuterRef("pk")
    )
    people = Person.objects.filter(user=user).select_related("government")
    person = people.annotate(headed=ArraySubquery(decided.values("unit_id"))).first()
    grants = list(grants_on(user, on).select_related("government").order_by("pk"))
    government = person.government if person else grants[0].government if grants else None
    here = tuple(grant for grant in grants if government and grant.government_id == government.pk)
    roles = {grant.role for grant in here} | ({Role.EMPLOYEE} if person else set())
    return Standing(on, government, person, here, frozenset(roles), frozenset(person.headed if person else ()))


def roles_of(user: AbstractBaseUser, on: date) -> frozenset[str]:
    """Role values that `user` has on `on` in the own government."""
    return standing_of(user, on).roles


def enter(request: HttpRequest, roles: Iterable[str], on: date) -> bool:
    """Whether the account of `request` has one of `roles` on `on`.

    Sets request.standing, and from it request.government, request.roles and request.person (None without one).
    """
    remember(request, standing_of(request.user, on))
    return request.government is not None and bool(request.roles & set(roles))


def remember(request: HttpRequest, standing: Standing) -> None:
    """Keep what was found for the rest of the request: every list of people starts from it."""
    request.standing = request.user.standing = standing
    request.roles, request.government, request.person = standing.roles, standing.government, standing.person


def require(*roles: str) -> Callable:
    """View decorator: signed in, and one of `roles` today (`enter`); else sign-in page or 403."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not enter(request, roles, timezone.localdate()):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.roles_allowed = frozenset(roles)
        return guarded

    return decorate
