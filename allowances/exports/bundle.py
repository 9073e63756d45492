"""Everything that an auditor needs to compute a run again: inputs, documents, lines, rules, totals, fingerprints."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from allowances.exports.archive import Archive
from allowances.exports.cells import frozen_at, is_draft, run_code
from allowances.exports.documents import as_bytes, documents_of
from allowances.exports.packing import rule_modules
from allowances.exports.reading import FETCH_ROWS, unit_ids
from allowances.exports.signing import signer
from allowances.models import Run
from allowances.rows import AMOUNTS
from core.errors import PortalError
from core.models import AuditSeal
from roster.models import Unit

HERE = Path(__file__).resolve().parent
_SCOPE = "(%(units)s::bigint[] IS NULL OR i.unit_id = ANY(%(units)s::bigint[]))"
_INPUTS = f"""
SELECT i.person_id, i.number, i.name, i.unit_id, i.unit_name, i.rank, i.position_name, i.job_class,
    {", ".join(f"i.{name}_rupiah::text" for name in AMOUNTS)}, i.given::text
FROM allowances_runinput i WHERE i.run_id = %(run)s AND {_SCOPE} ORDER BY i.person_id
"""
_LINES = f"""
SELECT l.person_id, l.kind, l.name, l.amount_rupiah::text, l.mends_month::text, l.reason, l.criteria::text,
    l.detail::text
FROM allowances_line l JOIN allowances_runinput i ON i.run_id = l.run_id AND i.person_id = l.person_id
WHERE l.run_id = %(run)s AND {_SCOPE}
ORDER BY l.person_id, l.kind COLLATE "C", l.name COLLATE "C", l.mends_month NULLS FIRST
"""
_TOTALS = f"""
SELECT count(*), {", ".join(f"coalesce(sum(i.{name}_rupiah), 0)::text" for name in AMOUNTS)}
FROM allowances_runinput i WHERE i.run_id = %(run)s AND {_SCOPE}
"""
_MENDED = f"""
SELECT DISTINCT (l.detail->>'run')::bigint FROM allowances_line l
JOIN allowances_runinput i ON i.run_id = l.run_id AND i.person_id = l.person_id
WHERE l.run_id = %(run)s AND l.kind = 'rapel' AND l.detail ? 'run' AND {_SCOPE} ORDER BY 1
"""
PERSON = ("person", "number", "name", "unit", "unit_name", "rank", "position", "class")


def bundle(run: Run, unit: Unit | None = None) -> bytes:
    """The ZIP, for the subtree of `unit` or for everybody; the same run gives the same bytes. Raises PortalError."""
    key = signer()
    archive = Archive()
    with transaction.atomic():
        scope = {"run": run.pk, "units": unit_ids(run, unit)}
        archive.add("run.json", as_bytes(_head(run, unit)))
        archive.add("inputs.jsonl", _inputs(scope))
        lines = _Counted(_lines(scope))
        archive.add("lines.jsonl", lines)
        archive.add("totals.json", as_bytes(_totals(scope, lines.count)))
        archive.add("set_aside.json", as_bytes(_set_aside(run, scope["units"])))
        plans = _add_documents(archive, run, scope)
    archive.add("plans.json", as_bytes(plans))
    for name, source in rule_modules().items():
        archive.add(f"rules/{name}", source)
    archive.add("recompute.py", (HERE / "recompute.py").read_bytes())
    archive.add("README.txt", (HERE / "bundle_readme.txt").read_bytes())
    if key:
        archive.add("signer.pem", key.public_pem)
    manifest = as_bytes(
        {
            "run": run_code(run),
            "government": run.government.code,
            "state": run.state,
            "audit": _audit_head(run),
            "signed_by": key.fingerprint if key else None,
            "files": dict(sorted(archive.fingerprints.items())),
        }
    )
    archive.add("manifest.json", manifest)
    if key:
        archive.add("manifest.sig", key.sign(manifest))
    return archive.finish()


class _Counted:
    """Pieces passed on, and how many there were."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces, self.count = pieces, 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            self.count += 1
            yield piece


