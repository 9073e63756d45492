"""Job rows: claimed once, taken over when abandoned, set aside after three attempts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core import jobs
from core.models import Job

pytestmark = pytest.mark.django_db
CHAIN = ("contoh", "night:2026-11-23", "close_day")


def one_job() -> Job:
    return jobs.plan(*CHAIN, [jobs.Chunk("0001", {"person_ids": [1, 2]}, 2)])[0]


def test_planning_twice_makes_the_rows_once() -> None:
    assert one_job().pk == one_job().pk
    assert Job.objects.count() == 1


def test_a_claimed_row_cannot_be_claimed_again_while_it_beats() -> None:
    now, job = timezone.now(), one_job()
    assert jobs.claim(job.pk, now).attempts == 1
    assert jobs.claim(job.pk, now + jobs.STALE_AFTER) is None
    assert jobs.claim(job.pk, now + jobs.STALE_AFTER + timedelta(seconds=1)).attempts == 2


def test_the_first_holder_cannot_report_after_it_was_taken_over() -> None:
    now, job = timezone.now(), one_job()
    first = jobs.claim(job.pk, now)
    second = jobs.claim(job.pk, now + 2 * jobs.STALE_AFTER)
    assert not jobs.beat(first, now)
    assert not jobs.finish(first, now, 2)
    assert jobs.finish(second, now, 2)
    assert jobs.claim(job.pk, now) is None, "what is done stays done"


def test_three_failures_set_the_chunk_aside() -> None:
    now, job = timezone.now(), one_job()
    states = [jobs.fail(jobs.claim(job.pk, now), now, "rusak") for _ in range(3)]
    assert states == ["waiting", "waiting", "failed"]
    assert jobs.claim(job.pk, now) is None
    [stage] = jobs.progress("contoh", CHAIN[1])
    assert stage.ended and stage.chunks_failed == 1


def test_a_chunk_that_kills_its_worker_does_not_loop() -> None:
    now, job = timezone.now(), one_job()
    for _ in range(3):
        assert jobs.claim(job.pk, now) is not None
        now += 2 * jobs.STALE_AFTER
    assert jobs.claim(job.pk, now) is None
    job.refresh_from_db()
    assert job.state == "failed" and "disisihkan" in job.error


def test_the_sweeper_finds_what_was_lost_and_not_what_is_at_work() -> None:
    now = timezone.now()
    lost, running, silent = jobs.plan(*CHAIN, [jobs.Chunk(name, {}) for name in ("a", "b", "c")])
    late = now + jobs.RESEND_AFTER + timedelta(seconds=1)
    jobs.claim(silent.pk, now)
    jobs.claim(running.pk, late)
    assert {job.pk for job in jobs.abandoned(late)} == {lost.pk, silent.pk}
    jobs.mark_sent([lost.pk], late)
    assert {job.pk for job in jobs.abandoned(late)} == {silent.pk}


def test_only_the_stages_asked_for_are_sent_again_and_each_once_a_while() -> None:
    now, sent = timezone.now(), []
    mine = jobs.plan(*CHAIN, [jobs.Chunk("a", {})])[0]
    jobs.plan(*CHAIN[:2], "another_stage", [jobs.Chunk("a", {})])
    late = now + jobs.RESEND_AFTER + timedelta(seconds=1)
    assert jobs.sweep(late, [mine.stage], sent.append) == 1
    assert jobs.sweep(late, [mine.stage], sent.append) == 0
    assert sent == [mine.pk]


def test_what_people_have_to_put_right_is_set_aside_at_once_and_only_by_its_holder() -> None:
    now, job = timezone.now(), one_job()
    first = jobs.claim(job.pk, now)
    later = now + 2 * jobs.STALE_AFTER
    second = jobs.claim(job.pk, later)
    assert not jobs.refuse(first, later, "Belum ada dokumen.")
    job.refresh_from_db()
    assert job.state == "running"
    assert jobs.refuse(second, later, "Belum ada dokumen.")
    job.refresh_from_db()
    assert (job.state, job.error, job.attempts, job.finished_at) == ("failed", "Belum ada dokumen.", 2, later)


def many(people: int) -> Job:
    ids = list(range(1, people + 1))
    return jobs.plan(*CHAIN, [jobs.Chunk("00001", {"person_ids": ids, "on": "x"}, people)])[0]


def twice(job: Job) -> Job:
    now = timezone.now()
    jobs.fail(jobs.claim(job.pk, now), now, "rusak")
    held = jobs.claim(job.pk, now, "celery@satu")
    assert held is not None
    return held


def test_a_chunk_that_failed_twice_is_cut_and_nobody_is_lost_or_twice() -> None:
    now = timezone.now()
    for people, pieces in ((2, 2), (64, 64), (65, 9), (2_000, 46)):
        Job.objects.all().delete()
        job = many(people)
        assert jobs.cut(job.pk, now) == [], "nobody has tried it"
        held = twice(job)
        made = jobs.cut(job.pk, now, held=held, error="rusak")
        assert len(made) == pieces
        assert sorted(one for piece in made for one in piece.arguments["person_ids"]) == list(range(1, people + 1))
        assert {piece.arguments["on"] for piece in made} == {"x"}
        job.refresh_from_db()
        assert (job.state, job.attempts, job.error, job.worker) == ("split", 2, "rusak", "celery@satu")
        assert jobs.cut(job.pk, now, held=held) == [], "twice is once"
        assert jobs.claim(job.pk, now) is None
        [stage] = jobs.progress("contoh", CHAIN[1])
        assert (stage.chunks, stage.people, stage.ended) == (pieces, people, False)


def test_a_chunk_is_not_cut_while_somebody_is_at_it() -> None:
    now, job = timezone.now(), many(10)
    held = twice(job)
    assert jobs.cut(job.pk, now) == [], "it beats"
    assert len(jobs.cut(job.pk, now + 2 * jobs.STALE_AFTER)) == 10
    assert not jobs.finish(held, now, 10), "the first holder has lost it"


def test_one_person_is_never_cut_but_set_aside_by_name() -> None:
    now, job = timezone.now(), many(1)
    held = twice(job)
    assert jobs.cut(job.pk, now, held=held) == []
    assert jobs.fail(held, now, "rusak") == "waiting"
    assert jobs.fail(jobs.claim(job.pk, now), now, "rusak") == "failed"
    job.refresh_from_db()
    assert job.set_aside == [{"person": 1, "reason": "rusak"}]


def test_what_is_not_about_people_is_not_cut() -> None:
    now, job = timezone.now(), jobs.plan(*CHAIN, [jobs.Chunk("all", {})])[0]
    assert jobs.cut(job.pk, now, held=twice(job)) == []


def test_a_stage_is_not_cut_without_end(monkeypatch) -> None:
    monkeypatch.setattr(jobs, "MAX_PIECES_A_STAGE", 9)
    now, job = timezone.now(), many(10)
    assert jobs.cut(job.pk, now, held=twice(job)) == []
