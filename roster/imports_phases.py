"""`import_phases`: on which weekday a building works from home, from when until when, under which decree."""

from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction

from core import cells
from core.errors import PortalError
from core.importing import ImportKind, Request, register
from core.indonesian import DAYS, day_words
from roster.decisions import supersede
from roster.models import Building, Government, RolloutPhase
from roster.roster_lock import lock_roster
from roster.sheet_rows import SheetRow, Tally, sheet_rows
from roster.timelines import Span, difference

HEADINGS = ("building", "valid_from", "valid_to", "weekday", "max_share", "mode", "decree")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EVERYONE_BP = 10_000
CHANGED = "Tahap gedung berubah saat impor berjalan, jadi tidak ada yang disimpan. Ulangi impornya."

Key = tuple[str, int]


@dataclass(frozen=True)
class PhaseRow:
    """A row that is right in itself: the phase of a building (its code) and weekday."""

    sheet: SheetRow
    key: Key
    span: Span


def import_phases(request: Request) -> dict[str, Any]:
    """Read the file, judge every row, write what was accepted; contracts' object. Raises SheetError, PortalError.

    A row that differs from a stored phase in its end only ends or prolongs it; any other shared day is an overlap.
    """
    try:
        with transaction.atomic():
            if request.write:
                lock_roster(request.government)
            buildings = dict(Building.objects.filter(government=request.government).values_list("code", "pk"))
            rows, tally = _read(request, buildings)
            before = _stored(request.government)
            after = _place(rows, before, tally)
            if request.write:
                _write(request, before, after, buildings)
    except IntegrityError as error:
        raise PortalError(CHANGED) from error
    return tally.summary()


def _read(request: Request, buildings: dict[str, int]) -> tuple[list[PhaseRow], Tally]:
    found, tally = [], Tally()
    for row in sheet_rows(request, HEADINGS, tally):
        wanted = _judge(row, buildings)
        if wanted is None:
            tally.reject(row)
            continue
        found.append(wanted)
        share_bp, mode = wanted.span.content
        if not wanted.span.decree:
            tally.warn(row, "decree", "missing", "Dasar keputusan kosong; disimpan tanpa dasar. Isi nomornya.")
        if mode == RolloutPhase.Mode.ALL and share_bp != EVERYONE_BP:
            tally.warn(row, "max_share", "unknown_value", "Dengan mode all semua yang memenuhi boleh WFH; "
                       "bagian ini tidak dipakai. Tulis 100 % atau pilih schedule.")  # fmt: skip
    return found, tally


def _judge(row: SheetRow, buildings: dict[str, int]) -> PhaseRow | None:
    building = row.word("building", required=True)
    if building and building not in buildings:
        row.refuse("building", "building_unknown", "Gedung tidak dikenal. Impor gedungnya atau perbaiki kodenya.")
    start, end = row.day("valid_from"), row.day("valid_to", required=False)
    if start and end and end <= start:
        row.refuse("valid_to", "date", "valid_to ialah hari pertama sesudah tahap, jadi harus sesudah valid_from.")
    weekday = row.choice("weekday", WEEKDAYS)
    share_bp, mode = _share(row), row.choice("mode", RolloutPhase.Mode.values)
    decree = row.word("decree")
    if row.errors or start is None or share_bp is None:
        return None
    return PhaseRow(row, (building, WEEKDAYS.index(weekday)), Span(start, end, (share_bp, mode), decree))


def _share(row: SheetRow) -> int | None:
    """The share in basis points, also from a percent cell; `not_a_number` for a word, `unknown_value` out of bounds."""
    cell = row.cells["max_share"]
    word = row.word("max_share", required=True)
    try:
        if (found := cells.share_bp(cell)) != 0:
            return found
    except ValueError:
        if not _is_number(word.removesuffix("%").strip()):
            row.refuse("max_share", "not_a_number", "Bukan bagian dari pegawai. Tulis seperti 50 %.")
            return None
    row.refuse("max_share", "unknown_value", "Tulis lebih dari 0 % sampai 100 %, paling banyak dua desimal.")
    return None


def _is_number(word: str) -> bool:
    try:
        cells.number(word)
    except ValueError:
        return False
    return True


