"""People: the list, and one person with the answer to where they work and why."""

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from roster.forms_people import DayForm, PeopleForm
from roster.models import Role
from roster.queries import visible_to
from roster.queries_people import find_people, person_rows, view_person
from roster.rights import require
from roster.views.access import today_of

PERSONNEL = (Role.UNIT_HR, Role.HR, Role.ADMINISTRATOR, Role.AUDITOR)
PAGE_ROWS = 50


@require_GET
@require(*PERSONNEL)
def people(request: HttpRequest) -> HttpResponse:
    """People of the units that one may see, found by name, number, unit or state."""
    today = today_of(request, timezone.now())
    form = PeopleForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = find_people(
        request.user, today, asked.get("search", ""), asked.get("unit", ""), asked.get("state", "")
    ).only("pk", "name", "title_before", "title_after")
    page = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "rows": person_rows(list(page), today)}
    return render(request, "roster/people.html", context, status=422 if form.errors else 200)


@require_GET
@require(*PERSONNEL)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: where they work on a day and every reason, and what the roster holds of them."""
    today = today_of(request, timezone.now())
    found = get_object_or_404(visible_to(request.user, today).select_related("government"), pk=pk)
    form = DayForm(request.GET or None, initial={"on": today})
    on: date = form.cleaned_data["on"] if form.is_bound and form.is_valid() else today
    context = {
        "view": view_person(found, on),
        "form": form,
        "today": today,
        "may_import": bool(request.roles & {Role.HR, Role.ADMINISTRATOR}),
    }
    return render(request, "roster/person.html", context, status=422 if form.errors else 200)
