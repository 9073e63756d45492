"""Write a planned personnel import. Called inside one transaction."""

from datetime import datetime
from typing import Any

from core.copying import copy_rows, new_ids
from roster.decisions import begin
from roster.models import Assignment, Government, ImportRun, Number, Person, PersonStatus, Position, Unit
from roster.people_plan import PERSON_FIELDS, STATUS_FIELDS, Plan, first_day, person_fields, post_fields, status_fields

PERSON_REST = ("bank_name", "bank_account", "tax_category")


def write_plan(plan: Plan, government: Government, run: ImportRun, at: datetime) -> None:
    """Units and positions, then people, then what changed about people known before."""
    Unit.objects.bulk_create(
        [Unit(government=government, code=code, name=name) for code, name in plan.new_units.items()], batch_size=2000
    )
    for unit_id, (_, name) in plan.renamed_units.items():
        Unit.objects.filter(pk=unit_id).update(name=name)
    Position.objects.bulk_create(
        [Position(government=government, name=name) for name in plan.new_positions], batch_size=2000
    )
    units = dict(Unit.objects.filter(government=government).values_list("code", "pk"))
    positions = dict(Position.objects.filter(government=government).values_list("name", "pk"))
    _write_new_people(plan, government, run, at, units, positions)
    _write_changes(plan, run, at, units, positions)


def _write_new_people(
    plan: Plan, government: Government, run: ImportRun, at: datetime, units: dict, positions: dict
) -> None:
    ids = new_ids(Person._meta.db_table, len(plan.new_people))
    pairs = list(zip(ids, plan.new_people, strict=True))
    copy_rows(
        Person._meta.db_table,
        ("id", "government_id", *PERSON_FIELDS, *PERSON_REST),
        ((pk, government.pk, *person_fields(row).values(), "", "", "") for pk, row in pairs),
    )
    copy_rows(
        Number._meta.db_table,
        ("government_id", "person_id", "number"),
        ((government.pk, pk, row.number) for pk, row in pairs),
    )
    statuses = ((pk, status_fields(row), first_day(row, run.as_at_on)) for pk, row in pairs)
    _copy_statuses(statuses, at)
    posts = ((pk, post_fields(row), row.day("TMT JABATAN") or run.as_at_on) for pk, row in pairs)
    _copy_posts(posts, run, at, units, positions)


def _write_changes(plan: Plan, run: ImportRun, at: datetime, units: dict, positions: dict) -> None:
    for person_id, (after, _) in plan.people.items():
        Person.objects.filter(pk=person_id).update(**after)
    begin(PersonStatus, "person_id", {change.person_id: change.start_on for change in plan.statuses}, at)
    _copy_statuses(((change.person_id, change.status, change.start_on) for change in plan.statuses), at)
    begin(
        Assignment,
        "person_id",
        {move.person_id: move.start_on for move in plan.moves},
        at,
        kind=Assignment.Kind.DEFINITIVE,
    )
    _copy_posts(((move.person_id, move.post, move.start_on) for move in plan.moves), run, at, units, positions)


def _copy_statuses(rows: Any, at: datetime) -> None:
    copy_rows(
        PersonStatus._meta.db_table,
        ("person_id", *STATUS_FIELDS, "valid_from", "recorded_at", "decree"),
        ((pk, *[status[name] for name in STATUS_FIELDS], start_on, at, "") for pk, status, start_on in rows),
    )


def _copy_posts(rows: Any, run: ImportRun, at: datetime, units: dict, positions: dict) -> None:
    kind = Assignment.Kind.DEFINITIVE.value
    copy_rows(
        Assignment._meta.db_table,
        (
            "person_id",
            "unit_id",
            "position_id",
            "level",
            "kind",
            "valid_from",
            "recorded_at",
            "decree",
            "import_run_id",
        ),
        (
            (pk, units[post.unit], positions.get(post.position), post.level, kind, start_on, at, "", run.pk)
            for pk, post, start_on in rows
        ),
    )
