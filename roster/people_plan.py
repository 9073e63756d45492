"""What a personnel export would change: the file's rows against the stored roster. Reads, writes nothing."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from roster.models import Assignment, Government, Number, Person, PersonStatus, Position, Unit
from roster.people_rows import SEXES, PeopleFile, PersonRow, is_active
from roster.rules import employment_of, level_of

PERSON_FIELDS = {
    "name": "NAMA",
    "title_before": "GELAR DEPAN",
    "title_after": "GELAR BELAKANG",
    "birth_on": "TANGGAL LAHIR",
    "sex": "JENIS KELAMIN",
    "email": "EMAIL GOV",
}
STATUS_FIELDS = ("standing", "is_active", "employment", "employment_name", "rank")


@dataclass(frozen=True)
class Post:
    """What a row says about unit, position and level; keys, not ids."""

    unit: str
    position: str
    level: str


@dataclass(frozen=True)
class Move:
    """A post that begins; `dated` is False where it begins on the import day for want of a later TMT."""

    person_id: int
    row: PersonRow
    post: Post
    start_on: date
    dated: bool = True


@dataclass(frozen=True)
class StatusChange:
    """A status (the five fields) that begins; `turned` where it makes active what was not, or the other way."""

    person_id: int
    status: dict[str, Any]
    start_on: date
    turned: bool


@dataclass
class Plan:
    """Everything that an import would write."""

    new_units: dict[str, str] = field(default_factory=dict)
    renamed_units: dict[int, tuple[str, str]] = field(default_factory=dict)
    new_positions: list[str] = field(default_factory=list)
    new_people: list[PersonRow] = field(default_factory=list)
    people: dict[int, tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=dict)
    statuses: list[StatusChange] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    unchanged: int = 0
    absent: int = 0

    @property
    def is_empty(self) -> bool:
        """Nothing to write."""
        return not (
            self.new_units or self.renamed_units or self.new_positions or self.new_people
            or self.people or self.statuses or self.moves
        )  # fmt: skip


@dataclass
class Stored:
    """The roster as it is known now, by key."""

    numbers: dict[str, int]
    people: dict[int, dict[str, Any]]
    statuses: dict[int, dict[str, Any]]
    posts: dict[int, dict[str, Any]]
    units: dict[str, tuple[int, str]]
    positions: set[str]


def read_stored(government: Government) -> Stored:
    """Six statements, whatever the size."""
    numbers = dict(Number.objects.filter(government=government).values_list("number", "person_id"))
    people = {row["pk"]: row for row in Person.objects.filter(government=government).values("pk", *PERSON_FIELDS)}
    known = {"person__government": government, "superseded_at": None}
    statuses: dict[int, dict[str, Any]] = {}
    rows = PersonStatus.objects.filter(**known).order_by("valid_from").values("person_id", "valid_from", *STATUS_FIELDS)
    for row in rows:
        statuses[row["person_id"]] = row
    posts: dict[int, dict[str, Any]] = {}
    found = Assignment.objects.filter(**known, kind=Assignment.Kind.DEFINITIVE).order_by("valid_from")
    for row in found.values("person_id", "valid_from", "valid_to", "unit__code", "position__name", "level"):
        posts[row["person_id"]] = row
    units = {code: (pk, name) for code, pk, name in _units(government)}
    positions = set(Position.objects.filter(government=government).values_list("name", flat=True))
    return Stored(numbers, people, statuses, posts, units, positions)


def _units(government: Government) -> list[tuple[str, int, str]]:
    return list(Unit.objects.filter(government=government).values_list("code", "pk", "name"))


def plan_import(file: PeopleFile, stored: Stored, as_at_on: date) -> Plan:
    """Compare; `as_at_on` is where a change without a later TMT begins."""
    plan = Plan()
    seen_units: set[str] = set()
    for number, row in file.rows.items():
        _plan_unit(plan, stored, row, seen_units)
        position = row.word("JABATAN NAMA")
        if position and position not in stored.positions:
            stored.positions.add(position)
            plan.new_positions.append(position)
        person_id = stored.numbers.get(number)
        if person_id is None:
            plan.new_people.append(row)
        elif not _plan_known(plan, file, stored, person_id, row, as_at_on):
            plan.unchanged += 1
    in_file = {stored.numbers[number] for number in file.numbers if number in stored.numbers}
    plan.absent = len(set(stored.numbers.values()) - in_file)
    return plan


def _plan_unit(plan: Plan, stored: Stored, row: PersonRow, seen: set[str]) -> None:
    key = row.unit_key
    if key in seen:
        return
    seen.add(key)
    name = row.word("UNOR NAMA")
    known = stored.units.get(key)
    if known is None:
        plan.new_units[key] = name or key
    elif name and name != known[1]:
        plan.renamed_units[known[0]] = (known[1], name)


def _plan_known(plan: Plan, file: PeopleFile, stored: Stored, person_id: int, row: PersonRow, as_at_on: date) -> bool:
    """Plan what one known person's row changes; whether it changes anything."""
    before = stored.people[person_id]
    wanted = person_fields(row)
    changed = {
        name: value for name, value in wanted.items() if PERSON_FIELDS[name] in file.columns and value != before[name]
    }
    if changed:
        plan.people[person_id] = (changed, {name: before[name] for name in changed})
    status = _changed_status(file, stored.statuses.get(person_id), person_id, row, as_at_on)
    if status:
        plan.statuses.append(status)
    move = _changed_post(file, stored.posts.get(person_id), person_id, row, as_at_on)
    if move:
        plan.moves.append(move)
    return bool(changed or status or move)


