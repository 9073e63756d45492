"""Drafts of regulations by page: uploaded and judged by one, adopted by another, and by nobody else."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from allowances.models import Run
from attendance.models import DayRecord
from policy.models import PolicyVersion, RegulationDraft
from policy.queries import document_for
from tests.draft_pages import (
    GOOD,
    address,
    adopt,
    nothing_adopted,
    page_of,
    refusal,
    seen_by,
    sheets,
    upload,
    uploaded,
)
from tests.rights.objects import add_objects
from tests.rights.world import build_world
from tests.signin import sign_in
from tests.test_regulation_drafts import CASES

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
    assert "Tambahan tahun depan" in hr.get(reverse("regulations:drafts")).content.decode()


def test_documents_without_pay_need_no_case(hr, hr2):
    draft = uploaded(hr, {"jam.yaml": GOOD["jam.yaml"]})
    assert adopt(hr2, draft).status_code == 302
    assert document_for("jambi", "attendance", date(2027, 1, 1)).id == "jambi-uji-jam"


def test_what_changed_after_it_was_seen_is_not_adopted(hr, hr2):
    draft = uploaded(hr, GOOD)
    seen = hr2.get(address("draft", draft)).context["judged"].fingerprint
    hr.post(address("draft_files", draft), {"files": sheets({"contoh.yaml": CASES + CASES})})
    page = hr2.get(address("draft_adopt", draft), {"seen": seen}).content.decode()
    assert "berubah sejak halaman dibuka" in page
    assert "Berlakukan sekarang" not in page
    answer = hr2.post(address("draft_adopt", draft), {"seen": seen, "read": "on"})
    assert "berubah sejak halaman dibuka" in refusal(answer)
    assert nothing_adopted()
    assert "berubah sejak" in refusal(hr2.post(address("draft_adopt", draft), {"read": "on"}))


def test_adopting_needs_the_mark_another_person_and_a_fresh_sign_in(world, hr, hr2):
    draft = uploaded(hr, GOOD)
    assert "sudah membacanya" in refusal(hr2.post(address("draft_adopt", draft), {"seen": seen_by(hr2, draft)}))
    assert "harus orang lain" in refusal(adopt(hr, draft))
    stale = sign_in(Client(), world.abroad.users["hr2"], fresh=False)
    session = stale.session
    session["account_authentication_methods"] = []
    session.save()
    for answer in (stale.get(address("draft_adopt", draft)), stale.post(address("draft_adopt", draft), {"read": "on"})):
        assert answer.status_code == 302
        assert "berlakukan" not in answer.url.split("?")[0]
    assert nothing_adopted()
    assert adopt(hr2, draft).status_code == 302
    assert "sudah diberlakukan" in refusal(hr2.post(address("draft_adopt", draft), {"seen": "x", "read": "on"}))
    for name in ("draft_files", "draft_remove", "draft_discard"):
        fields = {"files": sheets(GOOD), "name": "tpp.yaml", "sure": "on"}
        assert "sudah diberlakukan" in refusal(hr.post(address(name, draft), fields)), name


def test_a_draft_is_thrown_away_only_when_that_is_confirmed(hr):
    draft = uploaded(hr, GOOD)
    assert "boleh dibuang" in refusal(hr.post(address("draft_discard", draft)))
    assert RegulationDraft.objects.exists()
    assert hr.post(address("draft_discard", draft), {"sure": "on"}).status_code == 302
    assert not RegulationDraft.objects.exists()


def test_an_auditor_reads_and_writes_nothing(hr, auditor):
    draft = uploaded(hr, GOOD)
    page = page_of(auditor, draft)
    assert "semua contoh lulus" in page
    assert "Tambahkan berkas" not in page
    assert "Unggah</button>" not in auditor.get(reverse("regulations:drafts")).content.decode()
    assert upload(auditor, GOOD).status_code == 403
    for name in ("draft_files", "draft_remove", "draft_discard", "draft_adopt"):
        assert auditor.post(address(name, draft), {"name": "tpp.yaml", "sure": "on"}).status_code == 403
    assert (RegulationDraft.objects.count(), draft.files.count()) == (1, 3)


def test_a_foreign_draft_is_not_there(world, hr):
    draft = uploaded(hr, GOOD)
    foreign = sign_in(Client(), world.home.users["hr"])
    file = draft.files.first().pk
    assert foreign.get(address("draft", draft)).status_code == 404
    assert foreign.get(address("draft_file", draft, file)).status_code == 404
    assert foreign.get(address("draft_adopt", draft)).status_code == 404
    for name in ("draft_files", "draft_remove", "draft_discard", "draft_adopt"):
        assert foreign.post(address(name, draft), {"sure": "on"}).status_code == 404
    assert "Tambahan tahun depan" not in foreign.get(reverse("regulations:drafts")).content.decode()
    own_draft = RegulationDraft.objects.create(
        jurisdiction="contoh", title="lain", created_by=world.home.users["hr"], created_at=draft.created_at,
        changed_by=world.home.users["hr"], changed_at=draft.created_at,
    )  # fmt: skip
    assert foreign.get(address("draft_file", own_draft, file)).status_code == 404


def test_a_starter_is_valid_for_this_government(hr):
    for topic in ("attendance", "allowance", "calendar"):
        answer = hr.get(reverse("regulations:starter", args=[topic]))
        draft = uploaded(hr, {f"{topic}.yaml": answer.content})
        refused = [f for file in hr.get(address("draft", draft)).context["judged"].reading.files for f in file.refusals]
        assert refused == [], topic
    assert hr.get(reverse("regulations:starter", args=["apa"])).status_code == 404


def test_the_files_to_begin_with_pass_together_as_they_are(hr):
    names = {"attendance": "attendance.yaml", "allowance": "allowance.yaml", "cases": "contoh.yaml"}
    draft = uploaded(
        hr, {name: hr.get(reverse("regulations:starter", args=[slug])).content for slug, name in names.items()}
    )
    page = page_of(hr, draft)
    assert "semua contoh lulus" in page
    assert "3 contoh lulus, 0 gagal" in page


def test_what_stands_already_is_no_new_document_but_cases_may_name_its_file(hr, hr2):
    adopt(hr2, uploaded(hr, GOOD))
    again = uploaded(hr, GOOD | {"contoh.yaml": CASES + CASES})
    page = page_of(hr2, again)
    assert "2 contoh lulus, 0 gagal" in page
    assert "sudah tersimpan sama persis" in page
    assert "Belum ada dokumen baru" in page
    assert "dokumen baru" in refusal(adopt(hr2, again))
    later = GOOD["tpp.yaml"].replace("jambi-uji-tpp", "jambi-uji-tpp-2028").replace("2027-01-01", "2028-01-01")
    changed = uploaded(hr, GOOD | {"tpp.yaml": later})
    assert "tpp.yaml · attendance · reference_missing" in page_of(hr2, changed), "adopted, it would not find its hours"
    assert "jam.yaml sudah tersimpan; rujuk dengan id-nya: `jambi-uji-jam`." in page_of(hr2, changed)
    by_id = uploaded(hr, GOOD | {"tpp.yaml": later.replace("attendance: jam.yaml", "attendance: jambi-uji-jam")})
    page = page_of(hr2, by_id)
    assert "Beda dengan Tambahan penghasilan Kota Uji (1 Januari 2027)" in page
    assert adopt(hr2, by_id).status_code == 302
    assert "Beda dengan Tambahan penghasilan Kota Uji (1 Januari 2027)" in page_of(hr2, by_id)


def test_closed_months_and_days_are_told_before_anything_is_adopted(world, hr, hr2):
    pay, hours = (GOOD[name].replace("2027-01-01", "2026-01-01") for name in ("tpp.yaml", "jam.yaml"))
    add_objects(world.abroad)
    DayRecord.objects.create(
        person=world.abroad.people["peer"], work_date=date(2026, 1, 7), expected_place="office", place="office",
        computed_at=timezone.now(),
    )  # fmt: skip
    draft = uploaded(hr, GOOD | {"tpp.yaml": pay, "jam.yaml": hours})
    assert "Perhitungan Januari 2026 belum dikunci" in page_of(hr, draft)
    Run.objects.update(state="locked", approved_by=world.abroad.users["hr2"])
    for page in (page_of(hr, draft), hr2.get(address("draft_adopt", draft)).content.decode()):
        assert "1 bulan sudah dikunci (Januari 2026): angkanya tidak berubah." in page
        assert "Hari yang sudah ditutup (1 Januari 2026 sampai 7 Januari 2026) tetap seperti diputus." in page


def test_pages_ask_few_questions(hr, django_assert_max_num_queries):
    draft = uploaded(hr, GOOD)
    for _ in range(4):
        uploaded(hr, GOOD)
    for url in (reverse("regulations:drafts"), address("draft", draft), address("draft_adopt", draft)):
        hr.get(url)
        with django_assert_max_num_queries(15):
            hr.get(url)
