"""Who may work from home on a date: the facts from the database, the decision from `rules`.

Absences are known above the roster, so callers bring them as `away`: person id -> "on_leave" or "on_duty".
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Q

from core.among import Among
from policy.queries import document_for
from roster.calendar import CalendarDay, calendar_day
from roster.models import (
    Assignment,
    DisciplineCase,
    Government,
    HomeDay,
    Person,
    PersonStatus,
    PhaseException,
    RolloutPhase,
    UnitDecision,
)
from roster.rules import Eligibility, Reason, Situation, decide, narrower_exception, share_is_taken

__all__ = ["Eligibility", "Reason", "eligibility_many", "eligibility_of"]

DAY_NAMES = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


def eligibility_of(
    person: Person, on: date, as_of: datetime | None = None, away: Mapping[int, str] | None = None
) -> Eligibility:
    """The answer for one person on `on`; `as_of`: with what was known at that instant."""
    return eligibility_many(person.government, on, [person.pk], as_of, away)[person.pk]


def eligibility_many(
    government: Government,
    on: date,
    person_ids: Collection[int] | None = None,
    as_of: datetime | None = None,
    away: Mapping[int, str] | None = None,
) -> dict[int, Eligibility]:
    """The answer for many people of one government (all without `person_ids`) in a fixed number of SQL statements."""
    return answers_of(read_facts(government, on, person_ids, as_of, away or {}))


def answers_of(facts: "DayFacts") -> dict[int, Eligibility]:
    """The answer for everybody in the facts of one day; those who are alike in them are decided once."""
    known: dict[tuple, Eligibility] = {}
    answers: dict[int, Eligibility] = {}
    for person_id in facts.person_ids:
        likeness = _likeness(facts, person_id)
        answer = known.get(likeness)
        if answer is None:
            answer = known[likeness] = decide(situation_of(facts, person_id))
        answers[person_id] = answer
    return answers


def _likeness(facts: "DayFacts", person_id: int) -> tuple:
    """All that `situation_of` asks about a person: who agrees in it gets the same answer on that day."""
    status = _status_on(facts.statuses.get(person_id, ()), facts.on)
    post = facts.posts.get(person_id)
    return (
        status["is_active"],
        status["standing"],
        status["decree"],
        (post["unit_id"], post["building_id"], post["level"]) if post else None,
        facts.away.get(person_id),
        facts.cases.get(person_id),
        person_id in facts.cases,
        person_id in facts.at_home,
    )


@dataclass
class DayFacts:
    """What the database says about one day of one government, each by its key."""

    on: date
    day: CalendarDay
    away: Mapping[int, str]
    person_ids: list[int] = field(default_factory=list)
    posts: dict[int, dict] = field(default_factory=dict)
    statuses: dict[int, list[dict]] = field(default_factory=dict)
    units: dict[int, dict] = field(default_factory=dict)
    phases: dict[int, list[dict]] = field(default_factory=dict)
    exceptions: list[dict] = field(default_factory=list)
    cases: dict[int, str] = field(default_factory=dict)
    at_home: set[int] = field(default_factory=set)
    unit_people: dict[int, int] = field(default_factory=dict)
    unit_at_home: dict[int, int] = field(default_factory=dict)
    excluded_levels: frozenset[str] = frozenset()
    excluded_services: frozenset[str] = frozenset({"direct_service"})
    discipline_excludes: bool = True
    policy_source: str = ""


def known_at(as_of: datetime | None) -> Q:
    """Condition for decisions that are known now, or were at `as_of`."""
    if as_of is None:
        return Q(superseded_at__isnull=True)
    return Q(recorded_at__lte=as_of) & (Q(superseded_at__isnull=True) | Q(superseded_at__gt=as_of))


def holds_on(on: date) -> Q:
    """Condition for decisions that hold on `on`, known or not."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def read_facts(
    government: Government,
    on: date,
    person_ids: Collection[int] | None,
    as_of: datetime | None,
    away: Mapping[int, str],
) -> DayFacts:
    """Read one day; the number of statements does not depend on the number of people."""
    facts = DayFacts(on=on, day=calendar_day(government, on), away=away)
    people = Person.objects.filter(government=government)
    if person_ids is not None:
        people = people.filter(Among("pk", person_ids))
    facts.person_ids = list(people.order_by("pk").values_list("pk", flat=True))
    known, holding = known_at(as_of), known_at(as_of) & holds_on(on)
    scope = Q(person__government=government) if person_ids is None else Q(Among("person_id", facts.person_ids))
    _read_people(facts, scope, known, holding)
    _read_places(facts, government, holding)
    _read_home_days(facts, scope, holding, as_of)
    read_policy(facts, government)
    return facts


