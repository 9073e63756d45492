"""What the stories in a browser share: whose password, which screens, and the steps of a run."""

from typing import Any

from allowances.models import Run

PASSWORD = "kereta-malam-ke-garut"  # noqa: S105 - of invented people in a test database
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def sign_in_at(page: Any, name: str, password: str = PASSWORD) -> None:
    """Sign in on the page of that name, by password."""
    page.goto("/masuk/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_selector("text=Keluar")


def step(page: Any, run: Run, verb: str) -> None:
    """Press a step of a run and confirm it."""
    page.goto(f"/tunjangan/perhitungan/{run.pk}/")
    page.get_by_role("link", name=verb, exact=True).click()
    box = page.locator("main form input[type=checkbox]")
    if box.count():
        box.check()
    page.locator("main form").get_by_role("button", name=verb, exact=True).click()
    page.wait_for_load_state()
