"""Objections: from a line of one's own locked slip to a decision in words, never by oneself."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from allowances.models import Adjustment, Objection
from core.models import AuditEntry
from roster.models import Grant, Role
from tests.pay_pages import Office, employee, text_of
from tests.runs import SINCE, locked
from tests.signin import sign_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 3, 5, tzinfo=UTC)
NEW = "/tunjangan/keberatan/baru/"


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("allowances.views.objections.timezone.now", lambda: NOW)


@pytest.fixture
def office():
    return Office()


@pytest.fixture
def run(office):
    return locked(office.government)


@pytest.fixture
def objection(office, run):
    office.client("wulan").post(f"{NEW}?hitung={run.pk}&baris=late&hari=2026-11-12", {"reason": "Mesin rusak"})
    return Objection.objects.get()


def test_from_the_line_of_the_slip_to_the_receipt(office, run):
    one = office.client("wulan")
    links = re.findall(
        r'href="(/tunjangan/keberatan/baru/\?[^"]+hari=2026-11-12)"', text_of(one.get("/tunjangan/slip/"))
    )
    url = links[0].replace("&amp;", "&")
    form = text_of(one.get(url))
    assert "Kamis, 12 November 2026" in form and "17 Desember 2026" in form
    empty = one.post(url, {"reason": "  "})
    assert empty.status_code == 422 and "Tulis alasan keberatan" in text_of(empty) and not Objection.objects.exists()
    sent = one.post(url, {"reason": "Mesin rusak, surat 12/2026"}, follow=True)
    made = Objection.objects.get()
    assert made.line_name == "late" and "12 November 2026" in made.reason and "surat 12/2026" in made.reason
    assert made.number in text_of(sent) and "Keberatan terkirim" in text_of(sent)
    again = one.post(url, {"reason": "sekali lagi"})
    assert again.status_code == 422 and "menunggu keputusan" in text_of(again) and Objection.objects.count() == 1
    assert "Terlambat" in text_of(one.get(reverse("allowances:my_objections")))


def test_a_draft_takes_no_objection(office):
    run = office.run()
    one, url = office.client("wulan"), f"{NEW}?hitung={run.pk}&baris=late&hari=2026-11-12"
    assert "masih perkiraan" in text_of(one.get(url))
    assert one.post(url, {"reason": "Mesin rusak"}).status_code == 422
    assert not Objection.objects.exists()


def test_lines_and_slips_that_are_not_ones_own_are_refused(office, run):
    peer = employee(office.unit, "Rekan")
    stranger = sign_in(Client(), peer.user)
    assert stranger.post(f"{NEW}?hitung={run.pk}&baris=late", {"reason": "x"}).status_code == 302
    one = office.client("wulan")
    for query in (
        "",
        "hitung=abc",
        f"hitung={run.pk}",
        f"hitung={run.pk}&baris=lain",
        f"hitung={run.pk}&baris=late&hari=x9",
    ):
        assert one.post(f"{NEW}?{query}", {"reason": "x"}).status_code in (302, 422), query
    assert set(Objection.objects.values_list("person_id", flat=True)) <= {office.wulan.pk}


def test_the_receipt_is_only_for_its_person(office, objection):
    url = reverse("allowances:objection_sent", args=[objection.number])
    assert office.client("wulan").get(url).status_code == 200
    assert sign_in(Client(), employee(office.unit, "Rekan").user).get(url).status_code == 404


@pytest.mark.parametrize("pressed, state", [("ya", "accepted"), ("tidak", "rejected")])
def test_hr_decides_in_words_that_the_employee_reads(office, objection, pressed, state):
    hr, url = office.client("hr"), reverse("allowances:objection", args=[objection.pk])
    assert "Terlambat" in text_of(hr.get(reverse("allowances:objections")))
    assert "Mesin rusak" in text_of(hr.get(url))
    assert hr.post(url, {"accepted": pressed, "decision": " "}).status_code == 422
    assert hr.post(url, {"decision": "Terbukti"}).status_code == 422
    for _ in range(2):
        assert hr.post(url, {"accepted": pressed, "decision": "Log mesin dilihat."}).status_code == 302
    objection.refresh_from_db()
    assert (objection.state, objection.decision) == (state, "Log mesin dilihat.")
    assert Adjustment.objects.count() == (pressed == "ya")
    assert AuditEntry.objects.filter(action=f"objection.{state}").count() == 1
    told = text_of(office.client("wulan").get(reverse("allowances:objection_sent", args=[objection.number])))
    assert "Log mesin dilihat." in told
    late = office.client("hr2").post(url, {"accepted": "ya", "decision": "lain"})
    assert late.status_code == 422 and "sudah diputus" in text_of(late)


def test_nobody_decides_on_themselves(office, objection):
    Grant.objects.create(government=office.government, user=office.wulan.user, role=Role.HR, valid_from=SINCE)
    one, url = office.client("wulan"), reverse("allowances:objection", args=[objection.pk])
    assert "tidak dapat diputus sendiri" in text_of(one.get(url))
    refused = one.post(url, {"accepted": "ya", "decision": "Saya setuju"})
    assert refused.status_code == 422 and "sendiri" in text_of(refused)
    objection.refresh_from_db()
    assert objection.state == "open"


def test_only_hr_decides_and_the_auditor_reads(office, objection):
    for url in (reverse("allowances:objections"), reverse("allowances:objection", args=[objection.pk])):
        for name in ("finance", "leader", "admin", "wulan"):
            assert office.client(name).get(url).status_code == 403
    auditor = office.client("auditor")
    assert 'name="accepted"' not in text_of(auditor.get(url))
    assert auditor.post(url, {"accepted": "ya", "decision": "x"}).status_code == 403
    abroad = Office("jambi", "jauh ")
    assert abroad.client("hr").get(reverse("allowances:objection", args=[objection.pk])).status_code == 404
    assert objection.number not in text_of(abroad.client("hr").get(reverse("allowances:objections")))


def test_the_filter_and_the_home_page_name_what_waits(office, objection):
    hr = office.client("hr")
    assert objection.number in text_of(hr.get(reverse("allowances:objections"), {"status": "open"}))
    assert objection.number not in text_of(hr.get(reverse("allowances:objections"), {"status": "accepted"}))
    assert objection.number in text_of(hr.get(reverse("allowances:objections"), {"status": "apa saja"}))
    assert "1 keberatan terbuka" in text_of(hr.get("/"))


def test_the_home_page_names_the_amount_only_after_a_fresh_sign_in(office, run):
    amount = office.row(run).net_rupiah
    shown = f"Rp{int(amount):,}".replace(",", ".")
    assert shown in text_of(office.client("wulan").get("/"))
    stale = text_of(sign_in(Client(), office.wulan.user, fresh=False).get("/"))
    assert shown not in stale and "November 2026" in stale