def person_fields(row: PersonRow) -> dict[str, Any]:
    """The person's own columns of a row."""
    return {
        "name": row.word("NAMA"),
        "title_before": row.word("GELAR DEPAN"),
        "title_after": row.word("GELAR BELAKANG"),
        "birth_on": row.day("TANGGAL LAHIR"),
        "sex": SEXES.get(row.word("JENIS KELAMIN").upper(), ""),
        "email": row.word("EMAIL GOV"),
    }


def status_fields(row: PersonRow) -> dict[str, Any]:
    """The status that a row says."""
    standing, kind = row.word("KEDUDUKAN HUKUM NAMA"), row.word("JENIS PEGAWAI NAMA")
    return {
        "standing": standing,
        "is_active": is_active(standing),
        "employment": employment_of(kind, row.word("STATUS CPNS PNS")),
        "employment_name": kind,
        "rank": row.word("GOL AKHIR NAMA"),
    }


def post_fields(row: PersonRow) -> Post:
    """The post that a row says."""
    level = level_of(row.word("ESELON NAMA"), row.word("JENIS JABATAN NAMA"))
    return Post(row.unit_key, row.word("JABATAN NAMA"), level)


def _changed_status(
    file: PeopleFile, before: dict[str, Any] | None, person_id: int, row: PersonRow, as_at_on: date
) -> StatusChange | None:
    wanted = status_fields(row)
    if before is None:
        return StatusChange(person_id, wanted, first_day(row, as_at_on), turned=True)
    sources = {
        "standing": "KEDUDUKAN HUKUM NAMA", "is_active": "KEDUDUKAN HUKUM NAMA", "employment": "JENIS PEGAWAI NAMA",
        "employment_name": "JENIS PEGAWAI NAMA", "rank": "GOL AKHIR NAMA",
    }  # fmt: skip
    merged = {name: wanted[name] if sources[name] in file.columns else before[name] for name in STATUS_FIELDS}
    different = {name for name in STATUS_FIELDS if merged[name] != before[name]}
    if not different:
        return None
    ranked_on = row.day("TMT GOLONGAN")
    if different == {"rank"} and ranked_on and ranked_on > before["valid_from"]:
        return StatusChange(person_id, merged, ranked_on, turned=False)
    return StatusChange(person_id, merged, as_at_on, turned="is_active" in different)


def _changed_post(
    file: PeopleFile, before: dict[str, Any] | None, person_id: int, row: PersonRow, as_at_on: date
) -> Move | None:
    wanted = post_fields(row)
    started_on = row.day("TMT JABATAN")
    if before is None:
        return Move(person_id, row, wanted, started_on or as_at_on, started_on is not None)
    position = wanted.position if "JABATAN NAMA" in file.columns else before["position__name"] or ""
    leveled = {"ESELON NAMA", "JENIS JABATAN NAMA"} & file.columns
    wanted = Post(wanted.unit, position, wanted.level if leveled else before["level"])
    ended = before["valid_to"] is not None and before["valid_to"] <= as_at_on
    if not ended and wanted == Post(before["unit__code"], before["position__name"] or "", before["level"]):
        return None
    if started_on and started_on > before["valid_from"]:
        return Move(person_id, row, wanted, started_on)
    return Move(person_id, row, wanted, as_at_on, dated=False)


def first_day(row: PersonRow, as_at_on: date) -> date:
    """Since when a person met for the first time has had their status: the earliest date that the row knows."""
    return min(day for day in (row.day("TMT CPNS"), row.day("TMT JABATAN"), as_at_on) if day)
