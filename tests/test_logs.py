"""Logs say what happened and never of whom: no name, number, pay figure or coordinate reaches a line."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core.logs import JsonLines, scrubbed
from roster.models import Government, Number, Person
from tests.signin import sign_in

NAME, NUMBER, AMOUNT, PLACE = "Siti Rahmawati", "197207051995082412", "9520000", "-6.902481"


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict]]]:
    """Everything that any logger says during the test, formatted as the portal does it."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def test_the_portal_logs_by_this_form_and_never_statements_with_values() -> None:
    assert settings.LOGGING["formatters"]["json"]["()"] == "core.logs.JsonLines"
    assert settings.LOGGING["handlers"]["stderr"]["formatter"] == "json"
    assert settings.LOGGING["loggers"]["django.db.backends"]["level"] == "INFO"


@pytest.mark.django_db
def test_what_a_database_refuses_is_not_quoted(lines) -> None:
    government, _ = Government.objects.get_or_create(code="contoh", defaults={"name": "Contoh"})
    people = [Person.objects.create(government=government, name=NAME) for _ in range(2)]
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        for person in people:
            Number.objects.create(government=government, person=person, number=NUMBER)
    error = refused.value
    assert NUMBER in str(error), "the database quotes the number, so there is something to hide"
    logging.getLogger("portal.test").error("number of person %s refused: %s", people[1].pk, error, exc_info=error)
    [line] = [line for line in lines() if line["logger"] == "portal.test"]
    assert line["error"] == "IntegrityError"
    assert line["message"] == f"number of person {people[1].pk} refused: IntegrityError"
    assert any(place.endswith("test_what_a_database_refuses_is_not_quoted") for place in line["trace"])
    assert NUMBER not in json.dumps(line)


def test_a_task_that_fails_is_named_without_its_values(lines) -> None:
    about = {"name": "night.chunk", "id": "3f", "description": "raised unexpected", "exc": f"ValueError('{NAME}')",
             "args": NUMBER, "kwargs": AMOUNT, "traceback": NAME}  # fmt: skip
    logging.getLogger("celery.app.trace").error("Task %(name)s[%(id)s] %(description)s: %(exc)s", about)
    [line] = lines()
    assert line["message"] == "Task night.chunk[3f] raised unexpected: …"


@pytest.mark.django_db
def test_a_request_leaves_one_line_with_its_route_and_no_address(lines) -> None:
    user = User.objects.create(username="pegawai-uji", full_name=NAME)
    client = sign_in(Client(), user)
    answer = client.get("/", {"search": f"{NAME} {NUMBER}"})
    [line] = [line for line in lines() if line["logger"] == "portal.request"]
    assert (line["route"], line["method"], line["status"]) == ("home", "GET", answer.status_code)
    assert line["user_id"] == user.pk
    assert line["duration_ms"] > 0
    assert line["request_id"] == answer["X-Request-ID"]
    said = json.dumps(lines())
    assert NAME not in said
    assert NUMBER not in said


@pytest.mark.django_db
def test_an_address_that_is_not_there_is_not_quoted(lines) -> None:
    assert Client().get(f"/pegawai/{NAME}/").status_code == 404
    said = [line for line in lines() if line["logger"] == "django.request"]
    assert [line["message"] for line in said] == ["Not Found: …"]
    assert "Siti" not in json.dumps(lines())


@pytest.mark.django_db
def test_a_failing_page_tells_where_and_not_what(lines, monkeypatch) -> None:
    user = User.objects.create(username="pegawai-uji")
    client = sign_in(Client(raise_request_exception=False), user)

    def break_down(_request) -> None:
        raise ValueError(f"{NAME} {AMOUNT} {PLACE}")

    monkeypatch.setattr("wfh_portal.pages.views.standing_of", lambda *_: break_down(None))
    assert client.get("/").status_code == 500
    said = json.dumps(lines(), ensure_ascii=False)
    for private in (NAME, AMOUNT, PLACE):
        assert private not in said
    errors = [line for line in lines() if line.get("error")]
    assert errors[0]["error"] == "ValueError"
    assert any("break_down" in place for place in errors[0]["trace"])


def test_messages_keep_what_is_not_of_a_person() -> None:
    kept = "beat of job 81234 failed on 2026-11-24 at 00:30:05, chunk 00007 of 43, 12.5 s"
    assert scrubbed(kept) == kept


@pytest.mark.parametrize(
    "private",
    [NUMBER, "3204 1234 5678 9012", "Rp9.520.000", "rp 750", "Rp. 1.250", PLACE, "107.618633", "0812 3456 7890"],
)
def test_messages_lose_numbers_amounts_and_coordinates(private: str) -> None:
    assert private not in scrubbed(f"before {private} after")
    assert scrubbed(f"before {private} after").split() == ["before", "…", "after"]


@given(st.integers(min_value=10**7, max_value=10**18), st.sampled_from(["{}", "({})", "number={}.", "'{}',"]))
def test_no_long_number_passes(number: int, around: str) -> None:
    said = scrubbed(f"before {around.format(number)} after")
    assert str(number) not in said
    assert said.startswith("before ")
    assert said.endswith(" after")


def test_lines_are_json_whatever_is_said() -> None:
    for message, args in (('a "quoted" \n line \x00', ()), ("%s %s", ("too few",)), ("%(a)s", ({"b": 1},))):
        record = logging.LogRecord("x", logging.INFO, "file", 1, message, args, None)
        text = JsonLines().format(record)
        assert "\n" not in text
        assert json.loads(text)["level"] == "INFO"


@pytest.mark.django_db
def test_debug_level_does_not_turn_statements_on() -> None:
    logger = logging.getLogger("django.db.backends")
    assert not logger.isEnabledFor(logging.DEBUG)
    assert connection.queries_log is not None
