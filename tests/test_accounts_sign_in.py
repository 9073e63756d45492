"""Sign-in: generic answers, the throttle by account and network, sessions that end, no GET that writes."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import SignInAttempt, User
from accounts.operations import end_sessions, set_active
from accounts.tasks import forget_old_attempts
from accounts.throttle import ACCOUNT_LIMIT, NETWORK_LIMIT, PAIR_LIMIT, TooManyAttempts, begin
from tests.signin import sign_in

pytestmark = pytest.mark.django_db
PASSWORD = "kereta-malam-ke-garut"
WRONG = "Nama pengguna atau kata sandi salah"
WAIT = "Terlalu banyak percobaan"


@pytest.fixture
def user() -> User:
    return User.objects.create_user("198609262015051001", PASSWORD, full_name="Wulan Prasetyaningsih")


def attempt(client: Client, username: str, password: str, **extra):
    return client.post("/masuk/", {"login": username, "password": password}, **extra)


def test_right_password_opens_a_long_session(client: Client, user: User) -> None:
    response = attempt(client, user.username, PASSWORD)
    assert response.status_code == 302
    assert response.url == "/"
    assert client.session.get_expiry_age() > 60 * 60 * 24 * 7
    assert SignInAttempt.objects.get().succeeded


def test_password_may_be_any_case_in_name_and_leads_back(client: Client) -> None:
    User.objects.create_user("Ani.Lestari", PASSWORD)
    response = client.post("/masuk/?next=/akun/", {"login": " ani.lestari ", "password": PASSWORD, "next": "/akun/"})
    assert response.url == "/akun/"


def test_never_leads_to_another_site(client: Client, user: User) -> None:
    data = {"login": user.username, "password": PASSWORD, "next": "https://jahat.example/"}
    assert client.post("/masuk/", data).url == "/"


def test_wrong_name_and_wrong_password_read_the_same(client: Client, user: User) -> None:
    answers = [attempt(client, name, "bukan-ini-sandinya") for name in (user.username, "199001012020121009")]
    texts = [
        answer.content.decode().replace(name, "")
        for answer, name in zip(answers, (user.username, "199001012020121009"), strict=True)
    ]
    assert all(WRONG in text for text in texts)
    assert [answer.status_code for answer in answers] == [200, 200]


@pytest.mark.parametrize("exists", [True, False])
def test_after_five_failures_even_the_right_password_waits(client: Client, user: User, exists: bool) -> None:
    name = user.username if exists else "199001012020121009"
    for _ in range(PAIR_LIMIT):
        assert WRONG in attempt(client, name, "salah-salah-salah").content.decode()
    assert WAIT in attempt(client, name, PASSWORD).content.decode()
    assert "_auth_user_id" not in client.session


def test_another_network_is_not_locked_out(client: Client, user: User) -> None:
    for _ in range(PAIR_LIMIT + 1):
        attempt(client, user.username, "salah-salah-salah", REMOTE_ADDR="10.9.9.9")
    assert attempt(client, user.username, PASSWORD, REMOTE_ADDR="10.1.1.1").status_code == 302


def test_waiting_helps_and_refused_attempts_do_not_prolong_it(user: User) -> None:
    start = timezone.now()
    for second in range(PAIR_LIMIT):
        begin(user.username, "10.0.0.1", start + timedelta(seconds=second))
    for minute in range(1, 14):
        with pytest.raises(TooManyAttempts):
            begin(user.username, "10.0.0.1", start + timedelta(minutes=minute))
    begin(user.username, "10.0.0.1", start + timedelta(minutes=15, seconds=1))


def test_success_forgives_earlier_failures(client: Client, user: User) -> None:
    for _ in range(PAIR_LIMIT - 1):
        attempt(client, user.username, "salah-salah-salah")
    attempt(client, user.username, PASSWORD)
    client.post("/keluar/")
    for _ in range(PAIR_LIMIT):
        assert WRONG in attempt(client, user.username, "salah-salah-salah").content.decode()


def test_guessing_from_many_networks_and_at_many_accounts_stops() -> None:
    now = timezone.now()
    for number in range(ACCOUNT_LIMIT):
        begin("satu", f"10.1.{number // 250}.{number % 250}", now)
    with pytest.raises(TooManyAttempts):
        begin("satu", "10.2.0.1", now)
    SignInAttempt.objects.bulk_create(
        SignInAttempt(username=f"u{n}", network="10.3.0.1", at=now, succeeded=False) for n in range(NETWORK_LIMIT)
    )
    with pytest.raises(TooManyAttempts):
        begin("baru", "10.3.0.1", now)


def test_inactive_account_stays_out(client: Client, user: User) -> None:
    set_active([user.pk], False)
    response = attempt(client, user.username, PASSWORD)
    assert "_auth_user_id" not in client.session
    assert response.url == "/masuk/nonaktif/"
    assert "tidak aktif" in client.get(response.url).content.decode()


@pytest.mark.parametrize("how", ["end_sessions", "inactive", "password"])
def test_session_ends_at_once(client: Client, user: User, how: str) -> None:
    sign_in(client, user)
    assert client.get("/akun/").status_code == 200
    if how == "end_sessions":
        end_sessions([user.pk])
    elif how == "inactive":
        set_active([user.pk], False)
    else:
        user.set_password("kata-sandi-yang-lain")
        user.save()
    assert client.get("/akun/").status_code == 302


def test_other_devices_are_thrown_out_and_this_one_stays(client: Client, user: User) -> None:
    other = sign_in(Client(), user)
    sign_in(client, user)
    assert client.post("/akun/perangkat-lain/").status_code == 302
    assert client.get("/akun/").status_code == 200
    assert other.get("/akun/").status_code == 302


def test_change_of_password_keeps_this_session_and_ends_others(client: Client, user: User) -> None:
    other = sign_in(Client(), user)
    sign_in(client, user)
    new = "danau-toba-di-pagi-hari"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    response = client.post("/akun/sandi/", data)
    assert response.status_code == 302, response.content.decode()
    assert client.get("/akun/").status_code == 200
    assert other.get("/akun/").status_code == 302
    user.refresh_from_db()
    assert user.check_password(new)


def test_weak_or_differing_new_password_is_refused_in_indonesian(client: Client, user: User) -> None:
    sign_in(client, user)
    data = {"oldpassword": "bukan", "password1": "12345", "password2": "54321"}
    page = client.post("/akun/sandi/", data).content.decode()
    assert "Kata sandi lama tidak cocok" in page
    for english in ("too short", "must type", "password is", "This field"):
        assert english not in page


@pytest.mark.parametrize("path", ["/keluar/", "/tampilan/", "/akun/perangkat-lain/"])
def test_get_changes_nothing(client: Client, user: User, path: str) -> None:
    sign_in(client, user)
    epoch = user.session_epoch
    client.get(path)
    user.refresh_from_db()
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.session_epoch == epoch
    assert "tampilan" not in client.cookies


def test_sign_out_by_post(client: Client, user: User) -> None:
    sign_in(client, user)
    assert client.post("/keluar/").url == "/masuk/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["/daftar/", "/signup/", "/accounts/signup/", "/akun/surel/"])
def test_nobody_signs_up(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_forms_need_their_token(user: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/masuk/", {"login": user.username, "password": PASSWORD})
    assert response.status_code == 403
    assert "kedaluwarsa" in response.content.decode()


def test_old_attempts_are_forgotten() -> None:
    now = timezone.now()
    for days in (0, 89, 91):
        SignInAttempt.objects.create(username="a", network=None, at=now - timedelta(days=days), succeeded=False)
    assert forget_old_attempts() == 1
    assert SignInAttempt.objects.count() == 2
