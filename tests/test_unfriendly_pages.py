"""Pages asked in bad faith: characters that no database holds, addresses and forms of nonsense; never a 500."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attendance.clock import work_date_of
from attendance.models import Punch, PunchAttempt
from attendance.tokens import make_token
from core.errors import PortalError
from performance.forms import number_of
from tests.rights.matrix import PAGES, Page
from tests.rights.objects import add_objects
from tests.rights.world import World, build_world
from tests.signin import sign_in

pytestmark = pytest.mark.django_db
NONSENSE = ("-1", "9" * 5000, "0001-01", "9999-12", "9999-12-31", "²")
ASKED = (
    "page", "unit", "hari", "tanggal", "hitung", "temuan", "status", "q", "level", "disisihkan", "bulan", "baris",
    "next", "action", "token", "part", "verdict", "stamp", "seen", "result", "note", "decision", "chosen", "behaviour",
    "theme", "month", "date", "person", "kind", "key", "queued", "claimed_at",
)  # fmt: skip


@pytest.fixture
def world() -> World:
    made = build_world()
    add_objects(made.home)
    add_objects(made.abroad)
    return made


def visitor() -> Client:
    return Client(raise_request_exception=False)


def test_a_nul_character_in_an_address_is_a_bad_request(db):
    for address in ("/bukti/a%00b/", "/?page=%00", "/masuk/?next=/%00"):
        assert visitor().get(address).status_code == 400, address


def test_a_nul_character_in_a_press_records_nothing(world):
    client = sign_in(visitor(), world.home.users["employee"])
    before = Punch.objects.count()
    for field in ("key", "token", "latitude", "claimed_at"):
        answer = client.post("/absen/", {"key": "a", "token": "b", field: "x\0y"})
        assert answer.status_code == 400
        assert "<main" in answer.content.decode()
    assert (Punch.objects.count(), PunchAttempt.objects.count()) == (before, 0)


def opened(world: World, client: Client) -> Iterator[tuple[str, Page, str]]:
    """(name, page, address) of every page, with the client signed in as somebody who may open it."""
    for who in sorted({min(page.who, default="employee") for page in PAGES.values()}):
        sign_in(client, world.home.users[who])
        for name, page in PAGES.items():
            if min(page.who, default="employee") == who:
                yield name, page, reverse(name, kwargs=page.arguments(world.home) if page.arguments else None)


def test_nonsense_in_every_question_is_never_a_500(world):
    client = visitor()
    for name, page, url in opened(world, client):
        for value in NONSENSE:
            fields = dict.fromkeys(ASKED, value)
            if not page.post_only:
                assert client.get(url, fields).status_code < 500, f"{name}: {value[:30]}"
            assert client.post(url, fields).status_code < 500, f"{name}: {value[:30]}"


def test_a_month_at_the_edge_of_the_calendar_is_no_page(world):
    client = sign_in(visitor(), world.home.users["employee"])
    for address in ("/kehadiran/bulan/", "/kinerja/", "/kinerja/nilai/"):
        for month in ("0001-01", "9999-12", "2026-13"):
            assert client.get(address, {"bulan": month}).status_code == 404, address
    assert client.get("/kehadiran/bulan/", {"bulan": "1900-01"}).status_code == 200


@pytest.mark.parametrize("words", ["9" * 20, "1e15", "-1000000000000"])
def test_a_number_beyond_any_target_is_refused_in_words(words):
    with pytest.raises(PortalError, match="terlalu besar"):
        number_of(words, "Target baris 1")
    assert number_of("999.999.999.999,99", "Target baris 1") == Decimal("999999999999.99")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"[1, 2]"), ("application/json", b"\xff"), ("multipart/form-data", b"zzz"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"), ("text/plain", b"\xff\x00"),
        ("application/x-www-form-urlencoded", b"%ff%00=%ff&a=%80"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(2000))),
    ],
)  # fmt: skip
def test_a_body_that_is_no_form_is_never_a_500(content_type, body, world):
    client = visitor()
    for name, _, url in opened(world, client):
        assert client.post(url, body, content_type=content_type).status_code < 500, name


def test_a_form_without_its_token_is_refused_everywhere(world):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    for name, _, url in opened(world, client):
        assert client.post(url, {"key": "a"}).status_code in (403, 404, 405), name


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-24", "kemarin"])
def test_an_instant_beyond_the_calendar_is_no_claim_and_the_page_opens_again(instant, world):
    client, person = sign_in(visitor(), world.home.users["employee"]), world.home.people["employee"]
    now = timezone.now()
    token = make_token(person.pk, "in", work_date_of(now, world.home.government.zone), now)
    posted = {
        "token": token,
        "key": "far",
        "claimed_at": instant,
        "located_at": instant,
        "latitude": "1",
        "longitude": "1",
    }
    assert client.post("/absen/antrean/", posted).status_code < 500
    assert client.get("/absen/").status_code == 200
    assert not Punch.objects.filter(request_key="far", claimed_at__isnull=False).exists()
