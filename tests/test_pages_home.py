"""Home for each role, navigation, the choice of look, error pages, headers; all without a database full of people."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from core.models import AuditEntry
from roster.models import Assignment, Government, Grant, Level, Number, Person, Role, Unit
from tests.signin import sign_in

pytestmark = pytest.mark.django_db
SINCE = date(2025, 1, 1)
OFFICES = [role for role in Role.values if role != Role.EMPLOYEE]


@pytest.fixture
def government() -> Government:
    return Government.objects.create(code="uji", name="Provinsi Uji", demonstration=True)


@pytest.fixture
def unit(government: Government) -> Unit:
    return Unit.objects.create(government=government, code="B1", name="Biro Organisasi")


def make_person(unit: Unit, name: str, number: str, user: User | None = None) -> Person:
    person = Person.objects.create(government=unit.government, name=name, user=user)
    Number.objects.create(government=unit.government, person=person, number=number)
    now = timezone.now()
    Assignment.objects.create(person=person, unit=unit, level=Level.PELAKSANA, valid_from=SINCE, recorded_at=now)
    return person


def make_user(name: str, government: Government, role: str | None = None, unit: Unit | None = None) -> User:
    user = User.objects.create_user(name, "kereta-malam-ke-garut", full_name=name.title())
    if role:
        Grant.objects.create(user=user, government=government, role=role, unit=unit, valid_from=SINCE)
    return user


def test_visitor_is_led_to_sign_in(client: Client) -> None:
    assert client.get("/").url == "/masuk/?next=/"


@pytest.mark.parametrize("role", OFFICES)
def test_every_office_has_a_home_with_name_and_way_out(client: Client, government, unit, role: str) -> None:
    make_person(unit, "Dimas Aryaputra", "199001012020121009")
    sign_in(client, make_user("bayu", government, role))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = client.get("/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "<h2 id=" in text
    assert "Bayu" in text
    assert "Keluar</button>" in text
    assert "Provinsi Uji" in text
    assert len(queries) <= 15, [query["sql"] for query in queries]


def test_home_costs_the_same_for_more_people(client: Client, government, unit) -> None:
    sign_in(client, make_user("hendra", government, Role.SUPERVISOR, unit))
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    for number in range(20):
        make_person(unit, f"Orang {number}", f"1990010120201210{number:02}")
    with CaptureQueriesContext(connection) as many:
        page = client.get("/")
    assert len(few) == len(many)
    assert ">20<" in page.content.decode()


def test_employee_sees_the_day_first(client: Client, government, unit) -> None:
    user = make_user("wulan", government)
    make_person(unit, "Wulan Prasetyaningsih", "198609262015051001", user)
    text = sign_in(client, user).get("/").content.decode()
    assert text.index("Hari ini:") < text.index("Hari yang sudah dihitung")
    assert "Biro Organisasi" in text
    assert "Belum direncanakan" in text


def test_account_without_any_right_is_told_so(client: Client, government) -> None:
    text = sign_in(client, make_user("tamu", government)).get("/").content.decode()
    assert "belum punya tugas" in text
    assert "Tim hari ini" not in text


def test_ended_grant_gives_nothing(client: Client, government) -> None:
    user = make_user("dulu", government)
    yesterday = timezone.localdate() - timedelta(days=1)
    Grant.objects.create(user=user, government=government, role=Role.HR, valid_from=SINCE, valid_to=yesterday)
    assert "Perhitungan TPP" not in sign_in(client, user).get("/").content.decode()


@pytest.mark.parametrize(("theme", "printed"), [("dark", ' data-bs-theme="dark"'), ("light", ' data-bs-theme="light"')])
def test_look_is_kept_and_printed_by_the_server(client: Client, theme: str, printed: str) -> None:
    assert client.post("/tampilan/", {"theme": theme, "next": "/gaya/"}).url == "/gaya/"
    assert printed in client.get("/masuk/").content.decode()
    client.post("/tampilan/", {"theme": "auto"})
    assert "data-bs-theme" not in client.get("/masuk/").content.decode()


def test_look_never_leads_away_nor_prints_what_it_was_given(client: Client) -> None:
    assert client.post("/tampilan/", {"theme": "dark", "next": "//jahat.example/"}).url == "/"
    client.cookies["tampilan"] = '"><script>'
    assert "<script>" not in client.get("/masuk/").content.decode()


@pytest.mark.parametrize("path", ["/masuk/", "/gaya/", "/masuk/kode/"])
def test_policy_allows_nothing_inline(client: Client, path: str) -> None:
    response = client.get(path)
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"


def test_unknown_page_and_wrong_method_are_plain_words(client: Client) -> None:
    missing = client.get("/tidak-ada/")
    assert missing.status_code == 404
    assert "Halaman tidak ditemukan" in missing.content.decode()
    assert client.get("/tampilan/").status_code == 405


def test_server_error_page_needs_nothing() -> None:
    from django.template.loader import get_template

    for name in ("500.html", "400.html", "403_csrf.html"):
        assert "Portal Kerja ASN" in get_template(name).render()
        assert settings.STATIC_URL in get_template(name).render()


def give(client: Client, number: str, **more: str):
    return client.post("/kode-masuk/", {"number": number} | more)


def test_officer_gives_a_code_and_the_person_enters(client: Client, government, unit) -> None:
    person = make_person(unit, "Rudi Hartanto", "199001012020121009")
    officer = make_user("maya", government, Role.UNIT_HR, unit)
    page = give(sign_in(client, officer), "19900101 202012 1 009")
    code, username = page.context["code"], page.context["username"]
    assert code in page.content.decode()
    person.refresh_from_db()
    assert person.user.username == username == "199001012020121009"
    assert code not in str(AuditEntry.objects.get(action="first_code_issued").__dict__)
    new = "danau-toba-di-pagi-hari"
    data = {"username": username, "code": code, "password1": new, "password2": new}
    assert Client().post("/masuk/kode/", data).url == "/"


def test_officer_cannot_serve_another_unit_government_or_themselves(client: Client, government, unit) -> None:
    officer = make_user("maya", government, Role.UNIT_HR, unit)
    make_person(unit, "Maya Kusumawardhani", "198001012005012001", officer)
    other_unit = Unit.objects.create(government=government, code="B2", name="Biro Umum")
    make_person(other_unit, "Sri Mulyati", "198101012005012002")
    elsewhere = Government.objects.create(code="lain", name="Kota Lain")
    make_person(Unit.objects.create(government=elsewhere, code="B1", name="Biro"), "Ani", "198201012005012003")
    sign_in(client, officer)
    for number in ("198001012005012001", "198101012005012002", "198201012005012003", "199912312020121009"):
        page = give(client, number)
        assert "Tidak ada pegawai dengan nomor ini" in page.content.decode()
        assert "code" not in page.context
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("officer_role", "held", "allowed"),
    [
        (Role.UNIT_HR, Role.SUPERVISOR, True),
        (Role.UNIT_HR, Role.UNIT_HR, False),
        (Role.HR, Role.HR, False),
        (Role.HR, Role.ADMINISTRATOR, False),
        (Role.ADMINISTRATOR, Role.HR, True),
        (Role.ADMINISTRATOR, Role.ADMINISTRATOR, False),
    ],
)
def test_code_is_no_way_into_another_office(client: Client, government, unit, officer_role, held, allowed) -> None:
    officer = make_user("maya", government, officer_role, unit if officer_role == Role.UNIT_HR else None)
    make_person(unit, "Rudi", "199001012020121009", make_user("rudi", government, held))
    page = give(sign_in(client, officer), "199001012020121009")
    assert ("code" in page.context) == allowed


@pytest.mark.parametrize("number", ["", "123", "1990010120201210xx"])
def test_bad_number_is_explained(client: Client, government, number: str) -> None:
    page = give(sign_in(client, make_user("maya", government, Role.HR)), number)
    assert page.status_code == 200
    assert "Ada yang perlu diperbaiki" in page.content.decode()


@pytest.mark.parametrize(
    "role", [None, *(role for role in OFFICES if role not in (Role.HR, Role.UNIT_HR, Role.ADMINISTRATOR))]
)
def test_others_give_no_codes(client: Client, government, role: str | None) -> None:
    response = sign_in(client, make_user("bukan", government, role)).get("/kode-masuk/")
    assert response.status_code == 403
    assert "tidak berhak" in response.content.decode()


def test_codes_ask_for_a_fresh_sign_in(client: Client, government) -> None:
    sign_in(client, make_user("maya", government, Role.HR), fresh=False)
    assert client.get("/kode-masuk/").url.startswith("/akun/pastikan/")


def test_grant_of_another_government_gives_nothing_here(client: Client, government, unit) -> None:
    user = make_user("wulan", government)
    make_person(unit, "Wulan Prasetyaningsih", "198609262015051001", user)
    elsewhere = Government.objects.create(code="lain", name="Kota Lain")
    Grant.objects.create(user=user, government=elsewhere, role=Role.HR, valid_from=SINCE)
    text = sign_in(client, user).get("/").content.decode()
    assert "Perhitungan TPP" not in text
    assert client.get("/kode-masuk/").status_code == 403
