"""What every template may use: who is there, for which government, the menu, the server's time, the chosen look."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from core.indonesian import clock
from roster.models import Role
from roster.queries import is_head, post_of
from roster.rights import remember, standing_of
from wfh_portal.navigation import Entry, menu_for

THEME_COOKIE = "tampilan"
DEFAULT_ZONE = "Asia/Jakarta"
THEMES = ("light", "dark")
# Of several roles the one is named that a person signs in for.
CAPTIONS = (
    Role.ADMINISTRATOR,
    Role.HR,
    Role.FINANCE,
    Role.AUDITOR,
    Role.LEADERSHIP,
    Role.UNIT_HR,
)


@dataclass(frozen=True)
class Me:
    """The person who is signed in, as the head of the page names them."""

    name: str
    caption: str
    user: AbstractBaseUser


def theme_of(request: HttpRequest) -> str:
    """The look chosen by cookie: light, dark, or "" to follow the device."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def portal(request: HttpRequest) -> dict[str, Any]:
    """The context of base.html; nothing is read for a page that shows none of it."""
    now = timezone.now()
    look = {"theme": theme_of(request)}
    # A response can be made before the session is opened (a refused host, say).
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"menu": [], "tabs": [], "me": None, "government": None, **_time(now, DEFAULT_ZONE), **look}
    known = _known(request, user)
    zone = known["government"].zone if known["government"] else DEFAULT_ZONE
    entries: list[Entry] = menu_for(_roles_shown(known, now, zone), request.path)
    office = not all(entry.own for entry in entries)
    return {
        "government": known["government"],
        # Who has an office sees its work first; one's own month stays one press away.
        "menu": [entry for entry in entries if not (entry.own and office)],
        "own_menu": [entry for entry in entries if entry.own and office],
        "tabs": [entry for entry in entries if entry.tab],
        "me": SimpleLazyObject(lambda: _me(request, user, known)),
        **_time(now, zone),
        **look,
    }


def _time(now: datetime, zone: str) -> dict[str, Any]:
    local = now.astimezone(ZoneInfo(zone))
    return {"now": local, "zone": zone, "clock_text": clock(now, zone, seconds=False)}


def _known(request: HttpRequest, user: AbstractBaseUser) -> dict[str, Any]:
    """Roles, government and person: those that `roster.rights.require` has read, else read now."""
    if not hasattr(request, "roles"):
        remember(request, standing_of(user, timezone.localdate()))
    return {
        "roles": request.roles,
        "government": request.government,
        "person": request.person,
        "standing": request.standing,
    }


def _roles_shown(known: dict[str, Any], now: datetime, zone: str) -> frozenset[str]:
    """The roles, and a supervisor's entries for whoever heads a unit without a grant; each page checks by itself."""
    roles, person = known["roles"], known["person"]
    if person is None or Role.SUPERVISOR in roles or not _heads(known, now.astimezone(ZoneInfo(zone)).date()):
        return roles
    return roles | {Role.SUPERVISOR}


def _heads(known: dict[str, Any], on: date) -> bool:
    standing = known["standing"]
    return bool(standing.headed) if standing.on == on else is_head(known["person"], on)


def _me(request: HttpRequest, user: AbstractBaseUser, known: dict[str, Any]) -> Me:
    """Name and what stands under it: the role of an office, else the unit."""
    person = known["person"]
    name = person.display_name if person else str(user)
    for role in CAPTIONS:
        if role in known["roles"]:
            return Me(name, role.label, user)
    post = post_of(person, timezone.localdate()) if person else None
    return Me(name, post.unit.name if post else "", user)
