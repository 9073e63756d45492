"""The effect of a draft of regulations on everybody's pay: asked for, watched, read, and one person's two sides."""

from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from allowances import tasks
from allowances.effect import plan_of_draft, side_by_side
from allowances.forms import EffectForm
from allowances.models import EffectRow, RegulationEffect, RunInput
from allowances.operations.effects import request_effect, todays_facts
from allowances.queries import effects as queries
from allowances.views.access import PAY, holds, pay_page, record_read
from allowances.views.effect_words import changed_lines, figures_of, groups_of, tree_of
from core.errors import PortalError
from core.plain_csv import csv_lines
from policy.conditions import CaseError
from policy.models import RegulationDraft
from policy.operations.drafts import fingerprint, read_draft, texts_of
from roster.models import Role

PEOPLE_ROWS = 50
GROUPS_SHOWN = 15
PEOPLE_SHOWN = 10
CSV_HEADING = ("NIP", "Nama", "Unit", "Kelas", "Golongan", "Sebelum", "Sesudah", "Selisih", "Keterangan")


@require_http_methods(["GET", "POST"])
@pay_page(*PAY)
def effects(request: HttpRequest, draft: int) -> HttpResponse:
    """The effects of a draft that were computed, and the form that asks for one."""
    found, at = _draft_or_404(request, draft), timezone.now()
    today = at.astimezone(ZoneInfo(request.government.zone)).date()
    choices = queries.months_to_choose(request.government, today)
    may_ask = holds(request, Role.HR)
    form = EffectForm(choices, request.POST if request.method == "POST" else None) if may_ask else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            try:
                effect = request_effect(
                    found, request.government, form.cleaned_data["month"], request.user, at, tasks.send_effect
                )
            except PortalError as error:
                form.add_error(None, str(error))
            else:
                return redirect("allowances:effect", draft=draft, pk=effect.pk)
    now_is = fingerprint(texts_of(found))
    rows = [
        {"effect": effect, "stale": effect.fingerprint != now_is, "progress": queries.progress_of(effect)}
        for effect in found.effects.select_related("government", "run", "requested_by").order_by("-month")[:12]
    ]
    context = {"draft": found, "rows": rows, "form": form, "choices": choices}
    failed = form is not None and form.is_bound and bool(form.errors)
    return render(request, "allowances/effects.html", context, status=422 if failed else 200)


@require_GET
@pay_page(*PAY)
def effect(request: HttpRequest, draft: int, pk: int) -> HttpResponse:
    """One effect: while it is computed its progress, then who gains and who loses; reading is recorded."""
    found = _effect_or_404(request, draft, pk)
    progress = queries.progress_of(found)
    context: dict[str, Any] = {"draft": found.draft, "effect": found, "progress": progress}
    if not progress.ended:
        context["stuck"] = queries.is_stuck(found, timezone.now())
        part = request.headers.get("HX-Request") == "true"
        return render(request, "allowances/_effect_progress.html" if part else "allowances/effect.html", context)
    if request.headers.get("HX-Request") == "true":
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    record_read(request, timezone.now(), "regulation_effect.read", f"effect:{found.pk}", {"month": found.month})
    if not progress.errors:
        sums = queries.summary_of(found)
        units = groups_of(sums.by_unit, largest_change=True)
        context |= {
            "sums": sums,
            "figures": figures_of(sums),
            "tables": [
                {"name": "Per unit kerja", "rows": units[:GROUPS_SHOWN], "more": len(units) - GROUPS_SHOWN,
                 "link": True},
                {"name": "Per kelas jabatan", "rows": groups_of(sums.by_class)},
                {"name": "Per golongan", "rows": groups_of(sums.by_rank)},
            ],
            "ends": [
                {"name": "Paling berkurang", "people": sums.losers[:PEOPLE_SHOWN], "order": "turun"},
                {"name": "Paling bertambah", "people": sums.gainers[:PEOPLE_SHOWN], "order": "naik"},
            ],
            "aside": sums.aside[:PEOPLE_SHOWN],
        }  # fmt: skip
    context["stale"] = found.fingerprint != fingerprint(texts_of(found.draft))
    return render(request, "allowances/effect.html", context)


