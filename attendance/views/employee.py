"""One's own month, corrections, and the plan and result of a day."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from attendance.clock import work_date_of
from attendance.forms import AbsenceForm, CorrectionForm, WorkPlanForm, WorkResultForm
from attendance.models import Correction, DayRecord, WorkReport
from attendance.operations import request_absence, request_correction, write_plan, write_result
from attendance.queries.months import month_bounds
from attendance.queries.requests import own_absences
from core.errors import PortalError
from core.indonesian import day_words
from core.period import month_of, previous_month
from roster.calendar import month_days
from roster.models import Role
from roster.rights import require


@require_GET
@require(Role.EMPLOYEE)
def my_month(request: HttpRequest) -> HttpResponse:
    """The calendar of a month; `?bulan=2026-11`."""
    if request.person is None:
        raise Http404
    today = work_date_of(timezone.now(), request.government.zone)
    try:
        month = month_of(request.GET.get("bulan") or today.isoformat()[:7])
    except ValueError as error:
        raise Http404 from error
    first, following = month_bounds(month)
    rows = DayRecord.objects.filter(person=request.person, work_date__gte=first, work_date__lt=following)
    records = {record.work_date: record for record in rows}
    days = [{"on": on, "record": records.get(on)} for on in month_days(month)]
    cells = [None] * first.weekday() + days
    cells += [None] * (-len(cells) % 7)
    context = {
        "month": month,
        "before": previous_month(month),
        "following": following if following <= today else None,
        "today": today,
        "weeks": [cells[start : start + 7] for start in range(0, len(cells), 7)],
        "records": [record for record in records.values() if record.expected_days],
        "corrections": Correction.objects.filter(person=request.person).order_by("-requested_at")[:10],
    }
    return render(request, "attendance/my_month.html", context)


@require_http_methods(["GET", "POST"])
@require(Role.EMPLOYEE)
def correction(request: HttpRequest) -> HttpResponse:
    """Ask for a correction."""
    if request.person is None:
        raise Http404
    form = CorrectionForm(request.POST or None, initial={"work_date": request.GET.get("tanggal", "")})
    if request.method == "POST" and form.is_valid():
        try:
            made = request_correction(request.person, **form.cleaned_data, at=timezone.now())
        except PortalError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Koreksi diajukan; diputus atasan paling lambat {day_words(made.due_on)}.")
            return redirect("attendance:my_month")
    return render(request, "attendance/correction.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@require(Role.EMPLOYEE)
def work_report(request: HttpRequest) -> HttpResponse:
    """Targets and result of today."""
    if request.person is None:
        raise Http404
    at = timezone.now()
    on = work_date_of(at, request.government.zone)
    report = WorkReport.objects.filter(person=request.person, work_date=on).first()
    sent = request.POST.get("part")
    plan = WorkPlanForm(request.POST if sent == "plan" else None, initial={"plan": report.plan if report else ""})
    result = WorkResultForm(
        request.POST if sent == "result" else None,
        initial={"result": report.result, "done_count": report.done_count} if report else None,
    )
    form = plan if sent == "plan" else result
    if request.method == "POST" and form.is_valid():
        try:
            if sent == "plan":
                targets = [line.strip() for line in form.cleaned_data["plan"].splitlines() if line.strip()]
                write_plan(request.person, on, targets, at)
            else:
                write_result(request.person, on, form.cleaned_data["result"], form.cleaned_data["done_count"], at)
        except PortalError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Tersimpan.")
            return redirect("attendance:work_report")
    context = {"plan": plan, "result": result, "report": report, "on": on}
    return render(request, "attendance/work_report.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@require(Role.EMPLOYEE)
def absences(request: HttpRequest) -> HttpResponse:
    """Ask for leave or duty, and see what became of it."""
    if request.person is None:
        raise Http404
    at = timezone.now()
    form = AbsenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = request_absence(request.person, **form.cleaned_data, at=at)
        except PortalError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Permohonan diajukan; diputus paling lambat {day_words(made.due_on)}.")
            return redirect("attendance:absences")
    rows = own_absences(request.person, work_date_of(at, request.government.zone))
    return render(request, "attendance/absences.html", {"form": form, "rows": rows}, status=422 if form.errors else 200)
