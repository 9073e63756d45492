"""Drafts of regulations on pages: uploaded, judged, compared and adopted by another person."""

from datetime import date
from time import monotonic
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.freshness import require_fresh
from core.errors import PortalError
from policy.documents import TOPICS
from policy.drafts import CASES, DOCUMENT
from policy.models import RegulationDraft, RegulationDraftFile
from policy.operations.drafts import adopt_draft, discard_draft, keep_files, may_adopt, open_draft, remove_file
from policy.starters import UnusableName, start_cases, start_document
from roster.models import Role
from roster.views.access import require_whole, today_of
from wfh_portal.regulations import draft_words as words
from wfh_portal.regulations.forms import AdoptForm, DiscardForm, FilesForm, NewDraftForm
from wfh_portal.regulations.judging import Judgement, judge, judgement_of, kept_judgement
from wfh_portal.regulations.words import TOPIC_WORDS

WRITERS = (Role.HR, Role.ADMINISTRATOR)
READERS = (*WRITERS, Role.AUDITOR)
SEES_PAY = frozenset({Role.HR, Role.FINANCE, Role.AUDITOR})
ROWS = 20
STARTERS = (*TOPIC_WORDS.items(), (CASES, "Contoh perhitungan"))
# So long a list may judge drafts that nobody has opened since they changed; the others say to open them.
LIST_SECONDS = 1.0


@require_http_methods(["GET", "POST"])
@require_whole(*READERS)
def list_page(request: HttpRequest) -> HttpResponse:
    """Drafts of the own government, and the form that opens one."""
    writes = _writes(request)
    posted = request.method == "POST"
    if posted and not writes:
        raise PermissionDenied
    form = _form(NewDraftForm, request) if writes else None
    if posted and form is not None and form.is_valid():
        try:
            made = open_draft(
                request.government.code, form.cleaned_data["title"], form.cleaned_data["files"], request.user,
                timezone.now(),
            )  # fmt: skip
        except PortalError as error:
            form.add_error("files", str(error))
        else:
            return redirect("regulations:draft", pk=made.pk)
    return _list(request, form)


def _list(request: HttpRequest, form: NewDraftForm | None, problem: str = "") -> HttpResponse:
    drafts = RegulationDraft.objects.filter(jurisdiction=request.government.code)
    found = drafts.select_related("created_by", "changed_by", "adopted_by").prefetch_related("files")
    page = Paginator(found.order_by("-changed_at", "-pk"), ROWS).get_page(request.GET.get("page"))
    end = monotonic() + LIST_SECONDS
    rows = [_row(draft, end) for draft in page]
    context = {
        "form": form, "problem": problem, "page": page, "rows": rows, "starters": STARTERS,
        "open_rows": [row for row in rows if row["draft"].adopted_at is None],
        "adopted_rows": [row for row in rows if row["draft"].adopted_at is not None],
    }  # fmt: skip
    bad = bool(problem) or (form is not None and form.is_bound and bool(form.errors))
    return render(request, "regulations/drafts.html", context, status=422 if bad else 200)


def _row(draft: RegulationDraft, end: float) -> dict[str, Any]:
    files = list(draft.files.all())
    row: dict[str, Any] = {"draft": draft}
    if draft.adopted_at is not None:
        return row
    texts = {file.name: file.body for file in files}
    judged = kept_judgement(draft, texts) or (judgement_of(draft, texts) if monotonic() < end else None)
    if judged is None:
        return row
    refusals = sum(len(file.refusals) for file in judged.reading.files)
    return row | {
        "judged": judged, "refusals": refusals, "finding_words": f"{refusals} penolakan",
        "document_words": f"{sum(file.kind == DOCUMENT for file in files)} dokumen",
        "case_words": words.case_words(judged),
    }  # fmt: skip


@require_GET
@require_whole(*READERS)
def starter(request: HttpRequest, topic: str) -> HttpResponse:
    """A document to begin with, filled with the government's code, or its first cases; it begins next month."""
    code, today = request.government.code, today_of(request, timezone.now())
    start = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    if topic == CASES:
        return _yaml(start_cases(start), "contoh.yaml")
    if topic not in TOPICS:
        raise Http404
    try:
        text = start_document(topic, code, f"{code}-{topic}-{start.year}", start)
    except UnusableName as error:
        return _list(request, _form(NewDraftForm, request) if _writes(request) else None, str(error))
    return _yaml(text, f"{topic}.yaml")


