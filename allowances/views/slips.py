"""Slips: one's own by month, somebody's for those who may read pay, and the day behind a line."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from allowances.exports.slip import slip_pdf as made_of
from allowances.models import Run, RunInput
from allowances.queries.nodes import Node
from allowances.queries.slip_days import day_of_slip
from allowances.queries.slips import Slip, newest_slip, slip_of, slip_title, slips_of
from allowances.views.access import PAY, input_or_404, number_in, own_page, pay_page, record_slip_read
from allowances.views.files import attachment
from allowances.views.linked import day_url, linked, own_day_url, own_slip_url, slip_url
from core.errors import PortalError
from core.indonesian import percent, rupiah

MONTHS_OFFERED = 24


@require_GET
@own_page
def my_slip(request: HttpRequest) -> HttpResponse:
    """The newest locked or paid slip, or the one chosen by `?hitung=`; a draft is called an estimate."""
    rows = list(slips_of(request.person).defer("given")[:MONTHS_OFFERED])
    row = _chosen(request, rows)
    if row is None:
        return render(request, "allowances/no_slip.html")
    slip = slip_of(row)
    day, run = own_day_url(slip.run), slip.run
    context = _context(slip, lambda nodes: linked(nodes, run, day, own_slip_url, slip.locked))
    context |= {
        "own": True,
        "layout": "phone.html",
        "choices": [{"id": item.run_id, "text": _choice(item.run)} for item in rows],
    }
    return render(request, "allowances/slip.html", context)


def _chosen(request: HttpRequest, rows: list[RunInput]) -> RunInput | None:
    """The row asked for; 404 where it is not one of one's own."""
    if "hitung" not in request.GET:
        return newest_slip(rows)
    wanted = number_in(request.GET["hitung"])
    found = next((row for row in rows if row.run_id == wanted), None)
    if found is None:
        found = slips_of(request.person).filter(run_id=wanted).first() if wanted is not None else None
    if found is None:
        raise Http404
    return found


def _choice(run: Run) -> str:
    return slip_title(run) + ("" if run.state in (Run.State.LOCKED, Run.State.PAID) else " (perkiraan)")


@require_GET
@pay_page(*PAY)
def slip(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Somebody's slip; reading it leaves a trace."""
    row = input_or_404(request, pk, person)
    record_slip_read(request, timezone.now(), person, row.run)
    found = slip_of(row)
    run, day, other = found.run, day_url(found.run, person), slip_url(person)
    context = _context(found, lambda nodes: linked(nodes, run, day, other, objects=False))
    context |= {"own": False, "layout": "base.html"}
    return render(request, "allowances/slip.html", context)


def _context(found: Slip, shown: Callable[[Sequence[Node]], list[dict[str, Any]]]) -> dict[str, Any]:
    row, run = found.row, found.run
    share = found.paid_share
    figures = [
        {"label": "Diterima di rekening" if found.locked else "Perkiraan diterima", "value": rupiah(row.net_rupiah)},
        {"label": "Pagu TPP", "value": rupiah(row.gross_rupiah)},
        {"label": "Dibayar dari pagu", "value": percent(share, 1) if share is not None else "—"},
    ]
    return {"slip": found, "row": row, "run": run, "title": slip_title(run), "figures": figures,
            "base": shown([found.base] if found.base else []), "components": shown(found.components),
            "payments": shown(found.payments)}  # fmt: skip


@require_GET
@own_page
def my_slip_day(request: HttpRequest, on: date) -> HttpResponse:
    """A day behind a line of one's own slip."""
    wanted = number_in(request.GET.get("hitung"))
    row = slips_of(request.person).filter(run_id=wanted).first() if wanted is not None else None
    if row is None:
        raise Http404
    return _day(request, row, on, own_slip_url(row.run_id), "phone.html")


@require_GET
@pay_page(*PAY)
def slip_day(request: HttpRequest, pk: int, person: int, on: date) -> HttpResponse:
    """A day behind a line of somebody's slip; reading it leaves a trace."""
    row = input_or_404(request, pk, person)
    record_slip_read(request, timezone.now(), person, row.run, "slip_day")
    return _day(request, row, on, reverse("allowances:slip", args=[pk, person]), "base.html")


def _day(request: HttpRequest, row: RunInput, on: date, back: str, layout: str) -> HttpResponse:
    found = day_of_slip(row, on)
    if found is None:
        raise Http404
    context = {"row": row, "run": row.run, "found": found, "back": back, "layout": layout,
               "own": request.person == row.person, "title": slip_title(row.run)}  # fmt: skip
    return render(request, "allowances/slip_day.html", context)


@require_GET
@own_page
def my_slip_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own slip as PDF."""
    row = slips_of(request.person).filter(run_id=pk).first()
    if row is None:
        raise Http404
    return _pdf(request, row, own_slip_url(pk))


@require_GET
@pay_page(*PAY)
def slip_pdf(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Somebody's slip as PDF; taking it leaves a trace."""
    row = input_or_404(request, pk, person)
    record_slip_read(request, timezone.now(), person, row.run, "slip_pdf")
    return _pdf(request, row, reverse("allowances:slip", args=[pk, person]))


def _pdf(request: HttpRequest, row: RunInput, back: str) -> HttpResponse:
    try:
        return attachment(made_of(row))
    except PortalError as error:
        messages.error(request, str(error))
        return redirect(back)
