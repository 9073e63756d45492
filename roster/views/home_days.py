"""Days at home that are chosen: the head's schedule and decisions, and one's own requests."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import PortalError
from core.indonesian import day_words
from core.period import day_of
from roster import queries_home_days as queries
from roster.models import Role
from roster.operations import home_days as operations
from roster.rights import require
from roster.views.access import today_of

# A head may have no grant: on whom one decides comes from `charges_of`.
EVERYBODY = (Role.EMPLOYEE, Role.SUPERVISOR, Role.UNIT_HR, Role.HR)
BULK_LIMIT = 200


@require_http_methods(["GET", "POST"])
@require(*EVERYBODY)
def schedule(request: HttpRequest) -> HttpResponse:
    """Who of a unit is at home on a coming day, within the share; and the requests that wait."""
    at = timezone.now()
    today = today_of(request, at)
    if request.method == "POST":
        return _assign(request, today, at)
    charges = queries.charges_of(request.person, today) if request.person else []
    wanted = request.GET.get("unit", "")
    charge = next((c for c in charges if str(c.unit.pk) == wanted), charges[0] if charges else None)
    days = queries.open_days(request.government, charge.building_id, today) if charge else []
    day = next((d for d in days if d.on.isoformat() == request.GET.get("hari")), days[0] if days else None)
    candidates = queries.candidates_on(request.government, charge, day.on) if charge and day else []
    context = {
        "charges": charges,
        "charge": charge,
        "days": days,
        "day": day,
        "candidates": candidates,
        "most": charge.people * day.phase.max_share_bp // 10_000 if charge and day else None,
        "requests": queries.waiting_requests(charges, today),
    }
    return render(request, "roster/schedule.html", context)


@require_POST
@require(*EVERYBODY)
def decide(request: HttpRequest) -> HttpResponse:
    """Approve or reject chosen requests."""
    at = timezone.now()
    today = today_of(request, at)
    action = request.POST.get("action")
    chosen = _numbers(request, "chosen")
    if action not in ("approve", "reject") or request.person is None or not chosen:
        messages.error(request, "Belum ada yang dipilih. Centang barisnya lebih dulu.")
        return redirect("roster:schedule")
    done = 0
    for home_day_id in chosen:
        try:
            done += operations.decide_home_day(
                request.person, home_day_id, action == "approve", request.user, today, at
            )
        except PortalError as error:
            messages.error(request, str(error))
    if done:
        messages.success(request, f"{done} permohonan {'disetujui' if action == 'approve' else 'ditolak'}.")
    return redirect("roster:schedule")


@require_http_methods(["GET", "POST"])
@require(Role.EMPLOYEE)
def my_home_days(request: HttpRequest) -> HttpResponse:
    """One's own coming days at home: asked for, decided, assigned."""
    at = timezone.now()
    today = today_of(request, at)
    if request.method == "POST":
        _ask(request, today, at)
        return redirect("roster:my_home_days")
    mine = queries.home_days_of(request.person, today)
    building_id = queries.building_id_of(request.person, today)
    days = queries.open_days(request.government, building_id, today, ("schedule", "on_request"))
    rows = [
        {"on": day.on, "asks": day.phase.mode == "on_request", "row": mine.get(day.on), "decree": day.phase.decree}
        for day in days
    ]
    return render(request, "roster/my_home_days.html", {"rows": rows})


def _assign(request: HttpRequest, today: date, at) -> HttpResponse:
    back = {"unit": request.POST.get("unit", ""), "hari": request.POST.get("hari", "")}
    on, unit_id = _day(back["hari"]), next(iter(_numbers(request, "unit")), None)
    if on is None or unit_id is None or request.person is None:
        messages.error(request, "Hari atau unit tidak terbaca. Pilih dari halaman ini.")
        return redirect("roster:schedule")
    chosen = _numbers(request, "chosen")
    try:
        added, taken = operations.assign_home_days(request.person, unit_id, on, chosen, request.user, today, at)
    except PortalError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{day_words(on)}: {added} orang ditambahkan, {taken} orang dikembalikan ke kantor.")
    answer = redirect("roster:schedule")
    answer["Location"] += f"?{urlencode(back)}"
    return answer


def _ask(request: HttpRequest, today: date, at) -> None:
    on = _day(request.POST.get("hari", ""))
    if on is None:
        messages.error(request, "Hari tidak terbaca. Pilih dari halaman ini.")
        return
    try:
        if request.POST.get("action") == "withdraw":
            operations.withdraw_home_day(request.person, on, today, at)
            messages.success(request, f"Permohonan {day_words(on)} ditarik.")
        else:
            row = operations.request_home_day(request.person, on, today, at)
            messages.success(request, f"WFH {day_words(row.on)} dimohonkan. Keputusan ada pada kepala unit.")
    except PortalError as error:
        messages.error(request, str(error))


def _numbers(request: HttpRequest, name: str) -> list[int]:
    words = request.POST.getlist(name)[:BULK_LIMIT]
    return [int(word) for word in words if word.isascii() and word.isdecimal() and len(word) < 18]


def _day(words: str) -> date | None:
    try:
        return day_of(words)
    except ValueError:
        return None