def _stored(government: Government) -> dict[Key, list[Span]]:
    rows = RolloutPhase.objects.filter(building__government=government, superseded_at=None).order_by("valid_from")
    found: dict[Key, list[Span]] = {}
    for pk, code, weekday, start, end, share_bp, mode, decree in rows.values_list(
        "pk", "building__code", "weekday", "valid_from", "valid_to", "max_share_bp", "mode", "decree"
    ):
        found.setdefault((code, weekday), []).append(Span(start, end, (share_bp, mode), decree, pk))
    return found


def _place(rows: list[PhaseRow], before: dict[Key, list[Span]], tally: Tally) -> dict[Key, list[Span]]:
    """What would hold: rows that say what stands first, then ends brought forward, ends put off, and new phases."""
    after = {key: list(spans) for key, spans in before.items()}
    rest, claimed = [], set()
    for row in rows:
        same = next((span for span in before.get(row.key, []) if _equal(span, row.span)), None)
        if same is None:
            rest.append(row)
        else:
            claimed.add(same.pk)
            tally.unchanged += 1
    row_numbers: dict[tuple[Key, Span], int] = {}
    ordered = sorted(rest, key=lambda row: _rank(row, before, claimed))
    for row in ordered:
        spans = after.setdefault(row.key, [])
        if row.span in spans:
            tally.unchanged += 1
            continue
        ended = _stored_self(row, spans, claimed)
        shared = next((s for s in spans if s is not ended and s.shares_days(row.span.start, row.span.end)), None)
        if shared is not None:
            _refuse_overlap(row, shared, row_numbers.get((row.key, shared)), tally)
            continue
        after[row.key] = [*[span for span in spans if span is not ended], row.span]
        row_numbers[row.key, row.span] = row.sheet.number
    return after


def _equal(span: Span, other: Span) -> bool:
    return replace(span, pk=None) == other


def _stored_self(row: PhaseRow, spans: list[Span], claimed: set[int | None]) -> Span | None:
    """The stored phase of which the row changes the end only."""
    for span in spans:
        if span.pk is not None and span.pk not in claimed and _equal(replace(span, end=row.span.end), row.span):
            return span
    return None


def _rank(row: PhaseRow, before: dict[Key, list[Span]], claimed: set[int | None]) -> int:
    known = _stored_self(row, before.get(row.key, []), claimed)
    if known is None:
        return 2
    return 0 if row.span.end is not None and (known.end is None or row.span.end < known.end) else 1


def _refuse_overlap(row: PhaseRow, other: Span, other_row: int | None, tally: Tally) -> None:
    place = f"baris {other_row}" if other_row else "sudah tersimpan"
    row.sheet.refuse(
        "valid_from", "phase_overlap",
        f"Tahap {_words(row.span)} bertabrakan dengan tahap {_words(other)} ({place}) di gedung {row.key[0]} hari "
        f"{DAYS[row.key[1]]}. Akhiri tahap yang satu sebelum yang lain mulai.",
    )  # fmt: skip
    tally.reject(row.sheet)


def _words(span: Span) -> str:
    until = f" sampai sebelum {day_words(span.end, with_day=False)}" if span.end else ""
    return f"sejak {day_words(span.start, with_day=False)}{until} ({span.decree or 'tanpa keputusan'})"


def _write(
    request: Request, before: dict[Key, list[Span]], after: dict[Key, list[Span]], buildings: dict[str, int]
) -> None:
    gone, new = [], []
    for key, spans in after.items():
        ended, begun = difference(before.get(key, []), spans)
        gone += ended
        for span in begun:
            share_bp, mode = span.content
            phase = RolloutPhase(
                building_id=buildings[key[0]], weekday=key[1], max_share_bp=share_bp, mode=mode, decree=span.decree,
                valid_from=span.start, valid_to=span.end, recorded_at=request.at,
            )  # fmt: skip
            new.append(phase)
    supersede(RolloutPhase, gone, request.at)
    RolloutPhase.objects.bulk_create(new, batch_size=2000)


register(
    ImportKind(
        "phases",
        "Tahap WFH gedung",
        import_phases,
        headings=HEADINGS,
        about="Satu baris satu hari kerja satu gedung; valid_to ialah hari pertama sesudah tahap, atau kosong.",
    )
)
