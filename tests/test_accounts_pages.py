"""Every page of sign-in and second factors: Indonesian, reachable, usable; sign-in and the style page in a browser."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse

from accounts import urls
from accounts.models import User
from tests.signin import sign_in

TAKES_A_KEY = {"mfa_edit_webauthn", "mfa_remove_webauthn"}
PASSWORD = "kereta-malam-ke-garut"
ENGLISH = re.compile(
    r"\b(the|your|password|sign in|log ?in|authenticator app|security key|recovery code|this field|please|submit|cancel"
    r"|deactivate|activate|generate|name|code)\b",
    re.I,
)


@pytest.fixture
def user(db) -> User:
    return User.objects.create_user("198609262015051001", PASSWORD, full_name="Wulan Prasetyaningsih")


def words(html: str) -> str:
    """What a reader sees."""
    html = re.sub(r"<(script|style|head)\b.*?</\1>", " ", html, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def user_codes(user: User) -> Authenticator:
    return Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)


@pytest.mark.parametrize("name", [pattern.name for pattern in urls.urlpatterns])
def test_page_speaks_indonesian(client: Client, user: User, name: str) -> None:
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    key = Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "HP pribadi"})
    address = reverse(name, args=[key.pk] if name in TAKES_A_KEY else [])
    if name not in TAKES_A_KEY:
        key.delete()
    signed_in = Client()
    signed_in.post("/masuk/", {"login": user.username, "password": PASSWORD})
    signed_in.post("/masuk/pengaman/", {"code": RecoveryCodes(user_codes(user)).get_unused_codes()[0]})
    signed_in.post("/akun/pastikan/", {"password": PASSWORD})
    seen = 0
    for visitor in (client, signed_in):
        page = visitor.get(address, follow=True)
        assert page.status_code in (200, 405), name
        if page.status_code == 200:
            seen += 1
            assert not ENGLISH.search(words(page.content.decode())), ENGLISH.search(words(page.content.decode()))
    assert seen or name == "end_other_sessions"


def test_no_page_of_the_library_shows_its_own_template(client: Client, user: User) -> None:
    sign_in(client, user)
    for name in ("account_login", "mfa_index", "mfa_list_webauthn", "account_change_password", "account"):
        page = client.get(reverse(name), follow=True)
        assert "Portal Kerja ASN" in page.content.decode()
        assert 'lang="id"' in page.content.decode()


def test_app_can_be_added_and_then_guards_the_account(client: Client, user: User) -> None:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    client.post("/masuk/", {"login": user.username, "password": PASSWORD})
    asked = client.get("/akun/pengaman/aplikasi/")
    assert asked.url.startswith("/akun/pastikan/")
    client.post(asked.url, {"password": PASSWORD, "next": "/akun/pengaman/aplikasi/"})
    page = client.get("/akun/pengaman/aplikasi/")
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    wrong = client.post("/akun/pengaman/aplikasi/", {"code": "000000"})
    assert "Kode tidak cocok" in wrong.content.decode()
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret, counter))
    done = client.post("/akun/pengaman/aplikasi/", {"code": code}, follow=True)
    assert "Kode cadangan" in done.content.decode()
    other = Client()
    step = other.post("/masuk/", {"login": user.username, "password": PASSWORD})
    assert step.url == "/masuk/pengaman/"
    assert other.get("/akun/").status_code == 302


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
class TestInBrowser:
    """Real Chromium on the live portal."""

    @pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 900)])
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("path", ["/masuk/", "/masuk/kode/", "/gaya/"])
    def test_no_fault_for_axe_and_no_sideways_scroll(self, browser_page, path, scheme, width, height) -> None:
        from axe_playwright_python.sync_playwright import Axe

        page, faults = browser_page, []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        page.goto(path)
        for tree in page.locator("details").all():
            tree.evaluate("node => node.open = true")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert faults == []

    def test_person_signs_in_sees_name_and_leaves(self, browser_page) -> None:
        User.objects.create_user("198609262015051001", PASSWORD, full_name="Wulan Prasetyaningsih")
        page = browser_page
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto("/")
        page.get_by_label("Nama pengguna").fill("198609262015051001")
        page.get_by_label("Kata sandi").fill("salah-salah-salah")
        page.get_by_role("button", name="Masuk", exact=True).click()
        summary = page.get_by_role("alert")
        summary.wait_for()
        assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
        page.get_by_label("Kata sandi").fill(PASSWORD)
        page.get_by_role("button", name="Masuk", exact=True).click()
        page.get_by_text("Wulan Prasetyaningsih").first.wait_for()
        page.get_by_role("button", name="Gelap").click()
        page.wait_for_load_state()
        assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
        page.get_by_role("button", name="Keluar").click()
        page.get_by_role("heading", name="Masuk").wait_for()
