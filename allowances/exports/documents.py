"""The regulation documents of runs, as text and as JSON that needs no YAML reader."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from allowances.models import Run
from core.errors import PortalError
from core.period import next_month
from policy.documents import Document, Library
from policy.models import PolicyVersion


def encoded(value: Any) -> Any:
    """A document's value in JSON; what JSON lacks is written as {"$fraction"}, {"$date"} or {"$pairs"}.

    Raises TypeError for anything that a document cannot hold, a float among it.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Fraction):
        return {"$fraction": str(value)}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, list | tuple):
        return [encoded(item) for item in value]
    if isinstance(value, Mapping):
        if all(isinstance(key, str) and not key.startswith("$") for key in value):
            return {str(key): encoded(item) for key, item in value.items()}
        return {"$pairs": [[encoded(key), encoded(item)] for key, item in value.items()]}
    raise TypeError(f"a document cannot hold {value!r}")


def as_bytes(value: Any) -> bytes:
    """JSON for a file: indented, UTF-8, in the order given."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


@dataclass(frozen=True)
class RunDocuments:
    """What one run was computed with: `plan` for plans.json, and the files by path."""

    plan: dict[str, Any]
    files: dict[str, bytes]


def documents_of(run: Run) -> RunDocuments:
    """Every document of a run, from the stored versions. Raises PortalError where one is gone."""
    versions = list(PolicyVersion.objects.filter(document_id__in=run.policies).order_by("document_id"))
    if {version.document_id: version.sha256 for version in versions} != run.policies:
        raise PortalError("Teks dokumen yang dipakai perhitungan ini tidak ada lagi; pulihkan dari cadangan.")
    library = Library(reads_files=False)
    library.load_texts({version.source_path: version.body for version in versions})
    chosen = library.find(run.policy_id)
    table = (chosen.parameters.get("tax") or {}).get("table")
    names = {version.document_id: f"documents/{version.document_id}.json" for version in versions}
    files: dict[str, bytes] = {}
    for version in versions:
        path = names[version.document_id]
        files[path] = as_bytes(_in_json(library.find(version.document_id)))
        files[path.removesuffix(".json") + ".yaml"] = version.body.encode()
    plan = {
        "month": run.month.isoformat(),
        "allowance": chosen.id,
        "tax": library.tax_table(chosen, table).id if table else None,
        "attendance": _attendance_by_day(library, chosen, run.month),
        "policies": dict(sorted(run.policies.items())),
        "files": names,
    }
    return RunDocuments(plan, files)


def _in_json(document: Document) -> dict[str, Any]:
    """A document with everything that it inherits merged in."""
    head = {name: getattr(document, name) for name in ("id", "topic", "jurisdiction", "title", "decree", "status")}
    dates = {name: getattr(document, name) for name in ("issued_on", "valid_from", "valid_to")}
    return encoded({**head, **dates, "sha256": document.sha256, "parameters": document.parameters})


def _attendance_by_day(library: Library, chosen: Document, month: date) -> dict[str, str | None]:
    """Which attendance document decides each day of the month."""
    days = (next_month(month) - month).days
    found = {}
    for offset in range(days):
        on = month + timedelta(days=offset)
        document = library.attendance_for(chosen, on)
        found[on.isoformat()] = document.id if document else None
    return found
