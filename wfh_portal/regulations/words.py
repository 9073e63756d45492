"""What the pages of regulations call topics, states, governments and spans of days."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.indonesian import day_words
from policy.shelf import Edition
from roster.calendar import NATIONAL
from roster.models import Government

TOPIC_WORDS = {
    "attendance": "Jam kerja dan kehadiran",
    "allowance": "Tunjangan",
    "tax": "Pajak",
    "performance": "Penilaian kinerja",
    "eligibility": "Siapa boleh WFH",
    "calendar": "Hari libur",
    "savings": "Penghematan",
}
NATIONAL_NAME = "Hukum nasional"


@dataclass(frozen=True)
class Tag:
    """A state as a tag: colour kind, icon and words."""

    kind: str
    icon: str
    text: str


def government_names() -> dict[str, str]:
    """Code -> name of every jurisdiction that has a name; one statement."""
    return {NATIONAL: NATIONAL_NAME, **dict(Government.objects.values_list("code", "name"))}


def span_words(start: date, until: date | None) -> str:
    """First and last day; `until` is the first day after the last."""
    if until is None:
        return f"sejak {day_words(start, False)}"
    return f"{day_words(start, False)} – {day_words(until - timedelta(days=1), False)}"


def state_tags(edition: Edition, on: date) -> list[Tag]:
    """What a reader must know of a document before trusting it: whether it decides today, and whether it may pay."""
    document, tags = edition.document, []
    if edition.until is not None and edition.until <= on:
        tags.append(Tag("none", "clock", "sudah tidak berlaku"))
    elif document.valid_from > on or document.status == "expected":
        tags.append(Tag("wfh", "cal", "akan berlaku"))
    elif document.status == "in_force":
        tags.append(Tag("ok", "check", "berlaku"))
    if document.status == "assumed":
        tags.append(Tag("warn", "warn", "anggapan: tampil, tidak pernah dibayarkan"))
    if document.demonstration:
        tags.append(Tag("none", "info", "peragaan"))
    return tags
