"""Reads of the rollout pages: buildings and months, the stages that there are, and every change ever made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db import connection
from django.db.models import Max, OuterRef, QuerySet, Subquery

from core.indonesian import MONTHS, percent
from roster.eligibility import DAY_NAMES
from roster.models import Building, Government, ImportRun, PhaseException, RolloutPhase
from roster.phase_facts import holds

MONTHS_BEFORE, MONTHS_AFTER = 10, 3
Stage = tuple[tuple[int, int, str], ...]

PEOPLE_BY_BUILDING = """
    SELECT COALESCE(post.building_id, unit.building_id), count(*),
           count(*) FILTER (WHERE unit.service_kind = 'direct_service')
    FROM roster_assignment post
    JOIN roster_unit own ON own.id = post.unit_id AND own.government_id = %(government)s
    LEFT JOIN roster_unitdecision unit
           ON unit.unit_id = post.unit_id AND unit.superseded_at IS NULL
          AND unit.valid_from <= %(on)s AND (unit.valid_to IS NULL OR unit.valid_to > %(on)s)
    WHERE post.kind = 'definitive' AND post.superseded_at IS NULL
      AND post.valid_from <= %(on)s AND (post.valid_to IS NULL OR post.valid_to > %(on)s)
    GROUP BY 1
"""


@dataclass(frozen=True)
class Month:
    """A column: its first day, and where it stands to today (past, now, plan)."""

    first: date
    where: str
    opens_plan: bool = False

    @property
    def last(self) -> date:
        """The last day of the month."""
        return (self.first + timedelta(days=32)).replace(day=1) - timedelta(days=1)

    @property
    def short(self) -> str:
        """Three letters of its name."""
        return MONTHS[self.first.month - 1][:3]


@dataclass(frozen=True)
class Cell:
    """A building in a month: number and colour of its stage; `excluded`: all of its people serve directly."""

    number: int
    shade: int
    words: str
    month: Month
    excluded: bool = False


@dataclass(frozen=True)
class GridRow:
    """A building with its people and its months."""

    building: Building
    people: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Grid:
    """The whole table, with the legend of its stages."""

    months: tuple[Month, ...]
    rows: tuple[GridRow, ...]
    legend: tuple[Cell, ...]


def months_around(on: date) -> tuple[Month, ...]:
    """The columns of the grid."""
    index = on.year * 12 + on.month - 1
    found = []
    for place in range(index - MONTHS_BEFORE, index + MONTHS_AFTER + 1):
        where = "past" if place < index else "now" if place == index else "plan"
        found.append(Month(date(place // 12, place % 12 + 1, 1), where, place == index + 1))
    return tuple(found)


def people_by_building(government: Government, on: date) -> dict[int | None, tuple[int, int]]:
    """Building id -> people who work there on `on`, and how many of them in direct service; None: no building."""
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE_BY_BUILDING, {"government": government.pk, "on": on})
        return {building_id: (people, direct) for building_id, people, direct in cursor.fetchall()}


def grid_of(government: Government, on: date) -> Grid:
    """Buildings against months; three SQL statements."""
    months = months_around(on)
    people = people_by_building(government, on)
    by_building: dict[int, list[RolloutPhase]] = {}
    for row in RolloutPhase.objects.filter(building__government=government, superseded_at=None):
        by_building.setdefault(row.building_id, []).append(row)
    stages: dict[int, list[Stage]] = {}
    buildings = list(Building.objects.filter(government=government))
    for building in buildings:
        days = (on if month.where == "now" else month.last for month in months)
        stages[building.pk] = [stage_on(by_building.get(building.pk, ()), day) for day in days]
    known = sorted({stage for row in stages.values() for stage in row if stage}, key=_weight)
    numbers = {stage: number for number, stage in enumerate(known, 1)}
    rows = [_grid_row(building, people.get(building.pk, (0, 0)), months, stages, numbers) for building in buildings]
    rows.sort(key=lambda row: (all(cell.excluded for cell in row.cells), -row.people, row.building.name))
    legend = tuple(Cell(number, shade(stage), stage_words(stage), months[-1]) for stage, number in numbers.items())
    return Grid(months, tuple(rows), legend)


def stage_on(phases: Iterable[RolloutPhase], on: date) -> Stage:
    """What a building's phases say on a day: (weekday, share, mode) by weekday; empty when all work at the office."""
    return tuple(sorted((row.weekday, row.max_share_bp, row.mode) for row in phases if holds(row, on)))


def shade(stage: Stage) -> int:
    """0 without home days, 1 up to half a day a week, 2 up to one, 3 more."""
    total = sum(share for _, share, _ in stage)
    return 0 if not stage else 1 if total <= 5_000 else 2 if total <= 10_000 else 3


def stage_words(stage: Stage) -> str:
    """`Kamis, paling banyak 50 %` or `Kamis, semua + Jumat, atas permohonan`."""
    parts: dict[str, list[str]] = {}
    for weekday, share, mode in stage:
        parts.setdefault(_share_words(share, mode), []).append(DAY_NAMES[weekday])
    return "; ".join(f"{' + '.join(days)}, {words}" for words, days in parts.items()) or "WFO penuh"


def _share_words(share_bp: int, mode: str) -> str:
    if mode == RolloutPhase.Mode.ALL:
        return "semua"
    how = "menurut jadwal" if mode == RolloutPhase.Mode.SCHEDULE else "atas permohonan"
    return how if share_bp == 10_000 else f"{how}, paling banyak {percent(Fraction(share_bp, 10_000))}"


def _weight(stage: Stage) -> tuple[int, int, Stage]:
    return sum(share for _, share, _ in stage), len(stage), stage


def _grid_row(
    building: Building,
    people: tuple[int, int],
    months: Sequence[Month],
    stages: Mapping[int, Sequence[Stage]],
    numbers: Mapping[Stage, int],
) -> GridRow:
    count, direct = people
    excluded = count > 0 and direct == count
    cells = tuple(
        Cell(numbers.get(stage, 0), shade(stage), stage_words(stage), month, excluded and not stage)
        for month, stage in zip(months, stages[building.pk], strict=True)
    )
    return GridRow(building, count, cells)


def rollout_buildings(government: Government) -> QuerySet[Building]:
    """Buildings with the instants of the last import and undoing, for the mark of `operations.phases.mark_of`."""
    runs = ImportRun.objects.filter(government=OuterRef("government")).order_by().values("government")
    return Building.objects.filter(government=government).annotate(
        imported_at=Subquery(runs.annotate(at=Max("confirmed_at")).values("at")),
        undone_at=Subquery(runs.annotate(at=Max("undone_at")).values("at")),
    )


def known_phases(building: Building) -> list[RolloutPhase]:
    """The phases of a building that are known now, by start and weekday."""
    rows = RolloutPhase.objects.filter(building=building, superseded_at=None)
    return list(rows.order_by("valid_from", "weekday"))


def known_exceptions(government: Government) -> list[PhaseException]:
    """The exceptions of a government that are known now."""
    return list(PhaseException.objects.filter(government=government, superseded_at=None).order_by("valid_from", "pk"))


def phase_changes(government: Government) -> QuerySet[RolloutPhase]:
    """Every phase row ever recorded, the latest first; superseded ones too."""
    rows = RolloutPhase.objects.filter(building__government=government).select_related("building")
    return rows.order_by("-recorded_at", "building__name", "weekday", "valid_from")
