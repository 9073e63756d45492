"""Pages of runs: two people, each step once, messages instead of faults, bounded work whatever the size."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from allowances.models import Run
from allowances.operations import approve_run, check_run, draft_run, lock_run
from core.models import AuditEntry, Job
from tests.pay_pages import Office, employee, text_of
from tests.runs import AT, MONTH, locked

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 2, 5, tzinfo=UTC)
MOST_STATEMENTS, MOST_BYTES = 15, 100_000


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    """December: the month of the run is over."""
    for module in ("runs", "objections", "slips", "people", "files"):
        monkeypatch.setattr(f"allowances.views.{module}.timezone.now", lambda: NOW)


@pytest.fixture
def office():
    return Office()


@pytest.fixture
def run(office):
    return office.run()


def step(run, verb):
    return reverse("allowances:run_step", args=[run.pk, verb])


def state(run):
    return Run.objects.values_list("state", flat=True).get(pk=run.pk)


def test_the_way_to_paid_through_the_pages(office, run):
    one, two, money = (office.client(name) for name in ("hr", "hr2", "finance"))
    assert "Nyatakan diperiksa" in text_of(one.get(reverse("allowances:run", args=[run.pk])))
    assert one.get(step(run, "periksa")).status_code == 200 and state(run) == "draft"
    one.post(step(run, "periksa"))
    assert state(run) == "checked"
    page = text_of(one.get(reverse("allowances:run", args=[run.pk])))
    assert "Orang lain harus menyetujuinya" in page and step(run, "setujui") not in page
    refused = one.post(step(run, "setujui"))
    assert refused.status_code == 422 and "minta orang lain" in text_of(refused) and state(run) == "checked"
    two.post(step(run, "setujui"))
    one.post(step(run, "kunci"))
    assert state(run) == "locked"
    assert money.post(step(run, "bayar"), {"order_number": "", "paid_on": "besok"}).status_code == 422
    money.post(step(run, "bayar"), {"order_number": "SP2D-9", "paid_on": "2026-12-02"})
    assert state(run) == "paid"
    assert "SP2D-9" in text_of(office.client("auditor").get(reverse("allowances:run", args=[run.pk])))


def test_pressing_twice_is_one_act_and_no_fault(office, run):
    one = office.client("hr")
    for _ in range(2):
        assert one.post(step(run, "periksa")).status_code == 302
    assert AuditEntry.objects.filter(action="run.checked").count() == 1


def test_set_aside_people_need_a_tick(office):
    employee(office.unit, "Belum", rating=None)
    run = office.run()
    check_run(run, office.users["hr"], AT)
    two = office.client("hr2")
    missing = two.post(step(run, "setujui"))
    assert missing.status_code == 422 and "Centang" in text_of(missing) and state(run) == "checked"
    two.post(step(run, "setujui"), {"despite_set_aside": "on"})
    assert state(run) == "approved"


def test_a_return_needs_a_reason(office, run):
    check_run(run, office.users["hr"], AT)
    two = office.client("hr2")
    assert two.post(step(run, "kembalikan"), {"reason": " "}).status_code == 422
    two.post(step(run, "kembalikan"), {"reason": "Kelas keliru"})
    assert state(run) == "draft"


def test_steps_of_another_state_say_so(office, run):
    one = office.client("hr")
    answer = one.post(step(run, "kunci"))
    assert answer.status_code == 422 and "berstatus draf" in text_of(answer)
    assert "tidak berlaku lagi" in text_of(one.get(step(run, "kunci")))
    assert one.get(step(run, "hapus")).status_code == 404


def test_finance_and_auditor_do_not_take_the_steps_of_hr(office, run):
    assert office.client("finance").post(step(run, "periksa")).status_code == 404
    assert office.client("auditor").post(step(run, "periksa")).status_code == 403
    assert office.client("hr").post(step(run, "bayar")).status_code == 404
    assert state(run) == "draft"


def test_what_holds_stands_first_and_on_the_confirmation(office, run, monkeypatch):
    early = datetime(2026, 11, 20, 5, tzinfo=UTC)
    monkeypatch.setattr("allowances.views.runs.timezone.now", lambda: early)
    one = office.client("hr")
    part = text_of(one.get(reverse("allowances:run_checks", args=[run.pk]), headers={"HX-Request": "true"}))
    assert "<html" not in part and part.index("Menahan") < part.index("Lolos")
    assert "Ada yang menahan" in text_of(one.get(step(run, "periksa")))


def test_a_draft_is_asked_for_once_and_bad_months_are_answered(office, django_capture_on_commit_callbacks):
    one, url = office.client("hr"), reverse("allowances:draft")
    assert one.get(url).status_code == 405
    bad = one.post(url, {"month": "November", "kind": "regular", "number": "1"})
    assert bad.status_code == 422 and "2026-10" in text_of(bad)
    for _ in range(2):
        one.post(url, {"month": "2026-11", "kind": "regular", "number": "1"})
    assert Job.objects.filter(chain__startswith="draft:").count() == 1
    assert "Menyusun draf" in text_of(one.get(reverse("allowances:runs")))
    assert office.client("finance").post(url, {"month": "2026-11"}).status_code == 403


def test_units_tell_why_they_changed(office):
    locked(office.government)
    december = datetime(2027, 1, 3, tzinfo=UTC)
    from tests.runs import close_month, score

    month = MONTH.replace(month=12)
    for person in (office.wulan, employee(office.unit, "Baru", facts=None)):
        score(person, "Baik", month)
        close_month(person, month=month)
    run = draft_run(office.government, month, december)
    page = text_of(office.client("hr").get(reverse("allowances:run", args=[run.pk])))
    assert "1 pegawai masuk" in page and "Dibanding November 2026" in page


def test_pages_stay_small_however_many_people(office):
    def measure(run):
        found = {}
        for name in ("run", "run_people", "run_units"):
            client = office.client("hr")
            client.get(reverse("allowances:runs"))
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(reverse(f"allowances:{name}", args=[run.pk]))
            assert answer.status_code == 200 and len(answer.content) < MOST_BYTES
            found[name] = len(queries)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("allowances:runs"))
        return found | {"runs": len(queries)}

    few = measure(office.run())
    for number in range(70):
        employee(office.unit, f"Pegawai {number:02}", facts=None)
    many = measure(office.run())
    assert few == many and max(many.values()) <= MOST_STATEMENTS, many


def test_the_checks_ask_no_more_for_more_people(office):
    def count(run):
        client = office.client("hr")
        client.get(reverse("allowances:runs"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("allowances:run_checks", args=[run.pk]))
        return len(queries)

    few = count(office.run())
    for number in range(30):
        employee(office.unit, f"Pegawai {number:02}", facts=None)
    many = count(office.run())
    assert few == many <= 30


def test_people_are_found_and_reading_them_leaves_a_trace(office):
    employee(office.unit, "Belum", rating=None)
    run = office.run()
    one, url = office.client("hr"), reverse("allowances:run_people", args=[run.pk])
    assert "Wulan" in text_of(one.get(url, {"q": "wul"}))
    assert "Tidak ada yang cocok" in text_of(one.get(url, {"q": "tak ada 999999999999999999999", "unit": "x" * 50}))
    assert "Belum" in text_of(one.get(url, {"disisihkan": "1"}))
    assert AuditEntry.objects.filter(action="run.people_read", actor="hr").count() == 3


def test_files_are_downloads_and_the_bank_waits_for_the_lock(office, run):
    one = office.client("hr")
    nominatif = one.get(reverse("allowances:run_file", args=[run.pk, "nominatif"]))
    assert nominatif["Content-Disposition"].startswith("attachment") and nominatif.content[:2] == b"PK"
    assert "DRAF" in nominatif["Content-Disposition"]
    people = text_of(one.get(reverse("allowances:run_people", args=[run.pk]), {"unit": office.unit.pk}))
    url = re.search(r'href="([^"]+/berkas/nominatif/\?unit=\d+)"', people).group(1)
    assert one.get(url)["Content-Disposition"].count(f"unit{office.unit.pk}") == 1
    assert one.get(url + "9999").status_code == 404
    bank = one.get(reverse("allowances:run_file", args=[run.pk, "bank"]), follow=True)
    assert bank.redirect_chain and "p-note is-bad" in text_of(bank)
    assert one.get(reverse("allowances:run_file", args=[run.pk, "lain"])).status_code == 404
    assert AuditEntry.objects.filter(action="run.exported").count() == 2


def test_a_locked_run_offers_no_more_steps_to_hr(office, run):
    check_run(run, office.users["hr"], AT)
    lock_run(approve_run(run, office.users["hr2"], AT), office.users["hr"], AT)
    page = text_of(office.client("hr").get(reverse("allowances:run", args=[run.pk])))
    assert "langkah/" not in page and "Keuangan mencatat pembayaran" in page
    assert step(run, "bayar") in text_of(office.client("finance").get(reverse("allowances:run", args=[run.pk])))
