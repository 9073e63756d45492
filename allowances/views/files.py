"""Files of a run, handed out with a trace of who took which."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from allowances import exports
from allowances.exports import Export, ExportRefused
from allowances.views.access import PAY, number_in, pay_page, run_or_404
from core.errors import PortalError
from roster.models import Unit

PEOPLE_NAMED = 5


@require_GET
@pay_page(*PAY)
def run_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """One file of a run, for everybody or for the subtree of `?unit=`; what refuses it stands on the run's page."""
    run = run_or_404(request, pk)
    if kind not in (*exports.KINDS, "bank_csv"):
        raise Http404
    unit = None
    if request.GET.get("unit"):
        unit = get_object_or_404(Unit, pk=number_in(request.GET["unit"]), government=request.government)
    try:
        made = exports.deliver(run, kind, unit, actor=request.user.username, at=timezone.now())
    except PortalError as error:
        messages.error(request, _words(error))
        return redirect("allowances:run", pk=pk)
    return attachment(made)


def _words(error: PortalError) -> str:
    """The refusal, with some of the people that it is about."""
    people = getattr(error, "people", []) if isinstance(error, ExportRefused) else []
    named = ", ".join(f"{name} ({number})" for number, name, _ in people[:PEOPLE_NAMED])
    more = f" dan {len(people) - PEOPLE_NAMED} orang lain" if len(people) > PEOPLE_NAMED else ""
    return f"{error} {named}{more}." if named else str(error)


def attachment(made: Export) -> HttpResponse:
    """A file as an answer that the browser saves."""
    answer = HttpResponse(made.content, content_type=made.content_type)
    answer["Content-Disposition"] = content_disposition_header(True, made.file_name)
    answer["Cache-Control"] = "private, no-store"
    return answer
