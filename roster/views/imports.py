"""Import pages: choose a kind, upload, see what it would do, confirm once; and what was imported before."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import PortalError
from core.importing import ImportKind, kind_of
from core.plain_csv import csv_lines
from roster import queries_uploads as queries
from roster import tasks
from roster.forms import UploadForm
from roster.models import ImportRun, Role, Upload
from roster.operations import queued_imports, uploads
from roster.views.access import require_whole, today_of

IMPORTERS = (Role.HR, Role.ADMINISTRATOR)
PAGE_ROWS = 50
CSV_HEADING = ("tingkat", "baris", "kolom", "kode", "nilai", "keterangan")


@require_GET
@require_whole(*IMPORTERS)
def imports(request: HttpRequest) -> HttpResponse:
    """Every kind of file that the portal takes, uploads that wait, and the history."""
    page = Paginator(queries.import_history(request.government), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "kinds": queries.shown_kinds(),
        "waiting": [
            {"upload": upload, "label": queries.kind_label(upload.kind)}
            for upload in queries.waiting_uploads(request.government)
        ],
        "page": page,
        "runs": [{"run": run, "label": queries.kind_label(run.kind)} for run in page],
    }
    return render(request, "roster/imports.html", context)


@require_http_methods(["GET", "POST"])
@require_whole(*IMPORTERS)
def import_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Upload a file of one kind; on to its preview."""
    found = _kind_or_404(kind)
    at = timezone.now()
    posted = request.method == "POST"
    data, files = (request.POST, request.FILES) if posted else (None, None)
    too_large = getattr(request, "upload_too_large", False)
    form = UploadForm(found, today_of(request, at), data, files, too_large=too_large)
    if posted and form.is_valid():
        try:
            upload = uploads.receive_upload(
                request.government,
                request.user,
                found,
                form.files_by_role(),
                form.option_values(),
                form.as_at_on(),
                at,
            )
        except PortalError as error:
            form.add_error("file", str(error))
        else:
            return redirect("roster:upload", pk=upload.pk)
    context = {"kind": found, "form": form}
    return render(request, "roster/import_new.html", context, status=422 if form.errors else 200)


@require_GET
@require_whole(*IMPORTERS)
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """What an upload would do, or did: its counts and every finding by row and column."""
    found = _upload_or_404(request, pk)
    writing = queries.writing_of(found, timezone.now())
    if request.headers.get("HX-Request") == "true":
        return _how_far(request, found, writing)
    level = request.GET.get("level", "")
    rows = queries.findings_of(found, level)
    context = {
        "upload": found,
        "label": queries.kind_label(found.kind),
        "figures": queries.figures_of(found.report),
        "counts": [
            {"level": name, "label": queries.LEVEL_LABELS[name], "count": count, "current": name == level}
            for name, count in queries.finding_counts(found.report).items()
            if count
        ],
        "page": Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page")),
        "writing": writing,
        "changed": found.confirmed_at is None and uploads.imported_since(found),
        "level": level,
    }
    return render(request, "roster/upload.html", context)


@require_GET
@require_whole(*IMPORTERS)
def upload_findings(request: HttpRequest, pk: int) -> HttpResponse:
    """All findings of an upload as CSV, harmless in a spreadsheet."""
    found = _upload_or_404(request, pk)
    lines = csv_lines(CSV_HEADING, queries.finding_lines(found))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="temuan-{found.kind}-{found.pk}.csv"'
    return answer


@require_POST
@require_whole(*IMPORTERS)
def upload_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm, check again, or throw away."""
    found = _upload_or_404(request, pk)
    action = request.POST.get("action", "")
    at = timezone.now()
    try:
        if action == "confirm":
            queued_imports.confirm(found, request.user, request.POST.get("seen", ""), at, tasks.send_import)
        elif action == "again":
            uploads.preview_again(found, request.user, at)
        elif action == "discard":
            uploads.discard_upload(found)
            messages.info(request, "Unggahan dibuang. Tidak ada yang disimpan.")
            return redirect("roster:imports")
        else:
            messages.error(request, "Tindakan tidak dikenal. Pakai tombol di halaman ini.")
    except PortalError as error:
        messages.error(request, str(error))
    return redirect("roster:upload", pk=pk)


@require_GET
@require_whole(*IMPORTERS)
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """One confirmed import, and whether it can be undone."""
    run = get_object_or_404(ImportRun.objects.select_related("confirmed_by"), pk=pk, government=request.government)
    context = {
        "run": run,
        "label": queries.kind_label(run.kind),
        "figures": queries.figures_of(run.summary),
        "why_not": queries.why_not_undone(run),
        "upload": run.upload_set.first(),
    }
    return render(request, "roster/import_run.html", context)


@require_POST
@require_whole(*IMPORTERS)
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo an import as a whole."""
    run = get_object_or_404(ImportRun, pk=pk, government=request.government)
    try:
        uploads.undo_run(run, request.user, timezone.now())
    except PortalError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Impor {run.file_name} dibatalkan seluruhnya.")
    return redirect("roster:import_run", pk=pk)


def _how_far(request: HttpRequest, found: Upload, writing: queries.Writing | None) -> HttpResponse:
    """The part of the page that asks for itself while a worker writes; at the end the page comes anew."""
    if writing is not None and writing.is_open:
        return render(request, "roster/_upload_writing.html", {"upload": found, "writing": writing})
    answer = HttpResponse()
    answer["HX-Refresh"] = "true"
    return answer


def _kind_or_404(name: str) -> ImportKind:
    try:
        return kind_of(name)
    except KeyError as error:
        raise Http404 from error


def _upload_or_404(request: HttpRequest, pk: int) -> Upload:
    return get_object_or_404(Upload.objects.select_related("user", "run"), pk=pk, government=request.government)
