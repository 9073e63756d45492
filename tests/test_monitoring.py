"""What monitoring reads and what the status page says: numbers of the portal, none of a person, and plain words."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from attendance.models import Punch
from core import audit
from core.models import Alert, Job
from roster.models import Government
from tests.rights.world import World, build_world
from tests.signin import sign_in
from wfh_portal import state
from wfh_portal.pages.status import Part, ago, parts_of, size_words

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "a-token-of-this-test"


@pytest.fixture
def world(settings) -> World:
    settings.METRICS_TOKEN = TOKEN
    return build_world()


def figures() -> dict[str, float]:
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    found = {}
    for line in answer.content.decode().splitlines():
        if not line.startswith("#"):
            name, value = line.rsplit(" ", 1)
            found[name] = float(value)
    return found


def test_without_the_token_there_is_no_such_page(world: World, settings) -> None:
    for headers in ({}, {"Authorization": "Bearer other"}, {"Authorization": f"Basic {TOKEN}"}):
        assert Client().get("/metrics", headers=headers).status_code == 404
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_requests_are_counted_by_route(world: World) -> None:
    name = 'portal_http_requests_total{method="GET",route="home",status="200"}'
    before = figures().get(name, 0)
    sign_in(Client(), world.home.users["employee"]).get("/")
    after = figures()
    assert after[name] == before + 1
    assert after['portal_http_request_seconds_count{route="home"}'] >= 1


def test_work_presses_and_audit_are_told(world: World) -> None:
    government = Government.objects.get(pk=world.home.government.pk)
    now = timezone.now()
    Job.objects.create(government_code=government.code, chain="night:2026-01-01", stage="close_day", state="failed")
    person = world.home.people["employee"]
    before = figures()
    today = now.astimezone(ZoneInfo(government.zone)).date()
    Punch.objects.create(person=person, verb="in", at=now, work_date=today, request_key="m1", delivered_at=now)
    audit.record(now, government.code, "uji", "tried")
    Alert.objects.create(government_code=government.code, subject="x", title="t", text="t", raised_at=now)
    after = figures()
    presses = f'portal_punches_today{{government="{government.code}"}}'
    assert after[presses] == before.get(presses, 0) + 1
    assert after['portal_jobs{stage="close_day",state="failed"}'] == 1
    assert after["portal_audit_unsealed_entries"] == before["portal_audit_unsealed_entries"] + 1
    assert after["portal_alerts_unsent"] == before["portal_alerts_unsent"] + 1
    assert after['portal_up{server="database"}'] == after['portal_up{server="cache"}'] == 1


def test_metrics_tell_nothing_of_a_person(world: World) -> None:
    sign_in(Client(), world.home.users["employee"]).get("/")
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    text = answer.content.decode()
    for person in world.home.people.values():
        assert person.name not in text
    for labels in re.findall(r"\{(.*)\} ", text):
        assert not re.search(r"\d{8,}|/", labels), labels


def test_the_timetable_is_seen_to_run_and_to_stand(world: World) -> None:
    now = timezone.now()
    cache.delete(state.TICK_KEY)
    assert not state.read_state(now).timetable_runs
    state.tick(now - timedelta(minutes=1))
    assert state.read_state(now).timetable_runs
    state.tick(now - state.TICK_LATE_AFTER - timedelta(seconds=1))
    assert not state.read_state(now).timetable_runs


def part(label: str, government: Government) -> Part:
    found = parts_of(state.read_state(timezone.now()), government.code)
    return next(one for one in found if one.label == label)


def test_the_page_says_what_is_wrong_and_what_to_do(world: World) -> None:
    government = world.home.government
    state.tick(timezone.now())
    assert part("Jadwal dan pekerja", government).kind == "ok"
    cache.delete(state.TICK_KEY)
    silent = part("Jadwal dan pekerja", government)
    assert (silent.kind, bool(silent.remedy)) == ("bad", True)
    old = timezone.now() - timedelta(hours=1)
    Job.objects.create(government_code=government.code, chain="c", stage="close_day", heartbeat_at=old)
    assert part("Pekerjaan panjang", government).kind == "warn"
    audit.record(old, government.code, "uji", "tried")
    assert part("Segel jejak audit", government).kind == "warn"
    page = sign_in(Client(), world.home.users["administrator"]).get("/keadaan/").content.decode()
    assert "Ada bagian yang rusak" in page
    assert silent.remedy in page
    # What is broken stands first.
    assert page.index(">Jadwal dan pekerja<") < page.index(">Basis data<")


def test_a_silent_database_is_told_by_both(world: World, monkeypatch) -> None:
    monkeypatch.setattr(state.DATABASE, "holds", lambda: False)
    found = figures()
    assert found['portal_up{server="database"}'] == 0
    assert "portal_database_connections" not in found
    assert part("Basis data", world.home.government).kind == "bad"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=40), "40 detik"),
        (timedelta(seconds=119), "119 detik"),
        (timedelta(minutes=2), "2 menit"),
        (timedelta(hours=5), "5 jam"),
        (timedelta(days=3), "3 hari"),
        (timedelta(seconds=-4), "0 detik"),
    ],
)
def test_spans_are_told_in_one_unit(span: timedelta, words: str) -> None:
    assert ago(span) == words


@pytest.mark.parametrize(
    ("size", "words"), [(999_000, "999 kB"), (1_500_000, "1,5 MB"), (3_200_000_000, "3,2 GB"), (2 * 10**12, "2,0 TB")]
)
def test_sizes_are_told_as_people_read_them(size: int, words: str) -> None:
    assert size_words(size) == words


def test_punches_count_for_the_day_of_their_zone(world: World) -> None:
    government, person = world.home.government, world.home.people["employee"]
    now = datetime(2026, 11, 24, 23, 30, tzinfo=ZoneInfo("UTC"))  # already the 25th in Jakarta
    Punch.objects.create(person=person, verb="in", at=now, work_date="2026-11-25", request_key="z1", delivered_at=now)
    presses = state.read_state(now).database.presses
    assert [one.count for one in presses if one.government_code == government.code] == [1]
