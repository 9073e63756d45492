"""How the portal stands now, read once for the status page and for monitoring: servers, work, nights, audit, disk."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils.dateparse import parse_datetime

from roster.models import Government
from wfh_portal.health import CACHE, DATABASE
from wfh_portal.night_states import NightState, begun_days, nights_of
from wfh_portal.night_watch import is_bad

TICK_KEY = "timetable-tick"
# The timetable writes it every minute; a few lost minutes are a restart, more are a fault.
TICK_LATE_AFTER = timedelta(minutes=5)
NIGHTS_LOOKED_AT = 14
COUNTS = """
SELECT current_setting('server_version'),
       (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
       current_setting('max_connections')::int,
       pg_database_size(current_database()),
       (SELECT count(*) FROM core_auditentry
        WHERE id > (SELECT coalesce(max(last_entry_id), 0) FROM core_auditseal)),
       (SELECT min(at) FROM core_auditentry
        WHERE id > (SELECT coalesce(max(last_entry_id), 0) FROM core_auditseal)),
       (SELECT count(*) FROM core_alert WHERE sent_at IS NULL)
"""
JOBS = """
SELECT stage, state, count(*), min(coalesce(heartbeat_at, created_at)) FROM core_job
WHERE state IN ('waiting', 'running', 'failed') GROUP BY stage, state ORDER BY stage, state
"""
PUNCHES = """
SELECT government.code, count(punch.id), max(punch.delivered_at)
FROM roster_government AS government
JOIN roster_person AS person ON person.government_id = government.id
JOIN attendance_punch AS punch
  ON punch.person_id = person.id AND punch.work_date = (%s AT TIME ZONE government.zone)::date
GROUP BY government.code ORDER BY government.code
"""


@dataclass(frozen=True)
class Work:
    """Rows of long work of one stage in one state; `since`: the oldest sign of life among them."""

    stage: str
    state: str
    count: int
    since: datetime


@dataclass(frozen=True)
class Presses:
    """Presses of a government's present day."""

    government_code: str
    count: int
    last_at: datetime


@dataclass(frozen=True)
class Database:
    """What only a database that answers can say."""

    version: str
    connections: int
    connections_most: int
    size_bytes: int
    unsealed_count: int
    unsealed_since: datetime | None
    alerts_unsent: int
    work: tuple[Work, ...]
    presses: tuple[Presses, ...]
    nights: dict[str, tuple[NightState, ...]]
    bad_nights: dict[str, tuple[NightState, ...]]


@dataclass(frozen=True)
class State:
    """One look at everything. `database` is None while it does not answer, `ticked_at` where nobody knows."""

    at: datetime
    cache_answers: bool
    ticked_at: datetime | None
    disk_free_bytes: int
    disk_total_bytes: int
    database: Database | None

    @property
    def timetable_runs(self) -> bool:
        """Whether beat sent, the queue carried and a worker did something lately."""
        return self.ticked_at is not None and self.at - self.ticked_at < TICK_LATE_AFTER


def tick(now: datetime) -> None:
    """Leave the sign that beat, queue and a worker did something together."""
    cache.set(TICK_KEY, now.isoformat(), timeout=24 * 60 * 60)


def read_state(now: datetime) -> State:
    """Look at everything once; what does not answer is told and not waited for."""
    cache_answers = CACHE.holds()
    ticked = cache.get(TICK_KEY) if cache_answers else None
    disk = shutil.disk_usage(settings.PORTAL_DATA)
    database = _database(now) if DATABASE.holds() else None
    return State(now, cache_answers, parse_datetime(ticked) if ticked else None, disk.free, disk.total, database)


def _database(now: datetime) -> Database | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(COUNTS)
            counts = cursor.fetchone()
            cursor.execute(JOBS)
            work = tuple(Work(*row) for row in cursor.fetchall())
            cursor.execute(PUNCHES, [now])
            presses = tuple(Presses(*row) for row in cursor.fetchall())
        nights, bad = {}, {}
        for government in Government.objects.filter(go_live_on__isnull=False).order_by("code"):
            found = nights_of(government, begun_days(government, now, NIGHTS_LOOKED_AT))
            nights[government.code] = tuple(found)
            bad[government.code] = tuple(night for night in found if is_bad(government, night, now))
    except DatabaseError:
        return None
    return Database(*counts, work, presses, nights, bad)
