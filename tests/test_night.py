"""The night by real worker processes: killed half-way it ends right, twice is once, and poison is set aside."""

import os
import signal
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg2
import pytest
from django.db import connection
from django.utils import timezone

from attendance.models import DayPlan, DayRecord, Punch
from core import jobs
from core.models import Job
from roster.models import Assignment, Building, Government, Person, PersonStatus, Unit, UnitDecision
from wfh_portal import night, night_states
from wfh_portal.tasks import send

ON = date(2026, 11, 18)  # a Wednesday without a holiday
SINCE = date(2025, 1, 1)
PEOPLE = 120
FACTS = ("person_id", "place", "first_in", "last_out", "minutes_late", "absent_days", "present_days")


@pytest.fixture
def government(transactional_db: None) -> Government:
    """`contoh` with 120 people in two units: every fourth is late, every tenth does not come."""
    government, _ = Government.objects.update_or_create(
        code="contoh", defaults={"name": "Provinsi Contoh", "go_live_on": date(2026, 11, 2), "demonstration": True}
    )
    known = {"valid_from": SINCE, "recorded_at": timezone.now()}
    building = Building.objects.create(government=government, code="GDS", name="Gedung Sate")
    units = [Unit.objects.create(government=government, code=code, name=code) for code in ("U1", "U2")]
    for unit in units:
        UnitDecision.objects.create(unit=unit, building=building, service_kind="administrative", **known)
    people = Person.objects.bulk_create(Person(government=government, name=f"Orang {i}") for i in range(PEOPLE))
    PersonStatus.objects.bulk_create(PersonStatus(person=p, standing="Aktif", **known) for p in people)
    Assignment.objects.bulk_create(
        Assignment(person=p, unit=units[i % 2], level="pelaksana", **known) for i, p in enumerate(people)
    )
    Punch.objects.bulk_create(punch for i, person in enumerate(people) if i % 10 for punch in presses(i, person))
    return government


def presses(i: int, person: Person) -> list[Punch]:
    zone = ZoneInfo("Asia/Jakarta")
    at_in = datetime(2026, 11, 18, 7, 45 if i % 4 == 0 else 10, tzinfo=zone)
    times = {"in": at_in, "out": datetime(2026, 11, 18, 16, 20, tzinfo=zone)}
    return [
        Punch(person=person, verb=verb, at=at, work_date=ON, request_key=f"{verb}-{i}", delivered_at=at)
        for verb, at in times.items()
    ]


def start(government: Government, **options) -> bool:
    return night.start(night_states.night_for(government, ON), timezone.now(), send, **options)


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, list(Job.objects.values("stage", "chunk", "state", "attempts", "error"))
        time.sleep(0.05)


def ended(government: Government) -> bool:
    return night_states.has_ended(government.code, night_states.chain_name(ON))


def records() -> list[tuple]:
    return list(DayRecord.objects.filter(work_date=ON).order_by("person_id").values_list(*FACTS))


def assert_day_is_right() -> None:
    by_person = {row[0]: row for row in records()}
    people = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    assert list(by_person) == people
    for i, person_id in enumerate(people):
        _, _, _, _, late, absent, present = by_person[person_id]
        expected = (0, 1, 0) if i % 10 == 0 else (15 if i % 4 == 0 else 0, 0, 1)
        assert (late, absent, present) == expected, i


def second_connection():
    settings = connection.settings_dict
    return psycopg2.connect(
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        host=settings["HOST"],
        port=settings["PORT"] or None,
    )


def test_a_worker_killed_half_way_loses_nothing(government: Government, start_worker) -> None:
    doomed = start_worker()
    blocker = second_connection()
    start(government, people_a_chunk=10)
    closing = Job.objects.filter(stage="close_day")
    wait_until(lambda: closing.filter(state="done").count() >= 3)
    # The next chunk stands still in the middle of its work: that is where the worker dies.
    with blocker.cursor() as cursor:
        cursor.execute("LOCK TABLE attendance_dayrecord IN EXCLUSIVE MODE")
    wait_until(lambda: closing.filter(state="running").exists())
    time.sleep(0.3)
    os.killpg(doomed.pid, signal.SIGKILL)
    doomed.wait(10)
    blocker.rollback()
    blocker.close()
    done_before = closing.filter(state="done").count()
    assert 3 <= done_before < PEOPLE // 10
    interrupted = closing.get(state="running")
    start_worker()
    # Its last beat is a minute ago: the sweeper's turn.
    Job.objects.filter(pk=interrupted.pk).update(heartbeat_at=timezone.now() - jobs.STALE_AFTER - timedelta(seconds=1))
    night.sweep(timezone.now(), send)
    wait_until(lambda: ended(government))
    assert night_states.ended_well(government.code, night_states.chain_name(ON))
    interrupted.refresh_from_db()
    assert (interrupted.state, interrupted.attempts) == ("done", 2)
    assert_day_is_right()


def test_twice_is_once(government: Government, start_worker) -> None:
    start_worker()
    assert start(government, people_a_chunk=50)
    assert not start(government, people_a_chunk=50)
    wait_until(lambda: ended(government))
    first, plans = records(), DayPlan.objects.count()
    assert not start(government), "the timetable does not begin an ended night anew"
    assert start(government, again=True, people_a_chunk=50)
    wait_until(lambda: ended(government))
    assert records() == first
    assert DayPlan.objects.count() == plans
    assert_day_is_right()


def test_the_sweeper_brings_back_what_the_broker_lost(government: Government, start_worker) -> None:
    night.start(night_states.night_for(government, ON), timezone.now(), lambda job_id: None, people_a_chunk=50)
    assert night.sweep(timezone.now(), send) == 0
    start_worker()
    Job.objects.update(heartbeat_at=timezone.now() - jobs.RESEND_AFTER - timedelta(seconds=1))
    assert night.sweep(timezone.now(), send) == 1
    wait_until(lambda: ended(government))
    assert_day_is_right()


def test_the_command_starts_a_worker_where_none_answers(government: Government, run_command) -> None:
    found = run_command("night", "--date", ON.isoformat(), "--wait")
    assert found.returncode == 0, found.stdout + found.stderr
    assert "Tidak ada pekerja yang menjawab" in found.stdout
    assert "Menutup hari: 1 dari 1 bagian, 120 pegawai (selesai)" in found.stdout
    assert_day_is_right()


def test_days_before_go_live_and_days_to_come_are_refused(government: Government, run_command) -> None:
    for on, words in ((date(2026, 11, 1), "sebelum hari mulai"), (timezone.localdate(), "belum berakhir")):
        found = run_command("night", "--date", on.isoformat(), "--wait")
        assert found.returncode == 1
        assert words in found.stderr
    assert not Job.objects.exists()
