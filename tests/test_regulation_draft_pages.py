"""Drafts of regulations by page: uploaded, judged and compared by one, adopted by another, and refused in words."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from allowances.models import Run
from attendance.models import DayRecord
from policy.models import PolicyVersion, RegulationDraft
from policy.queries import document_for
from tests.rights.objects import add_objects
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


def upload(client, files, title="Tambahan tahun depan"):
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
    assert "Tambahan tahun depan" in hr.get(reverse("regulations:drafts")).content.decode()


def refusal(answer) -> str:
    assert answer.status_code == 422, answer.status_code
    return answer.content.decode()


def nothing_adopted() -> bool:
    return not PolicyVersion.objects.filter(draft__isnull=False).exists()


def late(bands: str) -> str:
    """The allowance document with other bands of being late."""
    head = GOOD["tpp.yaml"].split("  charges:\n")[0]
    return f"{head}  charges:\n    terlambat: {{fact: minutes_late, bands: {bands}}}\n"


BAD = {
    "no YAML": ("tpp.yaml", "id: [", "seluruh berkas"),
    "a percentage as a float": (
        "tpp.yaml",
        GOOD["tpp.yaml"].replace("1 %, unit", "0.01, unit"),
        "parameters.charges.terlambat.rate",
    ),
    "a gap between bands": (
        "tpp.yaml",
        late("[[1, 31, 1 %], [32, null, 2 %]]"),
        "parameters.charges.terlambat.bands",
    ),
    "bands that overlap": (
        "tpp.yaml",
        late("[[1, 31, 1 %], [30, null, 2 %]]"),
        "parameters.charges.terlambat.bands",
    ),
    "an unknown fact": (
        "tpp.yaml",
        GOOD["tpp.yaml"].replace("minutes_late", "minutes_lat"),
        "parameters.charges.terlambat.fact",
    ),
    "weights of 99 %": ("tpp.yaml", GOOD["tpp.yaml"].replace("weight: 100 %", "weight: 99 %"), "parameters.components"),
    "a cycle of extends": ("tpp.yaml", "extends: jambi-uji-tpp\n" + GOOD["tpp.yaml"], "extends"),
    "times unquoted": ("jam.yaml", GOOD["jam.yaml"].replace('"16:00"', "16:00:00"), "parameters.hours.0.out"),
    "another government": (
        "tpp.yaml",
        GOOD["tpp.yaml"].replace("jurisdiction: jambi", "jurisdiction: jabar"),
        "jurisdiction",
    ),
}


@pytest.mark.parametrize("fault", BAD)
def test_each_fault_of_a_document_is_shown_with_its_place_and_nothing_is_adopted(fault, hr, hr2):
    name, text, path = BAD[fault]
    draft = uploaded(hr, GOOD | {name: text})
    page = page_of(hr2, draft)
    place = page.split("Berkas dan pemeriksaannya")[1].split("Contoh perhitungan")[0]
    assert f"{name} · {path}" in place, place
    assert "Berlakukan</a>" not in page
    assert name in refusal(adopt(hr2, draft))
    assert nothing_adopted()


def test_two_versions_of_one_day_are_shown_on_both_files(hr, hr2):
    draft = uploaded(hr, GOOD | {"dua.yaml": GOOD["tpp.yaml"].replace("jambi-uji-tpp", "jambi-uji-dua")})
    page = page_of(hr2, draft)
    assert "dua.yaml · valid_from" in page
    assert "tpp.yaml · valid_from" in page
    assert "valid_from" in refusal(adopt(hr2, draft))
    assert nothing_adopted()


@pytest.mark.parametrize(
    ("cases", "words"),
    [
        (CASES.replace("5940000", "5940001"), "diharapkan 5940001, ditemukan 5940000"),
        (CASES.replace("minutes_late: 1", "minutes_lat: 1"), "nama tidak dikenal"),
        (CASES.replace("minutes_late: 1", "events: {terlambat: -1}"), "tidak mungkin"),
        (CASES.replace("tpp.yaml", "tidak-ada.yaml"), "tidak ditemukan"),
        ("- 5\n", "policy, given, dan expect"),
    ],
)
def test_a_case_that_fails_says_what_was_expected_and_found_and_stops_the_adoption(cases, words, hr, hr2):
    draft = uploaded(hr, GOOD | {"contoh.yaml": cases})
    page = page_of(hr2, draft)
    assert words in page
    assert "0 contoh lulus, 1 gagal" in page
    assert "semua contoh lulus" not in page
    assert "Contoh gagal: contoh.yaml" in refusal(adopt(hr2, draft))
    assert nothing_adopted()


def test_a_count_of_a_billion_is_refused_and_does_not_hang(hr):
    pay = late("{TL1: [1, null, 1 %]}")
    huge = CASES.replace("minutes_late: 1", "events: {TL1: 1000000000}")
    assert "terlalu banyak kejadian" in page_of(hr, uploaded(hr, GOOD | {"tpp.yaml": pay, "contoh.yaml": huge}))


def test_an_allowance_document_without_a_case_is_not_adopted(hr, hr2):
    draft = uploaded(hr, {name: GOOD[name] for name in ("jam.yaml", "tpp.yaml")})
    words = "Tambahkan paling sedikit satu contoh perhitungan dari peraturannya untuk Tambahan penghasilan Kota Uji"
    assert words in page_of(hr2, draft)
    assert words in refusal(adopt(hr2, draft))
    assert nothing_adopted()
    other = uploaded(hr, GOOD | {"contoh.yaml": CASES.replace("tpp.yaml", "jambi-tpp")})
    assert words in page_of(hr2, other), "a case of another document does not stand behind this one"


def test_documents_without_pay_need_no_case(hr, hr2):
    draft = uploaded(hr, {"jam.yaml": GOOD["jam.yaml"]})
    assert adopt(hr2, draft).status_code == 302
    assert document_for("jambi", "attendance", date(2027, 1, 1)).id == "jambi-uji-jam"


def test_more_cases_than_a_page_computes_are_said_and_not_adopted(hr, hr2, monkeypatch):
    monkeypatch.setattr("wfh_portal.regulations.judging.MAX_CASES", 3)
    draft = uploaded(hr, GOOD | {"contoh.yaml": CASES * 4})
    page = page_of(hr2, draft)
    assert "Tidak semua contoh dihitung" in page
    assert "3 contoh lulus, 0 gagal" in page
    assert "semua contoh lulus" not in page
    assert "Tidak semua contoh" in refusal(adopt(hr2, draft))
    assert nothing_adopted()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "Pilih paling sedikit satu berkas"),
        ({f"f{number}.yaml": "- {}" for number in range(41)}, "Paling banyak 40 berkas; Anda memilih 41"),
        ({"a.yaml": b"\x89PNG\r\n\x1a\n\x00\x00"}, "a.yaml: bukan teks UTF-8"),
        ({"a.yaml": b"id: \x00"}, "a.yaml: bukan berkas teks"),
        ({"a.yaml": "id: é".encode("latin-1")}, "bukan teks UTF-8"),
        ({"a.txt": "id: a"}, "unggah berkas .yaml"),
        ({"a.yaml": b"#" * (512 * 1024 + 1)}, "a.yaml: terlalu besar"),
        ({"a.yaml": "- &a [1,1,1,1,1,1,1,1]\n" + "".join(
            f"- &{new} [{','.join([f'*{old}'] * 8)}]\n" for old, new in ("ab", "bc", "cd", "de", "ef", "fg"))},
            "terlalu banyak nilai"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", ["list", "draft"])
def test_files_that_cannot_be_kept_are_refused_in_words_and_nothing_is_kept(where, files, words, hr):
    if where == "list":
        assert words in refusal(upload(hr, files))
        assert not RegulationDraft.objects.exists()
    else:
        draft = uploaded(hr, {"jam.yaml": GOOD["jam.yaml"]})
        assert words in refusal(hr.post(address("draft_files", draft), {"files": sheets(files)}))
        assert draft.files.count() == 1


def test_one_name_twice_and_a_title_too_long_are_told(hr):
    twice = [SimpleUploadedFile("a.yaml", b"id: a"), SimpleUploadedFile("a.yaml", b"id: b")]
    answer = hr.post(reverse("regulations:drafts"), {"title": "x", "files": twice})
    assert "dipilih dua kali" in refusal(answer)
    assert "Tulis judulnya" in refusal(upload(hr, GOOD, title=" "))
    assert "terlalu panjang" in refusal(upload(hr, GOOD, title="x" * 251))
    assert not RegulationDraft.objects.exists()


def test_a_body_of_more_than_200_mb_is_not_read(hr, monkeypatch):
    monkeypatch.setattr("core.uploads.MAX_BYTES", 1_000)
    monkeypatch.setattr("core.uploads.ENVELOPE_BYTES", 100)
    assert "terlalu besar dan tidak dibaca" in refusal(upload(hr, {"a.yaml": "#" * 2_000}))


def test_garbage_is_kept_shown_and_can_be_taken_out(hr):
    draft = uploaded(hr, GOOD | {"sampah.yaml": "{{{: :\n\t- %"})
    assert "sampah.yaml · seluruh berkas · not_yaml" in page_of(hr, draft)
    answer = hr.post(address("draft_remove", draft), {"name": "sampah.yaml"})
    assert answer.status_code == 302
    assert "sampah.yaml ·" not in page_of(hr, draft)
    assert "tidak ada dalam rancangan ini" in refusal(hr.post(address("draft_remove", draft), {"name": "sampah.yaml"}))


def test_the_same_name_replaces_and_the_bytes_come_back(hr):
    draft = uploaded(hr, GOOD)
    changed = GOOD["tpp.yaml"].replace("Pasal 6", "Pasal 6 ayat (1)")
    assert hr.post(address("draft_files", draft), {"files": sheets({"tpp.yaml": changed})}).status_code == 302
    assert draft.files.count() == 3
    answer = hr.get(address("draft_file", draft, draft.files.get(name="tpp.yaml").pk))
    assert answer.content == changed.encode()
    assert 'filename="tpp.yaml"' in answer["Content-Disposition"]


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
