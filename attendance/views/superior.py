"""The superior's board, and declared outages."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from attendance.clock import work_date_of
from attendance.forms import OutageForm
from attendance.models import Outage
from attendance.operations import declare_outage
from attendance.queries.team import Board, team_counts, unexcused_counts
from attendance.views.decisions import SUPERVISES, is_superior, people_of
from core.errors import PortalError
from roster.models import Role
from roster.rights import require

BOARD_ROWS = 50


@require_GET
@require(*SUPERVISES)
def team(request: HttpRequest) -> HttpResponse:
    """Everybody of the team today, who needs attention first."""
    at = timezone.now()
    on = work_date_of(at, request.government.zone)
    people = people_of(request, on)
    counts = team_counts(people, on)
    board = Board(people, request.government, on, at)
    figures = [
        {"label": label, "value": counts.at(place), "kind": kind, "icon": icon}
        for place, label, kind, icon in (
            ("home", "WFH", "wfh", "home"),
            ("office", "WFO", "wfo", "office"),
            ("duty", "Dinas luar", "dl", "route"),
            ("leave", "Cuti", "leave", "cal"),
        )
    ]
    missing = counts.not_arrived if board.late_now else 0
    figures.append({"label": "Belum absen", "value": missing, "kind": "bad", "icon": "none"})
    context = {
        "page": Paginator(board, BOARD_ROWS).get_page(request.GET.get("page")),
        "figures": figures,
        "on": on,
        "at": at,
        "unexcused": unexcused_counts(people, on),
        "is_superior": is_superior(request, on),
    }
    return render(request, "attendance/team.html", context)


@require_http_methods(["GET", "POST"])
@require(Role.HR, Role.ADMINISTRATOR)
def outages(request: HttpRequest) -> HttpResponse:
    """Declare an outage, and see the declared ones."""
    form = OutageForm(request.POST or None, government=request.government)
    if request.method == "POST" and form.is_valid():
        try:
            made = declare_outage(request.government, **form.cleaned_data, user=request.user, at=timezone.now())
        except PortalError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Gangguan {made.number} diumumkan.")
            return redirect("attendance:outages")
    rows = (
        Outage.objects.filter(government=request.government)
        .select_related("building", "unit")
        .order_by("-starts_at")[:50]
    )
    may_judge = is_superior(request, work_date_of(timezone.now(), request.government.zone))
    context = {"form": form, "rows": rows, "may_judge": may_judge}
    return render(request, "attendance/outages.html", context, status=422 if form.errors else 200)
