"""The regulation document of a jurisdiction, topic and day."""

from datetime import date

from policy.documents import Document
from policy.queries import library


def document_for(jurisdiction: str, topic: str, on: date) -> Document | None:
    """The document in force on `on`; None where there is none."""
    return library().choose(jurisdiction, topic, on)
