"""The superior's board and decisions, and declared outages."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from attendance.clock import work_date_of
from attendance.forms import OutageForm
from attendance.models import Outage
from attendance.operations import decide_correction, declare_outage
from attendance.queries.team import team_board, unexcused_counts, waiting_corrections
from core.errors import PortalError
from roster.models import Role
from roster.rights import require

# A superior may be head of a unit without a grant: what is seen then comes from `visible_to`.
SUPERVISES = (Role.EMPLOYEE, Role.SUPERVISOR, Role.UNIT_HR, Role.HR)
BULK_LIMIT = 200


@require_GET
@require(*SUPERVISES)
def team(request: HttpRequest) -> HttpResponse:
    """Everybody of the team today, who needs attention first."""
    at = timezone.now()
    on = work_date_of(at, request.government.zone)
    board = team_board(request.user, on, at, request.government.zone)
    counts = {place: sum(row.place == place for row in board) for place in ("home", "office", "duty", "leave")}
    figures = [
        {"label": label, "value": counts[place], "kind": kind, "icon": icon}
        for place, label, kind, icon in (
            ("home", "WFH", "wfh", "home"),
            ("office", "WFO", "wfo", "office"),
            ("duty", "Dinas luar", "dl", "route"),
            ("leave", "Cuti", "leave", "cal"),
        )
    ]
    missing = sum(row.status == "none" for row in board)
    figures.append({"label": "Belum absen", "value": missing, "kind": "bad", "icon": "none"})
    context = {"board": board, "figures": figures, "on": on, "at": at, "unexcused": unexcused_counts(request.user, on)}
    return render(request, "attendance/team.html", context)


@require_http_methods(["GET", "POST"])
@require(*SUPERVISES)
def requests(request: HttpRequest) -> HttpResponse:
    """What waits for a decision; several at once, a rejection with its reason."""
    at = timezone.now()
    on = work_date_of(at, request.government.zone)
    if request.method == "POST":
        _decide(request, at)
        return redirect("attendance:requests")
    context = {"corrections": waiting_corrections(request.user, on), "today": on}
    return render(request, "attendance/requests.html", context)


def _decide(request: HttpRequest, at) -> None:
    approve, note = request.POST.get("action") == "approve", request.POST.get("note", "")
    chosen = [int(word) for word in request.POST.getlist("chosen")[:BULK_LIMIT] if word.isdecimal() and len(word) < 18]
    if not chosen:
        messages.error(request, "Belum ada yang dipilih. Centang barisnya lebih dulu.")
    done = 0
    for correction_id in chosen:
        try:
            decide_correction(correction_id, request.user, approve, note, at)
            done += 1
        except PortalError as error:
            messages.error(request, str(error))
    if done:
        messages.success(request, f"{done} koreksi {'disetujui' if approve else 'ditolak'}.")


@require_http_methods(["GET", "POST"])
@require(Role.HR, Role.ADMINISTRATOR)
def outages(request: HttpRequest) -> HttpResponse:
    """Declare an outage, and see the declared ones."""
    form = OutageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = declare_outage(request.government, **form.cleaned_data, user=request.user, at=timezone.now())
        except PortalError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Gangguan {made.number} diumumkan.")
            return redirect("attendance:outages")
    rows = Outage.objects.filter(government=request.government).order_by("-starts_at")[:50]
    return render(request, "attendance/outages.html", {"form": form, "rows": rows}, status=422 if form.errors else 200)
