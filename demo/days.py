"""Habits of arrival: presses of a day as they would have been, written by COPY. The rules decide what they mean."""

import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection

from attendance.models import DayPlan
from core.copying import copy_rows
from demo.rows import copy_models
from roster.models import Assignment, Government, HomeDay, RolloutPhase, UnitDecision

REPORT_COLUMNS = (
    "person_id", "work_date", "plan", "result", "planned_count", "done_count", "planned_at", "delivered_at", "verdict",
)  # fmt: skip
WORK = ("Telaah usulan anggaran", "Konsep surat edaran", "Rekap data bulanan", "Notulen rapat daring")
COLUMNS = (
    "person_id, verb, at, work_date, source, request_key, receipt_number, receipt_code, delivered_at, provisional, "
    "evidence_hash"
)
# Positions of two of the second unit who are late twice a week, so that even a small province has what to mend.
LATECOMERS = (31, 46)
NEVER_CAME, LEFT_EARLY, FORGOT_TO_LEAVE = 0.002, 0.985, (0.98, 0.983)


def chance(seed: int, on: date, about: int) -> np.random.Generator:
    """Random numbers of one day and one subject: the same whichever process makes the day, and in whatever order."""
    return np.random.default_rng([seed, on.toordinal(), about])


@lru_cache(maxsize=1)
def _clocks() -> list[str]:
    return [f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}" for at in range(86_400)]


def punch_lines(person_ids: Sequence[int], gone: set[int], on: date, zone: str, seed: int) -> str:
    """COPY lines of one working day: most are early, some late on rainy Mondays, a few forget or do not come."""
    draw, count, clocks = chance(seed, on, 0), len(person_ids), _clocks()
    rainy = on.weekday() == 0 and on.month in (1, 2, 11, 12)
    leaves_at = 16 * 60 + (30 if on.weekday() == 4 else 0)
    luck = draw.random(count)
    late = luck < (0.12 if rainy else 0.04)
    if on.weekday() in (1, 4):
        late[[position for position in LATECOMERS if position < count]] = True
    arrival = np.where(late, 451 + draw.integers(0, 71, count), 395 + draw.integers(0, 53, count))
    departure = leaves_at + draw.integers(np.where(luck > LEFT_EARLY, -40, 0), 76)
    seconds = draw.integers(0, 60, (2, count))
    stays = (luck <= FORGOT_TO_LEAVE[0]) | (luck >= FORGOT_TO_LEAVE[1])
    offset = datetime(on.year, on.month, on.day, tzinfo=ZoneInfo(zone)).isoformat()[-6:]
    came_in, went_out = _line_parts("in", on, offset), _line_parts("out", on, offset)
    ends = "\tf\t\n"
    lines = []
    for person_id, comes, arrives, leaves, presses in zip(
        person_ids, (luck >= NEVER_CAME).tolist(), (arrival * 60 + seconds[0]).tolist(),
        (departure * 60 + seconds[1]).tolist(), stays.tolist(), strict=True,
    ):  # fmt: skip
        if not comes or person_id in gone:
            continue
        key, zone_and_receipt, again = came_in
        clock = clocks[arrives]
        lines.append(f"{person_id}{key}{clock}{zone_and_receipt}{person_id}{again}{clock}{offset}{ends}")
        if presses:
            key, zone_and_receipt, again = went_out
            clock = clocks[leaves]
            lines.append(f"{person_id}{key}{clock}{zone_and_receipt}{person_id}{again}{clock}{offset}{ends}")
    return "".join(lines)


def _line_parts(verb: str, on: date, offset: str) -> tuple[str, str, str]:
    """What is the same on all lines of a day: around the clock, the receipt's number and the clock again."""
    receipt = f"A{'M' if verb == 'in' else 'P'}-{on:%y%m%d}-"
    return (
        f"\t{verb}\t{on} ",
        f"{offset}\t{on}\tbrowser\tdemo-{on:%Y%m%d}-{verb}\t{receipt}",
        f"\t\t{on} ",
    )


def copy_punches(lines: str) -> None:
    """Append COPY lines of presses."""
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY attendance_punch ({COLUMNS}) FROM STDIN", io.StringIO(lines))


def seed_evidence(since: date, expires_on: date) -> None:
    """Network and device of the presses since a day; one in a hundred has none, and opens a case in the night."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO attendance_punchevidence (punch_id, network, device, expires_on)
            SELECT id, ('10.20.' || person_id %% 200 || '.' || (person_id + extract(day FROM work_date)::int) %% 250)
                   ::inet, 'demo-' || person_id, %s
            FROM attendance_punch WHERE work_date >= %s AND person_id %% 100 <> 7
            """,
            [expires_on, since],
        )


def seed_reports(person_ids: Sequence[int], on: date, zone: str, seed: int, judged: bool) -> None:
    """Plans and results of those at home: most deliver, a few forget; `judged`: the superior has looked at them."""
    morning = datetime(on.year, on.month, on.day, 7, 20, tzinfo=ZoneInfo(zone))
    draw, count = chance(seed, on, 1), len(person_ids)
    drawn = zip(
        person_ids, draw.random(count).tolist(), draw.integers(0, len(WORK), count).tolist(),
        draw.integers(2, 5, count).tolist(), draw.integers(0, 61, count).tolist(),
        draw.integers(500, 561, count).tolist(), strict=True,
    )  # fmt: skip
    at_home = set(DayPlan.objects.filter(work_date=on, place="home").values_list("person_id", flat=True))
    verdict = "accepted" if judged else ""
    rows = (
        (person_id, on, WORK[work], f"{WORK[work]}: selesai", tasks, tasks, morning + timedelta(minutes=planned),
         morning + timedelta(minutes=delivered), verdict)
        for person_id, luck, work, tasks, planned, delivered in drawn
        if luck >= 0.02 and person_id in at_home
    )  # fmt: skip
    copy_rows("attendance_workreport", REPORT_COLUMNS, rows)


def seed_home_days(government: Government, first: date, until: date, at: datetime) -> None:
    """Days at home where a phase wants a schedule or an approved request: half of the people, week about."""
    phases = RolloutPhase.objects.filter(building__government=government).exclude(mode=RolloutPhase.Mode.ALL)
    rows = []
    for phase in phases:
        units = UnitDecision.objects.filter(building=phase.building).values("unit_id")
        ids = list(Assignment.objects.filter(unit__in=units).order_by("person_id").values_list("person_id", flat=True))
        on, week = max(first, phase.valid_from), 0
        while on <= until:
            if on.weekday() == phase.weekday:
                rows += [
                    HomeDay(person_id=person_id, on=on, state="approved", decided_at=at, recorded_at=at)
                    for person_id in ids[week % 2 :: 2]
                ]
                week += 1
            on += timedelta(days=1)
    copy_models(rows)
