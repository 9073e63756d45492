"""Regulations in force, to come and gone; one of them read aloud; two compared in words."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from policy.documents import Document, Library, read_raw
from policy.queries import library, stored_version
from policy.sentences import HEAD, decree_words, sections_of
from policy.sentences_compare import differences
from policy.shelf import Edition, Shelf, Use, document_with, editions, neighbours, shelves, used_by, uses_of
from roster.calendar import NATIONAL
from roster.models import Role
from roster.rights import require
from wfh_portal.regulations.comparing import choices_of, older_first, rows_of
from wfh_portal.regulations.words import TOPIC_WORDS, government_names, span_words, state_tags

# Law is public: whoever has any role may read every document, also those that another government adopted.
EVERYBODY = tuple(Role.values)
DRAFTERS = frozenset({Role.HR, Role.ADMINISTRATOR, Role.AUDITOR})
MISSING = {
    "allowance": "Belum ada dokumen tunjangan. Tanpa dokumen itu portal tidak menghitung dan tidak membayar TPP.",
    "tax": "Belum ada dokumen pajak.",
    "calendar": "Belum ada hari libur untuk hari ini.",
}
USE_WORDS = {
    "extends": "Melanjutkan",
    "attendance": "Jam kerja menurut",
    "day_attendance": "Jam kerja hari ini menurut",
    "tax": "Tarif pajak menurut",
}
USED_WORDS = {"extends": "Dilanjutkan oleh", "attendance": "Dipakai oleh", "tax": "Dipakai oleh"}


@dataclass(frozen=True)
class Card:
    """A document in a list: what people need to choose it."""

    document: Document
    decree: str
    span: str
    tags: list[Any]
    unverified: int
    national: str

    @property
    def unverified_words(self) -> str:
        """How many articles nobody has found or read."""
        return f"{self.unverified} pasal belum diverifikasi"


@require_GET
@require(*EVERYBODY)
def list_page(request: HttpRequest) -> HttpResponse:
    """The documents of the own government and of national law, by topic."""
    on, own = timezone.localdate(), request.government.code
    context = {
        "on": on,
        "topics": [_topic(shelf, own, on) for shelf in _ordered(shelves(library(), (own, NATIONAL), on))],
        "drafts_url": reverse("regulations:drafts") if request.roles & DRAFTERS else None,
    }
    return render(request, "regulations/list.html", context)


def _ordered(found: list[Shelf]) -> list[Shelf]:
    by_topic = {shelf.topic: shelf for shelf in found}
    return [by_topic[topic] for topic in TOPIC_WORDS]


def _topic(shelf: Shelf, own: str, on: date) -> dict[str, Any]:
    """A topic of the list. Only holidays fall back to national law; elsewhere it is there to read beside one's own."""
    decided = any(item.document.jurisdiction == own for item in shelf.now)
    national = shelf.topic == "calendar" and bool(shelf.now)
    missing = MISSING.get(shelf.topic, "Belum ada dokumen yang berlaku hari ini.")
    return {
        "name": TOPIC_WORDS[shelf.topic],
        "slug": shelf.topic,
        "missing": "" if decided or national else missing,
        "groups": [
            {"name": name, "cards": [_card(item, on, decided or not national) for item in items]}
            for name, items in (("Hari ini", shelf.now), ("Nanti", shelf.later), ("Sebelumnya", shelf.before))
            if items
        ],
    }


def _card(edition: Edition, on: date, beside: bool = False) -> Card:
    """A card; `beside`: national law stands in this topic only to be read beside the government's own."""
    document = edition.document
    span = span_words(document.valid_from, edition.until)
    words = "rujukan nasional" if beside else "nasional"
    national = words if document.jurisdiction == NATIONAL else ""
    return Card(document, decree_words(document), span, state_tags(edition, on), edition.unverified, national)


@require_GET
@require(*EVERYBODY)
def document_page(request: HttpRequest, document_id: str) -> HttpResponse:
    """One document: its head, what it needs, every sentence with its article, and its text."""
    on, known = timezone.localdate(), library()
    document = _document_or_404(known, document_id)
    stored = stored_version(document_id)
    if stored is None:
        raise Http404
    before, after = neighbours(known, document)
    names = government_names()
    context = {
        "document": document,
        "card": _card(_edition(known, document), on),
        "topic": TOPIC_WORDS[document.topic],
        "government_name": names.get(document.jurisdiction, document.jurisdiction),
        "stored": stored,
        "note": read_raw(document.body).get("note"),
        "links": _links(known, document, on),
        "before": before,
        "after": after,
        "sections": {name: items for name, items in sections_of(document).items() if name != HEAD},
    }
    return render(request, "regulations/document.html", context)


def _edition(known: Library, document: Document) -> Edition:
    return next(item for item in editions(known, document.jurisdiction) if item.document.id == document.id)


def _links(known: Library, document: Document, on: date) -> list[tuple[str, list[Document]]]:
    """Which documents this one needs and which need it, in words, each with its links."""
    grouped: dict[str, list[Document]] = {}
    uses: list[tuple[dict[str, str], Use]] = [
        *((USE_WORDS, use) for use in uses_of(known, document, on)),
        *((USED_WORDS, use) for use in used_by(known, document)),
    ]
    for words, use in uses:
        grouped.setdefault(words[use.role], []).append(use.document)
    return list(grouped.items())


@require_GET
@require(*EVERYBODY)
def download(request: HttpRequest, document_id: str) -> HttpResponse:
    """The text exactly as it was loaded: its bytes have the fingerprint that the page shows."""
    stored = stored_version(document_id)
    if stored is None:
        raise Http404
    answer = HttpResponse(stored.body.encode("utf-8"), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, f"{document_id}.yaml")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_GET
@require(*EVERYBODY)
def compare(request: HttpRequest, document_id: str) -> HttpResponse:
    """A document beside another of its topic (`?dengan=`; without it the one before): what changed, in words.

    Every other document may be chosen, of any government: the examples that ship with the portal are there to be
    compared with, and what a government adopted here is public law.
    """
    known = library()
    document = _document_or_404(known, document_id)
    asked = request.GET.get("dengan", "").strip()
    other, problem = _other(known, document, asked)
    choices = choices_of(known, document, request.government.code, government_names())
    context: dict[str, Any] = {
        "document": document, "other": other, "problem": problem, "choices": choices,
        "topic": TOPIC_WORDS[document.topic],
    }  # fmt: skip
    if other is not None:
        was, becomes = older_first(other, document)
        across = was.jurisdiction != becomes.jurisdiction
        sections = rows_of(differences(was, becomes), across)
        context |= {"was": was, "becomes": becomes, "sections": sections, "only_head": set(sections) == {HEAD}}
        context |= {"was_label": "Di sana", "becomes_label": "Di sini"} if across else {}
    return render(request, "regulations/document_compare.html", context)


def _other(known: Library, document: Document, asked: str) -> tuple[Document | None, str]:
    """The document to compare with, and why there is none."""
    if not asked:
        before, after = neighbours(known, document)
        return before or after, ""
    found = document_with(known, asked)
    if found is None:
        return None, f"Dokumen {asked} tidak ada. Pilih salah satu dari daftar."
    if found.topic != document.topic:
        return None, f"{asked} mengatur hal lain ({TOPIC_WORDS[found.topic]}). Pilih dokumen tentang hal yang sama."
    return found, ""


def _document_or_404(known: Library, document_id: str) -> Document:
    document = document_with(known, document_id)
    if document is None:
        raise Http404
    return document
