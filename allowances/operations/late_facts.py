"""Notice what was learned about a locked month after its facts were read: a reason for rapel in the next run.

Who may be concerned is found by the times of rows; whether anything changed, by comparing what the rules would be
given now with what they were given then. Recording twice is recording once.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Max, Q
from django.db.models.functions import Greatest, TruncMonth

from allowances.frozen import frozen_plan
from allowances.models import Adjustment, Run, RunInput
from allowances.operations.facts import read_facts
from attendance.models import Absence, Correction, DayRecord
from core.among import Among
from core.indonesian import MONTHS, day_words
from core.period import next_month, previous_month
from performance.models import MonthScore
from roster.models import Assignment, Government, PersonStatus

# Roster changes and corrections are followed for two years; days decided anew without a correction for a quarter.
ROSTER_MONTHS, DAY_MONTHS = 24, 3
HASH_LENGTH = 16
Changed = dict[tuple[int, date | None], datetime]


def locked_runs(government: Government, before: date, months: int = ROSTER_MONTHS) -> list[Run]:
    """Locked and paid regular runs of the `months` months before `before`, oldest first."""
    first = before
    for _ in range(months):
        first = previous_month(first)
    runs = Run.objects.filter(
        government=government, kind="regular", state__in=["locked", "paid"], month__gte=first, month__lt=before
    )
    return list(runs.select_related("government").order_by("month", "number"))


def notice_late_facts(government: Government, before: date, person_ids: Collection[int], at: datetime) -> int:
    """Record an adjustment for every locked month before `before` whose facts are others now; how many were new."""
    runs, ids = locked_runs(government, before), list(person_ids)
    if not runs or not ids:
        return 0
    changed = _changed(government, runs, ids)
    months = {run.pk: run.month for run in runs}
    concerned: dict[int, list[int]] = {}
    rows = RunInput.objects.filter(run__in=runs, person_id__in={person_id for person_id, _ in changed})
    for run_id, person_id, read_at in rows.values_list("run_id", "person_id", "read_at"):
        times = [changed.get((person_id, month)) for month in (None, months[run_id])]
        if read_at is not None and any(time is not None and time > read_at for time in times):
            concerned.setdefault(run_id, []).append(person_id)
    new = [found for run in runs if run.pk in concerned for found in _differing(run, concerned[run.pk], at)]
    return len(Adjustment.objects.bulk_create(new, ignore_conflicts=True))


def fingerprint(given: Mapping[str, Any]) -> str:
    """What tells two sets of facts apart; what other months brought in is not part of a month's facts."""
    own = {name: value for name, value in given.items() if name != "carried"}
    return hashlib.sha256(json.dumps(own, sort_keys=True).encode()).hexdigest()[:HASH_LENGTH]


def _changed(government: Government, runs: list[Run], ids: list[int]) -> Changed:
    """(person, month or None for all months) -> when something about them was last learned."""
    # The chunks of one draft read one after the other: some days earlier than the latest of them is early enough.
    oldest = min(run.drafted_at for run in runs) - timedelta(days=7)
    changed: Changed = {}

    def take(person_id: int, month: date | None, at: datetime | None) -> None:
        if at is not None and (key := (person_id, month)) and at > changed.get(key, oldest):
            changed[key] = at

    for model in (Assignment, PersonStatus):
        rows = model.objects.filter(Among("person_id", ids), Q(recorded_at__gt=oldest) | Q(superseded_at__gt=oldest))
        for person_id, at in rows.values_list("person_id").annotate(last=Max(Greatest("recorded_at", "superseded_at"))):
            take(person_id, None, at)
    for person_id, at in _posts_changed(ids, oldest):
        take(person_id, None, at)
    leave = Absence.objects.filter(Among("person_id", ids), state=Absence.State.APPROVED)
    for person_id, at in leave.values_list("person_id").annotate(last=Max(Greatest("recorded_at", "decided_at"))):
        take(person_id, None, at)
    recent = [run.month for run in runs if run in locked_runs_of(runs, DAY_MONTHS)]
    corrections = Correction.objects.filter(
        Among("person_id", ids), state=Correction.State.APPROVED, decided_at__gt=oldest, work_date__gte=runs[0].month
    )
    for person_id, on, at in corrections.values_list("person_id", "work_date", "decided_at"):
        take(person_id, on.replace(day=1), at)
    scores = MonthScore.objects.filter(Among("person_id", ids), month__in=recent, computed_at__gt=oldest)
    for person_id, month, at in scores.values_list("person_id", "month", "computed_at"):
        take(person_id, month, at)
    until = next_month(recent[-1])
    days = DayRecord.objects.filter(
        Among("person_id", ids), work_date__gte=recent[0], work_date__lt=until, computed_at__gt=oldest
    )
    by_month = days.annotate(month=TruncMonth("work_date")).values_list("person_id", "month")
    for person_id, month, at in by_month.annotate(last=Max("computed_at")).order_by():
        take(person_id, month, at)
    return changed


