"""Drafts of regulations by page: uploaded, judged and compared by one, adopted by another, and refused in words."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from policy.models import PolicyVersion, RegulationDraft
from policy.queries import document_for
from tests.rights.world import build_world
from tests.signin import sign_in
from tests.test_regulation_drafts import CASES, HOURS, PAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def hr(world):
    return sign_in(Client(), world.abroad.users["hr"])


@pytest.fixture
def hr2(world):
    return sign_in(Client(), world.abroad.users["hr2"])


@pytest.fixture
def auditor(world):
    return sign_in(Client(), world.abroad.users["auditor"])


def own(text: str) -> str:
    """The example texts, for the government that signs in here."""
    return text.replace("kota-uji-", "jambi-uji-").replace("kota-uji", "jambi").replace("2026-01-01", "2027-01-01")


GOOD = {"jam.yaml": own(HOURS), "tpp.yaml": own(PAY), "contoh.yaml": CASES}


def sheets(files):
    return [
        SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text, "application/yaml")
        for name, text in files.items()
    ]


def upload(client, files, title="TPP 2027"):
    return client.post(reverse("regulations:drafts"), {"title": title, "files": sheets(files)})


def uploaded(client, files) -> RegulationDraft:
    answer = upload(client, files)
    assert answer.status_code == 302, answer.content.decode()
    return RegulationDraft.objects.get(pk=answer.url.rstrip("/").rsplit("/", 1)[-1])


def address(name, draft, *more):
    return reverse(f"regulations:{name}", args=[draft.pk, *more])


def page_of(client, draft) -> str:
    answer = client.get(address("draft", draft))
    assert answer.status_code == 200
    return answer.content.decode()


def seen_by(client, draft) -> str:
    return client.get(address("draft_adopt", draft)).context["form"].initial["seen"]


def adopt(client, draft, **fields):
    return client.post(address("draft_adopt", draft), {"seen": seen_by(client, draft), "read": "on", **fields})


def test_one_uploads_and_sees_another_adopts(hr, hr2):
    draft = uploaded(hr, GOOD)
    page = page_of(hr, draft)
    assert "semua contoh lulus" in page
    assert "1 contoh lulus, 0 gagal" in page
    assert "Setiap hari kerja: masuk 08.00, pulang 16.00." in page
    assert "harus orang lain" in page
    assert "Berlakukan</a>" not in page
    page = page_of(hr2, draft)
    assert "Berlakukan</a>" in page
    confirmation = hr2.get(address("draft_adopt", draft)).content.decode()
    assert "Berlakukan sekarang" in confirmation
    assert not PolicyVersion.objects.filter(jurisdiction="jambi", draft=draft).exists()
    answer = adopt(hr2, draft)
    assert answer.status_code == 302
    assert document_for("jambi", "allowance", date(2027, 1, 1)).id == "jambi-uji-tpp"
    page = page_of(hr, draft)
    assert "Sudah diberlakukan" in page
    assert "Tambahkan berkas" not in page
    assert reverse("regulations:document", args=["jambi-uji-tpp"]) in page
    assert "TPP 2027" in hr.get(reverse("regulations:drafts")).content.decode()
