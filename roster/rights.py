"""Who may do what: roles from dated grants, deny by default."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from core.prepared import Prepared
from core.rows import columns, instance, width
from roster.models import Government, Grant, Person, Role


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
    """The account's one government (its person's, else its first grant's) and what it may do there; one statement.

    Grants of another government give nothing here. A person of the roster is an employee. The account of a request
    that was let in is not asked again.
    """
    known = getattr(user, "standing", None)
    if known is not None and known.on == on:
        return known
    return _standing(STANDING.rows({"account": user.pk, "on": on}), on)


def account_of(user_id: int, on: date) -> User | None:
    """The account with its standing on `on`, by one statement for both; None without one."""
    rows = ACCOUNT.rows({"account": user_id, "on": on})
    if not rows:
        return None
    user = instance(User, rows[0])
    user.standing = _standing([row[width(User) :] for row in rows], on)
    return user


def _standing(rows: Sequence[Sequence[Any]], on: date) -> Standing:
    headed, *first = rows[0]
    person, government = instance(Person, first), instance(Government, first, width(Person))
    if person and government:
        person.government = government
    grants = []
    for row in rows:
        grant = instance(Grant, row, 1 + width(Person) + width(Government))
        if grant and government and grant.government_id == government.pk:
            grant.government = government
            grants.append(grant)
    roles = {grant.role for grant in grants} | ({Role.EMPLOYEE} if person else set())
    return Standing(on, government, person, tuple(grants), frozenset(roles), frozenset(headed))


def _statement(account_columns: str = "", accounts: str = "(VALUES (%(account)s::bigint)) AS account (id)") -> str:
    """One row for each grant that holds, the first grant first; one row also without any."""
    return f"""
SELECT {account_columns} ARRAY(
           SELECT unit_id FROM roster_unitdecision
           WHERE head_id = person.id AND superseded_at IS NULL AND valid_from <= %(on)s
             AND (valid_to IS NULL OR valid_to > %(on)s)
       ), {columns(Person, "person")}, {columns(Government, "government")}, {columns(Grant, "held")}
FROM {accounts}
LEFT JOIN roster_person AS person ON person.user_id = account.id
LEFT JOIN roster_grant AS held
       ON held.user_id = account.id AND held.valid_from <= %(on)s AND (held.valid_to IS NULL OR held.valid_to > %(on)s)
LEFT JOIN roster_government AS government ON government.id = COALESCE(person.government_id, held.government_id)
{"WHERE account.id = %(account)s" if account_columns else ""}
ORDER BY held.id
"""


def _account_statement() -> str:
    return _statement(f"{columns(User, 'account')},", "accounts_user AS account")


STANDING = Prepared("standing", {"account": "bigint", "on": "date"}, _statement, reads=True)
ACCOUNT = Prepared("account", {"account": "bigint", "on": "date"}, _account_statement, reads=True)


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
