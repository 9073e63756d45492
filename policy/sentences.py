"""A regulation document read aloud: plain Indonesian sentences, section by section.

Only valid documents are read (`policy.validator` refuses the others); defaults that a document leaves unsaid are said.
"""

from collections.abc import Iterator

from core.indonesian import day_words
from policy.documents import Document
from policy.sentences_allowance import allowance_statements, tax_statements
from policy.sentences_attendance import attendance_statements
from policy.sentences_simple import calendar_statements, plain_statements
from policy.sentences_statement import Statement

__all__ = ["Statement", "decree_words", "sections_of", "statements_of"]

HEAD = "Dokumen"
DECREE_NOT_LOCATED = "peraturan belum diverifikasi"
STATUS = {
    "in_force": "berlaku",
    "expected": "diperkirakan berlaku",
    "assumed": "anggapan: boleh ditampilkan, tidak boleh dibayarkan",
}


def statements_of(document: Document) -> list[Statement]:
    """Every sentence of a valid document, in the order in which it is read; keys are unique."""
    return [*_head(document), *_body(document)]


def sections_of(document: Document) -> dict[str, list[Statement]]:
    """The same by section, sections in order of their first sentence."""
    sections: dict[str, list[Statement]] = {}
    for statement in statements_of(document):
        sections.setdefault(statement.section, []).append(statement)
    return sections


def decree_words(document: Document) -> str:
    """The decree as cited; one that nobody has found says so."""
    return DECREE_NOT_LOCATED if document.decree.strip().casefold() == "not located" else document.decree


def _head(document: Document) -> Iterator[Statement]:
    span = f"sejak {day_words(document.valid_from, False)}"
    span += f" sampai sebelum {day_words(document.valid_to, False)}" if document.valid_to else ""
    status = STATUS[document.status] + (" (peragaan)" if document.demonstration else "")
    for key, name, value in (
        ("title", "Judul", document.title),
        ("decree", "Peraturan", decree_words(document)),
        ("issued_on", "Ditetapkan", day_words(document.issued_on, False)),
        ("valid_from", "Berlaku", span),
        ("status", "Keadaan", status),
        ("attendance", "Dokumen jam kerja", document.attendance or ""),
    ):
        if value:
            yield Statement(HEAD, key, name, f"{name}: {value}", {"": value})


def _body(document: Document) -> Iterator[Statement]:
    if document.topic == "attendance":
        return attendance_statements(document.parameters)
    if document.topic == "allowance":
        return allowance_statements(document.parameters)
    if document.topic == "tax":
        return tax_statements(document.parameters["tax"], table=True)
    if document.topic == "calendar":
        return calendar_statements(document.parameters)
    return plain_statements(document.parameters)
