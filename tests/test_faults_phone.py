"""A phone in the hand of its owner while the database is killed: the page says what holds, and delivers by itself."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fault_load import Phone
from tests.fault_servers import FaultServers

# Playwright runs a loop in this thread: a transaction around the test could not be rolled back.
pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.django_db(transaction=True), pytest.mark.browser]
STATIC = Path(__file__).resolve().parent.parent / "static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


def open_phone(browser, faults: FaultServers, phone: Phone, script: bool = True):
    """The check-in page of one person. Static files come from their source: nobody collected them for this server."""
    context = browser.new_context(
        base_url=faults.address, locale="id-ID", viewport={"width": 390, "height": 800}, java_script_enabled=script
    )
    context.add_cookies([{"name": "sessionid", "value": phone.session_key, "url": faults.address}])
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.route("**/static/**", serve)
    page.goto("/absen/")
    return page


def serve(route) -> None:
    path = STATIC / route.request.url.split("/static/")[1]
    route.fulfill(path=path, content_type=TYPES.get(path.suffix, "application/octet-stream"))


def test_a_press_while_the_database_is_away_waits_on_the_phone_and_is_delivered(
    faults: FaultServers, request: pytest.FixtureRequest
) -> None:
    browser = request.getfixturevalue("_browser")
    faults.start_web()
    phone, other = faults.phones(2)
    page, plain = open_phone(browser, faults, phone), open_phone(browser, faults, other, script=False)
    faults.kill_database()
    pressed_at = datetime.now(UTC)
    page.get_by_role("button", name="Absen masuk").click()
    page.get_by_text("Portal sedang tidak dapat menyimpan; belum tercatat").wait_for()
    assert page.get_by_text("Tersimpan di perangkat ini, belum sampai ke server.").is_visible()
    plain.get_by_role("button", name="Absen masuk").click()
    plain.get_by_text("Tanpa nomor bukti, tekanan atau isian terakhir Anda TIDAK tercatat.").wait_for()
    faults.start_database()
    page.get_by_role("button", name="Coba kirim sekarang").click()
    page.get_by_text("Absen masuk diterima").wait_for()
    stored = "SELECT source, claimed_at, receipt_number FROM attendance_punch WHERE person_id = %s"
    [(source, claimed_at, number)] = faults.sql(stored, [phone.person_id])
    assert source == "offline"
    assert abs(claimed_at - pressed_at) < timedelta(minutes=1)
    assert page.get_by_text(number).first.is_visible()
    assert faults.sql(stored, [other.person_id]) == []
    page.context.close()
    plain.context.close()
