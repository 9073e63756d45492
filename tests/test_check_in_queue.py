"""The phone's help at check-in, in a real browser: an attempt that does not arrive stays until the server has it."""

import json
from urllib.parse import parse_qs

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = """<!doctype html><html lang="id"><head><title>Absen</title></head><body><main tabindex="-1">
<form method="post" action="/uji/absen/" data-punch="in"><input type="hidden" name="csrfmiddlewaretoken" value="c1">
<input type="hidden" name="key" value="7b1f-masuk"><input type="hidden" name="token" value="signed-for-wulan">
<button type="submit">Absen masuk</button></form>
<section data-queue hidden>
<template data-queue-item><p><b data-verb></b> <i data-number></i> <u data-claimed></u>
<em data-state></em></p></template><div data-queue-list></div>
<button type="button" data-queue-send>Kirim</button></section>
<label><input type="checkbox" data-location> Sertakan lokasi</label></main>
<script src="/static/portal/absen.js"></script></body></html>"""
RECEIPT = (
    "<!doctype html><html lang='id'><head><title>Bukti</title></head><body><main>AM-1911-4F7K2Q</main></body></html>"
)


class Server:
    """Stands in for the portal: counts what arrives and answers as it is told."""

    def __init__(self, page) -> None:
        self.answer = "receipt"
        self.arrived: list[dict] = []
        page.route("**/uji/", lambda route: route.fulfill(content_type="text/html", body=PAGE))
        page.route("**/uji/bukti/", lambda route: route.fulfill(content_type="text/html", body=RECEIPT))
        page.route("**/masuk/**", lambda route: route.fulfill(content_type="text/html", body="<main>Masuk</main>"))
        page.route("**/uji/absen/", self.take)

    def take(self, route) -> None:
        if self.answer == "cut":
            route.abort()
            return
        self.arrived.append({name: values[0] for name, values in parse_qs(route.request.post_data).items()})
        if self.answer == "broken":
            route.fulfill(status=503, body="")
        elif self.answer == "unavailable":
            route.fulfill(status=503, headers={"Retry-After": "1"}, body="")
        elif self.answer == "signed_out":
            route.fulfill(status=302, headers={"Location": "/masuk/?next=/uji/"})
        elif self.answer == "refused":
            route.fulfill(status=409, content_type="text/html", body="<main>Hari kerja sudah berganti</main>")
        elif self.answer == "receipt":
            route.fulfill(status=200, content_type="text/html", body=RECEIPT)


@pytest.fixture
def server(browser_page) -> Server:
    made = Server(browser_page)
    browser_page.goto("/uji/")
    return made


def waiting(page) -> list[dict]:
    return json.loads(page.evaluate("localStorage.getItem('portal.absen.antrean') || '[]'"))


def press(page) -> None:
    page.get_by_role("button", name="Absen masuk").click()


def test_a_press_that_arrives_shows_the_receipt_and_leaves_nothing_behind(browser_page, server) -> None:
    press(browser_page)
    browser_page.get_by_text("AM-1911-4F7K2Q").wait_for()
    assert [item["key"] for item in server.arrived] == ["7b1f-masuk"]
    assert "queued" not in server.arrived[0]
    assert waiting(browser_page) == []


@pytest.mark.parametrize("fault", ["cut", "broken"])
def test_a_press_that_fails_waits_visibly_and_is_sent_once(browser_page, server, fault: str) -> None:
    server.answer = fault
    press(browser_page)
    browser_page.locator("[data-queue] [data-number]").wait_for()
    assert browser_page.locator("[data-queue] [data-verb]").inner_text() == "Absen masuk"
    assert browser_page.locator("[data-queue] [data-number]").inner_text() == "Q-7B1F-01"
    kept = waiting(browser_page)
    assert [(item["key"], item["token"], item["verb"]) for item in kept] == [("7b1f-masuk", "signed-for-wulan", "in")]
    press(browser_page)
    browser_page.wait_for_timeout(300)
    assert [item["claimed_at"] for item in waiting(browser_page)] == [kept[0]["claimed_at"]]
    server.answer, server.arrived = "receipt", []
    browser_page.get_by_role("button", name="Kirim").click()
    browser_page.wait_for_function("localStorage.getItem('portal.absen.antrean') === '[]'")
    assert len(server.arrived) == 1
    sent = server.arrived[0]
    assert (sent["queued"], sent["token"], sent["claimed_at"]) == ("1", "signed-for-wulan", kept[0]["claimed_at"])


def test_it_is_sent_by_itself_when_the_page_opens_again(browser_page, server) -> None:
    server.answer = "cut"
    press(browser_page)
    browser_page.locator("[data-queue] [data-number]").wait_for()
    server.answer = "receipt"
    browser_page.goto("/uji/")
    browser_page.wait_for_function("localStorage.getItem('portal.absen.antrean') === '[]'")
    assert len(server.arrived) == 1


def test_a_server_that_cannot_store_is_named_and_asked_again_when_it_said(browser_page, server) -> None:
    server.answer = "unavailable"
    press(browser_page)
    browser_page.get_by_text("Portal sedang tidak dapat menyimpan; belum tercatat").wait_for()
    assert len(waiting(browser_page)) == 1
    server.answer = "receipt"
    browser_page.get_by_text("AM-1911-4F7K2Q").wait_for()
    assert waiting(browser_page) == []
    assert server.arrived[-1]["queued"] == "1"


def test_a_sign_in_page_is_no_receipt(browser_page, server) -> None:
    server.answer = "cut"
    press(browser_page)
    browser_page.locator("[data-queue] [data-number]").wait_for()
    server.answer = "signed_out"
    browser_page.get_by_role("button", name="Kirim").click()
    browser_page.get_by_text("Belum sampai ke server").wait_for()
    assert len(waiting(browser_page)) == 1


def test_two_quick_presses_are_one(browser_page, server) -> None:
    server.answer = "hold"
    browser_page.evaluate("const b = document.querySelector('form button'); b.click(); b.click();")
    browser_page.wait_for_timeout(500)
    assert len(server.arrived) == 1


def test_location_is_taken_only_with_consent_and_never_holds_up_the_press(browser_page, server) -> None:
    browser_page.context.grant_permissions(["geolocation"])
    browser_page.context.set_geolocation({"latitude": -6.9025, "longitude": 107.6187, "accuracy": 24})
    press(browser_page)
    browser_page.get_by_text("AM-1911-4F7K2Q").wait_for()
    assert "latitude" not in server.arrived[0]
    browser_page.goto("/uji/")
    browser_page.get_by_label("Sertakan lokasi").check()
    press(browser_page)
    browser_page.get_by_text("AM-1911-4F7K2Q").wait_for()
    assert (server.arrived[1]["latitude"], server.arrived[1]["accuracy_m"]) == ("-6.9025", "24")
    browser_page.context.clear_permissions()
    browser_page.goto("/uji/")
    browser_page.get_by_label("Sertakan lokasi").check()
    press(browser_page)
    browser_page.get_by_text("AM-1911-4F7K2Q").wait_for()
    assert "latitude" not in server.arrived[2]


def test_a_queued_press_that_is_refused_says_why(browser_page, server) -> None:
    server.answer = "cut"
    press(browser_page)
    browser_page.locator("[data-queue] [data-number]").wait_for()
    server.answer = "refused"
    browser_page.get_by_role("button", name="Kirim").click()
    browser_page.get_by_text("Hari kerja sudah berganti").wait_for()
    assert waiting(browser_page) == []
