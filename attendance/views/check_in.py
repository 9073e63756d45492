"""The phone page: two verbs, a receipt, and a receipt that anyone can verify."""

import secrets
from datetime import datetime
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.throttle import network_of
from attendance.clock import work_date_of
from attendance.evidence import Evidence, coordinate
from attendance.models import Punch
from attendance.operations import Attempt, Outcome, keep_forged, record_punch
from attendance.queries.today import leaving_early, today_card
from attendance.tokens import InvalidToken, make_token, read_token
from core.period import EARLIEST_YEAR, LATEST_YEAR
from roster.models import Role
from roster.rights import require

KEY_LENGTH = 80


@require_http_methods(["GET", "POST"])
@require(Role.EMPLOYEE)
def check_in(request: HttpRequest) -> HttpResponse:
    """Show today's page, or take a press."""
    if request.person is None:
        raise Http404
    return _press(request) if request.method == "POST" else _page(request, timezone.now())


@require_POST
@require(Role.EMPLOYEE)
def queue(request: HttpRequest) -> HttpResponse:
    """Take an attempt that waited on the phone."""
    if request.person is None:
        raise Http404
    return _press(request, queued=True)


def _press(request: HttpRequest, queued: bool = False) -> HttpResponse:
    at, post = timezone.now(), request.POST
    key = (post.get("key") or post.get("kunci") or "")[:KEY_LENGTH]
    queued = queued or post.get("queued") == "1"
    try:
        token = read_token(post.get("token") or "")
    except InvalidToken:
        if key:
            keep_forged(request.person, "in", key, at)
        return _page(request, at, "Halaman absen tidak dikenali. Tidak ada yang dicatat; tekan sekali lagi.", 409)
    if not key:
        return _page(request, at, "Kunci halaman hilang. Tidak ada yang dicatat; tekan sekali lagi.", 409)
    if token.verb == "out" and not queued and post.get("sure") != "1":
        question = _ask_before_leaving_early(request, at, key)
        if question is not None:
            return question
    claimed_at = _instant(post.get("claimed_at") or post.get("klaim")) if queued else None
    outcome = record_punch(request.person, token.verb, key, at, Attempt(token, queued, claimed_at), _evidence(request))
    return _answer(request, outcome, at)


def _answer(request: HttpRequest, outcome: Outcome, at: datetime) -> HttpResponse:
    if outcome.is_receipt and outcome.person_id == request.person.pk:
        return HttpResponseRedirect(f"{_receipts()}{outcome.receipt_code}/")
    if outcome.is_receipt:
        # Credited to the person of the token, who is not the one signed in: nothing of theirs is shown.
        return _page(request, at, "Antrean pegawai lain di perangkat ini sudah diterima server.", 200)
    return _page(request, at, " ".join([outcome.message, *outcome.notes]), 409)


@cache
def _receipts() -> str:
    # Looked up once: anew for every press it costs as much as writing the punch costs the database.
    return reverse("attendance:receipt", args=["-"]).removesuffix("-/")


def _ask_before_leaving_early(request: HttpRequest, at: datetime, key: str) -> HttpResponse | None:
    card = today_card(request.person, work_date_of(at, request.government.zone))
    early = leaving_early(request.person, card, at)
    if early is None or read_token(request.POST["token"]).work_date != card.on:
        return None
    context = {"early": early, "card": card, "key": key, "token": request.POST["token"], "at": at}
    return render(request, "attendance/leaving_early.html", context)


def _page(request: HttpRequest, at: datetime, problem: str = "", status: int = 200) -> HttpResponse:
    on = work_date_of(at, request.government.zone)
    card = today_card(request.person, on)
    tokens = {verb: make_token(request.person.pk, verb, on, at) for verb in ("in", "out")}
    context: dict[str, Any] = {
        "card": card,
        "at": at,
        "problem": problem,
        "in_token": tokens["in"],
        "out_token": tokens["out"],
        "in_key": secrets.token_urlsafe(12),
        "out_key": secrets.token_urlsafe(12),
    }
    return render(request, "attendance/check_in.html", context, status=status)


def _evidence(request: HttpRequest) -> Evidence:
    post = request.POST
    latitude = coordinate(post.get("latitude") or post.get("lat"), 90)
    longitude = coordinate(post.get("longitude") or post.get("lon"), 180)
    accuracy = coordinate(post.get("accuracy_m") or post.get("ketelitian"), 1_000_000)
    known = latitude is not None and longitude is not None
    return Evidence(
        latitude if known else None,
        longitude if known else None,
        int(accuracy) if known and accuracy is not None and accuracy >= 0 else None,
        _instant(post.get("located_at") or post.get("diambil")) if known else None,
        network_of(request),
    )


def _instant(text: str | None) -> datetime | None:
    try:
        found = parse_datetime(text or "")
    except ValueError:
        return None
    if found is None or timezone.is_naive(found) or not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        return None
    return found


@require_GET
@require(Role.EMPLOYEE)
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """The receipt of one's own press."""
    punch = Punch.objects.filter(receipt_code=code, person=request.person).first() if request.person else None
    if punch is None:
        raise Http404
    return render(
        request, "attendance/receipt.html", {"punch": punch, "card": today_card(request.person, punch.work_date)}
    )


@require_GET
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Say to anyone whether a receipt is genuine, without a name."""
    punch = Punch.objects.filter(receipt_code=code).first() if code else None
    return render(request, "attendance/verify.html", {"punch": punch}, status=200 if punch else 404)
