"""What every importer shares: the register of kinds, progress on standard error, JSON on standard output.

An app registers its importer in a module `imports_<kind>.py`, which `apps.py` imports when it is ready:

    register(ImportKind("bills", "Tagihan listrik dan air", import_bills, headings=HEADINGS, options=(REPLACE,)))

An importer is one call: it reads the whole file, and writes all accepted rows in one transaction or, with
`write=False`, none. It returns the JSON object of its contract, with `errors` and `warnings` as lists of dicts,
and raises PortalError (SheetError) where the file cannot be read.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol, TextIO

SECONDS_BETWEEN_LINES = 1.0


@dataclass(frozen=True)
class Request:
    """One import as it was asked for; `options` holds what the kind declares (a file option as a Path)."""

    path: Path
    file_name: str
    government: Any
    as_at_on: date
    at: datetime
    write: bool
    user: Any = None
    options: Mapping[str, Any] | None = None
    progress: Callable[[int], None] = lambda rows: None

    def option(self, name: str, default: Any = None) -> Any:
        """The value of one declared option."""
        return (self.options or {}).get(name, default)


class Importer(Protocol):
    """Reads `request.path`, writes if `request.write`, returns the JSON object of its contract."""

    def __call__(self, request: Request) -> dict[str, Any]:
        """Import once."""
        ...


@dataclass(frozen=True)
class Option:
    """A question beside the file: `flag`, `text` or `file`."""

    name: str
    label: str
    kind: str = "text"
    required: bool = False
    help: str = ""


@dataclass(frozen=True)
class ImportKind:
    """One kind of file that the portal takes; `asks_as_at`: rows without a date of their own hold from a given day."""

    kind: str
    label: str
    importer: Importer
    headings: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    about: str = ""
    undo: Callable[..., None] | None = None
    row_name: str = "row"
    asks_as_at: bool = False


_kinds: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> ImportKind:
    """Add a kind; the same name twice is a mistake in the program."""
    if kind.kind in _kinds and _kinds[kind.kind] != kind:
        raise ValueError(f"import kind {kind.kind!r} is registered twice")
    _kinds[kind.kind] = kind
    return kind


def kinds() -> tuple[ImportKind, ...]:
    """All registered kinds, in the order in which they were registered."""
    return tuple(_kinds.values())


def kind_of(name: str) -> ImportKind:
    """The kind called `name`. Raises KeyError."""
    return _kinds[name]


class Progress:
    """Says on standard error how far a long import is, at most once a second."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.said_at = time.monotonic()

    def __call__(self, rows: int) -> None:
        """Say it, if the last line is a second old."""
        now = time.monotonic()
        if now - self.said_at >= SECONDS_BETWEEN_LINES:
            self.said_at = now
            self.stream.write(f"{rows} baris dibaca\n")


def as_json(summary: Mapping[str, Any]) -> str:
    """The one object that `--format json` prints; dates as ISO."""
    return json.dumps(summary, ensure_ascii=False, indent=1, default=str)


def as_text(summary: Mapping[str, Any], row_name: str = "row") -> str:
    """The same for people: counts, then every finding by row."""
    lines = []
    for name, value in summary.items():
        if isinstance(value, list):
            continue
        shown = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, Mapping) else value
        lines.append(f"{name}: {shown}")
    for title, name in (("Galat", "errors"), ("Peringatan", "warnings"), ("Dicatat", "listed")):
        for finding in summary.get(name) or []:
            place = f"baris {finding.get(row_name, finding.get('row'))}, {finding.get('column', '')}"
            value = f" [{finding['value']}]" if finding.get("value") else ""
            lines.append(f"{title} {finding.get('code', '')} ({place}){value}: {finding.get('message', '')}")
    return "\n".join(lines)
