"""The portal as the drill of a restore uses it: a locked run, people who press, a mistake, and what must come back."""

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from wfh_portal.embedded import Addresses
from wfh_portal.environment import database

THREADS, PAUSE_SECONDS = 3, 0.01


@dataclass(frozen=True)
class Press:
    """A press that the portal answered with a receipt."""

    key: str
    at: datetime
    answered_at: datetime


@dataclass
class Presses:
    """What was answered so far, from all threads."""

    answered: list[Press] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def wait_for(self, count: int) -> None:
        """Until so many presses were answered."""
        deadline = time.monotonic() + 60
        while len(self.answered) < count:
            if self.refused or time.monotonic() > deadline:
                raise SystemExit(f"Tekanan tidak dijawab lagi: {self.refused[:1]}")
            time.sleep(0.02)


class Portal:
    """Django on the drill's server, as the application unless said otherwise."""

    def __init__(self) -> None:
        self.people: list[Any] = []
        self.run_id = 0

    def open(self, addresses: Addresses) -> None:
        """Connect to the server where it answers now; the first time, make the tables."""
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        if not self.people:
            self._connect(addresses.owner_url)
            call_command("migrate", verbosity=0)
        self.owner_url = addresses.owner_url
        self._connect(addresses.database_url)
        connection.ensure_connection()

    def _connect(self, url: str) -> None:
        from django.db import connections

        connections.close_all()
        connections["default"].settings_dict.update(database(url))

    def prepare(self) -> dict[str, object]:
        """A locked run, sealed records, people with a plan for today; returns what must be the same afterwards."""
        from attendance.clock import work_date_of
        from attendance.models import DayPlan
        from core import audit
        from tests.exported_run import locked, make_office
        from tests.runs import make_person

        office = make_office()
        run = locked(office)
        now = datetime.now(UTC)
        work_date = work_date_of(now, office.government.zone)
        self.people = [make_person(office.top, f"Penekan {number}") for number in range(THREADS)]
        DayPlan.objects.bulk_create(
            DayPlan(person=person, work_date=work_date, place="home", planned_at=now) for person in self.people
        )
        for number in range(20):
            audit.record(now, office.government.code, "latihan", "membaca", f"catatan {number}")
        assert audit.seal(now) is not None
        self.run_id = run.pk
        return self.evidence()

    def evidence(self) -> dict[str, object]:
        """Broken seals, differences of the locked run, and the fingerprint of its bundle."""
        from allowances.exports import export
        from allowances.frozen import recompute_differences
        from allowances.models import Run
        from core import audit
        from core.models import AuditSeal

        run = Run.objects.get(pk=self.run_id)
        bundle = export(run, "bundle").content
        return {
            "seals": AuditSeal.objects.count(),
            "broken": len(audit.verify()),
            "people": run.people_count,
            "differences": len(recompute_differences(run)),
            "bundle": hashlib.sha256(bundle).hexdigest(),
        }

    @contextmanager
    def pressing(self) -> Iterator[Presses]:
        """People press from several threads until the server no longer answers."""
        presses = Presses()
        threads = [threading.Thread(target=self._press, args=(presses, number)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        try:
            yield presses
        finally:
            presses.over.set()
            for thread in threads:
                thread.join(60)

    def _press(self, presses: Presses, number: int) -> None:
        from django.db import DatabaseError, InterfaceError, connection

        from attendance.clock import work_date_of
        from attendance.evidence import Evidence
        from attendance.operations import Attempt, record_punch
        from attendance.tokens import PageToken

        person = self.people[number]
        zone = person.government.zone
        try:
            while not presses.over.is_set():
                key, at = str(uuid4()), datetime.now(UTC)
                token = PageToken(person.pk, "out", work_date_of(at, zone), at)
                outcome = record_punch(person, "out", key, at, Attempt(token), Evidence())
                assert outcome.kind == "recorded", outcome
                presses.answered.append(Press(key, at, datetime.now(UTC)))
                presses.over.wait(PAUSE_SECONDS)
        except (DatabaseError, InterfaceError) as error:
            presses.refused.append(str(error))
        finally:
            connection.close()

    def now_of_server(self) -> datetime:
        """The instant of the server's clock, which stamps its commits."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            return cursor.fetchone()[0]

    def make_a_mistake(self) -> int:
        """The owner deletes the month's scores, a moment later."""
        import psycopg2

        time.sleep(0.2)
        owner = psycopg2.connect(self.owner_url)
        with owner, owner.cursor() as cursor:
            cursor.execute("DELETE FROM performance_monthscore")
            deleted = cursor.rowcount
        owner.close()
        return deleted

    def rows_of_mistake(self) -> int:
        """How many of those rows there are."""
        from performance.models import MonthScore

        return MonthScore.objects.count()

    def punches(self) -> dict[str, datetime]:
        """Every press that stands."""
        from attendance.models import Punch

        return dict(Punch.objects.values_list("request_key", "at"))
