"""Take a personnel import back as a whole: what it added goes, what it superseded holds again."""

from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import Model, Q

from core.errors import PortalError
from roster.hooks import is_used
from roster.models import Assignment, ImportRun, Number, Person, PersonStatus, Unit
from roster.operations.standing_accounts import follow_standing, local_day
from roster.roster_lock import lock_roster

_REFERRED = "SELECT p FROM unnest(%s::bigint[]) AS p WHERE EXISTS (SELECT 1 FROM {table} WHERE {column} = p)"
_DELETE = "DELETE FROM {table} WHERE {column} = ANY(%s)"


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
    later = ImportRun.objects.filter(government=run.government, kind=run.kind, confirmed_at__gt=run.confirmed_at)
    undone = list(later.exclude(undone_at=None).values_list("confirmed_at", "undone_at"))
    came = [run.confirmed_at, *(undone_at for _, undone_at in undone)]
    went = [run.confirmed_at, *(confirmed_at for confirmed_at, _ in undone)]
    rows = model.objects.filter(person__government=run.government)
    touched = rows.filter(Q(recorded_at=run.confirmed_at) | Q(superseded_at=run.confirmed_at))
    # Asked for first: as a part of the statements below, it was worked out anew for every row of a whole province.
    ids = list(touched.values_list("person_id", flat=True).distinct())
    rows = model.objects.filter(person_id__in=ids)
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
        government=run.government, kind=run.kind, undone_at=None, confirmed_at__gt=run.confirmed_at
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
    """Delete people to whom nothing but their own number, status and post refers.

    Told to the database as it is: collecting what hangs on each person first takes minutes for a whole province.
    """
    if not person_ids:
        return
    own = (Number, PersonStatus, Assignment)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM roster_person WHERE id = ANY(%s) AND user_id IS NULL", [person_ids])
        free = {person_id for (person_id,) in cursor.fetchall()}
        for relation in Person._meta.related_objects:
            if relation.related_model not in own:
                cursor.execute(_REFERRED.format(**_names(relation.related_model, relation.field.column)), [list(free)])
                free -= {person_id for (person_id,) in cursor.fetchall()}
        ids = list(free)
        for model in own:
            cursor.execute(_DELETE.format(**_names(model, "person_id")), [ids])
        cursor.execute(_DELETE.format(**_names(Person, "id")), [ids])


def _names(model: type[Model], column: str) -> dict[str, str]:
    quote = connection.ops.quote_name
    return {"table": quote(model._meta.db_table), "column": quote(column)}
