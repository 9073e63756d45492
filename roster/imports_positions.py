"""`import_positions`: the class of a position, as dated decisions."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from core.importing import ImportKind, Request, register
from roster.decisions import supersede
from roster.models import Government, Position, PositionClass
from roster.roster_lock import lock_roster
from roster.sheet_rows import SheetRow, Tally, sheet_rows
from roster.timelines import Span, difference, place

HEADINGS = ("position", "class", "valid_from")
LOWEST_CLASS, HIGHEST_CLASS = 1, 17


@dataclass(frozen=True)
class ClassRow:
    """An accepted row: from `start` on, the position is in `job_class`."""

    position: str
    start: date
    job_class: int


def import_positions(request: Request) -> dict[str, Any]:
    """Read the file, judge every row, write what was accepted; contracts' object. Raises SheetError.

    A position that is not known yet is created. Names match without regard to case where that fits one only.
    """
    with transaction.atomic():
        if request.write:
            lock_roster(request.government)
        names = _known_names(request.government)
        rows, tally = _read(request, names)
        before = _stored(request.government)
        after = {name: list(spans) for name, spans in before.items()}
        for row in sorted(rows, key=lambda row: row.start):
            placed = place(after.get(row.position, []), row.start, (row.job_class,), None)
            if placed is None:
                tally.unchanged += 1
            else:
                after[row.position] = placed
        if request.write:
            _write(request, before, after)
    return tally.summary()


def _known_names(government: Government) -> dict[str, str]:
    """Name in folded case -> the stored name; names that differ in case only stand for themselves."""
    found: dict[str, str] = {}
    for name in Position.objects.filter(government=government).order_by("pk").values_list("name", flat=True):
        found.setdefault(name.casefold(), name)
        found[name] = name
    return found


def _read(request: Request, names: dict[str, str]) -> tuple[list[ClassRow], Tally]:
    found: dict[tuple[str, date], tuple[int, ClassRow]] = {}
    tally = Tally()
    for row in sheet_rows(request, HEADINGS, tally):
        word = row.word("position", required=True)
        job_class = row.whole("class", LOWEST_CLASS, HIGHEST_CLASS, required=True)
        start = row.day("valid_from")
        if row.errors or job_class is None or start is None:
            tally.reject(row)
            continue
        name = names.get(word) or names.setdefault(word.casefold(), word)
        _take(found, tally, row, ClassRow(name, start, job_class))
    return [wanted for _, wanted in found.values()], tally


def _take(found: dict[tuple[str, date], tuple[int, ClassRow]], tally: Tally, row: SheetRow, wanted: ClassRow) -> None:
    """The first row of a position and day stands; the same again is unchanged, another class is refused."""
    earlier = found.setdefault((wanted.position, wanted.start), (row.number, wanted))
    if earlier[0] == row.number:
        return
    if earlier[1] == wanted:
        tally.unchanged += 1
        return
    row.refuse("class", "duplicate_conflict", f"Jabatan dan tanggal ini sudah ada di baris {earlier[0]} dengan kelas "
               f"{earlier[1].job_class}; baris itu yang dipakai. Hapus baris yang salah.")  # fmt: skip
    tally.reject(row)


def _stored(government: Government) -> dict[str, list[Span]]:
    rows = PositionClass.objects.filter(position__government=government, superseded_at=None).order_by("valid_from")
    found: dict[str, list[Span]] = {}
    for pk, name, start, end, job_class, decree in rows.values_list(
        "pk", "position__name", "valid_from", "valid_to", "job_class", "decree"
    ):
        found.setdefault(name, []).append(Span(start, end, (job_class,), decree, pk))
    return found


def _write(request: Request, before: dict[str, list[Span]], after: dict[str, list[Span]]) -> None:
    government = request.government
    positions = dict(Position.objects.filter(government=government).values_list("name", "pk"))
    missing = [Position(government=government, name=name) for name in after if name not in positions]
    for position in Position.objects.bulk_create(missing, batch_size=2000):
        positions[position.name] = position.pk
    gone, new = [], []
    for name, spans in after.items():
        ended, begun = difference(before.get(name, []), spans)
        gone += ended
        new += [
            PositionClass(
                position_id=positions[name], job_class=span.content[0], decree=span.decree,
                valid_from=span.start, valid_to=span.end, recorded_at=request.at,
            )
            for span in begun
        ]  # fmt: skip
    supersede(PositionClass, gone, request.at)
    PositionClass.objects.bulk_create(new, batch_size=2000)


register(
    ImportKind(
        "positions",
        "Kelas jabatan",
        import_positions,
        headings=HEADINGS,
        about="Satu baris satu jabatan dan kelasnya (1 sampai 17) sejak tanggal berlakunya.",
    )
)
