"""Runs: the list, one run with what holds it, its steps with their confirmations, and asking for a draft."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allowances import tasks
from allowances.checks import findings_of
from allowances.exports.cells import run_code
from allowances.forms import DraftForm
from allowances.frozen import has_document, month_of_run
from allowances.models import Run
from allowances.operations.requests import chain_of, request_draft
from allowances.queries import runs as queries
from allowances.queries.units import summed, unit_changes
from allowances.views.access import PAY, holds, pay_page, record_read, run_or_404
from allowances.views.actions import VERBS, buttons_of, form_of, waited_for, why_not
from allowances.views.figures import document_words, figures_of, steps_of, sums_of
from core import jobs
from core.errors import PortalError
from core.period import previous_month
from roster.models import Role

RUNS_SHOWN = 24
UNITS_SHOWN = 12
UNIT_ROWS = 50


@require_GET
@pay_page(*PAY)
def runs(request: HttpRequest) -> HttpResponse:
    """All runs, newest first, and the form that asks for a draft."""
    return _runs(request, _draft_form(request))


def _runs(request: HttpRequest, form: DraftForm | None) -> HttpResponse:
    page = Paginator(queries.runs_of(request.government), RUNS_SHOWN).get_page(request.GET.get("page"))
    rows = [{"run": run, "words": month_of_run(run)} for run in page]
    documented = has_document(request.government)
    context = {"page": page, "rows": rows, "form": form if documented else None, "documented": documented,
               "drafts": queries.drafts_under_way(request.government)}  # fmt: skip
    return render(request, "allowances/runs.html", context, status=422 if form is not None and form.errors else 200)


def _draft_form(request: HttpRequest) -> DraftForm | None:
    if not holds(request, Role.HR):
        return None
    today = timezone.now().astimezone(ZoneInfo(request.government.zone)).date()
    return DraftForm(initial={"month": f"{previous_month(today.replace(day=1)):%Y-%m}"})


@require_POST
@pay_page(Role.HR)
def draft(request: HttpRequest) -> HttpResponse:
    """Ask for a draft of a month, or for the same one again; a worker does it."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _runs(request, form)
    wanted = form.cleaned_data
    try:
        request_draft(
            request.government, wanted["month"], wanted["kind"], wanted["number"], request.user, timezone.now(),
            tasks.send,
        )  # fmt: skip
    except PortalError as error:
        form.add_error(None, str(error))
        return _runs(request, form)
    messages.success(request, "Draf sedang disusun. Halaman ini menunjukkan kemajuannya.")
    run = Run.objects.filter(
        government=request.government, month=wanted["month"], kind=wanted["kind"], number=wanted["number"]
    ).first()
    return redirect("allowances:run", pk=run.pk) if run else redirect("allowances:runs")


@require_GET
@pay_page(*PAY)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: where it stands, what it pays, where it changed, and what may be done with it."""
    found = run_or_404(request, pk)
    before = queries.run_before(found)
    units = unit_changes(found, before)
    shown, others = units[:UNITS_SHOWN], units[UNITS_SHOWN:]
    rapel, sums = queries.rapel_of(found), queries.run_sums(found)
    if rapel.lines:
        record_read(request, timezone.now(), "run.rapel_read", f"run:{found.pk}", {"lines": len(rapel.lines)})
    context: dict[str, Any] = {
        "run": found,
        "title": month_of_run(found),
        "code": run_code(found),
        "document": document_words(found),
        "steps": steps_of(found, waited_for(request, found)),
        "figures": figures_of(found, sums, before),
        "sums": sums_of(sums),
        "before": before,
        "units": shown,
        "others": summed(others, f"{len(others)} unit lain") if others else None,
        "whole": summed(units, "Jumlah"),
        "rapel": rapel,
        "aside": queries.aside_groups(found),
        "aside_count": len(found.set_aside),
        "buttons": buttons_of(request, found),
        "waits": waited_for(request, found),
        "redraft": found.state == Run.State.DRAFT and holds(request, Role.HR),
        "draft": _progress(found),
        "locked": found.state in queries.LOCKED,
    }
    return render(request, "allowances/run.html", context)


def _progress(found: Run) -> jobs.StageProgress | None:
    """How far a draft that was asked for is; None when nothing is under way."""
    if found.state != Run.State.DRAFT:
        return None
    chain = chain_of(found.month, found.kind, found.number)
    stages = [stage for stage in jobs.progress(found.government.code, chain) if not stage.ended]
    return stages[0] if stages else None


@require_GET
@pay_page(*PAY)
def run_checks(request: HttpRequest, pk: int) -> HttpResponse:
    """What the checks find; a part of the run's page where htmx asks, else a page that names every person."""
    found = run_or_404(request, pk)
    checks = queries.checks_of(found, findings_of(found, timezone.now()))
    context = {"run": found, "checks": checks, "title": month_of_run(found), "code": run_code(found),
               "holding": sum(check.kind == "bad" for check in checks)}  # fmt: skip
    part = request.headers.get("HX-Request") == "true"
    if not part:
        context["wanted"] = request.GET.get("temuan", "")
    return render(request, "allowances/_checks.html" if part else "allowances/run_checks.html", context)


@require_GET
@pay_page(*PAY)
def run_units(request: HttpRequest, pk: int) -> HttpResponse:
    """All units of a run with their change, the largest first."""
    found = run_or_404(request, pk)
    before = queries.run_before(found)
    units = unit_changes(found, before)
    page = Paginator(units, UNIT_ROWS).get_page(request.GET.get("page"))
    context = {"run": found, "title": month_of_run(found), "code": run_code(found), "page": page, "before": before,
               "whole": summed(units, "Jumlah")}  # fmt: skip
    return render(request, "allowances/run_units.html", context)


@require_http_methods(["GET", "POST"])
@pay_page(Role.HR, Role.FINANCE)
def run_step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """The confirmation of a step, and the step itself."""
    found, step = run_or_404(request, pk), VERBS.get(verb)
    if step is None or not holds(request, step.role):
        raise Http404
    form = form_of(step, found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            step.does(found, request.user, timezone.now(), form.cleaned_data)
        except PortalError as error:
            form.add_error(None, str(error))
            found = run_or_404(request, pk)
        else:
            messages.success(request, step.done)
            return redirect("allowances:run", pk=pk)
    holding = []
    if request.method == "GET" and step.stage in ("check", "lock") and found.state in step.states:
        findings = findings_of(found, timezone.now())
        holding = [finding for finding in findings if finding.holds and finding.stage == step.stage]
    context = {
        "run": found,
        "title": month_of_run(found),
        "code": run_code(found),
        "step": step,
        "form": form,
        "holding": list(dict.fromkeys(finding.message for finding in holding))[:10],
        "why": _refusal(request, found, step),
        "aside_count": len(found.set_aside),
    }
    return render(request, "allowances/run_step.html", context, status=422 if form.errors else 200)


def _refusal(request: HttpRequest, found: Run, step: Any) -> str:
    if found.state not in step.states:
        return f"Perhitungan ini berstatus {found.get_state_display().lower()}; langkah ini tidak berlaku lagi."
    return why_not(request, found, step)
