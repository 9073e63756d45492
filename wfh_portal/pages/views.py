"""Home, the choice of look, and the page that shows every part in every state."""

from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.freshness import is_fresh
from roster.models import Role
from roster.rights import remember, standing_of
from wfh_portal.context import THEME_COOKIE, THEMES
from wfh_portal.pages.home import Visitor, sections_for
from wfh_portal.pages.style import samples

THEME_SECONDS = 60 * 60 * 24 * 365


@require_GET
@login_required
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """What this person needs first; an account without any right is told so."""
    now = timezone.now()
    today = timezone.localdate(now)
    remember(request, standing_of(request.user, today))
    sections = []
    if request.government:
        local = now.astimezone(ZoneInfo(request.government.zone))
        fresh = is_fresh(request, now)
        visitor = Visitor(request.user, request.person, request.government, request.roles, local, fresh)
        sections = sections_for(visitor)
    # Somebody who only checks in holds a phone: one column, with the tabs.
    frame = "phone.html" if request.roles == {Role.EMPLOYEE} else "base.html"
    return render(request, "pages/home.html", {"sections": sections, "frame": frame})


@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Keep the chosen look in a cookie and go back to the page."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(
            THEME_COOKIE, theme, max_age=THEME_SECONDS, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


@require_GET
def style(request: HttpRequest) -> HttpResponse:
    """Every part in every state, with invented figures."""
    return render(request, "pages/style.html", samples())
