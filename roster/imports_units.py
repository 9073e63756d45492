"""`import_units`: the tree of units with building, service, calendar and head, as dated decisions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from core.importing import ImportKind, Request, register
from roster.decisions import supersede
from roster.models import Building, Government, Number, Unit, UnitDecision
from roster.roster_lock import lock_roster
from roster.sheet_rows import SheetRow, Tally, sheet_rows
from roster.timelines import Span, difference, place

HEADINGS = ("unit", "name", "parent", "building", "service_kind", "calendar", "head_number", "valid_from", "decree")
CODE_LENGTH = 520
Spans = dict[str, list[Span]]


@dataclass(frozen=True)
class UnitRow:
    """An accepted row: from `start` on, the unit is what `content` says (parent, building, service, calendar, head)."""

    code: str
    name: str
    start: date
    content: tuple[str, int | None, str, str, int | None]
    decree: str

    @property
    def parent(self) -> str:
        """Code of the unit above; empty for a top."""
        return self.content[0]


@dataclass(frozen=True)
class Known:
    """What rows may name."""

    units: Mapping[str, int]
    buildings: Mapping[str, int]
    people: Mapping[str, int]


def import_units(request: Request) -> dict[str, Any]:
    """Read the file, judge every row, write what was accepted; contracts' object. Raises SheetError.

    A unit that the export does not know is made; a parent stands in the roster or anywhere in the file. Rows of a
    ring of parents are refused, each with the ring's members.
    """
    with transaction.atomic():
        if request.write:
            lock_roster(request.government)
        known, tally = _known(request.government), Tally()
        rows = _read(request, known, tally)
        _refuse_unknown_parents(rows, known, tally)
        before = _stored(request.government)
        after, unchanged = _placed(rows, before)
        while rings := list(_rings(rows, after)):
            count = len(rows)
            _refuse_rings(rows, rings, tally)
            if len(rows) == count:
                break  # a ring that stood before this file is not this file's to refuse
            _refuse_unknown_parents(rows, known, tally)
            after, unchanged = _placed(rows, before)
        tally.unchanged += unchanged
        if request.write:
            _write(request, rows, known, before, after)
    return tally.summary()


def _known(government: Government) -> Known:
    return Known(
        dict(Unit.objects.filter(government=government).values_list("code", "pk")),
        dict(Building.objects.filter(government=government).values_list("code", "pk")),
        dict(Number.objects.filter(government=government).values_list("number", "person_id")),
    )


def _read(request: Request, known: Known, tally: Tally) -> dict[tuple[str, date], tuple[SheetRow, UnitRow]]:
    found: dict[tuple[str, date], tuple[SheetRow, UnitRow]] = {}
    for row in sheet_rows(request, HEADINGS, tally):
        wanted = _wanted(row, known)
        if wanted is None:
            tally.reject(row)
            continue
        earlier = found.setdefault((wanted.code, wanted.start), (row, wanted))
        if earlier[0] is row:
            continue
        if earlier[1] == wanted:
            tally.unchanged += 1
            continue
        row.refuse("unit", "duplicate_conflict", f"Unit dan tanggal ini sudah ada di baris {earlier[0].number} "
                   "dengan isi lain; baris itu yang dipakai. Hapus baris yang salah.")  # fmt: skip
        tally.reject(row)
    return found


def _wanted(row: SheetRow, known: Known) -> UnitRow | None:
    code = row.word("unit", CODE_LENGTH, required=True)
    name, parent = row.word("name", required=code not in known.units), row.word("parent", CODE_LENGTH)
    building, decree = row.word("building"), row.word("decree")
    if building and building not in known.buildings:
        row.refuse("building", "building_unknown", "Gedung ini belum ada. Impor gedungnya dulu, atau perbaiki kodenya.")
    service = row.choice("service_kind", [str(kind) for kind in UnitDecision.Service.values])
    calendar = row.choice("calendar", [str(kind) for kind in UnitDecision.Calendar.values])
    head = "".join(row.word("head_number").lstrip("'").split())
    if head and head not in known.people:
        row.refuse("head_number", "number_unknown", "Nomor ini tidak ada di data pegawai. Impor pegawainya dulu, atau "
                   "perbaiki nomornya.")  # fmt: skip
    start = row.day("valid_from")
    if row.errors or start is None:
        return None
    return UnitRow(
        code, name, start, (parent, known.buildings.get(building), service, calendar, known.people.get(head)), decree
    )


def _refuse_unknown_parents(rows: dict[tuple[str, date], tuple[SheetRow, UnitRow]], known: Known, tally: Tally) -> None:
    """A row whose parent is refused with it is refused too, until every parent left is there."""
    while True:
        there = {code for code, _ in rows} | set(known.units)
        lost = [key for key, (_, wanted) in rows.items() if wanted.parent and wanted.parent not in there]
        if not lost:
            return
        for key in lost:
            row, _ = rows.pop(key)
            row.refuse("parent", "unit_unknown", "Unit induk ini tidak ada di data maupun di berkas yang diterima. "
                       "Tambahkan barisnya, atau perbaiki kodenya.")  # fmt: skip
            tally.reject(row)


def _placed(rows: Mapping[tuple[str, date], tuple[SheetRow, UnitRow]], before: Spans) -> tuple[Spans, int]:
    """The spans with all rows in order of their days, and how many rows changed nothing."""
    after, unchanged = {code: list(spans) for code, spans in before.items()}, 0
    for _, wanted in sorted(rows.values(), key=lambda pair: pair[1].start):
        placed = place(after.get(wanted.code, []), wanted.start, wanted.content, wanted.decree)
        if placed is None:
            unchanged += 1
        else:
            after[wanted.code] = placed
    return after, unchanged


def _rings(
    rows: Mapping[tuple[str, date], tuple[SheetRow, UnitRow]], after: Spans
) -> Iterator[tuple[date, tuple[str, ...]]]:
    """Rings of parents on each day on which a row begins, with their members in order."""
    for on in sorted({start for _, start in rows}):
        parents = {code: str(span.content[0]) for code, spans in after.items() for span in spans if span.holds_on(on)}
        done: set[str] = set()
        for code in parents:
            trail: list[str] = []
            while code and code not in done and code not in trail:
                trail.append(code)
                code = parents.get(code, "")
            if code in trail:
                yield on, tuple(trail[trail.index(code) :])
            done.update(trail)


def _refuse_rings(
    rows: dict[tuple[str, date], tuple[SheetRow, UnitRow]], rings: list[tuple[date, tuple[str, ...]]], tally: Tally
) -> None:
    for on, members in rings:
        for key in [key for key in rows if key[0] in members and key[1] <= on]:
            row, _ = rows.pop(key)
            row.refuse("parent", "cycle", f"Unit saling menginduk: {' → '.join([*members, members[0]])}. Putuskan "
                       "salah satu induknya.")  # fmt: skip
            tally.reject(row)


def _stored(government: Government) -> Spans:
    rows = UnitDecision.objects.filter(unit__government=government, superseded_at=None).order_by("valid_from")
    found: Spans = {}
    for pk, code, start, end, parent, building, service, calendar, head, decree in rows.values_list(
        "pk", "unit__code", "valid_from", "valid_to", "parent__code", "building_id", "service_kind", "calendar",
        "head_id", "decree",
    ):  # fmt: skip
        content = (parent or "", building, service, calendar, head)
        found.setdefault(code, []).append(Span(start, end, content, decree, pk))
    return found


def _write(
    request: Request,
    rows: Mapping[tuple[str, date], tuple[SheetRow, UnitRow]],
    known: Known,
    before: Spans,
    after: Spans,
) -> None:
    ids = dict(known.units)
    names = {wanted.code: wanted.name for _, wanted in rows.values()}
    new_units = [
        Unit(government=request.government, code=code, name=name) for code, name in names.items() if code not in ids
    ]
    ids |= {unit.code: unit.pk for unit in Unit.objects.bulk_create(new_units, batch_size=2000)}
    gone, new = [], []
    for code, spans in after.items():
        ended, begun = difference(before.get(code, []), spans)
        gone += ended
        for span in begun:
            parent, building, service, calendar, head = span.content
            new.append(
                UnitDecision(
                    unit_id=ids[code], parent_id=ids.get(str(parent)), building_id=building, service_kind=service,
                    calendar=calendar, head_id=head, decree=span.decree, valid_from=span.start, valid_to=span.end,
                    recorded_at=request.at,
                )
            )  # fmt: skip
    supersede(UnitDecision, gone, request.at)
    UnitDecision.objects.bulk_create(new, batch_size=2000)


register(
    ImportKind(
        "units",
        "Unit kerja dan kepalanya",
        import_units,
        headings=HEADINGS,
        about="Satu baris satu unit: induk, gedung, jenis layanan, kalender dan NIP kepalanya sejak tanggal berlaku.",
    )
)
