"""Rights: given and ended by an administrator, never on oneself; sessions end with them; the first administrator."""

import re
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.models import AuditEntry
from roster.grants import GrantRefused, end_grant, give_grant
from roster.models import Government, Grant, Number, Person, Role, Unit
from roster.rights import roles_of
from tests.signin import sign_in

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
NUMBER = "199001012020121009"


@pytest.fixture
def government() -> Government:
    return Government.objects.create(code="uji", name="Provinsi Uji")


@pytest.fixture
def unit(government: Government) -> Unit:
    return Unit.objects.create(government=government, code="B1", name="Biro Organisasi")


@pytest.fixture
def administrator(government: Government) -> User:
    user = User.objects.create_user("bayu", "kereta-malam-ke-garut", full_name="Bayu Firmansyah")
    Grant.objects.create(user=user, government=government, role=Role.ADMINISTRATOR, valid_from=date(2025, 1, 1))
    return user


@pytest.fixture
def person(government: Government) -> Person:
    made = Person.objects.create(government=government, name="Maya Kusumawardhani")
    Number.objects.create(government=government, person=made, number=NUMBER)
    return made


def give(user: User, government: Government, by: User | None, **changes):
    given = {"role": Role.HR, "unit": None, "valid_from": TODAY, "valid_to": None} | changes
    return give_grant(user=user, government=government, by=by, at=timezone.now(), **given)


def test_a_new_role_ends_the_session_and_leaves_a_trace(client: Client, government, administrator) -> None:
    user = User.objects.create_user("maya", "kereta-malam-ke-garut")
    sign_in(client, user)
    assert client.get("/akun/").status_code == 200
    grant = give(user, government, administrator)
    assert client.get("/akun/").status_code == 302
    assert Role.HR in roles_of(user, TODAY)
    sign_in(client, User.objects.get(pk=user.pk))
    end_grant(grant, TODAY, administrator, timezone.now())
    assert client.get("/akun/").status_code == 302
    assert Role.HR not in roles_of(user, TODAY)
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "actor")) == [
        ("grant_given", "bayu"),
        ("grant_ended", "bayu"),
    ]


def test_ended_right_keeps_its_past(government, administrator) -> None:
    user = User.objects.create_user("maya")
    grant = give(user, government, administrator, valid_from=TODAY - timedelta(days=9))
    end_grant(grant, TODAY, administrator, timezone.now())
    assert Role.HR in roles_of(user, TODAY - timedelta(days=1))
    assert Role.HR not in roles_of(user, TODAY)


@pytest.mark.parametrize("changes", [{"role": Role.EMPLOYEE}, {"valid_to": TODAY}, {"unit": "foreign"}])
def test_impossible_rights_are_refused_with_nothing_written(government, administrator, changes: dict) -> None:
    if changes.get("unit"):
        other = Government.objects.create(code="lain", name="Kota Lain")
        changes = {"unit": Unit.objects.create(government=other, code="B1", name="Biro")}
    user = User.objects.create_user("maya")
    with pytest.raises(GrantRefused):
        give(user, government, administrator, **changes)
    assert not user.grants.exists()
    assert not AuditEntry.objects.exists()


def test_nobody_gives_or_ends_rights_of_their_own(client: Client, government, administrator) -> None:
    with pytest.raises(GrantRefused):
        give(administrator, government, administrator)
    own = administrator.grants.get()
    sign_in(client, administrator)
    assert client.post(f"/hak-akses/{own.pk}/akhiri/").status_code == 409
    assert administrator.grants.get() == own


def test_page_gives_a_right_to_a_person_without_account(client: Client, administrator, person, unit) -> None:
    sign_in(client, administrator)
    data = {"number": "19900101 202012 1 009", "role": "unit_hr", "unit": "biro organisasi", "valid_from": "2026-01-01"}
    assert client.post("/hak-akses/", data).status_code == 302
    person.refresh_from_db()
    grant = person.user.grants.get()
    assert (grant.role, grant.unit) == (Role.UNIT_HR, unit)
    assert not person.user.has_usable_password()
    assert "Maya Kusumawardhani" in client.get("/hak-akses/").content.decode()
    assert client.post(f"/hak-akses/{grant.pk}/akhiri/").status_code == 302
    assert Role.UNIT_HR not in roles_of(person.user, TODAY)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"number": "123"}, "Tidak ada pegawai"),
        ({"unit": "Biro Tidak Ada"}, "Tidak ada unit bernama ini"),
        ({"role": "raja"}, "Hak:"),
        ({"valid_from": "kemarin"}, "Berlaku mulai:"),
        ({"valid_to": "2020-01-01"}, "Hari berakhir harus sesudah"),
    ],
)
def test_bad_input_is_explained(client: Client, administrator, person, changes: dict, words: str) -> None:
    sign_in(client, administrator)
    page = client.post("/hak-akses/", {"number": NUMBER, "role": "hr", "valid_from": "2026-01-01"} | changes)
    assert page.status_code == 200
    assert words in page.content.decode()
    assert Grant.objects.count() == 1


def test_another_government_is_out_of_reach(client: Client, administrator) -> None:
    other = Government.objects.create(code="lain", name="Kota Lain")
    user = User.objects.create_user("ani", full_name="Ani Lestari")
    grant = Grant.objects.create(user=user, government=other, role=Role.HR, valid_from=date(2025, 1, 1))
    sign_in(client, administrator)
    assert "Ani Lestari" not in client.get("/hak-akses/").content.decode()
    assert client.post(f"/hak-akses/{grant.pk}/akhiri/").status_code == 404
    assert client.get(f"/hak-akses/{grant.pk}/akhiri/").status_code == 405


@pytest.mark.parametrize("role", [role for role in Role.values if role not in ("employee", "administrator")])
def test_others_do_not_see_the_page(client: Client, government, role: str) -> None:
    user = User.objects.create_user("bukan")
    Grant.objects.create(user=user, government=government, role=role, valid_from=date(2025, 1, 1))
    assert sign_in(client, user).get("/hak-akses/").status_code == 403


def test_first_administrator_enters_with_the_printed_code(client: Client, government) -> None:
    said = StringIO()
    call_command("first_administrator", "bayu", government="uji", name="Bayu Firmansyah", stdout=said)
    code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", said.getvalue())[0]
    new = "danau-toba-di-pagi-hari"
    data = {"username": "bayu", "code": code, "password1": new, "password2": new}
    assert client.post("/masuk/kode/", data).status_code == 302
    assert "Penerapan WFH" in client.get("/").content.decode()
    call_command("first_administrator", "BAYU", government="uji", stdout=StringIO())
    assert Grant.objects.count() == User.objects.count() == 1
    assert client.get("/akun/").status_code == 302
