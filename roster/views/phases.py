"""Rollout pages: buildings and months, one building with the effect of a change, and its confirmation."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core.errors import PortalError
from roster import queries_phases as queries
from roster.forms_phases import ClosePhaseForm, OpenPhaseForm
from roster.models import Building, Person, PhaseException, Role, RolloutPhase
from roster.operations import phases as operations
from roster.phase_effect import REASON_LABELS, Effect, effect_of, people_with_reason
from roster.phase_plans import PhasePlan, check_close, check_plan, hypothetical, phase_words, plan_words, without
from roster.views.access import require_whole, today_of

READERS = (Role.ADMINISTRATOR, Role.HR, Role.AUDITOR)
WRITERS = (Role.ADMINISTRATOR,)
THURSDAY = 3
SALT = "roster.phase"
# So long may a page with an effect stay open before it must be computed again.
PREVIEW_SECONDS = 30 * 60
PAGE_ROWS = 50


@require_GET
@require_whole(*READERS)
def phases(request: HttpRequest) -> HttpResponse:
    """All buildings against the months."""
    grid = queries.grid_of(request.government, today_of(request, timezone.now()))
    return render(request, "roster/phases.html", {"grid": grid, "writes": _writes(request)})


@require_GET
@require_whole(*READERS)
def phase_history(request: HttpRequest) -> HttpResponse:
    """Every phase ever recorded, with what became of it."""
    page = Paginator(queries.phase_changes(request.government), PAGE_ROWS).get_page(request.GET.get("page"))
    rows = [{"phase": row, "words": _row_words(row)} for row in page]
    return render(request, "roster/phase_history.html", {"page": page, "rows": rows})


@require_GET
@require_whole(*READERS)
def building(request: HttpRequest, code: str) -> HttpResponse:
    """One building: who may work from home and why not, its phases, and (asked for) the effect of a new one."""
    found = _building_or_404(request, code)
    at = timezone.now()
    today = today_of(request, at)
    known, exceptions = queries.known_phases(found), queries.known_exceptions(request.government)
    asked = "lihat" in request.GET and _writes(request)
    form = OpenPhaseForm(request.GET if asked else None, initial={"valid_from": today + timedelta(days=1)})
    context: dict[str, Any] = {"building": found, "form": form, "writes": _writes(request), "today": today}
    if asked and form.is_valid():
        plan = form.plan()
        try:
            check_plan(found, plan, known)
        except PortalError as error:
            form.add_error(None, str(error))
        else:
            after = hypothetical(found, plan, known, at)
            effect = effect_of(found, known, after, exceptions, plan.weekdays, plan.valid_from, plan.valid_to)
            stamp = _stamp(request, found, known, exceptions, {"open": asdict(plan)})
            context |= {"effect": effect, "stamp": stamp, "title": plan_words(plan), "past": plan.valid_from <= today}
            context["missing_text"] = _missing_text(effect)
    context |= _standing(found, known, exceptions, today, context.get("effect"))
    return render(request, "roster/building.html", context, status=422 if form.errors else 200)


@require_GET
@require_whole(*READERS)
def building_people(request: HttpRequest, code: str, weekday: int, reason: str) -> HttpResponse:
    """Who of a building is not at home on a weekday for one reason."""
    found = _building_or_404(request, code)
    if weekday > 6 or reason not in REASON_LABELS:
        raise Http404
    today = today_of(request, timezone.now())
    known, exceptions = queries.known_phases(found), queries.known_exceptions(request.government)
    on, people = people_with_reason(found, known, exceptions, weekday, today, reason)
    page = Paginator(people, PAGE_ROWS).get_page(request.GET.get("page"))
    names = Person.objects.in_bulk([person_id for person_id, _ in page])
    context = {
        "building": found,
        "on": on,
        "label": REASON_LABELS[reason],
        "page": page,
        "rows": [{"person": names[person_id], "unit": unit} for person_id, unit in page],
    }
    return render(request, "roster/building_people.html", context)


@require_GET
@require_whole(*WRITERS)
def phase_close(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The effect of ending a phase."""
    found = _building_or_404(request, code)
    phase = get_object_or_404(RolloutPhase, pk=pk, building=found, superseded_at=None)
    at = timezone.now()
    today = today_of(request, at)
    asked = "lihat" in request.GET
    form = ClosePhaseForm(request.GET if asked else None, initial={"on": today + timedelta(days=1)})
    context: dict[str, Any] = {"building": found, "phase": phase, "words": phase_words(phase), "form": form}
    if asked and form.is_valid():
        on, decree = form.cleaned_data["on"], form.cleaned_data["decree"].strip()
        try:
            check_close(phase, on, decree)
        except PortalError as error:
            form.add_error("on", str(error))
        else:
            known, exceptions = queries.known_phases(found), queries.known_exceptions(request.government)
            start = max(on, phase.valid_from)
            after = without(phase, on, known, at)
            stamp = _stamp(request, found, known, exceptions, {"close": pk, "on": on.isoformat(), "decree": decree})
            effect = effect_of(found, known, after, exceptions, (phase.weekday,), start, phase.valid_to)
            context |= {"effect": effect, "stamp": stamp, "past": start <= today}
            context["missing_text"] = _missing_text(effect)
    return render(request, "roster/phase_close.html", context, status=422 if form.errors else 200)


