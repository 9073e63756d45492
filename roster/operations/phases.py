"""Phases of buildings: opened and closed as dated decisions. What stood before is superseded, never changed."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, connection, transaction

from core import audit
from roster.decisions import supersede
from roster.models import Building, PhaseException, RolloutPhase
from roster.phase_plans import (
    EVERYONE_BP,
    PhasePlan,
    PhaseRefused,
    check_close,
    check_plan,
    overlapping,
    remains,
    rows_of,
    stands,
)
from roster.queries_phases import known_exceptions, known_phases, rollout_buildings

LOCK_FAMILY = 70_110
STALE = "Tahap atau data gedung ini berubah sejak akibatnya dihitung. Hitung ulang akibatnya, lalu simpan."


def mark_of(building: Building, phases: Sequence[RolloutPhase], exceptions: Sequence[PhaseException]) -> str:
    """A short mark of what an effect was computed from: known phases and exceptions, and the last import.

    `building` comes from `queries_phases.rollout_buildings`.
    """
    parts = [
        sorted(row.pk for row in phases),
        sorted(row.pk for row in exceptions),
        building.imported_at and building.imported_at.isoformat(),
        building.undone_at and building.undone_at.isoformat(),
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]


def _refuse_stale(building: Building, mark: str) -> None:
    """With the building locked: whether what was shown is what is there."""
    fresh = rollout_buildings(building.government).get(pk=building.pk)
    if mark and mark != mark_of(fresh, known_phases(building), known_exceptions(building.government)):
        raise PhaseRefused(STALE)


def open_phase(building: Building, plan: PhasePlan, by: AbstractBaseUser, at: datetime, mark: str = "") -> int:
    """Store a phase, one row a weekday; gives how many rows. The same plan again is the same result (0 new rows).

    `mark` is that under which its effect was shown; "" asks for none. Raises PhaseRefused: invalid,
    overlapping (both named), or something changed since.
    """
    try:
        with transaction.atomic():
            _lock(building)
            known = known_phases(building)
            if stands(plan, known):
                return 0
            _refuse_stale(building, mark)
            check_plan(building, plan, known)
            _make_room(overlapping(plan, known), plan, at)
            made = RolloutPhase.objects.bulk_create(rows_of(building, plan, at))
            _trace(building, by, at, "phase_opened", asdict(plan))
            return len(made)
    except IntegrityError as error:
        raise PhaseRefused(STALE) from error


def close_phase(phase: RolloutPhase, on: date, decree: str, by: AbstractBaseUser, at: datetime, mark: str = "") -> bool:
    """Let a phase hold no more from `on` (one that would not have begun is withdrawn); False: it had ended before.

    Raises PhaseRefused: no decree, not before its own end, or something changed since.
    """
    building = phase.building
    with transaction.atomic():
        _lock(building)
        phase = RolloutPhase.objects.select_related("building__government").get(pk=phase.pk)
        if phase.superseded_at is not None:
            if any(row.weekday == phase.weekday and _holds(row, on) for row in known_phases(building)):
                raise PhaseRefused(STALE)
            return False
        _refuse_stale(building, mark)
        check_close(phase, on, decree)
        _make_room([phase], PhasePlan((phase.weekday,), on, None, EVERYONE_BP, phase.mode, decree), at)
        detail = {"weekday": phase.weekday, "valid_from": phase.valid_from, "valid_to": on, "decree": decree}
        _trace(building, by, at, "phase_closed", detail)
        return True


def _lock(building: Building) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_FAMILY, building.pk])


def _holds(row: RolloutPhase, on: date) -> bool:
    return row.valid_from <= on and (row.valid_to is None or on < row.valid_to)


def _make_room(rows: Sequence[RolloutPhase], plan: PhasePlan, at: datetime) -> None:
    """Supersede `rows`; what they hold before and after the plan's days is added again."""
    supersede(RolloutPhase, [row.pk for row in rows], at)
    RolloutPhase.objects.bulk_create(remains(rows, plan, at))


def _trace(building: Building, by: AbstractBaseUser, at: datetime, action: str, detail: dict[str, Any]) -> None:
    audit.record(at, building.government.code, by.get_username(), action, f"building:{building.code}", detail)