def _read_people(facts: DayFacts, scope: Q, known: Q, holding: Q) -> None:
    posts = Assignment.objects.filter(holding & scope, kind=Assignment.Kind.DEFINITIVE)
    for row in posts.values("person_id", "unit_id", "building_id", "level"):
        facts.posts[row["person_id"]] = row
    statuses = PersonStatus.objects.filter(known & scope)
    for row in statuses.values("person_id", "valid_from", "valid_to", "is_active", "standing", "decree"):
        facts.statuses.setdefault(row["person_id"], []).append(row)
    cases = DisciplineCase.objects.filter(holding & scope)
    facts.cases = dict(cases.values_list("person_id", "decree"))


def _read_places(facts: DayFacts, government: Government, holding: Q) -> None:
    units = UnitDecision.objects.filter(holding, unit__government=government)
    for row in units.values("unit_id", "parent_id", "building_id", "service_kind", "calendar", "decree"):
        facts.units[row["unit_id"]] = row
    phases = RolloutPhase.objects.filter(holding, building__government=government)
    for row in phases.values("building_id", "building__name", "weekday", "mode", "max_share_bp", "decree"):
        facts.phases.setdefault(row["building_id"], []).append(row)
    exceptions = PhaseException.objects.filter(holding, government=government)
    facts.exceptions = list(exceptions.values("pk", "building_id", "unit_id", "opens", "valid_from", "decree"))


def _read_home_days(facts: DayFacts, scope: Q, holding: Q, as_of: datetime | None) -> None:
    units = _units_that_choose(facts)
    if not units:
        return
    days = HomeDay.objects.filter(on=facts.on, state="approved")
    if as_of is not None:
        days = days.filter(Q(decided_at__lte=as_of) | Q(decided_at__isnull=True, recorded_at__lte=as_of))
    facts.at_home = set(days.filter(scope).values_list("person_id", flat=True))
    members = Assignment.objects.filter(holding, kind=Assignment.Kind.DEFINITIVE, unit__in=units)
    facts.unit_people = dict(members.values_list("unit_id").annotate(Count("pk")).order_by())
    home_members = members.filter(person_id__in=days.values("person_id"))
    facts.unit_at_home = dict(home_members.values_list("unit_id").annotate(Count("pk")).order_by())


def _units_that_choose(facts: DayFacts) -> set[int]:
    """Units with people in a building where somebody must be assigned or approved that weekday."""
    buildings = {
        building_id
        for building_id, rows in facts.phases.items()
        if any(row["weekday"] == facts.on.weekday() and row["mode"] != RolloutPhase.Mode.ALL for row in rows)
    }
    units = set()
    for post in facts.posts.values():
        unit = facts.units.get(post["unit_id"])
        if (post["building_id"] or (unit["building_id"] if unit else None)) in buildings:
            units.add(post["unit_id"])
    return units


def read_policy(facts: DayFacts, government: Government) -> None:
    """What the eligibility document of the day excludes, into `facts`."""
    document = document_for(government.code, "eligibility", facts.on)
    if document is None:
        return
    parameters = document.parameters
    facts.excluded_levels = frozenset((parameters.get("excluded_levels") or {}).get("levels") or [])
    facts.excluded_services = frozenset((parameters.get("excluded_services") or {}).get("services") or [])
    facts.discipline_excludes = bool((parameters.get("discipline_case") or {}).get("excluded", True))
    facts.policy_source = document.decree or document.title