@require_GET
@require_whole(*READERS)
def draft_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one draft: findings, sentences, differences, cases, and what adopting it would do."""
    return _draft(request, _draft_or_404(request, pk))


def _draft(
    request: HttpRequest, draft: RegulationDraft, problem: str = "", files_form: FilesForm | None = None,
    discard_form: DiscardForm | None = None,
) -> HttpResponse:  # fmt: skip
    stored = {file.name: file for file in draft.files.select_related("uploaded_by")}
    judged = judgement_of(draft, {name: file.body for name, file in stored.items()})
    papers = words.papers_of(judged.reading)
    writes = _writes(request) and draft.adopted_at is None
    seen = words.effect_seen(draft, judged)
    context = {
        "draft": draft, "judged": judged, "problem": problem, "papers": papers, "writes": writes,
        "steps": words.steps_of(draft, judged, seen),
        "rows": words.file_rows(judged, stored),
        "case_words": words.case_words(judged),
        "consequences": words.consequences_of(papers, request.government) if draft.adopted_at is None else [],
        "refusals": sum(len(file.refusals) for file in judged.reading.files),
        "why_not": _why_not(request, draft, judged),
        "effect_url": _effect_url(request, draft),
        "files_form": files_form or FilesForm(), "discard_form": discard_form or DiscardForm(),
    }  # fmt: skip
    bad = problem or files_form is not None or discard_form is not None
    return render(request, "regulations/draft.html", context, status=422 if bad else 200)


def _why_not(request: HttpRequest, draft: RegulationDraft, judged: Judgement) -> list[str]:
    """Why this person may not adopt the draft now; empty when they may."""
    found = []
    if judged.reading.refused:
        found.append("Perbaiki temuan yang ditolak lebih dulu.")
    if not any(file.document and not file.stands for file in judged.reading.files):
        found.append("Belum ada dokumen baru di dalamnya.")
    found += judged.reasons
    if not may_adopt(draft, request.user):
        found.append(
            "Yang memberlakukan harus orang lain: pengelola kepegawaian atau administrator yang tidak ikut menulisnya."
        )
    return found


def _effect_url(request: HttpRequest, draft: RegulationDraft) -> str | None:
    return reverse("allowances:effects", args=[draft.pk]) if request.roles & SEES_PAY else None


@require_POST
@require_whole(*WRITERS)
def draft_files(request: HttpRequest, pk: int) -> HttpResponse:
    """Add files; one of the same name is replaced."""
    draft = _draft_or_404(request, pk)
    form = _form(FilesForm, request)
    if form.is_valid():
        try:
            keep_files(draft, form.cleaned_data["files"], request.user, timezone.now())
        except PortalError as error:
            form.add_error("files", str(error))
        else:
            messages.success(request, f"{len(form.cleaned_data['files'])} berkas disimpan dalam rancangan.")
            return redirect("regulations:draft", pk=pk)
    return _draft(request, draft, files_form=form)


@require_POST
@require_whole(*WRITERS)
def draft_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one file out."""
    draft = _draft_or_404(request, pk)
    name = request.POST.get("name", "")
    if not draft.files.filter(name=name).exists():
        return _draft(request, draft, "Berkas itu tidak ada dalam rancangan ini. Muat ulang halaman.")
    try:
        remove_file(draft, name, request.user, timezone.now())
    except PortalError as error:
        return _draft(request, draft, str(error))
    messages.info(request, f"{name} dikeluarkan dari rancangan.")
    return redirect("regulations:draft", pk=pk)


@require_POST
@require_whole(*WRITERS)
def draft_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away, when that was confirmed."""
    draft = _draft_or_404(request, pk)
    form = DiscardForm(request.POST)
    if not form.is_valid():
        return _draft(request, draft, discard_form=form)
    try:
        discard_draft(draft, request.user, timezone.now())
    except PortalError as error:
        return _draft(request, draft, str(error))
    messages.info(request, f"Rancangan {draft.title} dibuang.")
    return redirect("regulations:drafts")


@require_http_methods(["GET", "POST"])
@require_whole(*WRITERS)
@require_fresh
def draft_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm, then make the documents versions. What is adopted is what the page of the draft showed, or nothing."""
    draft = _draft_or_404(request, pk)
    posted = request.method == "POST"
    form = AdoptForm(request.POST) if posted else None
    if form is not None and form.is_valid():
        try:
            made = adopt_draft(draft, request.user, form.cleaned_data["seen"], judge, timezone.now())
        except PortalError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Diberlakukan: {', '.join(version.title for version in made)}.")
            return redirect("regulations:draft", pk=pk)
    draft.refresh_from_db()
    judged = judgement_of(draft)
    seen = request.GET.get("seen", "") or judged.fingerprint
    papers = words.papers_of(judged.reading)
    context = {
        "draft": draft, "judged": judged, "papers": [paper for paper in papers if not paper.stands],
        "form": form or AdoptForm(initial={"seen": seen[:64]}),
        "changed": not posted and seen != judged.fingerprint,
        "why_not": _why_not(request, draft, judged) if draft.adopted_at is None else [],
        "consequences": words.consequences_of(papers, request.government),
        "case_words": words.case_words(judged), "effect_url": _effect_url(request, draft),
    }  # fmt: skip
    return render(request, "regulations/draft_adopt.html", context, status=422 if posted else 200)


@require_GET
@require_whole(*READERS)
def draft_file(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """The text of one file exactly as it is judged."""
    draft = _draft_or_404(request, pk)
    file = get_object_or_404(RegulationDraftFile, draft=draft, pk=file_pk)
    return _yaml(file.body, file.name)


def _yaml(text: str, name: str) -> HttpResponse:
    answer = HttpResponse(text.encode("utf-8"), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _form(kind: type[FilesForm], request: HttpRequest) -> Any:
    if request.method != "POST":
        return kind()
    too_large = getattr(request, "upload_too_large", False)
    return kind(request.POST, request.FILES, too_large=too_large)


def _draft_or_404(request: HttpRequest, pk: int) -> RegulationDraft:
    found = RegulationDraft.objects.select_related("created_by", "changed_by", "adopted_by")
    return get_object_or_404(found, pk=pk, jurisdiction=request.government.code)


def _writes(request: HttpRequest) -> bool:
    """Whether the visitor may write: a grant of a writer for the whole government."""
    return any(grant.unit_id is None and grant.role in WRITERS for grant in request.standing.grants)
