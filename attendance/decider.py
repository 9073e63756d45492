"""Many days of one date, decided by `rules`; no database. What several days share is worked out once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from attendance.days import (
    FACT_COLUMNS,
    LABELS,
    OTHER_FACTS,
    DecidedDay,
    OutageWindow,
    Outcome,
    ReadDay,
    Situation,
    Taken,
    actual_place,
    as_texts,
    labels_of,
    taps_of,
    touches,
)
from attendance.plan import AttendancePlan, HoursLine
from attendance.rules import Tapped, begin_day, end_day, tap_day


@dataclass(eq=False, slots=True)
class Kind:
    """Days with the same labels: begun once, with one outcome for each thing that their taps can come to."""

    labels: Mapping[str, Any]
    person: Mapping[str, Any]
    facts: Mapping[str, Any]
    line: HoursLine | None
    outcomes: dict[Tapped | None, Outcome] = field(default_factory=dict)


class DayDecider:
    """Decides the days of one date by one document; what several days share is worked out once.

    Labels alone decide the line of hours, and with it what taps come to; only that, not the taps, decides the outcome.
    A document whose conditions ask for the taps themselves is worked out day by day.
    """

    def __init__(self, on: date, plan: AttendancePlan, ramadan: bool, outages: Sequence[OutageWindow] = ()) -> None:
        self.on, self.plan, self.ramadan, self.outages = on, plan, ramadan, outages
        self._kinds: dict[tuple, Kind] = {}
        self._unclear = Outcome("unclear", "none")

    def decide(self, read: ReadDay) -> DecidedDay:
        """Decide one day. Raises ValueError (CaseError) where the document and the day do not fit."""
        place = actual_place(read)
        if place == "unclear":
            # Without an imported rota nothing is decided on the shift calendar: never absent.
            return DecidedDay(read.person_id, read.unit_id, read.reasons, "unclear", self._unclear)
        taken = taps_of(read)
        outcome = self._outcome(read.situation, place, taken, ())
        if self.outages:
            touched = tuple(
                window.number
                for window in self.outages
                if window.covers(read.building_id, read.unit_id) and touches(window, outcome.facts, taken)
            )
            if touched:
                outcome = self._outcome(read.situation, place, taken, touched)
        return DecidedDay(
            read.person_id,
            read.unit_id,
            read.reasons,
            "provisional" if read.pending or read.provisional else "final",
            outcome,
            None if outcome.facts["missing_in"] else taken.arrival,
            None if outcome.facts["missing_out"] else taken.departure,
        )

    def _outcome(self, situation: Situation, place: str, taken: Taken, outages: tuple[str, ...]) -> Outcome:
        asked = as_texts(taken.taps) if self.plan.asks_taps else {}
        key = (situation, place, outages)
        kind = None if asked else self._kinds.get(key)
        if kind is None:
            kind = self._begin(situation, place, outages, asked)
            if not asked:
                self._kinds[key] = kind
        tapped = None if kind.line is None else tap_day(self.plan, kind.line, taken.taps)
        outcome = kind.outcomes.get(tapped)
        if outcome is None:
            facts = kind.facts if tapped is None else end_day(self.plan, kind.facts, tapped, kind.person)
            labels = {name: kind.labels[name] for name in LABELS if kind.labels.get(name) is not None}
            if outages:
                labels["outage_numbers"] = list(outages)
            labels |= {name: int(facts[name]) for name in OTHER_FACTS if facts.get(name)}
            numbers = {name: int(facts[name]) for name in FACT_COLUMNS}
            outcome = Outcome(situation.expected_place, place, numbers, labels, facts["required_departure"])
            kind.outcomes[tapped] = outcome
        return outcome

    def _begin(self, situation: Situation, place: str, outages: tuple[str, ...], asked: Mapping[str, Any]) -> Kind:
        labels = labels_of(situation, self.on, place, self.ramadan)
        if outages:
            labels["outage"] = True
        person = {"service": situation.service, "calendar": situation.calendar}
        facts, line = begin_day(self.plan, {"date": self.on, "place": place, **labels, **asked}, person)
        return Kind(labels, person, facts, line)
