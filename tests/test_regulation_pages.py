"""Regulations on pages: the list by topic and day, one read aloud with its text, two compared in words."""

import hashlib
import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from policy.documents import Library
from policy.models import PolicyVersion
from policy.queries import library
from policy.sentences import statements_of
from policy.shelf import document_with, editions, neighbours, shelves, unverified_articles, used_by, uses_of
from roster.models import Role
from tests.pay_pages import Office, text_of
from tests.runs import add_document, make_government, make_unit, officer
from tests.signin import sign_in

pytestmark = pytest.mark.django_db
LIST = "/peraturan/"
STATEMENTS_AT_MOST = 15
CHECKED_ON = date(2026, 11, 24)
ODD_ID = 'kota/uji "satu" & <dua>'
SHORT = """id: {id}
topic: attendance
jurisdiction: contoh
title: Jam kerja <b>uji</b>
decree: not located
issued_on: 2031-01-01
valid_from: {start}
status: {status}
parameters:
  hours: [{{in: "07:30", out: "16:00", article: Pasal 1}}]
"""


@pytest.fixture
def hr():
    government = make_government("contoh")
    make_unit(government)
    return sign_in(Client(), officer(government, "sri", Role.HR))


@pytest.fixture
def jabar():
    return sign_in(Client(), officer(make_government("jabar"), "asep", Role.AUDITOR))


def page_of(client, url, status=200):
    """The page, which needs few statements and carries no inline style or script."""
    with CaptureQueriesContext(connection) as statements:
        answer = client.get(url)
    assert answer.status_code == status, url
    assert len(statements) <= STATEMENTS_AT_MOST, [item["sql"] for item in statements]
    text = text_of(answer)
    assert " style=" not in text and "<style" not in text and not re.search(r"<script(?![^>]* src=)", text)
    return text


def section(page, slug):
    return page.split(f'id="{slug}"')[1].split("</section>")[0]


def test_the_list_names_what_decides_today_by_topic(hr):
    page = page_of(hr, LIST)
    for topic in ("Jam kerja dan kehadiran", "Tunjangan", "Pajak", "Penilaian kinerja", "Siapa boleh WFH",
                  "Hari libur", "Penghematan"):  # fmt: skip
        assert f">{topic}</h2>" in page
    pay = section(page, "allowance")
    assert "Tambahan penghasilan pegawai Provinsi Contoh" in pay and "Peraturan Gubernur Contoh 2/2025" in pay
    assert "anggapan: tampil, tidak pernah dibayarkan" in pay and "peragaan" in pay and "sejak 1 Januari 2025" in pay
    assert "1 pasal belum diverifikasi" in section(page, "performance")
    assert "Belum ada dokumen" not in page and "Jawa Barat" not in page and "Jambi" not in page
    assert "rujukan nasional" in section(page, "attendance")
    assert "nasional" in section(page, "calendar") and "rujukan" not in section(page, "calendar")
    assert 'href="/peraturan/" aria-current="page"' in page


def test_a_government_without_an_allowance_is_told_so(jabar):
    page = page_of(jabar, LIST)
    pay = section(page, "allowance")
    assert "Belum ada dokumen tunjangan" in pay and "<li>" not in pay
    hours = section(page, "attendance")
    assert "1 Maret 2025 – 18 Februari 2026" in hours and "sudah tidak berlaku" in hours
    assert "4 pasal belum diverifikasi" in hours and "Perpres 21/2023" in hours


def test_what_is_to_come_is_told_apart_and_the_present_ends_before_it(hr):
    add_document(SHORT.format(id="uji", start="2031-01-01", status="in_force"))
    add_document(SHORT.format(id="uji-2", start="2032-01-01", status="expected"))
    hours = section(page_of(hr, LIST), "attendance")
    today, later = hours.split("Nanti</h3>")
    assert "1 Januari 2025 – 31 Desember 2030" in today
    assert "1 Januari 2031 – 31 Desember 2031" in later and "sejak 1 Januari 2032" in later
    assert later.count("akan berlaku") == 2 and "Jam kerja &lt;b&gt;uji&lt;/b&gt;" in later
    assert "peraturan belum diverifikasi" in later and "not located" not in hours


