"""Habits of arrival: presses of a day as they would have been, written by COPY. The rules decide what they mean."""

import io
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db import connection

from attendance.models import DayPlan
from core.copying import copy_rows
from roster.models import Assignment, Government, HomeDay, RolloutPhase, UnitDecision

REPORT_COLUMNS = (
    "person_id", "work_date", "plan", "result", "planned_count", "done_count", "planned_at", "delivered_at", "verdict",
)  # fmt: skip
WORK = ("Telaah usulan anggaran", "Konsep surat edaran", "Rekap data bulanan", "Notulen rapat daring")
COLUMNS = (
    "person_id, verb, at, work_date, source, request_key, receipt_number, receipt_code, delivered_at, provisional, "
    "evidence_hash"
)


def punches_of(person_ids: Iterable[int], on: date, zone: str, random: Random) -> str:
    """COPY lines of one working day: most are early, some late on rainy Mondays, a few forget or do not come."""
    rainy = on.weekday() == 0 and on.month in (1, 2, 11, 12)
    start = datetime(on.year, on.month, on.day, tzinfo=ZoneInfo(zone))
    leaves_at = 16 * 60 + (30 if on.weekday() == 4 else 0)
    lines = []
    for person_id in person_ids:
        luck = random.random()
        if luck < 0.002:
            continue
        late = luck < (0.12 if rainy else 0.04)
        arrival = start + timedelta(
            minutes=451 + random.randint(0, 70) if late else 395 + random.randint(0, 52), seconds=random.randint(0, 59)
        )
        departure = start + timedelta(
            minutes=leaves_at + random.randint(-40 if luck > 0.985 else 0, 75), seconds=random.randint(0, 59)
        )
        lines.append(_line(person_id, "in", arrival, on))
        if not 0.98 < luck < 0.983:
            lines.append(_line(person_id, "out", departure, on))
    return "".join(lines)


def _line(person_id: int, verb: str, at: datetime, on: date) -> str:
    key = f"demo-{on:%Y%m%d}-{verb}"
    receipt = f"A{'M' if verb == 'in' else 'P'}-{on:%y%m%d}-{person_id}"
    stamp = at.isoformat()
    return f"{person_id}\t{verb}\t{stamp}\t{on}\tbrowser\t{key}\t{receipt}\t\t{stamp}\tf\t\n"


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
            SELECT id, ('10.20.' || person_id %% 200 || '.' || id %% 250)::inet, 'demo-' || person_id, %s
            FROM attendance_punch WHERE work_date >= %s AND person_id %% 100 <> 7
            """,
            [expires_on, since],
        )


def seed_reports(on: date, zone: str, random: Random, judged: bool) -> None:
    """Plans and results of those at home: most deliver, a few forget; `judged`: the superior has looked at them."""
    morning = datetime(on.year, on.month, on.day, 7, 20, tzinfo=ZoneInfo(zone))
    rows = []
    at_home = DayPlan.objects.filter(work_date=on, place="home").order_by("person_id")
    for person_id in at_home.values_list("person_id", flat=True):
        if random.random() < 0.02:
            continue
        work, count = random.choice(WORK), random.randint(2, 4)
        planned = morning + timedelta(minutes=random.randint(0, 60))
        delivered = morning + timedelta(minutes=random.randint(500, 560))
        rows.append((person_id, on, work, f"{work}: selesai", count, count, planned,
                     delivered, "accepted" if judged else ""))  # fmt: skip
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
    HomeDay.objects.bulk_create(rows, batch_size=5_000)
