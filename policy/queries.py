"""Reads of the policy app: which document is in force, and the library made of the stored versions."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from core.prepared import Prepared
from policy.documents import Document, Library
from policy.models import PolicyVersion

# Every page that names hours or a holiday asks this.
VERSIONS = Prepared(
    "policy_versions",
    {},
    lambda: f"SELECT document_id, sha256 FROM {PolicyVersion._meta.db_table} ORDER BY document_id",
    reads=True,
)


@dataclass(frozen=True)
class StoredVersion:
    """A document exactly as it was loaded: the text, its fingerprint, where it lay, and when it was taken in."""

    document_id: str
    body: str
    sha256: str
    source_path: str
    loaded_at: datetime


def library() -> Library:
    """All stored documents. Built once for each set of versions; one small statement sees whether it is still that."""
    return _library(fingerprints())


def fingerprints() -> tuple[tuple[str, str], ...]:
    """(id, sha256) of every stored document: what is kept between requests is good while they are the same."""
    return tuple(VERSIONS.rows())


def document_for(jurisdiction: str, topic: str, on: date) -> Document | None:
    """The document of a jurisdiction and topic in force on a day, or None."""
    return library().choose(jurisdiction, topic, on)


def jurisdictions() -> dict[str, str]:
    """Code -> name of every jurisdiction that has documents about attendance, allowance or eligibility.

    The name is made from the code; whoever creates governments may know a better one.
    """
    topics = ("attendance", "allowance", "eligibility")
    codes = PolicyVersion.objects.filter(topic__in=topics).values_list("jurisdiction", flat=True).distinct()
    return {code: code.replace("-", " ").title() for code in sorted(codes)}


def stored_version(document_id: str) -> StoredVersion | None:
    """The stored text of a document and how it came here, or None."""
    fields = ("document_id", "body", "sha256", "source_path", "loaded_at")
    row = PolicyVersion.objects.filter(document_id=document_id).values(*fields).first()
    return StoredVersion(**row) if row else None


@lru_cache(maxsize=2)
def _library(known: tuple[tuple[str, str], ...]) -> Library:
    ids = [document_id for document_id, _ in known]
    made = Library(reads_files=False)
    rows = PolicyVersion.objects.filter(document_id__in=ids).order_by("document_id")
    made.load_texts(dict(rows.values_list("source_path", "body")))
    return made
