"""The documents of some jurisdictions laid out by topic and day, and what leads from one document to another. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from policy.documents import TOPICS, Document, DocumentError, Library
from policy.sentences_words import NOT_LOCATED, article_words


@dataclass(frozen=True)
class Edition:
    """A document on the shelf. It decides from its first day until before `until` (None: nobody has said)."""

    document: Document
    until: date | None
    unverified: int


@dataclass(frozen=True)
class Shelf:
    """The documents of one topic: in force on the day, to come (nearest first), and gone (newest first)."""

    topic: str
    now: tuple[Edition, ...]
    later: tuple[Edition, ...]
    before: tuple[Edition, ...]


@dataclass(frozen=True)
class Use:
    """A document that another one needs; `role` is `extends`, `attendance`, `day_attendance` or `tax`.

    `day_attendance`: no attendance document is named, so the one of the jurisdiction decides, day by day.
    """

    role: str
    document: Document


def document_with(library: Library, document_id: str) -> Document | None:
    """The document with exactly this id (no path is looked up), or None."""
    return next((document for document in library.documents() if document.id == document_id), None)


def shelves(library: Library, jurisdictions: Iterable[str], on: date) -> list[Shelf]:
    """The documents of these jurisdictions on a day, a shelf for every topic in the order of the format."""
    wanted = list(jurisdictions)
    made = {code: editions(library, code) for code in wanted}
    return [_shelf(topic, [item for code in wanted for item in made[code]], on) for topic in TOPICS]


def editions(library: Library, jurisdiction: str) -> list[Edition]:
    """Every document of a jurisdiction with the day before which it decides, in order of topic and start."""
    own = [document for document in library.documents() if document.jurisdiction == jurisdiction]
    return [Edition(item, _until(item, own), unverified_articles(item.parameters)) for item in own]


def neighbours(library: Library, document: Document) -> tuple[Document | None, Document | None]:
    """The document of the same jurisdiction and topic before this one, and the one after; None where there is none."""
    same = [item for item in library.documents() if _follows(item, document)]
    earlier = [item for item in same if item.valid_from < document.valid_from]
    later = [item for item in same if item.valid_from > document.valid_from]
    return (earlier[-1] if earlier else None), (later[0] if later else None)


def uses_of(library: Library, document: Document, on: date) -> list[Use]:
    """What a document inherits from and which attendance and tax documents it counts with on a day."""
    return list(_uses(library, document, on))


def used_by(library: Library, document: Document) -> list[Use]:
    """The documents that name this one, each with the role that this one has in it."""
    others = [item for item in library.documents() if item.id != document.id]
    return [
        Use(use.role, other)
        for other in others
        for use in _uses(library, other, other.valid_from)
        if use.document.id == document.id and use.role != "day_attendance"
    ]


def unverified_articles(value: object) -> int:
    """How many articles of a document's parameters say that nobody has found or read them yet."""
    if isinstance(value, Mapping):
        article = value.get("article")
        own = isinstance(article, str) and NOT_LOCATED in article_words(article)
        return int(own) + sum(unverified_articles(item) for item in value.values())
    return sum(unverified_articles(item) for item in value) if isinstance(value, list) else 0


def _shelf(topic: str, items: list[Edition], on: date) -> Shelf:
    items = [item for item in items if item.document.topic == topic]
    later = sorted((i for i in items if i.document.valid_from > on), key=_start)
    now = tuple(i for i in items if i.document.valid_from <= on and (i.until is None or on < i.until))
    before = [i for i in items if i.until is not None and i.document.valid_from <= on and i.until <= on]
    return Shelf(topic, now, tuple(later), tuple(sorted(before, key=_start, reverse=True)))


def _start(item: Edition) -> tuple[date, str]:
    return item.document.valid_from, item.document.id


def _until(document: Document, own: Iterable[Document]) -> date | None:
    """Its own end, or the start of the next one, whichever comes first: the latest begun decides."""
    starts = [item.valid_from for item in own if _follows(item, document) and item.valid_from > document.valid_from]
    ends = [*starts, *([document.valid_to] if document.valid_to else [])]
    return min(ends, default=None)


def _follows(item: Document, document: Document) -> bool:
    return (item.jurisdiction, item.topic) == (document.jurisdiction, document.topic)


def _uses(library: Library, document: Document, on: date) -> Iterator[Use]:
    if document.extends:
        yield from _found("extends", library, document.extends, document)
    if document.attendance:
        yield from _found("attendance", library, document.attendance, document)
    elif document.topic == "allowance":
        decides = library.choose(document.jurisdiction, "attendance", on)
        if decides is not None:
            yield Use("day_attendance", decides)
    tax: Any = document.parameters.get("tax") if document.topic == "allowance" else None
    if isinstance(tax, Mapping) and tax.get("table"):
        yield from _found("tax", library, tax["table"], document)


def _found(role: str, library: Library, reference: str, document: Document) -> Iterator[Use]:
    try:
        yield Use(role, library.find(reference, document.source_path))
    except DocumentError:
        return  # a library that holds only some documents: what is not here has no page to lead to
