"""What a change of phases would do to the people of one building, by the rules that decide their days.

Everybody of the building is decided on one example day of each weekday, under the phases of now and under those that
would stand; posts, units and cases are those of the first example day.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from roster.calendar import CalendarDay, calendar_days, month_days
from roster.eligibility import DAY_NAMES, DayFacts, situation_of
from roster.hooks import locked_months
from roster.models import Building, PhaseException, RolloutPhase
from roster.phase_facts import example_days, facts_of_building, holds
from roster.phase_plans import EVERYONE_BP
from roster.rules import Eligibility, decide

LOOK_AHEAD_DAYS = 70
# Reasons that fall away once the head of a unit assigns or approves.
BY_CHOICE = frozenset({"share_full", "not_scheduled", "request_not_approved"})


@dataclass(frozen=True)
class DayEffect:
    """One weekday, on its example day: how many at home and in the building, before and after.

    `at_most`: how many could be at home once chosen, in the modes that need a choice; `empty_units`: units of which
    nobody would be left in the building; `away`: people on leave or duty that day.
    """

    weekday: int
    on: date
    people: int
    home_before: int
    home_after: int
    office_before: int
    office_after: int
    away: int
    at_most: int | None
    empty_units: tuple[str, ...]

    @property
    def name(self) -> str:
        """The weekday in words."""
        return DAY_NAMES[self.weekday]

    @property
    def not_home(self) -> int:
        """Everybody of the building who would not be at home."""
        return self.people - self.home_after

    @property
    def home_percent(self) -> int:
        """Share at home in whole percent, for the bar."""
        return round(100 * self.home_after / self.people) if self.people else 0


@dataclass(frozen=True)
class Row:
    """A line of a table with one number a day."""

    label: str
    people: int
    counts: tuple[int, ...]
    code: str = ""
    weekdays: tuple[int, ...] = ()

    @property
    def cells(self) -> list[tuple[int, int]]:
        """Weekday and number, for tables that link to the people behind it."""
        return list(zip(self.weekdays, self.counts, strict=True))


@dataclass(frozen=True)
class Effect:
    """The whole picture of one building; `missing` names weekdays without any working day to look at."""

    people: int
    changed: int
    days: tuple[DayEffect, ...]
    reasons: tuple[Row, ...]
    units: tuple[Row, ...]
    month: date
    home_days_before: int
    home_days_after: int
    locked: tuple[date, ...]
    missing: tuple[str, ...]


REASON_LABELS = {
    "not_active": "Kedudukan hukum tidak aktif",
    "day_off": "Bukan hari kerja unitnya",
    "on_leave": "Cuti",
    "on_duty": "Dinas luar",
    "position_level_excluded": "Tingkat jabatan (JPT)",
    "direct_service": "Layanan langsung",
    "discipline_case": "Pemeriksaan disiplin berjalan",
    "exception_office": "Pengecualian: bekerja di kantor",
    "unit_not_mapped": "Unit belum dipetakan",
    "no_building": "Unit tanpa gedung",
    "no_open_phase": "Belum ada tahap",
    "weekday_not_in_phase": "Bukan hari WFH gedung",
    "share_full": "Batas bagian sudah terisi",
    "not_scheduled": "Belum dijadwalkan kepala unit",
    "request_not_approved": "Belum ada permohonan yang disetujui",
    "holiday": "Hari libur",
}


def effect_of(
    building: Building,
    before: Sequence[RolloutPhase],
    after: Sequence[RolloutPhase],
    exceptions: Sequence[PhaseException],
    weekdays: Collection[int],
    start_on: date,
    end_on: date | None,
) -> Effect:
    """The effect of `after` standing in the place of `before` on `weekdays` from `start_on` until before `end_on`.

    Seven SQL statements and those of the hooks, whatever the number of people and days.
    """
    month = (start_on.replace(day=1) + timedelta(days=32 if start_on.day > 1 else 0)).replace(day=1)
    span = {start_on + timedelta(days=offset) for offset in range(LOOK_AHEAD_DAYS)} | set(month_days(month))
    calendar = calendar_days(building.government, span)
    examples = example_days(calendar, weekdays, start_on, end_on)
    locked = [first for first in sorted(locked_months(building.government)) if _touches(first, start_on, end_on)]
    tried = [calendar[on] for on in examples.values()]
    facts = facts_of_building(building, tried, exceptions, [*before, *after]) if examples else {}
    decided = {
        weekday: (_decide(facts[on], building, before), _decide(facts[on], building, after))
        for weekday, on in examples.items()
    }
    first = next(iter(facts.values()), None)
    ids = first.person_ids if first else []
    names = {row["unit_id"]: row["unit__name"] for row in first.posts.values()} if first else {}
    changed = {pk for was, will in decided.values() for pk in ids if was[pk].expected_place != will[pk].expected_place}
    return Effect(
        people=len(ids),
        changed=len(changed),
        days=tuple(
            _day_effect(weekday, facts[on], *decided[weekday], _phase_on(after, on), names)
            for weekday, on in examples.items()
        ),
        reasons=_reason_rows({weekday: will for weekday, (_, will) in decided.items()}),
        units=_unit_rows(first, [will for _, will in decided.values()], names) if first else (),
        month=month,
        home_days_before=_home_days(calendar, month, before),
        home_days_after=_home_days(calendar, month, after),
        locked=tuple(locked),
        missing=tuple(DAY_NAMES[weekday] for weekday in sorted(weekdays) if weekday not in examples),
    )


def people_with_reason(
    building: Building,
    phases: Sequence[RolloutPhase],
    exceptions: Sequence[PhaseException],
    weekday: int,
    start_on: date,
    code: str,
) -> tuple[date | None, list[tuple[int, str]]]:
    """The example day of a weekday, and (person, unit's name) of everybody whose first reason that day is `code`."""
    span = {start_on + timedelta(days=offset) for offset in range(LOOK_AHEAD_DAYS)}
    calendar = calendar_days(building.government, span)
    on = example_days(calendar, (weekday,), start_on, None).get(weekday)
    if on is None:
        return None, []
    facts = facts_of_building(building, [calendar[on]], exceptions, phases)[on]
    answers = _decide(facts, building, phases)
    found = [pk for pk, answer in answers.items() if answer.reasons and answer.reasons[0].code == code]
    return on, [(pk, facts.posts[pk]["unit__name"]) for pk in found]


def _touches(first: date, start_on: date, end_on: date | None) -> bool:
    following = (first + timedelta(days=32)).replace(day=1)
    return following > start_on and (end_on is None or first < end_on)


def _phase_on(phases: Iterable[RolloutPhase], on: date) -> RolloutPhase | None:
    return next((row for row in phases if row.weekday == on.weekday() and holds(row, on)), None)


def _home_days(calendar: Mapping[date, CalendarDay], month: date, phases: Sequence[RolloutPhase]) -> int:
    """Days of the month on which the building has an open phase and no holiday."""
    days = (on for on in month_days(month) if calendar[on].holiday is None)
    return sum(_phase_on(phases, on) is not None for on in days)


def _decide(facts: DayFacts, building: Building, phases: Sequence[RolloutPhase]) -> dict[int, Eligibility]:
    rows = [
        {
            "building_id": building.pk,
            "building__name": building.name,
            "weekday": row.weekday,
            "mode": row.mode,
            "max_share_bp": row.max_share_bp,
            "decree": row.decree,
        }
        for row in phases
        if holds(row, facts.on)
    ]
    then = replace(facts, phases={building.pk: rows} if rows else {})
    return {person_id: decide(situation_of(then, person_id)) for person_id in then.person_ids}


def _places(answers: Mapping[int, Eligibility]) -> Counter:
    return Counter(answer.expected_place for answer in answers.values())


def _day_effect(
    weekday: int,
    facts: DayFacts,
    was: Mapping[int, Eligibility],
    will: Mapping[int, Eligibility],
    phase: RolloutPhase | None,
    names: Mapping[int, str],
) -> DayEffect:
    before, after = _places(was), _places(will)
    by_unit: dict[int, Counter] = {}
    choosable: Counter = Counter()
    for person_id, answer in will.items():
        unit_id = facts.posts[person_id]["unit_id"]
        by_unit.setdefault(unit_id, Counter())[answer.expected_place] += 1
        if answer.expected_place == "home" or (
            answer.expected_place == "office" and {reason.code for reason in answer.reasons} <= BY_CHOICE
        ):
            choosable[unit_id] += 1
    at_most = None
    if phase is not None and phase.mode != RolloutPhase.Mode.ALL:
        at_most = sum(
            min(count, facts.unit_people[unit_id] * phase.max_share_bp // EVERYONE_BP)
            for unit_id, count in choosable.items()
        )
    return DayEffect(
        weekday=weekday,
        on=facts.on,
        people=len(will),
        home_before=before["home"],
        home_after=after["home"],
        office_before=before["office"],
        office_after=after["office"],
        away=sum(answer.reasons[0].code in ("on_leave", "on_duty") for answer in will.values() if answer.reasons),
        at_most=at_most,
        empty_units=tuple(
            sorted(names[pk] for pk, counts in by_unit.items() if counts["home"] and not counts["office"])
        ),
    )


def _reason_rows(days: Mapping[int, Mapping[int, Eligibility]]) -> tuple[Row, ...]:
    """Everybody who is not at home once, under the first reason; the most frequent first."""
    counted = [Counter(a.reasons[0].code for a in answers.values() if a.reasons) for answers in days.values()]
    most = {code: max(counts[code] for counts in counted) for counts in counted for code in counts}
    return tuple(
        Row(REASON_LABELS.get(code, code), most[code], tuple(counts[code] for counts in counted), code, tuple(days))
        for code in sorted(most, key=lambda code: (-most[code], code))
    )


def _unit_rows(facts: DayFacts, days: Sequence[Mapping[int, Eligibility]], names: Mapping[int, str]) -> tuple[Row, ...]:
    people = Counter(facts.posts[pk]["unit_id"] for pk in facts.person_ids)
    home = [
        Counter(facts.posts[pk]["unit_id"] for pk, answer in answers.items() if answer.expected_place == "home")
        for answers in days
    ]
    ordered = sorted(people, key=lambda unit_id: (-people[unit_id], names[unit_id]))
    return tuple(Row(names[pk], people[pk], tuple(counts[pk] for counts in home)) for pk in ordered)