@require_GET
@pay_page(*PAY)
def effect_people(request: HttpRequest, draft: int, pk: int) -> HttpResponse:
    """Everybody with what changes, `?q=` words, `?unit=` one unit, `?urut=` the order; reading is recorded."""
    found = _effect_or_404(request, draft, pk)
    words, order = request.GET.get("q", "").strip()[:100], request.GET.get("urut", "turun")
    unit = request.GET.get("unit")
    rows = queries.people_of_effect(found, words, unit or None, order)
    page = Paginator(rows, PEOPLE_ROWS).get_page(request.GET.get("page"))
    about = {"words": words, "unit": unit, "page": page.number, "people": len(page.object_list)}
    record_read(request, timezone.now(), "regulation_effect.people_read", f"effect:{found.pk}", about)
    context = {
        "draft": found.draft, "effect": found, "page": page, "words": words, "unit": unit or "", "order": order,
        "orders": (("turun", "Paling berkurang"), ("naik", "Paling bertambah"), ("nama", "Nama")),
    }  # fmt: skip
    return render(request, "allowances/effect_people.html", context)


@require_GET
@pay_page(*PAY)
def effect_file(request: HttpRequest, draft: int, pk: int) -> HttpResponse:
    """Everybody as CSV, harmless in a spreadsheet; taking it is recorded."""
    found = _effect_or_404(request, draft, pk)
    record_read(request, timezone.now(), "regulation_effect.file", f"effect:{found.pk}", {"month": found.month})
    lines = csv_lines(CSV_HEADING, ((f"'{number}", *rest) for number, *rest in queries.lines_of_effect(found)))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="akibat-{found.month:%Y-%m}-{found.pk}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_GET
@pay_page(*PAY)
def effect_person(request: HttpRequest, draft: int, pk: int, person: int) -> HttpResponse:
    """One person's two explanations side by side; reading is recorded."""
    found = _effect_or_404(request, draft, pk)
    row = get_object_or_404(EffectRow, effect=found, person_id=person)
    record_read(request, timezone.now(), "regulation_effect.person_read", f"person:{person}", {"effect": found.pk})
    context: dict[str, Any] = {"draft": found.draft, "effect": found, "row": row}
    if found.fingerprint != fingerprint(texts_of(found.draft)):
        context["problem"] = "Berkas rancangan sudah berubah sejak dihitung. Hitung lagi untuk melihat penjelasannya."
        return render(request, "allowances/effect_person.html", context)
    try:
        before, after = _sides(found, person)
    except (PortalError, CaseError) as error:
        context["problem"] = str(error)
    else:
        context |= {"before": tree_of(before) if before else [], "after": tree_of(after),
                    "lines": list(changed_lines(before, after)) if before else []}  # fmt: skip
    return render(request, "allowances/effect_person.html", context)


def _sides(effect: RegulationEffect, person_id: int) -> tuple[Any, Any]:
    """The explanation that the run has (None without a run), and the draft's."""
    plan = plan_of_draft(read_draft(effect.draft), effect.government.code, effect.month)
    if effect.run_id is None:
        return None, plan.explain(todays_facts(effect.government, effect.month, plan, person_id))
    rows = RunInput.objects.select_related("run__government")
    return side_by_side(get_object_or_404(rows, run_id=effect.run_id, person_id=person_id), plan)


def _draft_or_404(request: HttpRequest, pk: int) -> RegulationDraft:
    return get_object_or_404(RegulationDraft, pk=pk, jurisdiction=request.government.code)


def _effect_or_404(request: HttpRequest, draft: int, pk: int) -> RegulationEffect:
    rows = RegulationEffect.objects.select_related("draft", "government", "run")
    return get_object_or_404(rows, pk=pk, draft_id=draft, government=request.government)
