"""Reads of the policy app: which document is in force, and the library made of the stored versions."""

from datetime import date
from functools import lru_cache

from policy.documents import Document, Library
from policy.models import PolicyVersion


def library() -> Library:
    """All stored documents. Built once for each set of versions; one small statement sees whether it is still that."""
    fingerprints = tuple(PolicyVersion.objects.order_by("document_id").values_list("document_id", "sha256"))
    return _library(fingerprints)


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


@lru_cache(maxsize=2)
def _library(fingerprints: tuple[tuple[str, str], ...]) -> Library:
    ids = [document_id for document_id, _ in fingerprints]
    made = Library(reads_files=False)
    rows = PolicyVersion.objects.filter(document_id__in=ids).order_by("document_id")
    made.load_texts(dict(rows.values_list("source_path", "body")))
    return made