@require_POST
@require_whole(*WRITERS)
def phase_confirm(request: HttpRequest, code: str) -> HttpResponse:
    """Store what the effect was shown of; a second press gives the same answer."""
    found = _building_or_404(request, code)
    try:
        asked = signing.loads(request.POST.get("stamp", ""), salt=SALT, max_age=PREVIEW_SECONDS)
    except signing.SignatureExpired:
        messages.error(request, "Halaman ini terbuka lebih dari 30 menit. Hitung ulang akibatnya, lalu simpan.")
        return redirect("roster:building", code=code)
    except signing.BadSignature:
        asked = {}
    if asked.get("building") != found.pk or asked.get("user") != request.user.pk:
        messages.error(request, "Permintaan ini bukan dari halaman akibat gedung ini. Hitung akibatnya lebih dulu.")
        return redirect("roster:building", code=code)
    try:
        messages.success(request, _store(request, found, asked))
    except PortalError as error:
        messages.error(request, str(error))
    return redirect("roster:building", code=code)


def _store(request: HttpRequest, found: Building, asked: dict[str, Any]) -> str:
    at = timezone.now()
    if "open" in asked:
        plan = _plan(asked["open"])
        operations.open_phase(found, plan, request.user, at, asked["mark"])
        return f"Tahap tersimpan: {plan_words(plan)}."
    phase = get_object_or_404(
        RolloutPhase.objects.select_related("building__government"), pk=asked["close"], building=found
    )
    on = date.fromisoformat(asked["on"])
    operations.close_phase(phase, on, asked["decree"], request.user, at, asked["mark"])
    return f"Tahap diakhiri: {phase_words(phase)}."


def _plan(values: dict[str, Any]) -> PhasePlan:
    end = values["valid_to"]
    return PhasePlan(
        **{
            **values,
            "weekdays": tuple(values["weekdays"]),
            "valid_from": date.fromisoformat(values["valid_from"]),
            "valid_to": date.fromisoformat(end) if end else None,
        }
    )


def _stamp(
    request: HttpRequest,
    found: Building,
    known: Sequence[RolloutPhase],
    exceptions: Sequence[PhaseException],
    asked: dict[str, Any],
) -> str:
    """What the confirmation will store, signed, with the mark of what its effect was computed from."""
    if "open" in asked:
        plan = asked["open"]
        end = plan["valid_to"]
        asked = {"open": {**plan, "valid_from": plan["valid_from"].isoformat(), "valid_to": end and end.isoformat()}}
    mark = operations.mark_of(found, known, exceptions)
    return signing.dumps({"building": found.pk, "user": request.user.pk, "mark": mark, **asked}, salt=SALT)


def _standing(
    found: Building,
    known: Sequence[RolloutPhase],
    exceptions: Sequence[PhaseException],
    today: date,
    asked: Effect | None,
) -> dict[str, Any]:
    """What holds now: the phases in words, and (unless the effect of a change is shown) who may work from home."""
    stage = queries.stage_on(known, today)
    context = {
        "stage": queries.stage_words(stage),
        "shade": queries.shade(stage),
        "rows": [
            {
                "phase": row,
                "words": _row_words(row),
                "state": "now" if queries.holds(row, today) else "plan" if row.valid_from > today else "past",
            }
            for row in sorted(known, key=lambda row: row.valid_from, reverse=True)
        ],
    }
    if asked is None:
        weekdays = {weekday for weekday, _, _ in stage} or {row.weekday for row in known if row.valid_from > today}
        asked = effect_of(found, known, known, exceptions, weekdays or {THURSDAY}, today, None)
    return {**context, "shown": asked}


def _row_words(row: RolloutPhase) -> str:
    return queries.stage_words(((row.weekday, row.max_share_bp, row.mode),))


def _missing_text(effect: Effect) -> str:
    days = ", ".join(effect.missing)
    return f"Tidak ada hari {days} yang bukan libur dalam masa ini; tahap pada hari itu belum berakibat apa pun."


def _writes(request: HttpRequest) -> bool:
    return any(grant.unit_id is None and grant.role in WRITERS for grant in request.standing.grants)


def _building_or_404(request: HttpRequest, code: str) -> Building:
    return get_object_or_404(queries.rollout_buildings(request.government).select_related("government"), code=code)