def test_a_button_leads_to_drafts_for_those_who_may_open_them(hr):
    assert 'href="/peraturan/rancangan/"' in page_of(hr, LIST)
    finance = sign_in(Client(), officer(make_government("contoh"), "uang", Role.FINANCE))
    assert 'href="/peraturan/rancangan/"' not in page_of(finance, LIST)


def test_a_document_is_read_aloud_with_its_articles_and_its_links(hr):
    page = page_of(hr, "/peraturan/contoh-tpp/")
    document = document_with(library(), "contoh-tpp")
    for statement in statements_of(document):
        if statement.section != "Dokumen":
            assert f"<span>{escape(statement.text)}.</span>" in page
            assert escape(statement.article) in page
    stored = PolicyVersion.objects.get(document_id="contoh-tpp")
    for fact in (stored.sha256, stored.source_path, "Peraturan Gubernur Contoh 2/2025", "Semua angka dalam dokumen ini",
                 'href="/peraturan/contoh-attendance/"', 'href="/peraturan/contoh-tax/"'):  # fmt: skip
        assert fact in page, fact
    assert escape(stored.body) in page
    assert 'href="/peraturan/contoh-tpp/"' in page_of(hr, "/peraturan/contoh-attendance/")


def test_what_a_document_continues_and_what_continues_it_are_linked(jabar):
    page = page_of(jabar, "/peraturan/jabar-attendance-2026-ramadan/")
    assert 'href="/peraturan/jabar-attendance-2025/"' in page and "Melanjutkan" in page
    assert "Sesudahnya" in page and "Bandingkan dengan sebelumnya" in page
    assert 'banding/?dengan=jabar-attendance-2025"' in page
    assert "Dilanjutkan oleh" in page_of(jabar, "/peraturan/indonesia-attendance/")


def test_the_download_has_the_bytes_and_the_fingerprint_of_the_stored_text(jabar):
    for stored in PolicyVersion.objects.all():
        answer = jabar.get(f"/peraturan/{stored.document_id}/teks/")
        assert answer.content == stored.body.encode("utf-8")
        assert hashlib.sha256(answer.content).hexdigest() == stored.sha256
        assert answer["Content-Disposition"] == f'attachment; filename="{stored.document_id}.yaml"'
        assert answer["X-Content-Type-Options"] == "nosniff" and "yaml" in answer["Content-Type"]


def test_every_shipped_document_opens_and_compares_for_any_role(jabar):
    for document in library().documents():
        assert escape(document.title) in page_of(jabar, f"/peraturan/{document.id}/")
        page_of(jabar, f"/peraturan/{document.id}/banding/")


def test_an_unknown_document_is_not_found_in_indonesian(hr):
    for url in ("/peraturan/tidak-ada/", "/peraturan/tidak-ada/teks/", "/peraturan/tidak-ada/banding/",
                "/peraturan/contoh/allowance/2025-01-01.yaml/"):  # fmt: skip
        assert "Halaman tidak ditemukan" in page_of(hr, url, 404)


def test_an_id_may_be_any_text(hr):
    add_document(SHORT.format(id=f"'{ODD_ID}'", start="2031-01-01", status="assumed"))
    links = [unescape(found) for found in re.findall(r'href="(/peraturan/kota[^"]*)"', page_of(hr, LIST))]
    page = page_of(hr, links[0])
    assert escape(ODD_ID) in page and "<dua>" not in page
    answer = hr.get(f"{links[0]}teks/")
    assert answer.status_code == 200 and "\n" not in answer["Content-Disposition"]
    assert page_of(hr, f"{links[0]}banding/?dengan=contoh-attendance")


def test_two_versions_are_compared_in_words_with_both_readings(jabar):
    page = page_of(jabar, "/peraturan/jabar-attendance-2026/banding/?dengan=jabar-attendance-2026-ramadan")
    assert "Hari Ramadan: masuk 06.30, pulang 14.00." in page and "Hari Ramadan: masuk 08.00, pulang 15.00." in page
    assert "Hari Ramadan: masuk 06.30 menjadi 08.00" in page and "Berubah" in page
    turned = page_of(jabar, "/peraturan/jabar-attendance-2026-ramadan/banding/?dengan=jabar-attendance-2026")
    assert "Lama" in page and "Baru" in page and "Hanya di" not in page
    assert "masuk 06.30 menjadi 08.00" in turned, "the older one is read first, whichever page asks"
    assert "masuk 06.30 menjadi 08.00" in page_of(jabar, "/peraturan/jabar-attendance-2026/banding/")


