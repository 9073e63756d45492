"""What goes on without Valkey inside one process: counts, sessions, sign-outs, and the bell of the queue."""

import re
import socket
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import IntegrityError, OperationalError, ProgrammingError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from allowances.operations import requests
from allowances.tasks import draft_run, send
from core import caching, jobs
from core.caching import REST_SECONDS, Breaker
from core.models import Job
from core.sending import ring
from core.unavailable import is_unavailable
from roster.models import Government
from tests.signin import sign_in

PROJECT = Path(__file__).resolve().parent.parent
NOBODY = "redis://127.0.0.1:9/0"


class Clock:
    """A clock that a test moves."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def away(settings):
    """Takes Valkey away from this process, and brings it back: `away(False)`."""
    whole = settings.CACHES

    def take(is_away: bool = True) -> None:
        address = {"LOCATION": NOBODY} if is_away else {}
        settings.CACHES = {name: described | address for name, described in whole.items()}
        settings.REDIS_URL = NOBODY if is_away else whole["default"]["LOCATION"]

    caching._servers.pop(NOBODY, None)
    LocMemCache("while-valkey-is-away", {}).clear()
    return take


def test_a_breaker_lets_one_look_again_at_a_time():
    clock = Clock()
    breaker = Breaker("uji", clock)
    assert breaker.lets_through() and breaker.lets_through()
    breaker.failed(OSError())
    assert not breaker.lets_through()
    clock.now += REST_SECONDS
    assert [breaker.lets_through() for _ in range(3)] == [True, False, False]
    breaker.failed(OSError())
    clock.now += REST_SECONDS
    assert breaker.lets_through()
    breaker.worked()
    assert breaker.lets_through() and breaker.lets_through()


def test_a_server_that_is_away_is_asked_once_and_then_left_alone(away, monkeypatch):
    tried = []
    connect = socket.socket.connect

    def counted(self, address):
        tried.append(address)
        return connect(self, address)

    away()
    monkeypatch.setattr(socket.socket, "connect", counted)
    for number in range(50):
        assert caches["sessions"].get(f"k{number}") is None
    assert 1 <= len(tried) <= 4


def test_counts_go_on_in_the_process_and_sessions_are_never_remembered_there(away):
    away()
    caches["default"].set("count", [1, 2], 60)
    assert caches["default"].get("count") == [1, 2]
    assert caches["default"].add("count", [3], 60) is False
    caches["sessions"].set("session", {"a": 1}, 60)
    assert caches["sessions"].get("session") is None
    assert caches["sessions"].add("session", {"a": 1}, 60) is True


@pytest.mark.django_db
def test_guessing_is_still_slowed_down_without_the_cache(away, client):
    away()
    User.objects.create_user("wulan", "correct horse battery")
    replies = [client.post("/masuk/", {"login": "wulan", "password": f"salah-{n}"}) for n in range(7)]
    assert {reply.status_code for reply in replies} == {200}
    assert "Terlalu banyak percobaan" in replies[-1].content.decode()
    assert "Terlalu banyak percobaan" not in replies[0].content.decode()


@pytest.mark.django_db
def test_a_flood_from_one_network_is_still_refused_without_the_cache(away, client, settings):
    away()
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "3/m/ip"}
    statuses = [client.post("/masuk/", {"login": f"a{n}", "password": "salah"}).status_code for n in range(5)]
    assert statuses == [200, 200, 200, 429, 429]


@pytest.mark.django_db
def test_whoever_signs_out_while_the_cache_is_away_stays_signed_out_when_it_is_back(client, settings):
    user = User.objects.create_user("wulan")
    sign_in(client, user)
    assert client.get("/akun/").status_code == 200
    stolen = Client()
    stolen.cookies = client.cookies.copy()
    key = client.cookies["sessionid"].value
    assert caches["sessions"].get(f"django.contrib.sessions.cached_db{key}") is not None
    # Away as seen from this process, and with everything it held when it is back.
    shared = caching._servers[settings.REDIS_URL]
    shared.breaker.failed(OSError())
    assert client.post(reverse("account_logout")).status_code == 302
    assert shared.missed
    shared.breaker.worked()
    assert stolen.get("/akun/").status_code == 302
    assert not shared.missed


@pytest.mark.django_db
def test_a_row_whose_bell_was_not_heard_stands_and_is_sent_by_the_sweeper(away, django_capture_on_commit_callbacks):
    government = Government.objects.get(code="contoh")
    user = User.objects.create_user("hr")
    away()
    now = timezone.now()
    month = now.date().replace(day=1)
    with django_capture_on_commit_callbacks(execute=True):
        job = requests.request_draft(government, month, "regular", 1, user, now, send)
    assert Job.objects.get(pk=job.pk).state == Job.State.WAITING
    heard: list[int] = []
    assert requests.sweep(now, heard.append) == 0
    assert requests.sweep(now + jobs.RESEND_AFTER + timedelta(seconds=1), heard.append) == 1
    assert heard == [job.pk]


def test_many_rows_are_not_rung_for_one_by_one_at_a_broker_that_is_away(away, monkeypatch):
    away()
    sent = []
    monkeypatch.setattr(draft_run, "apply_async", lambda **about: sent.append(about))
    assert ring(draft_run, range(1, 200)) == 0
    assert sent == []


@pytest.mark.django_db
def test_only_an_outage_is_called_one():
    with pytest.raises(ProgrammingError) as wrong, connection.cursor() as cursor:
        cursor.execute("SELECT nonsense")
    assert not is_unavailable(wrong.value)
    assert not is_unavailable(IntegrityError("uji"))
    assert not is_unavailable(ValueError("uji"))
    assert not is_unavailable(None)
    assert is_unavailable(OperationalError("could not connect to server"))
    wrapped = RuntimeError("uji")
    wrapped.__cause__ = OperationalError("server closed the connection unexpectedly")
    assert is_unavailable(wrapped)


@pytest.mark.parametrize(
    "code, away", [("57P03", True), ("53100", True), ("25006", True), ("08006", True), ("40P01", False)]
)
def test_the_code_of_the_server_decides(code: str, away: bool):
    class Told(Exception):
        pgcode = code

    error = OperationalError("uji")
    error.__cause__ = Told()
    assert is_unavailable(error) is away


def test_nothing_but_the_soft_bell_sends_to_the_queue():
    apps = [PROJECT / name for name in settings.INSTALLED_APPS if (PROJECT / name).is_dir()]
    sends = re.compile(r"\.(apply_async|delay|send_task)\(")
    found = {path.relative_to(PROJECT) for app in apps for path in app.rglob("*.py") if sends.search(path.read_text())}
    assert found == {Path("core/sending.py")}
