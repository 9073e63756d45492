"""Faults of drafts by page: of a document, of its cases, of a file; each told with its place, nothing adopted."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from policy.models import RegulationDraft
from tests.draft_pages import (
    GOOD,
    address,
    adopt,
    nothing_adopted,
    page_of,
    refusal,
    sheets,
    upload,
    uploaded,
)
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