def situation_of(facts: DayFacts, person_id: int) -> Situation:
    """Everything that the table asks about one person, from the facts of the day."""
    status = _status_on(facts.statuses.get(person_id, []), facts.on)
    post = facts.posts.get(person_id)
    unit = facts.units.get(post["unit_id"]) if post else None
    building_id = (post["building_id"] or (unit["building_id"] if unit else None)) if post else None
    phases = facts.phases.get(building_id, []) if building_id else []
    phase = next((row for row in phases if row["weekday"] == facts.on.weekday()), None)
    exception = _exception(facts, post, unit, building_id)
    calendar = unit["calendar"] if unit else "five_day"
    return Situation(
        is_active=status["is_active"],
        standing=status["standing"],
        holiday=facts.day.holiday,
        works_today=facts.day.works(calendar),
        calendar=calendar,
        away=facts.away.get(person_id),
        level_excluded=bool(post) and post["level"] in facts.excluded_levels,
        direct_service=bool(unit) and unit["service_kind"] in facts.excluded_services,
        discipline_case=facts.discipline_excludes and person_id in facts.cases,
        exception=None if exception is None else ("home" if exception["opens"] else "office"),
        unit_mapped=unit is not None,
        has_building=building_id is not None,
        phase_open=bool(phases),
        mode=phase["mode"] if phase else None,
        assigned=person_id in facts.at_home,
        share_taken=bool(phase) and bool(post) and _share_taken(facts, post["unit_id"], phase["max_share_bp"]),
        sources=_sources(facts, person_id, status, unit, phases, phase, exception),
    )


def _status_on(statuses: Sequence[dict], on: date) -> dict:
    """The status on a day; without any status at all a person counts as active, before the first one as not."""
    for row in statuses:
        if row["valid_from"] <= on and (row["valid_to"] is None or on < row["valid_to"]):
            return row
    return {"is_active": not statuses, "standing": "belum atau tidak lagi bertugas" if statuses else "", "decree": ""}


def _share_taken(facts: DayFacts, unit_id: int, max_share_bp: int) -> bool:
    return share_is_taken(facts.unit_at_home.get(unit_id, 0), facts.unit_people.get(unit_id, 0), max_share_bp)


def _exception(facts: DayFacts, post: dict | None, unit: dict | None, building_id: int | None) -> dict | None:
    """The exception that wins for a post: its unit before the units above, then the building, then all."""
    if not facts.exceptions:
        return None
    depth: dict[int, int] = {}
    unit_id = post["unit_id"] if post else None
    while unit_id is not None and unit_id not in depth:
        depth[unit_id] = 10_000 - len(depth)
        unit_id = (facts.units.get(unit_id) or {}).get("parent_id")
    found = []
    for row in facts.exceptions:
        if row["unit_id"] is not None:
            narrow = depth.get(row["unit_id"])
        elif row["building_id"] is not None:
            narrow = 1 if row["building_id"] == building_id else None
        else:
            narrow = 0
        if narrow is not None:
            found.append((narrow, row["valid_from"], row["pk"], row["opens"]))
    if narrower_exception(found) is None:
        return None
    winner = max(found)[2]
    return next(row for row in facts.exceptions if row["pk"] == winner)


def _sources(
    facts: DayFacts,
    person_id: int,
    status: dict,
    unit: dict | None,
    phases: list[dict],
    phase: dict | None,
    exception: dict | None,
) -> tuple[tuple[str, str], ...]:
    """Reason code -> decree, phase or document behind it."""
    phase_text = ""
    if phases:
        row = phase or phases[0]
        days = ", ".join(DAY_NAMES[item["weekday"]] for item in sorted(phases, key=lambda item: item["weekday"]))
        phase_text = f"Tahap {row['building__name']} ({days}), {row['decree']}".rstrip(", ")
    unit_decree = unit["decree"] if unit else ""
    return (
        ("not_active", status["decree"] or "Data kepegawaian"),
        ("holiday", facts.day.source),
        ("day_off", unit_decree or "Kalender kerja unit"),
        ("on_leave", "Keputusan cuti"),
        ("on_duty", "Surat tugas"),
        ("position_level_excluded", facts.policy_source),
        ("direct_service", unit_decree or facts.policy_source),
        ("discipline_case", facts.cases.get(person_id) or facts.policy_source),
        ("exception_office", exception["decree"] if exception else ""),
        ("unit_not_mapped", "Pemetaan unit"),
        ("no_building", unit_decree or "Pemetaan unit"),
        ("no_open_phase", "Daftar tahap gedung"),
        *((code, phase_text) for code in ("weekday_not_in_phase", "share_full", "not_scheduled")),
        ("request_not_approved", phase_text),
    )
