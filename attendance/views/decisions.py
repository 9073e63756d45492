"""What a superior or HR decides: requests, work reports, and cases of evidence."""

from collections.abc import Callable
from datetime import date, datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from attendance.clock import work_date_of
from attendance.operations import decide_absence, decide_case, decide_correction, judge_report
from attendance.queries.reports import people_at_home, report_day, report_rows, report_totals
from attendance.queries.requests import (
    decided_cases,
    open_case_count,
    open_cases,
    waiting_count,
    waiting_requests,
)
from core.errors import PortalError
from core.period import day_of
from roster.models import Person, Role
from roster.queries import is_head, visible_to
from roster.rights import require

# A superior may be head of a unit without a grant: what is seen then comes from `visible_to`.
SUPERVISES = (Role.EMPLOYEE, Role.SUPERVISOR, Role.UNIT_HR, Role.HR)
WITH_A_GRANT = frozenset({Role.SUPERVISOR, Role.UNIT_HR, Role.HR})
BULK_LIMIT = 200
REPORT_ROWS = 50


def is_superior(request: HttpRequest, on: date) -> bool:
    """An employee who heads no unit and has no grant has nothing to decide."""
    return bool(request.roles & WITH_A_GRANT or (request.person and is_head(request.person, on)))


def people_of(request: HttpRequest, on: date) -> QuerySet[Person]:
    """Whom the reader may see, without themselves; asked once a page, because the scope takes some statements."""
    return visible_to(request.user, on).exclude(user=request.user)


def _require_team(request: HttpRequest, on: date) -> None:
    if not is_superior(request, on):
        raise PermissionDenied


def _chosen(request: HttpRequest) -> list[str]:
    found = request.POST.getlist("chosen")[:BULK_LIMIT]
    if not found:
        messages.error(request, "Belum ada yang dipilih. Centang barisnya lebih dulu.")
    return found


def _number(word: str) -> int:
    return int(word) if word.isdecimal() and len(word) < 18 else 0


def _each(request: HttpRequest, decide: Callable[[str], object]) -> int:
    """Decide one after the other; a refused one says why and stops nobody else. How many were decided."""
    done, refused = 0, []
    for word in _chosen(request):
        try:
            decide(word)
            done += 1
        except PortalError as error:
            refused.append(str(error))
    for text in dict.fromkeys(refused):
        messages.error(request, text)
    return done


@require_http_methods(["GET", "POST"])
@require(*SUPERVISES)
def requests(request: HttpRequest) -> HttpResponse:
    """What waits for a decision; several at once, a rejection with its reason."""
    at = timezone.now()
    on = work_date_of(at, request.government.zone)
    if request.method == "POST":
        _decide(request, at)
        return redirect("attendance:requests")
    people = people_of(request, on)
    context = {"rows": waiting_requests(people, request.standing, on), "count": waiting_count(people), "today": on}
    return render(request, "attendance/requests.html", context)


def _decide(request: HttpRequest, at: datetime) -> None:
    approve, note = request.POST.get("action") == "approve", request.POST.get("note", "")
    kinds = {"koreksi": decide_correction, "cuti": decide_absence}

    def one(word: str) -> None:
        kind, _, number = word.partition("-")
        if kind not in kinds:
            raise PortalError("Baris yang dipilih tidak dikenal; muat ulang halaman.")
        kinds[kind](_number(number), request.user, approve, note, at)

    if done := _each(request, one):
        messages.success(request, f"{done} permintaan {'disetujui' if approve else 'ditolak'}.")


@require_http_methods(["GET", "POST"])
@require(*SUPERVISES)
def reports(request: HttpRequest) -> HttpResponse:
    """The team's reports of a day at home; `?tanggal=2026-11-12`, without it the latest such day."""
    at = timezone.now()
    on = work_date_of(at, request.government.zone)
    _require_team(request, on)
    try:
        asked = day_of(request.GET["tanggal"]) if request.GET.get("tanggal") else None
    except ValueError as error:
        raise Http404 from error
    people = people_of(request, on)
    work_date = asked or report_day(people, on)
    if request.method == "POST":
        verdict = request.POST.get("verdict", "")
        done = _each(request, lambda word: judge_report(_number(word), verdict, request.user, at))
        if done:
            messages.success(request, f"{done} laporan diputus.")
        return redirect(f"{reverse('attendance:reports')}?tanggal={work_date.isoformat()}")
    at_home = people_at_home(people, work_date, request.government.zone)
    page = Paginator(at_home, REPORT_ROWS).get_page(request.GET.get("page"))
    rows = report_rows(list(page), request.standing, work_date, on)
    context = {
        "rows": rows,
        "page": page,
        "on": work_date,
        "totals": report_totals(at_home),
        "any_mine": any(row.mine and row.report and row.report.delivered_at for row in rows),
    }
    return render(request, "attendance/reports.html", context)


@require_http_methods(["GET", "POST"])
@require(*SUPERVISES)
def cases(request: HttpRequest) -> HttpResponse:
    """Anomalies in the evidence of presses; a person says what was found, nothing is decided by itself."""
    at = timezone.now()
    on = work_date_of(at, request.government.zone)
    _require_team(request, on)
    if request.method == "POST":
        found = request.POST.get("decision", "")
        done = _each(request, lambda word: decide_case(_number(word), request.user, found, at))
        if done:
            messages.success(request, f"{done} kasus diputus.")
        return redirect("attendance:cases")
    people = people_of(request, on)
    rows = open_cases(people, request.standing, on)
    context = {
        "rows": rows,
        "count": open_case_count(people),
        "decided": decided_cases(people),
        "any_mine": any(row.mine for row in rows),
    }
    return render(request, "attendance/cases.html", context)
