"""Pages of bills: all buildings side by side, and the bills of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from roster.models import Building, Role
from roster.rights import require
from savings import queries

READERS = (Role.LEADERSHIP, Role.ADMINISTRATOR, Role.AUDITOR)


@require_GET
@require(*READERS)
def overview(request: HttpRequest) -> HttpResponse:
    """Every building with its ceiling, beside the target; no measured value yet, and why."""
    on = timezone.localdate()
    aim = queries.aim_on(request.government, on)
    context = {
        "aim": aim,
        "rows": queries.building_rows(request.government, on, aim),
        "reason": queries.NOT_YET,
    }
    return render(request, "savings/overview.html", context)


@require_GET
@require(*READERS)
def building(request: HttpRequest, code: str) -> HttpResponse:
    """The bills of one building, quantity and price effect apart."""
    on = timezone.localdate()
    found = get_object_or_404(Building, government=request.government, code=code)
    aim = queries.aim_on(request.government, on)
    context = {
        "building": found,
        "aim": aim,
        "ceiling": queries.building_ceiling(found, on, aim),
        "meters": queries.meters_of(found),
        "reason": queries.NOT_YET,
    }
    return render(request, "savings/building.html", context)