def test_another_governments_document_may_be_compared_with(hr):
    page = page_of(hr, "/peraturan/contoh-tpp/banding/?dengan=jambi-tpp")
    for words in (
        "Hanya di sini",
        "Hanya di sana",
        "Di sana",
        "Berbeda",
        "tidak ada",
        "Kelas 1: Rp1.500.000.",
        "Dasar iuran",
    ):
        assert words in page
    choices = re.findall(r'<option value="([^"]+)"', page)
    assert "jambi-tpp" in choices and "kejaksaan-tukin" in choices
    assert not {"contoh-tpp", "contoh-tax", "indonesia-attendance"} & set(choices)


def test_what_cannot_be_compared_is_said_on_the_page(hr):
    url = "/peraturan/contoh-tpp/banding/"
    assert "mengatur hal lain (Pajak)" in page_of(hr, f"{url}?dengan=contoh-tax")
    wrong = page_of(hr, f"{url}?dengan=%3Ci%3E")
    assert "Dokumen &lt;i&gt; tidak ada" in wrong and "<i>" not in wrong
    assert "Tidak ada perbedaan" in page_of(hr, f"{url}?dengan=contoh-tpp")
    assert "perbedaan" not in page_of(hr, url)


def test_only_another_head_is_no_difference_of_rules(hr):
    add_document(SHORT.format(id="uji", start="2031-01-01", status="in_force"))
    add_document(SHORT.format(id="uji-2", start="2032-01-01", status="expected"))
    page = page_of(hr, "/peraturan/uji-2/banding/")
    assert "Tidak ada perbedaan pada aturannya" in page and "Berlaku: sejak 1 Januari 2031." in page


def test_slip_and_run_lead_to_the_document_that_decided(db):
    office = Office()
    run = office.run()
    slip = office.client("wulan").get("/tunjangan/slip/")
    for answer in (slip, office.client("hr").get(reverse("allowances:run", args=[run.pk]))):
        assert answer.status_code == 200 and f'href="/peraturan/{run.policy_id}/"' in text_of(answer)
    assert office.client("wulan").get(f"/peraturan/{run.policy_id}/").status_code == 200
    assert "Peraturan</a>" not in text_of(office.client("wulan").get("/"))
    for name in ("hr", "finance", "auditor", "admin", "leader"):
        assert 'href="/peraturan/"' in text_of(office.client(name).get("/")), name


def test_every_document_stands_once_on_a_shelf_and_the_present_one_is_what_decides(db):
    known = library()
    for document in known.documents():
        days = {document.valid_from, CHECKED_ON, *([document.valid_to] if document.valid_to else [])}
        for on in days:
            shelf = next(s for s in shelves(known, [document.jurisdiction], on) if s.topic == document.topic)
            everywhere = [item.document.id for item in (*shelf.now, *shelf.later, *shelf.before)]
            assert everywhere.count(document.id) == 1
            decides = known.choose(document.jurisdiction, document.topic, on)
            assert [item.document for item in shelf.now] == ([decides] if decides else [])


def test_neighbours_and_uses(db):
    known = library()
    ramadan = document_with(known, "jabar-attendance-2026-ramadan")
    before, after = neighbours(known, ramadan)
    assert (before.id, after.id) == ("jabar-attendance-2025", "jabar-attendance-2026")
    pay = document_with(known, "contoh-tpp")
    assert [(u.role, u.document.id) for u in uses_of(known, pay, CHECKED_ON)] == [
        ("attendance", "contoh-attendance"), ("tax", "contoh-tax"),
    ]  # fmt: skip
    assert [(u.role, u.document.id) for u in used_by(known, document_with(known, "contoh-tax"))] == [
        ("tax", "contoh-tpp")
    ]
    alone = Library(reads_files=False)
    alone.add_text("tpp.yaml", pay.body)
    assert uses_of(alone, alone.documents()[0], CHECKED_ON) == []
    assert unverified_articles({"a": [{"article": "not located"}], "b": {"article": "Pasal 1"}}) == 1
    assert [item.until for item in editions(known, "indonesia") if item.document.topic == "calendar"][0] == date(
        2026, 1, 1
    )
