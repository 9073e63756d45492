"""The differences of two documents as a page shows them, and what may be chosen to compare with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from policy.documents import Document, Library
from policy.sentences_compare import Difference
from policy.sentences_statement import Statement
from roster.calendar import NATIONAL
from wfh_portal.regulations.words import Tag

KIND_TAGS = {
    "changed": Tag("wfh", "chev", "Berubah"),
    "new": Tag("ok", "in", "Baru"),
    "gone": Tag("warn", "out", "Dihapus"),
    "order": Tag("none", "chart", "Urutan"),
}


# Between two governments nothing became anything: what differs stands in one of them only.
KIND_TAGS_ACROSS = KIND_TAGS | {
    "changed": Tag("wfh", "chev", "Berbeda"),
    "new": Tag("ok", "in", "Hanya di sini"),
    "gone": Tag("warn", "out", "Hanya di sana"),
}


@dataclass
class Row:
    """One statement that differs: both readings side by side, and in words what changed between them."""

    tag: Tag
    was: Statement | None
    becomes: Statement | None
    words: list[str] = field(default_factory=list)


def rows_of(found: Sequence[Difference], across: bool = False) -> dict[str, list[Row]]:
    """Rows by section; a statement that differs in several values is one row. New and gone ones need no words.

    `across`: the documents belong to two governments, so neither is the older version of the other.
    """
    tags = KIND_TAGS_ACROSS if across else KIND_TAGS
    sections: dict[str, list[Row]] = {}
    for item in found:
        rows = sections.setdefault(item.section, [])
        last = rows[-1] if rows else None
        if last is None or item.kind != "changed" or last.was is not item.was:
            last = Row(tags[item.kind], item.was, item.becomes)
            rows.append(last)
        if item.kind == "order" or (item.kind == "changed" and not _repeats(item)):
            last.words.append(item.words)
    return sections


def _repeats(item: Difference) -> bool:
    """Whether the words only quote both sentences or both articles, which stand there anyway."""
    if item.was is None or item.becomes is None:
        return False
    quoted = item.was.text in item.words and item.becomes.text in item.words
    return quoted or item.words.startswith((f"{item.was.text} menjadi ", f"{item.becomes.name}: dasar "))


def older_first(other: Document, document: Document) -> tuple[Document, Document]:
    """Which of two is read as the old one: the earlier of one jurisdiction, else the one that was chosen."""
    if other.jurisdiction == document.jurisdiction and other.valid_from > document.valid_from:
        return document, other
    return other, document


def choices_of(
    known: Library, document: Document, own: str, names: Mapping[str, str]
) -> list[tuple[str, list[Document]]]:
    """The other documents of the topic by government: the document's own, the reader's, the nation's, the rest."""
    ranks = {NATIONAL: 2, own: 1, document.jurisdiction: 0}
    others = [item for item in known.documents() if item.topic == document.topic and item.id != document.id]
    codes = dict.fromkeys(item.jurisdiction for item in others)
    ordered = sorted(codes, key=lambda code: (ranks.get(code, 3), names.get(code, code)))
    return [(names.get(code, code), [item for item in others if item.jurisdiction == code]) for code in ordered]
