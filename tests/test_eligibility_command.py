"""`eligibility` knows absences from their decision, ends with one sentence, and works as a process of its own."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from tests.test_eligibility_table import HOME, NIP, THURSDAY, World, answer, ask

MONDAY, TUESDAY = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 6, tzinfo=UTC)


@pytest.fixture
def world(db: None) -> World:
    return World()


def refusal(*words: str) -> str:
    """What a refused call says; it must end with exit code 1 and leave standard output empty."""
    out, complaints = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ending:
        call_command("eligibility", *words, "--government", "contoh", stdout=out, stderr=complaints)
    assert (ending.value.code, out.getvalue()) == (1, "")
    assert len(complaints.getvalue().strip().splitlines()) == 1
    return complaints.getvalue()


def test_every_reason_has_code_message_and_source(world: World) -> None:
    world.change(world.decision, service_kind="direct_service")
    message = "Unit ini memberi layanan langsung."
    assert ask()["reasons"] == [{"code": "direct_service", "message": message, "source": "SK 1"}]


@pytest.mark.parametrize("state", ["requested", "rejected"])
def test_an_absence_that_is_not_approved_is_none(world: World, state: str) -> None:
    world.leaves("tahunan", state=state)
    assert answer() == HOME


def test_an_absence_ends_before_its_last_date(world: World) -> None:
    world.leaves("tahunan", valid_from=date(2026, 1, 6), valid_to=THURSDAY)
    assert answer() == HOME


@pytest.mark.parametrize(
    ("as_of", "known"),
    [
        ("2026-01-06T00:00:00+00:00", True),
        ("2026-01-05T23:59:59+00:00", False),
        ("2026-01-06T07:00:00", True),
        ("2026-01-06T06:59:59", False),
    ],
)
def test_an_absence_is_known_from_its_decision(world: World, as_of: str, known: bool) -> None:
    world.leaves("tahunan", recorded_at=MONDAY, decided_at=TUESDAY)
    assert answer(THURSDAY, "--as-of", as_of) == (("off", {"on_leave"}) if known else HOME)


@pytest.mark.parametrize(("as_of", "known"), [("2026-01-05T07:00:00", True), ("2026-01-05T06:59:59", False)])
def test_an_absence_without_a_time_of_decision_is_known_from_its_record(world: World, as_of: str, known: bool) -> None:
    world.leaves("dinas_luar", recorded_at=MONDAY)
    assert answer(THURSDAY, "--as-of", as_of) == (("off", {"on_duty"}) if known else HOME)


@pytest.mark.parametrize("number", ["198803132018031099", "", "'; DROP TABLE x", "9" * 500])
def test_an_unknown_number_is_one_sentence(world: World, number: str) -> None:
    said = refusal("--number", number, "--date", "2026-01-08", "--format", "json")
    assert "tidak ada di data pegawai" in said and len(said) < 200


@pytest.mark.parametrize("words", ["2026-02-30", "08-01-2026", "besok"])
def test_an_unreadable_day_is_named(world: World, words: str) -> None:
    assert words in refusal("--number", NIP, "--date", words)


@pytest.mark.parametrize("words", ["kemarin", "", "2026-01-08T25:00"])
def test_an_unreadable_instant_is_never_taken_for_now(world: World, words: str) -> None:
    assert "tidak terbaca" in refusal("--number", NIP, "--date", "2026-01-08", "--as-of", words)


@pytest.mark.django_db(transaction=True)
def test_standard_output_of_the_process_holds_the_object_alone(run_command: Callable[..., Any]) -> None:
    world = World()
    words = ("eligibility", "--date", "2026-01-08", "--format", "json", "--number")
    done = run_command(*words, NIP)
    assert (done.returncode, json.loads(done.stdout)["person"]) == (0, world.person.pk)
    missing = run_command(*words, "1")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert len(missing.stderr.strip().splitlines()) == 1
