"""The forms from which regulation documents are started: valid YAML with comments, one for each topic."""

import re
from datetime import date
from pathlib import Path

from policy.documents import TOPICS

TEXTS = Path(__file__).resolve().parent / "starter_texts"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
YAML_WORDS = ("on", "off", "yes", "no", "true", "false", "null")


class UnusableName(ValueError):
    """A jurisdiction or id that a document cannot bear; the message says what it may look like."""


def start_document(topic: str, jurisdiction: str, document_id: str, valid_from: date) -> str:
    """The text of a new document, valid as it stands and `assumed`, so that nobody is paid by it.

    Raises UnusableName for a code or id with anything but small letters, digits, `-` and `_`, or of digits alone.
    """
    for name in (jurisdiction, document_id):
        # digits alone, or a word such as `off`, would be read by YAML as something else
        if not NAME.fullmatch(name) or name.isdigit() or name in YAML_WORDS:
            raise UnusableName(
                f"`{name}` tidak dapat dipakai; tulis huruf kecil, angka, dan tanda - saja: jawa-tengah."
            )
    if topic not in TOPICS:
        raise UnusableName(f"topik `{topic}` tidak dikenal; pilih salah satu: {', '.join(TOPICS)}.")
    head = (TEXTS / "head.yaml").read_text(encoding="utf-8")
    filled = {"{ID}": document_id, "{TOPIC}": topic, "{JURISDICTION}": jurisdiction, "{DATE}": valid_from.isoformat()}
    for blank, value in filled.items():
        head = head.replace(blank, f'"{value}"' if blank != "{DATE}" else value)
    body = (TEXTS / f"{topic}.yaml").read_text(encoding="utf-8").replace("{YEAR}", str(valid_from.year))
    return head + body


def start_cases(month: date) -> str:
    """The text of a first file of cases, which pass for the allowance document to begin with, named allowance.yaml."""
    return (TEXTS / "cases.yaml").read_text(encoding="utf-8").replace("{MONTH}", f"{month:%Y-%m}")
