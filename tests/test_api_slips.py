"""The endpoints of pay answer what the pages show, to whom the pages show it, and leave the same trace."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.throttling import UserRateThrottle

from allowances.queries.slips import slip_of
from core.models import AuditEntry
from tests.pay_pages import LATE_ON, Office, employee
from tests.runs import locked
from tests.signin import sign_in

pytestmark = pytest.mark.django_db
MINE = "/api/my/slips/"


@pytest.fixture
def office():
    return Office()


def slip_url(run, person):
    return f"/api/runs/{run.pk}/people/{person.pk}/slip/"


def same(step, node):
    """The step of the answer is the node of the page, down to the last child."""
    amount = None if step["value"] is None else Fraction(step["value"])
    assert (step["label"], amount, step["unit"], step["key"]) == (node.label, node.amount, node.unit, node.key)
    words = ("sentence", "arithmetic", "article", "note")
    assert [step[name] for name in words] == [getattr(node, name) for name in words]
    assert step["on"] == (node.on.isoformat() if node.on else None)
    assert len(step["children"]) == len(node.children)
    for child, below in zip(step["children"], node.children, strict=True):
        same(child, below)


def adds_up(step):
    if step["children"]:
        assert sum(Fraction(child["value"]) for child in step["children"]) == Fraction(step["value"]), step["label"]
    for child in step["children"]:
        adds_up(child)


def test_a_slip_is_the_one_of_the_page_and_adds_up(office):
    run = locked(office.government)
    slip = slip_of(office.row(run))
    for answer in (
        office.client("wulan").get(f"{MINE}{run.pk}/"),
        office.client("auditor").get(slip_url(run, office.wulan)),
    ):
        body = answer.json()
        same(body["tree"], slip.tree)
        same(body["base"], slip.base)
        adds_up(body["tree"])
        assert Fraction(body["tree"]["value"]) == Fraction(slip.row.net_rupiah) == Fraction(body["person"]["net"])
        assert (body["alarm"], body["estimate"], body["run"]["state"]) == ([], False, "locked")
        assert sum(Fraction(row["value"]) for row in body["criteria"]) in (0, Fraction(body["earned"]))
        assert "Terlambat 31 menit" in answer.content.decode()


def test_ones_own_slips_and_a_draft_is_an_estimate(office):
    one = office.client("wulan")
    assert one.get(MINE).json() == {"count": 0, "next": None, "previous": None, "results": []}
    run = office.run()
    (row,) = one.get(MINE).json()["results"]
    assert (row["run"]["id"], row["estimate"]) == (run.pk, True)
    peer = sign_in(Client(), employee(office.unit, "Rekan").user)
    assert peer.get(f"{MINE}{run.pk}/").status_code == 404


def test_runs_with_sums_and_people(office):
    run = office.run()
    one = office.client("finance")
    (listed,) = one.get("/api/runs/").json()["results"]
    found = one.get(f"/api/runs/{run.pk}/").json()
    assert listed.items() <= found.items() and found["code"] == "TPP-2026-11"
    sums = {name: Fraction(value) for name, value in found["sums"].items()}
    added = sums["gross"] - sums["cuts"] + sums["supplements"] + sums["rapel"] - sums["held"]
    added += sums["carried_over"] - sums["insurance_employee"] - sums["tax_own"]
    assert added == sums["net"] == Fraction(found["total"]) and found["policies"]
    (person,) = one.get(f"/api/runs/{run.pk}/people/?q=wul").json()["results"]
    assert (person["person"], person["name"]) == (office.wulan.pk, "Wulan")
    assert one.get(f"/api/runs/{run.pk}/people/?q=siapa").json()["count"] == 0
    answer = one.get("/api/runs/?page=7")
    assert answer.status_code == 404 and "next" in answer.json()["detail"]


def test_a_day_says_what_the_slip_used(office):
    run = office.run()
    for client, url in (
        (office.client("wulan"), f"{MINE}{run.pk}/days/{LATE_ON}/"),
        (office.client("hr"), f"{slip_url(run, office.wulan)}days/{LATE_ON}/"),
    ):
        day = client.get(url).json()
        assert (day["time_in"], day["place"], day["changed"]) == ("08:01:00", "office", False)
        assert {"name": "minutes_late", "label": "Terlambat (menit)", "value": 31} in day["facts"]
        for other in (LATE_ON + timedelta(days=60), "2026-13-40", "kemarin"):
            assert client.get(url.replace(str(LATE_ON), str(other))).status_code == 404


def test_reading_pay_of_others_leaves_the_trace_of_the_pages(office):
    run = office.run()
    office.client("wulan").get(f"{MINE}{run.pk}/")
    assert not AuditEntry.objects.filter(action__endswith="read").exists()
    one = office.client("auditor")
    for url in (slip_url(run, office.wulan), f"{slip_url(run, office.wulan)}days/{LATE_ON}/"):
        one.get(url)
    one.get(f"/api/runs/{run.pk}/people/")
    entries = AuditEntry.objects.filter(actor="auditor").order_by("pk").values_list("action", flat=True)
    assert list(entries) == ["slip.read", "slip_day.read", "run.people_read"]


def test_refusals_are_said_in_indonesian(office):
    run = office.run()
    mine, others = f"{MINE}{run.pk}/", slip_url(run, office.wulan)
    stale = sign_in(Client(), office.users["hr"], fresh=False)
    cases = [
        (Client().get(mine), 401, "not_authenticated"),
        (office.client("wulan").get(others), 403, "permission_denied"),
        (office.client("leader").get("/api/runs/"), 403, "permission_denied"),
        (stale.get(others), 403, "stale_sign_in"),
        (stale.get("/api/runs/"), 403, "stale_sign_in"),
        (office.client("hr").get("/api/runs/999999999/"), 404, "not_found"),
        (office.client("hr").get("/api/runs/99999999999999999999999/"), 404, "not_found"),
        (Client().get("/api/tidak/ada/"), 404, "not_found"),
        (office.client("hr").post(others), 405, "method_not_allowed"),
        (Client().post(others), 405, "method_not_allowed"),
        (office.client("hr").get("/api/runs/?q=%00"), 400, "bad_request"),
        (office.client("hr").get("/api/runs/?page_size=banyak"), 400, "invalid"),
        (office.client("hr").get("/api/documents/?on=kemarin"), 400, "invalid"),
    ]
    for answer, status, code in cases:
        body = answer.json()
        assert (answer.status_code, body["code"]) == (status, code), body
        assert body["detail"][0].isupper() and body["detail"].endswith("."), body
    assert cases[0][0]["WWW-Authenticate"] == "Session" and cases[9][0]["Allow"].startswith("GET")


def test_another_government_is_not_there(office):
    run = office.run()
    abroad = Office("jambi", "jauh ")
    for url in (f"/api/runs/{run.pk}/", f"/api/runs/{run.pk}/people/", slip_url(run, office.wulan)):
        assert abroad.client("hr").get(url).status_code == 404
    assert abroad.client("hr").get("/api/runs/").json()["count"] == 0


def test_too_many_requests_are_told_when_to_come_back(office, monkeypatch):
    monkeypatch.setattr(UserRateThrottle, "rate", "2/min", raising=False)
    one, throttled = office.client("wulan"), None
    for _ in range(3):
        throttled = one.get(MINE)
    cache.delete(f"throttle_user_{office.users['wulan'].pk}")
    assert throttled.status_code == 429 and int(throttled["Retry-After"]) > 0
    assert "detik" in throttled.json()["detail"]
