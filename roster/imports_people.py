"""`import_roster`: a personnel export becomes people, units, positions and posts, once and undoably."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from core.errors import PortalError
from core.findings import Finding
from core.importing import ImportKind, Request, register
from roster.hooks import is_used, locked_months
from roster.models import Assignment, Government, ImportRun, Number, Person, PersonStatus, Unit
from roster.operations.standing_accounts import follow_standing, local_day
from roster.people_plan import Plan, plan_import, read_stored
from roster.people_rows import REQUIRED, PeopleFile, read_people
from roster.people_writes import write_plan

KIND = "roster"
LOCK_FAMILY = 70_100


def lock_roster(government: Government) -> None:
    """One writer of a government's roster at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_FAMILY, government.pk])


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


def undo_import(run: ImportRun, at: datetime) -> None:
    """Take a personnel import back as a whole. Raises PortalError: undone, not the last one, or used by a run.

    Rows of the import are superseded, rows that it superseded are known again (added anew); people whom it brought
    go if nothing else refers to them; accounts follow the standing that holds again.
    """
    with transaction.atomic():
        lock_roster(run.government)
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        _refuse_undo(run)
        instant = run.confirmed_at
        newcomers = _newcomers(run)
        for model in (Assignment, PersonStatus):
            _restore(model, run, at)
        for person_id, old in run.summary.get("_people_before", {}).items():
            if "birth_on" in old:
                old["birth_on"] = old["birth_on"] or None
            Person.objects.filter(pk=person_id).update(**old)
        for unit_id, name in run.summary.get("_units_before", {}).items():
            Unit.objects.filter(pk=unit_id).update(name=name)
        turned = PersonStatus.objects.filter(
            Q(recorded_at=instant) | Q(superseded_at=instant), person__government=run.government, is_active=False
        )
        ids = set(turned.values_list("person_id", flat=True))
        follow_standing(run.government, ids, local_day(run.government, at), at, "undo_import")
        _remove(newcomers)
        run.undone_at = at
        run.save(update_fields=["undone_at"])


def _restore(model: type[Assignment] | type[PersonStatus], run: ImportRun, at: datetime) -> None:
    """Make known again what was known just before the import, for the people whom it touched.

    Later imports are all undone by now; their undoing added rows anew, which carry the instant of that undoing.
    """
    later = ImportRun.objects.filter(government=run.government, kind=KIND, confirmed_at__gt=run.confirmed_at)
    undone = list(later.exclude(undone_at=None).values_list("confirmed_at", "undone_at"))
    came = [run.confirmed_at, *(undone_at for _, undone_at in undone)]
    went = [run.confirmed_at, *(confirmed_at for confirmed_at, _ in undone)]
    rows = model.objects.filter(person__government=run.government)
    touched = rows.filter(Q(recorded_at=run.confirmed_at) | Q(superseded_at=run.confirmed_at)).values("person_id")
    rows = rows.filter(person_id__in=touched)
    rows.filter(recorded_at__in=came, superseded_at=None).update(superseded_at=at)
    again = list(rows.filter(recorded_at__lt=run.confirmed_at, superseded_at__in=went))
    for row in again:
        row.pk, row.recorded_at, row.superseded_at, row._state.adding = None, at, None, True
    try:
        with transaction.atomic():
            model.objects.bulk_create(again, batch_size=2000)
    except IntegrityError as error:
        raise PortalError(
            "Penugasan atau kedudukan seorang pegawai sudah diubah sesudah impor ini, jadi impor ini tidak dapat "
            "dibatalkan. Impor berkas perbaikannya."
        ) from error


def _refuse_undo(run: ImportRun) -> None:
    if run.undone_at is not None:
        raise PortalError("Impor ini sudah dibatalkan sebelumnya.")
    later = ImportRun.objects.filter(
        government=run.government, kind=KIND, undone_at=None, confirmed_at__gt=run.confirmed_at
    ).first()
    if later is not None:
        raise PortalError(f"Batalkan lebih dahulu impor yang lebih baru: {later.file_name}.")
    if is_used(run):
        raise PortalError("Impor ini sudah dipakai perhitungan tunjangan, tidak dapat dibatalkan. Impor perbaikannya.")


def _newcomers(run: ImportRun) -> list[int]:
    """People whose first known status came with this import."""
    earlier = PersonStatus.objects.filter(person__government=run.government, recorded_at__lt=run.confirmed_at)
    now = PersonStatus.objects.filter(person__government=run.government, recorded_at=run.confirmed_at)
    return list(now.exclude(person_id__in=earlier.values("person_id")).values_list("person_id", flat=True).distinct())


def _remove(person_ids: list[int]) -> None:
    """Delete people to whom nothing but their own number, status and post refers."""
    own = {Number, PersonStatus, Assignment}
    free = Person.objects.filter(pk__in=person_ids, user=None)
    for relation in Person._meta.related_objects:
        if relation.related_model not in own:
            used = relation.related_model.objects.filter(**{f"{relation.field.name}__in": person_ids})
            free = free.exclude(pk__in=used.values(relation.field.attname))
    ids = list(free.values_list("pk", flat=True))
    for model in own:
        model.objects.filter(person_id__in=ids).delete()
    Person.objects.filter(pk__in=ids).delete()


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
