"""Regulations on pages: the list by topic and day, one read aloud with its text, two compared in words."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from roster.models import Role
from tests.pay_pages import text_of
from tests.runs import make_government, make_unit, officer
from tests.signin import sign_in

pytestmark = pytest.mark.django_db
LIST = "/peraturan/"
STATEMENTS_AT_MOST = 15


@pytest.fixture
def hr():
    government = make_government("contoh")
    make_unit(government)
    return sign_in(Client(), officer(government, "sri", Role.HR))


@pytest.fixture
def jabar():
    return sign_in(Client(), officer(make_government("jabar"), "asep", Role.AUDITOR))


def page_of(client, url, status=200):
    with CaptureQueriesContext(
        connection,
    ) as statements:
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
    assert "Belum ada dokumen" not in page and "Jawa Barat" not in page and "Jambi" not in page
    assert "nasional" in section(page, "calendar") and "Rancangan" not in page.split("<main")[0]


def test_a_government_without_an_allowance_is_told_so(jabar):
    page = page_of(jabar, LIST)
    assert "Belum ada dokumen tunjangan" in section(page, "allowance") and "<li>" not in section(page, "allowance")
    hours = section(page, "attendance")
    assert "1 Maret 2025 – 18 Februari 2026" in hours and "pasal belum diverifikasi" in hours
    assert "Perpres 21/2023" in hours and "sudah tidak berlaku" in hours
