"""The page that documents the endpoints: files of our own, and nothing that the content security policy refuses."""

import pytest

from tests.pay_pages import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_documentation_works_under_the_policy(browser_page, live_portal):
    client = Office().client("hr")
    browser_page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_portal}]
    )
    said, asked = [], []
    browser_page.on("console", lambda message: said.append(message.text))
    browser_page.on("request", lambda request: asked.append(request.url))
    answer = browser_page.goto("/api/")
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    browser_page.get_by_text("Slip seseorang dengan penjelasannya").click()
    browser_page.get_by_text("Satu slip sendiri dengan penjelasannya").wait_for()
    browser_page.get_by_role("button", name="Try it out").wait_for()
    assert [words for words in said if "Content Security Policy" in words or "error" in words.lower()] == []
    assert [url for url in asked if not url.startswith((live_portal, "data:"))] == []