def locked_runs_of(runs: list[Run], months: int) -> list[Run]:
    """The runs of the latest `months` months among `runs`."""
    latest = sorted({run.month for run in runs})[-months:]
    return [run for run in runs if run.month in latest]


_POSTS_CHANGED = """
    SELECT a.person_id, max(greatest(c.recorded_at, c.superseded_at, u.recorded_at, u.superseded_at))
    FROM roster_assignment a
    LEFT JOIN roster_positionclass c ON c.position_id = a.position_id
    LEFT JOIN roster_unitdecision u ON u.unit_id = a.unit_id
    WHERE a.superseded_at IS NULL AND a.person_id = ANY(%s::bigint[])
    GROUP BY a.person_id
"""


def _posts_changed(ids: list[int], oldest: datetime) -> list[tuple[int, datetime]]:
    """When the class of somebody's position, or what their unit is, was last decided, where that is new."""
    with connection.cursor() as cursor:
        cursor.execute(_POSTS_CHANGED, [ids])
        return [(person_id, at) for person_id, at in cursor.fetchall() if at is not None and at > oldest]


def _differing(run: Run, person_ids: list[int], at: datetime) -> list[Adjustment]:
    """Adjustments of one locked month, for the people whose facts are not those that were last known."""
    rows = {row.person_id: row for row in run.inputs.filter(person_id__in=person_ids).order_by("person_id")}
    facts = read_facts(run.government, run.month, frozen_plan(run), rows)
    known: dict[int, str] = {}
    counts: dict[int, int] = {}
    for adjustment in Adjustment.objects.filter(person_id__in=rows, month=run.month).order_by("pk"):
        counts[adjustment.person_id] = counts.get(adjustment.person_id, 0) + 1
        if not adjustment.source.startswith("objection:"):
            known[adjustment.person_id] = adjustment.source.rsplit(":", 1)[-1]
    corrections = _corrections(run, rows)
    found = []
    for person_id, row in rows.items():
        now = facts.get(person_id)
        if now is None or now.aside is not None:
            continue
        mark = fingerprint(now.given)
        if mark == known.get(person_id, fingerprint(row.given)):
            continue
        theirs = corrections.get(person_id, [])
        cause = f"correction:{theirs[-1].pk}" if theirs else f"facts-{counts.get(person_id, 0) + 1}"
        reason = reason_of(row.given, now.given, theirs)[:250]
        found.append(
            Adjustment(person_id=person_id, month=run.month, source=f"{cause}:{mark}", reason=reason, recorded_at=at)
        )
    return found


def _corrections(run: Run, rows: dict[int, RunInput]) -> dict[int, list[Correction]]:
    found: dict[int, list[Correction]] = {}
    approved = Correction.objects.filter(
        person_id__in=rows,
        state=Correction.State.APPROVED,
        work_date__year=run.month.year,
        work_date__month=run.month.month,
    )
    for correction in approved.order_by(F("decided_at").asc(nulls_first=True), "pk"):
        read_at = rows[correction.person_id].read_at
        if correction.decided_at and read_at and correction.decided_at > read_at:
            found.setdefault(correction.person_id, []).append(correction)
    return found


def reason_of(then: Mapping[str, Any], now: Mapping[str, Any], corrections: Collection[Correction]) -> str:
    """In words, what is known now that was not known then."""
    said = [f"koreksi absen {day_words(c.work_date, with_day=False)} disetujui" for c in corrections]
    words = {"class": "kelas jabatan", "rating": "predikat", "rating_score": "nilai kinerja", "level": "jenjang"}
    for name, label in words.items():
        if then.get(name) != now.get(name):
            said.append(f"{label} {then.get(name, 'belum ada')} menjadi {now.get(name, 'berganti di tengah bulan')}")
    if then.get("leaves") != now.get("leaves"):
        said.append("cuti dicatat belakangan")
    if not corrections:
        before = {day["date"]: day for day in then.get("days", [])}
        other = [day["date"] for day in now.get("days", []) if before.get(day["date"]) != day]
        if other:
            on = date.fromisoformat(other[0])
            more = f" dan {len(other) - 1} hari lain" if len(other) > 1 else ""
            said.append(f"{on.day} {MONTHS[on.month - 1]}{more} diputus ulang")
    text = "; ".join(said) or "data kepegawaian berubah"
    return text[0].upper() + text[1:]
