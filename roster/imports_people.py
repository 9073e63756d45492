"""`import_roster`: a personnel export becomes people, units, positions and posts, once and undoably."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from core.findings import Finding
from core.importing import ImportKind, Request, register
from roster.hooks import locked_months
from roster.models import Government, ImportRun
from roster.operations.standing_accounts import follow_standing, local_day
from roster.people_plan import Plan, plan_import, read_stored
from roster.people_rows import REQUIRED, PeopleFile, read_people
from roster.people_undo import undo_import
from roster.people_writes import write_plan
from roster.roster_lock import lock_roster

KIND = "roster"


def import_people(request: Request) -> dict[str, Any]:
    """Read the export, compare, write in one transaction; gives contracts §1's object. Raises SheetError."""
    file = read_people(request.path, request.as_at_on, request.progress)
    months = locked_months(request.government)
    with transaction.atomic():
        if request.write:
            lock_roster(request.government)
        plan = plan_import(file, read_stored(request.government), request.as_at_on)
        summary = _summary(file, plan, months)
        if request.write and not plan.is_empty:
            _write(request, plan, summary)
    return summary


def _write(request: Request, plan: Plan, summary: dict[str, Any]) -> None:
    with request.path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    at = _own_instant(request.government, request.at)
    counts = {name: value for name, value in summary.items() if not isinstance(value, list)}
    before = {str(pk): {k: str(v) if v else "" for k, v in old.items()} for pk, (_, old) in plan.people.items()}
    units = {str(pk): old for pk, (old, _) in plan.renamed_units.items()}
    run = ImportRun.objects.create(
        government=request.government,
        kind=KIND,
        file_name=request.file_name[:250],
        sha256=digest,
        as_at_on=request.as_at_on,
        summary={**counts, "_people_before": before, "_units_before": units},
        confirmed_by=request.user,
        confirmed_at=at,
    )
    write_plan(plan, request.government, run, at)
    actor = request.user.get_username() if request.user else "import_roster"
    turned = [change.person_id for change in plan.statuses if change.turned]
    follow_standing(request.government, turned, local_day(request.government, request.at), at, actor)


def _own_instant(government: Government, at: datetime) -> datetime:
    """`at`, later than every import before: rows of one import are known by their instant."""
    last = ImportRun.objects.filter(government=government).order_by("-confirmed_at").first()
    return max(at, last.confirmed_at + timedelta(microseconds=1)) if last else at


def _summary(file: PeopleFile, plan: Plan, months: frozenset[date]) -> dict[str, Any]:
    touched = {change.person_id for change in plan.statuses} | plan.people.keys()
    summary: dict[str, Any] = {
        "rows": file.row_count,
        "accepted": len(file.rows),
        "rejected": file.rejected,
        **file.findings.as_dict(),
        "new": {"people": len(plan.new_people), "units": len(plan.new_units), "positions": len(plan.new_positions)},
        "changed": {"people": len(touched), "assignments": len(plan.moves)},
        "unchanged": plan.unchanged,
        "absent": plan.absent,
    }
    if listed := _listed(plan, months):
        summary["listed"] = listed
    return summary


def _listed(plan: Plan, months: frozenset[date]) -> list[dict[str, Any]]:
    """Changes that begin on the import day for want of a later TMT, and changes inside a locked month."""
    found = []
    for move in plan.moves:
        row, start = move.row.row, move.start_on.isoformat()
        if not move.dated:
            message = f"TMT kosong atau tidak lebih baru dari yang tersimpan; perubahan berlaku mulai {start}."
            found.append(Finding(row, "TMT JABATAN", "from_as_at", start, message).as_dict())
        late = sorted(month for month in months if month >= move.start_on.replace(day=1))
        if late:
            names = ", ".join(month.strftime("%Y-%m") for month in late)
            message = f"Bulan {names} sudah terkunci; selisihnya menjadi rapel pada bulan berikutnya."
            found.append(Finding(row, "TMT JABATAN", "future_rapel", start, message).as_dict())
    return found


register(
    ImportKind(
        KIND,
        "Data pegawai (ekspor SIASN)",
        import_people,
        headings=REQUIRED,
        about="Ekspor data pegawai dengan judul kolom aslinya; kolom lain tidak dibaca dan tidak disimpan.",
        undo=undo_import,
        asks_as_at=True,
    )
)
