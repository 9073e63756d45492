"""Pages of scores: the superior's list, one person's month, and one's own."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.freshness import require_fresh
from core.errors import PortalError
from core.period import month_of, next_month, previous_month
from performance import operations, queries
from performance.forms import ROWS, number_of, targets_of
from performance.locks import is_locked
from performance.models import Behaviour, Expectation
from performance.standing import spread_of, standing_of_month, target_rows
from roster.models import Person, Role
from roster.rights import require

# A superior may be head of a unit without a grant: who is judged then comes from `rated_people`.
JUDGES = (Role.EMPLOYEE, Role.SUPERVISOR)
PAGE_ROWS = 50


def _today(at: datetime, request: HttpRequest) -> date:
    return at.astimezone(ZoneInfo(request.government.zone)).date()


def _month(request: HttpRequest, today: date) -> date:
    """`?bulan=2026-10`; without it last month, until it is locked."""
    text = request.GET.get("bulan") or ""
    if not text:
        before = previous_month(today.replace(day=1))
        return today.replace(day=1) if is_locked(request.government, before) else before
    try:
        month = month_of(text)
    except ValueError as error:
        raise Http404 from error
    if month > today:
        raise Http404
    return month


def _months(month: date, today: date) -> dict[str, date | None]:
    following = next_month(month)
    return {"month": month, "before": previous_month(month), "following": following if following <= today else None}


@require_http_methods(["GET", "POST"])
@require(*JUDGES)
@require_fresh
def scores(request: HttpRequest) -> HttpResponse:
    """Everybody whom the superior judges, those not judged first; several judgements at once."""
    at = timezone.now()
    today = _today(at, request)
    month = _month(request, today)
    people = queries.rated_people(request.standing, request.user, month)
    if request.method == "POST":
        _judge(request, month, at)
        return redirect(f"{reverse('performance:scores')}?{request.GET.urlencode()}")
    judged = Behaviour.objects.filter(person=OuterRef("pk"), month=month)
    listed = people.annotate(judged=Exists(judged)).order_by("judged", "name", "pk")
    page = Paginator(listed, PAGE_ROWS).get_page(request.GET.get("page"))
    rows = queries.team_scores(page.object_list, month)
    context = {
        **_months(month, today),
        "page": page,
        "rows": rows,
        "spread": spread_of(people, month, page.paginator.count),
        "locked": is_locked(request.government, month),
        "choices": Expectation.choices,
    }
    return render(request, "performance/scores.html", context)


def _judge(request: HttpRequest, month: date, at: datetime) -> None:
    """Each select `behaviour-ID` that names an expectation; the superior's own result is kept."""
    wanted = {
        int(name.removeprefix("behaviour-")): value
        for name, value in request.POST.items()
        if name.startswith("behaviour-") and name.removeprefix("behaviour-").isdecimal() and value and len(name) < 30
    }
    people = {person.pk: person for person in Person.objects.filter(pk__in=list(wanted)[: 2 * PAGE_ROWS])}
    results = dict(Behaviour.objects.filter(person__in=people, month=month).values_list("person_id", "result"))
    changed = 0
    for person_id, person in people.items():
        try:
            changed += operations.rate(person, month, wanted[person_id], results.get(person_id, ""), request.user, at)
        except PortalError as error:
            messages.error(request, f"{person.display_name}: {error}")
    if changed:
        messages.success(request, f"{changed} penilaian disimpan.")


@require_http_methods(["GET", "POST"])
@require(*JUDGES)
@require_fresh
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One subordinate's month: indicators, what was realised, the judgement, and how the predicate came about."""
    at = timezone.now()
    today = _today(at, request)
    month = _month(request, today)
    found = get_object_or_404(queries.rated_people(request.standing, request.user, month), pk=pk)
    if request.method == "POST":
        try:
            _save(request, found, month, at)
            messages.success(request, "Disimpan.")
        except PortalError as error:
            messages.error(request, str(error))
        return redirect(f"{reverse('performance:person', args=[pk])}?bulan={month:%Y-%m}")
    indicators = queries.indicators_of(found, month)
    context = {
        **_months(month, today),
        **standing_of_month(found, month),
        "person": found,
        "indicators": indicators,
        "rows": target_rows(indicators, ROWS),
        "locked": is_locked(request.government, month),
        "choices": Expectation.choices,
    }
    return render(request, "performance/person.html", context)


def _save(request: HttpRequest, found: Person, month: date, at: datetime) -> None:
    part = request.POST.get("part")
    if part == "targets":
        operations.set_indicators(found, month, targets_of(request.POST), request.user, at)
    elif part == "realised":
        _realise(request, found, month, at)
    else:
        behaviour, result = request.POST.get("behaviour", ""), request.POST.get("result", "")
        operations.rate(found, month, behaviour, result, request.user, at)


def _realise(request: HttpRequest, found: Person, month: date, at: datetime) -> None:
    values = {
        row.id: number_of(request.POST[f"realised-{row.id}"], row.name)
        for row in queries.indicators_of(found, month)
        if f"realised-{row.id}" in request.POST
    }
    operations.set_realisation(found, month, values, request.user, at)


@require_http_methods(["GET", "POST"])
@require(Role.EMPLOYEE)
def my_score(request: HttpRequest) -> HttpResponse:
    """One's own targets, what was realised, and how the predicate came about."""
    if request.person is None:
        raise Http404
    at = timezone.now()
    today = _today(at, request)
    month = _month(request, today)
    if request.method == "POST":
        try:
            _realise(request, request.person, month, at)
            messages.success(request, "Realisasi disimpan.")
        except PortalError as error:
            messages.error(request, str(error))
        return redirect(f"{reverse('performance:my_score')}?bulan={month:%Y-%m}")
    standing, locked = standing_of_month(request.person, month), is_locked(request.government, month)
    context = {
        **_months(month, today),
        **standing,
        "indicators": queries.indicators_of(request.person, month),
        "locked": locked,
        "closed": locked or standing["judged"] is not None,
    }
    return render(request, "performance/my_score.html", context)
