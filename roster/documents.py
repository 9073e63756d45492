"""The regulation document of a jurisdiction, topic and day."""

from datetime import date
from functools import lru_cache

from django.conf import settings

from policy.documents import Document, Library


@lru_cache(maxsize=1)
def _library() -> Library:
    library = Library()
    library.load_folder(settings.BASE_DIR / "regulations")
    return library


def document_for(jurisdiction: str, topic: str, on: date) -> Document | None:
    """The document in force on `on`; None where there is none."""
    return _library().choose(jurisdiction, topic, on)
