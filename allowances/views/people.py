"""The people of a run: who is paid and what, and who was set aside and why."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from allowances.exports.cells import run_code
from allowances.frozen import month_of_run
from allowances.queries import runs as queries
from allowances.views.access import PAY, number_in, pay_page, record_read, run_or_404

PEOPLE_ROWS = 50
MOST_UNITS = 80


@require_GET
@pay_page(*PAY)
def run_people(request: HttpRequest, pk: int) -> HttpResponse:
    """People by name, `?q=` words, `?unit=` one unit, `?disisihkan=1` those who are not paid; reading is recorded."""
    run = run_or_404(request, pk)
    words, unit_id = request.GET.get("q", "").strip()[:100], number_in(request.GET.get("unit"))
    aside = request.GET.get("disisihkan") == "1"
    rows = queries.people_aside(run, words, unit_id) if aside else queries.people_in(run, words, unit_id)
    page = Paginator(rows, PEOPLE_ROWS).get_page(request.GET.get("page"))
    about = {"words": words, "unit": unit_id, "aside": aside, "page": page.number, "people": len(page.object_list)}
    record_read(request, timezone.now(), "run.people_read", f"run:{run.pk}", about)
    units = queries.units_in(run, MOST_UNITS + 1)
    context = {
        "run": run,
        "title": month_of_run(run),
        "code": run_code(run),
        "page": page,
        "words": words,
        "unit_id": unit_id,
        "unit_name": queries.unit_name_in(run, unit_id) if unit_id is not None else "",
        "units": units if len(units) <= MOST_UNITS else [],
        "aside": aside,
        "aside_count": len(run.set_aside),
    }
    return render(request, "allowances/run_people.html", context)
