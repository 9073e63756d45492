"""Habits of arrival: presses of a day as they would have been, written by COPY. The rules decide what they mean."""

import io
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db import connection

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