def _head(run: Run, unit: Unit | None) -> dict[str, Any]:
    def told(at: Any) -> str | None:
        return at.isoformat() if at else None

    return {
        "code": run_code(run),
        "government": run.government.code,
        "government_name": run.government.name,
        "month": run.month.isoformat(),
        "kind": run.kind,
        "number": run.number,
        "state": run.state,
        "draft": is_draft(run),
        "unit": unit.code if unit else None,
        "policy": run.policy_id,
        "policies": dict(sorted(run.policies.items())),
        "drafted_at": told(run.drafted_at),
        "checked_at": told(run.checked_at),
        "checked_by": str(run.checked_by or ""),
        "approved_at": told(run.approved_at),
        "approved_by": str(run.approved_by or ""),
        "locked_at": told(run.locked_at),
        "locked_by": str(run.locked_by or ""),
        "treasury_order": run.treasury_order,
        "paid_on": told(run.paid_on),
        "people": run.people_count,
        "total": str(run.total_rupiah),
    }


def _fetched(statement: str, scope: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.itersize = FETCH_ROWS
        cursor.execute(statement, scope)
        while found := cursor.fetchmany(FETCH_ROWS):
            yield from found


def _inputs(scope: dict[str, Any]) -> Iterator[bytes]:
    """One JSON object a line; `given` as PostgreSQL keeps it, with its order of keys."""
    for row in _fetched(_INPUTS, scope):
        about = dict(zip(PERSON, row, strict=False))
        about["amounts"] = dict(zip(AMOUNTS, row[len(PERSON) :], strict=False))
        yield f'{json.dumps(about, ensure_ascii=False)[:-1]}, "given": {row[-1]}}}\n'.encode()


def _lines(scope: dict[str, Any]) -> Iterator[bytes]:
    names = ("person", "kind", "name", "amount", "mends", "reason")
    for row in _fetched(_LINES, scope):
        about = json.dumps(dict(zip(names, row, strict=False)), ensure_ascii=False)
        yield f'{about[:-1]}, "criteria": {row[6]}, "detail": {row[7]}}}\n'.encode()


def _totals(scope: dict[str, Any], lines: int) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, scope)
        persons, *sums = cursor.fetchone()
    return {"persons": persons, "lines": lines, "amounts": dict(zip(AMOUNTS, sums, strict=True))}


def _set_aside(run: Run, units: list[int] | None) -> list[dict[str, Any]]:
    return [item for item in run.set_aside if units is None or item.get("unit") in units]


def _add_documents(archive: Archive, run: Run, scope: dict[str, Any]) -> dict[str, Any]:
    """Documents of the run and of every month that its rapel mends; plans.json says which belong to which."""
    with connection.cursor() as cursor:
        cursor.execute(_MENDED, scope)
        mended = [row[0] for row in cursor.fetchall()]
    found = {"run": documents_of(run)}
    for earlier in Run.objects.filter(pk__in=mended).order_by("pk"):
        if earlier.government_id != run.government_id:
            raise PortalError("Rapel menunjuk perhitungan pemerintah lain; berkas tidak dibuat.")
        found[f"run {earlier.pk}"] = documents_of(earlier)
    files: dict[str, bytes] = {}
    for documents in found.values():
        files |= documents.files
    for name, content in sorted(files.items()):
        archive.add(name, content)
    return {name: documents.plan for name, documents in found.items()}


def _audit_head(run: Run) -> dict[str, Any] | None:
    """The head of the audit log's chain as it stood when the run was locked (a draft: drafted)."""
    seal = AuditSeal.objects.filter(sealed_at__lte=frozen_at(run)).order_by("-last_entry_id").first()
    if seal is None:
        return None
    return {"last_entry": seal.last_entry_id, "sealed_at": seal.sealed_at.isoformat(), "hash": seal.hash}
