"""A person whose day cannot be written or who ends the process: set aside by name, and everybody else is done."""

import sys
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from allowances.models import Run
from attendance.models import DayRecord
from core import jobs
from core.models import Alert, Job
from roster.models import Government, Person
from tests import night_world
from tests.test_night_stages import ended, wait_until
from wfh_portal import night, night_states
from wfh_portal.tasks import send

PEOPLE = 80
SECOND = timedelta(seconds=1)


@pytest.fixture
def government(transactional_db: None) -> Government:
    return night_world.make(PEOPLE)


@pytest.fixture
def poison(government: Government) -> Person:
    return Person.objects.order_by("pk")[PEOPLE // 2]


def start(government: Government) -> None:
    assert night.start(night_world.night_of(government), timezone.now(), send, people_a_chunk=70)


def assert_only_one_is_aside(government: Government, poison: Person) -> None:
    on = government.go_live_on
    done = set(DayRecord.objects.filter(work_date=on).values_list("person_id", flat=True))
    assert done == set(Person.objects.values_list("pk", flat=True)) - {poison.pk}
    [aside] = night_states.people_aside(government.code, on)
    assert (aside.person_id, aside.stage) == (poison.pk, "Menutup hari")
    closing = Job.objects.filter(stage="close_day")
    alone = closing.get(state="failed")
    assert (alone.attempts, alone.total_count, alone.arguments["person_ids"]) == (3, 1, [poison.pk])
    # 70 people in pieces of 8, and those 8 one by one.
    assert sorted(closing.filter(state="split").values_list("attempts", flat=True)) == [2, 2]
    assert closing.exclude(state__in=["split", "failed"]).filter(state="done").count() == 1 + 8 + 7
    [stage] = [
        one for one in jobs.progress(government.code, night_world.chain_of(government)) if one.stage == "close_day"
    ]
    assert (stage.people, stage.people_done, stage.people_failed) == (PEOPLE, PEOPLE - 1, 1)
    later = jobs.progress(government.code, night_world.chain_of(government))[2:]
    assert [one.chunks_failed for one in later] == [0, 0, 0, 0]
    [alert] = Alert.objects.all()
    assert alert.subject == night_world.chain_of(government)
    assert "1 pegawai disisihkan" in alert.text
    assert poison.name not in alert.text


def test_a_person_whose_row_the_database_refuses(government: Government, poison: Person, start_worker) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF NEW.person_id = {poison.pk} THEN RAISE EXCEPTION 'rusak'; END IF; RETURN NEW; END $$;"
            "CREATE TRIGGER refuse_one BEFORE INSERT ON attendance_dayrecord"
            " FOR EACH ROW EXECUTE FUNCTION refuse_one();"
        )
    try:
        start_worker()
        start(government)
        wait_until(lambda: ended(government))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER refuse_one ON attendance_dayrecord; DROP FUNCTION refuse_one()")
    assert_only_one_is_aside(government, poison)
    assert "rusak" in Job.objects.get(state="failed").error


def test_a_person_who_ends_the_process(government: Government, poison: Person, start_worker, monkeypatch) -> None:
    monkeypatch.setenv("DEADLY_PERSON", str(poison.pk))
    monkeypatch.setattr("tests.conftest.worker_command", deadly_command)
    start_worker()
    start(government)
    deadline = time.monotonic() + 120
    # The test is the sweeper: a chunk that takes more than two seconds has lost its process.
    while not ended(government):
        assert time.monotonic() < deadline, list(Job.objects.values("stage", "chunk", "state", "attempts"))
        now = timezone.now()
        Job.objects.filter(state="running", started_at__lt=now - 2 * SECOND).update(
            heartbeat_at=now - 2 * jobs.STALE_AFTER
        )
        night.sweep(now, send)
        time.sleep(0.2)
    assert_only_one_is_aside(government, poison)
    assert "berhenti mendadak" in Job.objects.get(state="failed").error


def deadly_command(name: str, concurrency: int = 1) -> list[str]:
    return [
        sys.executable, "-m", "celery", "--app=tests.deadly_worker", "worker", f"--concurrency={concurrency}",
        f"--hostname={name}@%h", "--without-gossip", "--without-mingle", "--loglevel=INFO",
    ]  # fmt: skip


def test_a_stage_that_fails_for_everybody_is_not_cut_without_end(government: Government, monkeypatch) -> None:
    """In this process, with room for a few pieces only."""
    monkeypatch.setattr(jobs, "MAX_PIECES_A_STAGE", 20)
    queue: list[int] = []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE attendance_dayrecord RENAME TO elsewhere")
    try:
        night.start(night_world.night_of(government), timezone.now(), queue.append, people_a_chunk=70)
        while queue:
            night.run_chunk(queue.pop(0), timezone.now, queue.append)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO attendance_dayrecord")
    assert ended(government)
    closing = Job.objects.filter(stage="close_day")
    assert closing.filter(chunk__contains=".").count() <= 20
    assert set(closing.values_list("state", flat=True)) == {"failed", "split"}
    assert closing.filter(state="failed").aggregate(people=Sum("total_count"))["people"] == PEOPLE
    assert max(closing.values_list("attempts", flat=True)) == jobs.MAX_ATTEMPTS


def test_the_head_of_the_draft_is_right_though_the_last_chunk_lost_its_process(government: Government) -> None:
    """In this process; the lost one claims its row and is never heard of again."""
    queue: list[int] = []
    night.start(night_world.night_of(government), timezone.now(), queue.append, people_a_chunk=70)
    while Job.objects.filter(stage="draft_run").count() < 2:
        night.run_chunk(queue.pop(0), timezone.now, queue.append)
    lost = Job.objects.filter(stage="draft_run").order_by("pk").first()
    # Nothing is cut any more: one attempt is left, and it is lost too.
    Job.objects.filter(pk=lost.pk).update(attempts=2, arguments={**lost.arguments, "person_ids": []})
    assert jobs.claim(lost.pk, timezone.now()).attempts == jobs.MAX_ATTEMPTS
    [other] = Job.objects.filter(stage="draft_run").exclude(pk=lost.pk)
    Job.objects.filter(pk=lost.pk).update(state="waiting")
    night.run_chunk(other.pk, timezone.now, queue.append)
    run = Run.objects.get()
    assert run.people_count == 0, "the other chunk waits, so this one was not the last"
    Job.objects.filter(pk=lost.pk).update(state="running", heartbeat_at=timezone.now() - 2 * jobs.STALE_AFTER)
    night.run_chunk(lost.pk, timezone.now, queue.append)
    run.refresh_from_db()
    assert run.people_count == run.inputs.count() == PEOPLE - 70
