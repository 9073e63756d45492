"""One-time codes of the personnel office, and the fresh sign-in that pay pages ask for."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.freshness import FRESH_FOR, is_fresh, require_fresh
from accounts.models import User
from accounts.operations import CODE_LETTERS, CODE_LIFETIME, WrongCode, issue_first_code, redeem_first_code
from accounts.throttle import PAIR_LIMIT, TooManyAttempts
from tests.signin import sign_in

pytestmark = pytest.mark.django_db
NEW = "danau-toba-di-pagi-hari"
NOW = timezone.now()


@pytest.fixture
def user() -> User:
    return User.objects.create_user("198609262015051001", full_name="Wulan Prasetyaningsih")


def form(user: User, code: str, **changes: str) -> dict[str, str]:
    return {"username": user.username, "code": code, "password1": NEW, "password2": NEW} | changes


def test_account_without_password_cannot_be_opened(client: Client, user: User) -> None:
    for guess in ("", "!", user.password):
        client.post("/masuk/", {"login": user.username, "password": guess})
    assert "_auth_user_id" not in client.session


def test_code_opens_the_account_once(client: Client, user: User) -> None:
    code = issue_first_code(user, timezone.now())
    response = client.post("/masuk/kode/", form(user, f" {code.lower()} "))
    assert response.status_code == 302, response.content.decode()
    assert client.session["_auth_user_id"] == str(user.pk)
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert user.first_code_hash == ""
    again = Client().post("/masuk/kode/", form(user, code))
    assert "kode salah" in again.content.decode()


def test_code_is_kept_as_hash_only_and_is_hard_to_guess(user: User) -> None:
    code = issue_first_code(user, NOW).replace("-", "")
    assert code not in user.first_code_hash
    assert len(CODE_LETTERS) ** len(code) > 10**11
    assert issue_first_code(user, NOW).replace("-", "") != code


def test_old_code_stops_when_a_new_one_is_made(user: User) -> None:
    first, second = issue_first_code(user, NOW), issue_first_code(user, NOW)
    with pytest.raises(WrongCode):
        redeem_first_code(user.username, first, NEW, "10.0.0.1", NOW)
    assert redeem_first_code(user.username, second, NEW, "10.0.0.1", NOW) == user


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=30)])
def test_code_expires(user: User, late: timedelta) -> None:
    code = issue_first_code(user, NOW)
    with pytest.raises(WrongCode):
        redeem_first_code(user.username, code, NEW, "10.0.0.1", NOW + CODE_LIFETIME + late)
    assert redeem_first_code(user.username, code, NEW, "10.0.0.1", NOW + CODE_LIFETIME - timedelta(seconds=1)) == user


def test_code_of_an_inactive_account_is_refused(user: User) -> None:
    code = issue_first_code(user, NOW)
    User.objects.filter(pk=user.pk).update(is_active=False)
    with pytest.raises(WrongCode):
        redeem_first_code(user.username, code, NEW, "10.0.0.1", NOW)


def test_empty_code_never_fits(user: User) -> None:
    with pytest.raises(WrongCode):
        redeem_first_code(user.username, "", NEW, "10.0.0.1", NOW)


def test_guessing_codes_is_slowed_down(user: User) -> None:
    code = issue_first_code(user, NOW)
    for _ in range(PAIR_LIMIT):
        with pytest.raises(WrongCode):
            redeem_first_code(user.username, "AAAA-AAAA", NEW, "10.0.0.1", NOW)
    with pytest.raises(TooManyAttempts):
        redeem_first_code(user.username, code, NEW, "10.0.0.1", NOW)


def test_no_account_and_wrong_code_read_the_same(client: Client, user: User) -> None:
    issue_first_code(user, timezone.now())
    wrong = client.post("/masuk/kode/", form(user, "AAAA-AAAA")).content.decode()
    nobody = client.post("/masuk/kode/", form(user, "AAAA-AAAA", username="199001012020121009")).content.decode()
    sentence = "Nama pengguna atau kode salah"
    assert sentence in wrong
    assert sentence in nobody


def test_bad_passwords_do_not_use_up_the_code(client: Client, user: User) -> None:
    code = issue_first_code(user, timezone.now())
    for bad in (
        {"password2": "lain-sama-sekali"},
        {"password1": "123", "password2": "123"},
        {"password1": user.username},
    ):
        page = client.post("/masuk/kode/", form(user, code, **bad))
        assert page.status_code == 200
        assert "Ada yang perlu diperbaiki" in page.content.decode()
    assert client.post("/masuk/kode/", form(user, code)).status_code == 302


def test_issuing_ends_sessions_and_password(client: Client, user: User) -> None:
    user.set_password(NEW)
    user.save()
    sign_in(client, user)
    issue_first_code(User.objects.get(pk=user.pk), NOW)
    assert client.get("/akun/").status_code == 302
    client.post("/masuk/", {"login": user.username, "password": NEW})
    assert "_auth_user_id" not in client.session


def test_second_factor_is_still_asked_after_a_code_unless_forgotten(client: Client, user: User) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    code = issue_first_code(user, timezone.now())
    assert client.post("/masuk/kode/", form(user, code)).url == "/masuk/pengaman/"
    assert "_auth_user_id" not in client.session
    page = client.get("/masuk/pengaman/").content.decode()
    assert "Satu langkah lagi" in page
    code = issue_first_code(user, timezone.now(), forget_second_factors=True)
    fresh = Client()
    assert fresh.post("/masuk/kode/", form(user, code)).url == "/"


def test_freshness_runs_out_and_is_renewed_by_the_password(client: Client, user: User) -> None:
    user.set_password(NEW)
    user.save()
    client.post("/masuk/", {"login": user.username, "password": NEW})
    request = RequestFactory().get("/slip/")
    request.user, request.session = user, client.session
    now = timezone.now()
    assert is_fresh(request, now)
    assert is_fresh(request, now + FRESH_FOR - timedelta(minutes=1))
    assert not is_fresh(request, now + FRESH_FOR + timedelta(seconds=1))


def test_stale_session_is_led_to_the_question_and_back(client: Client, user: User) -> None:
    user.set_password(NEW)
    user.save()
    sign_in(client, user, fresh=False)
    view = require_fresh(lambda request: HttpResponse("gaji"))
    request = RequestFactory().get("/tunjangan/slip/?bulan=10")
    request.user, request.session = user, client.session
    answer = view(request)
    assert answer.url == "/akun/pastikan/?next=%2Ftunjangan%2Fslip%2F%3Fbulan%3D10"
    assert view(_as_post(request)).url == "/akun/pastikan/?next=%2F"
    assert "Pastikan ini Anda" in client.get(answer.url).content.decode()
    wrong = client.post(answer.url, {"password": "salah", "next": "/akun/"})
    assert "Kata sandi tidak cocok" in wrong.content.decode()
    assert client.post(answer.url, {"password": NEW, "next": "/akun/"}).url == "/akun/"
    request.session = client.session
    assert view(request).content == b"gaji"


def _as_post(request):
    made = RequestFactory().post(request.path)
    made.user, made.session = request.user, request.session
    return made
