"""Objections: filed by the employee against one line of a slip, decided by HR, never by oneself."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from allowances.forms import DecisionForm, ObjectionForm
from allowances.models import Objection, Run
from allowances.operations import decide_objection, file_objection
from allowances.operations.objections import due_on
from allowances.queries import objections as queries
from allowances.queries.slips import find_node, slip_of, slip_title, slips_of
from allowances.views.access import holds, number_in, own_page, pay_page, record_slip_read
from allowances.views.linked import own_slip_url
from core.errors import PortalError
from core.indonesian import day_words
from core.period import day_of
from roster.models import Role

ROWS = 30


def _today(request: HttpRequest, at: datetime) -> date:
    return at.astimezone(ZoneInfo(request.government.zone)).date()


@require_GET
@own_page
def my_objections(request: HttpRequest) -> HttpResponse:
    """One's own objections, and the way to a new one."""
    context = {
        "rows": queries.own_objections(request.person),
        "today": _today(request, timezone.now()),
        "can_object": slips_of(request.person).filter(run__state__in=[Run.State.LOCKED, Run.State.PAID]).exists(),
    }
    return render(request, "allowances/my_objections.html", context)


@require_http_methods(["GET", "POST"])
@own_page
def object_to(request: HttpRequest) -> HttpResponse:
    """The form for one line: `?hitung=` run, `?baris=` line, `?hari=` day of it."""
    run_id = number_in(request.GET.get("hitung"))
    row = slips_of(request.person).filter(run_id=run_id).first() if run_id is not None else None
    if row is None:
        messages.info(request, "Pilih dulu baris slip yang tidak sesuai, lalu tekan Ajukan keberatan di baris itu.")
        return redirect("allowances:my_slip")
    about, on = request.GET.get("baris", ""), _day(request.GET.get("hari"))
    node = find_node(slip_of(row), about, on)
    if node is None:
        messages.error(request, "Baris itu tidak ada pada slip ini. Pilih salah satu baris slip.")
        return redirect(own_slip_url(row.run_id))
    at = timezone.now()
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            made = file_objection(row, request.user, about, f"{day_words(on)}: {reason}" if on else reason, at)
        except PortalError as error:
            form.add_error(None, str(error))
        else:
            return redirect("allowances:objection_sent", number=made.number)
    context = {
        "form": form,
        "row": row,
        "run": row.run,
        "node": node,
        "on": on,
        "title": slip_title(row.run),
        "due_on": due_on(request.government, _today(request, at)),
        "back": own_slip_url(row.run_id),
        "locked": row.run.state in (Run.State.LOCKED, Run.State.PAID),
    }
    return render(request, "allowances/object.html", context, status=422 if form.errors else 200)


def _day(words: str | None) -> date | None:
    try:
        return day_of(words) if words else None
    except ValueError:
        return None


@require_GET
@own_page
def objection_sent(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt of an objection, and later what became of it."""
    told = queries.own_objection(request.person, number)
    if told is None:
        raise Http404
    run = told.objection.run
    context = {"told": told, "objection": told.objection, "back": own_slip_url(run.pk), "title": slip_title(run)}
    return render(request, "allowances/objection_sent.html", context)


@require_GET
@pay_page(Role.HR, Role.AUDITOR)
def objections(request: HttpRequest) -> HttpResponse:
    """Objections of the government, those that wait first; `?status=` narrows. An auditor reads and does not decide."""
    state = request.GET.get("status", "")
    if state not in Objection.State.values:
        state = ""
    today = _today(request, timezone.now())
    page = Paginator(queries.objections_of(request.government, state), ROWS).get_page(request.GET.get("page"))
    waiting, late = queries.open_counts(request.government, today)
    context = {
        "page": page,
        "rows": [queries.Told(objection, queries.line_words(objection)) for objection in page],
        "state": state,
        "states": Objection.State.choices,
        "today": today,
        "waiting": waiting,
        "decides": holds(request, Role.HR),
        "late": late,
    }
    return render(request, "allowances/objections.html", context)


@require_http_methods(["GET", "POST"])
@pay_page(Role.HR, Role.AUDITOR)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """One objection with the line that it is about, and the decision."""
    at = timezone.now()
    rows = Objection.objects.select_related("run__government", "person", "decided_by")
    found = get_object_or_404(rows, pk=pk, government=request.government)
    own = request.person is not None and found.person_id == request.person.pk
    decides = holds(request, Role.HR)
    if request.method == "POST" and not decides:
        raise PermissionDenied
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            accepted = form.cleaned_data["accepted"] == "ya"
            decide_objection(found, request.user, accepted, form.cleaned_data["decision"], at)
        except PortalError as error:
            form.add_error(None, str(error))
        else:
            words = "diterima; selisihnya masuk rapel berikutnya" if accepted else "ditolak"
            messages.success(request, f"Keberatan {found.number} {words}.")
            return redirect("allowances:objections")
        found = get_object_or_404(rows, pk=pk, government=request.government)
    row = queries.input_of(found)
    if request.method == "GET":
        record_slip_read(request, at, found.person_id, found.run, "objection")
    context = {
        "objection": found,
        "line": queries.line_words(found),
        "node": find_node(slip_of(row), found.line_name, None) if row else None,
        "row": row,
        "form": form,
        "own": own,
        "decides": decides,
        "today": _today(request, at),
        "title": slip_title(found.run),
    }
    return render(request, "allowances/objection.html", context, status=422 if form.errors else 200)
