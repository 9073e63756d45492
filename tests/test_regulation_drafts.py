"""Drafts of regulations: what is kept, judged and adopted, and what is refused with nothing half-written."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import User
from policy.models import PolicyVersion, RegulationDraft, RegulationDraftFile
from policy.operations import adopt_draft, discard_draft, keep_files, open_draft, remove_file
from policy.operations.drafts import (
    MAX_FILE_BYTES,
    MAX_FILES,
    MAX_VALUES,
    DraftRefused,
    fingerprint,
    read_draft,
    texts_of,
)
from policy.queries import document_for

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, tzinfo=UTC)
HOURS = """id: kota-uji-jam
topic: attendance
jurisdiction: kota-uji
title: Jam kerja Kota Uji
decree: Peraturan Wali Kota Uji 1/2026
issued_on: 2026-01-01
valid_from: 2026-01-01
status: in_force
parameters:
  hours:
    - {in: "08:00", out: "16:00", article: Pasal 3}
"""
PAY = """id: kota-uji-tpp
topic: allowance
jurisdiction: kota-uji
title: Tambahan penghasilan Kota Uji
decree: Peraturan Wali Kota Uji 2/2026
issued_on: 2026-01-01
valid_from: 2026-01-01
status: in_force
attendance: jam.yaml
parameters:
  base: {by: class, classes: {8: 6000000}, article: Pasal 4}
  components:
    kehadiran: {weight: 100 %, article: Pasal 5}
  charges:
    terlambat: {fact: minutes_late, rate: 1 %, unit: 30, part: started, article: Pasal 6}
"""
CASES = "- {name: satu menit, policy: tpp.yaml, given: {class: 8, minutes_late: 1}, expect: {kehadiran: 5940000}}\n"


def passes(reading, texts) -> list[str]:
    return []


@pytest.fixture
def author() -> User:
    return User.objects.create_user("penulis")


@pytest.fixture
def other() -> User:
    return User.objects.create_user("pemberlaku")


def files(**texts: str) -> dict[str, bytes]:
    return {f"{name}.yaml": text.encode() for name, text in texts.items()}


@pytest.fixture
def draft(author: User) -> RegulationDraft:
    return open_draft("kota-uji", "Peraturan pertama", files(jam=HOURS, tpp=PAY, contoh=CASES), author, AT)


def seen(draft: RegulationDraft) -> str:
    return fingerprint(texts_of(draft))


def test_files_are_told_apart_and_judged_together(draft):
    reading = read_draft(draft)
    assert {file.name: file.kind for file in reading.files} == {
        "contoh.yaml": "cases", "jam.yaml": "document", "tpp.yaml": "document",
    }  # fmt: skip
    assert not reading.refused
    assert sorted(document.id for document in reading.documents) == ["kota-uji-jam", "kota-uji-tpp"]
    allowance = reading.of_topic("allowance")[0]
    assert reading.known.attendance_for(allowance, date(2026, 5, 1)).id == "kota-uji-jam"


def test_another_person_adopts_and_the_versions_lead_to_each_other(draft, other):
    assert document_for("kota-uji", "allowance", date(2026, 12, 1)) is None
    versions = adopt_draft(draft, other, seen(draft), passes, AT)
    assert sorted(version.document_id for version in versions) == ["kota-uji-jam", "kota-uji-tpp"]
    stored = PolicyVersion.objects.get(document_id="kota-uji-tpp")
    assert (stored.body, stored.draft_id) == (PAY, draft.pk)
    found = document_for("kota-uji", "allowance", date(2026, 12, 1))
    assert found.sha256 == stored.sha256
    draft.refresh_from_db()
    assert draft.adopted_by == other


def test_an_adopted_draft_stands(draft, author, other):
    adopt_draft(draft, other, seen(draft), passes, AT)
    for change in (
        lambda: keep_files(draft, files(tpp=PAY), author, AT),
        lambda: remove_file(draft, "tpp.yaml", author, AT),
        lambda: discard_draft(draft, author, AT),
        lambda: adopt_draft(draft, other, seen(draft), passes, AT),
    ):
        with pytest.raises(DraftRefused, match="sudah diberlakukan"):
            change()
    for refused in (
        lambda: RegulationDraftFile.objects.filter(draft=draft).update(body="lain"),
        lambda: RegulationDraftFile.objects.filter(draft=draft).delete(),
        lambda: RegulationDraftFile.objects.create(
            draft=draft, name="b.yaml", kind="cases", sha256="0" * 64, body="", uploaded_by=author, uploaded_at=AT
        ),
    ):
        with pytest.raises(IntegrityError, match="sudah diberlakukan"), transaction.atomic():
            refused()


@pytest.mark.parametrize("who", ["author", "editor"])
def test_whoever_wrote_of_it_may_not_adopt_it(draft, author, other, who):
    keep_files(draft, files(lain=CASES), other, AT)
    user = author if who == "author" else other
    with pytest.raises(DraftRefused, match="orang lain"):
        adopt_draft(draft, user, seen(draft), passes, AT)
    assert not PolicyVersion.objects.filter(jurisdiction="kota-uji").exists()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (PAY.replace("1 %, unit", "0.01, unit"), "parameters.charges.terlambat.rate"),
        (PAY.replace("jurisdiction: kota-uji", "jurisdiction: jambi"), "jurisdiction"),
        (PAY.replace("weight: 100 %", "weight: 99 %"), "parameters.components"),
        (PAY.replace("id: kota-uji-tpp", "id: contoh-tpp"), "sudah dipakai dokumen yang tersimpan"),
        (PAY.replace("attendance: jam.yaml", "attendance: tidak-ada.yaml"), "attendance"),
        ("id: [", "berkas"),
    ],
)
def test_a_document_that_is_refused_is_named_and_nothing_is_adopted(draft, author, other, text, reason):
    keep_files(draft, files(tpp=text), author, AT)
    with pytest.raises(DraftRefused, match=reason) as refusal:
        adopt_draft(draft, other, seen(draft), passes, AT)
    assert "tpp.yaml" in str(refusal.value)
    assert not PolicyVersion.objects.filter(jurisdiction="kota-uji").exists()
    draft.refresh_from_db()
    assert draft.adopted_at is None


def test_a_second_version_of_the_same_day_is_refused(draft, author, other):
    adopt_draft(draft, other, seen(draft), passes, AT)
    text = PAY.replace("id: kota-uji-tpp", "id: kota-uji-2").replace("jam.yaml", "kota-uji-jam")
    second = open_draft("kota-uji", "Kedua", files(tpp=text), author, AT)
    findings = {(finding.code, finding.path) for file in read_draft(second).files for finding in file.refusals}
    assert ("validity_overlap", "valid_from") in findings
    with pytest.raises(DraftRefused, match="valid_from"):
        adopt_draft(second, other, seen(second), passes, AT)


def test_two_new_versions_of_one_day_refuse_each_other(draft, author):
    keep_files(draft, files(dua=PAY.replace("id: kota-uji-tpp", "id: kota-uji-dua")), author, AT)
    found = {file.name for file in read_draft(draft).files for finding in file.refusals}
    assert found == {"dua.yaml", "tpp.yaml"}


def test_a_ring_of_parents_is_named(author):
    ring = {name: f"id: {name}\nextends: {other}\nparameters: {{}}\n" for name, other in (("a", "b"), ("b", "a"))}
    draft = open_draft("kota-uji", "Lingkaran", files(**ring), author, AT)
    assert {finding.code for file in read_draft(draft).files for finding in file.refusals} >= {"extends_cycle"}


def test_the_same_document_again_stands_and_is_no_new_version(draft, author, other):
    adopt_draft(draft, other, seen(draft), passes, AT)
    again = open_draft("kota-uji", "Lagi", files(jam=HOURS), author, AT)
    assert [(file.stands, file.refusals) for file in read_draft(again).files] == [(True, ())]
    with pytest.raises(DraftRefused, match="dokumen baru"):
        adopt_draft(again, other, seen(again), passes, AT)


def test_what_changed_after_it_was_seen_is_not_adopted(draft, author, other):
    before = seen(draft)
    keep_files(draft, files(tpp=PAY.replace("1 %, unit", "2 %, unit")), author, AT)
    with pytest.raises(DraftRefused, match="berubah sejak"):
        adopt_draft(draft, other, before, passes, AT)


def test_a_reason_of_the_judge_keeps_everything_out(draft, other):
    with pytest.raises(DraftRefused, match="contoh gagal"):
        adopt_draft(draft, other, seen(draft), lambda reading, texts: ["1 contoh gagal."], AT)
    assert not PolicyVersion.objects.filter(jurisdiction="kota-uji").exists()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("tpp.txt", b"id: x", "yaml"),
        ("tpp.yaml", "id: \xe9".encode("latin-1"), "UTF-8"),
        ("tpp.yaml", b"id: \x00", "YAML"),
        ("tpp.yaml", b"#" * (MAX_FILE_BYTES + 1), "terlalu besar"),
        ("a" * 200 + ".yaml", b"id: x", "huruf"),
    ],
)
def test_a_file_that_is_no_text_document_is_refused_and_nothing_is_kept(author, name, content, reason):
    with pytest.raises(DraftRefused, match=reason), transaction.atomic():
        open_draft("kota-uji", "Salah", {name: content}, author, AT)
    assert not RegulationDraft.objects.exists()


def test_a_draft_holds_a_bounded_number_of_files(draft, author):
    many = {f"f{number}.yaml": b"- {}" for number in range(MAX_FILES)}
    with pytest.raises(DraftRefused, match=str(MAX_FILES)):
        keep_files(draft, many, author, AT)
    assert draft.files.count() == 3


BOMB = "- &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"- &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in pairwise("abcdefgh")
)


@pytest.mark.parametrize("text", [BOMB, "- [" + "1," * (MAX_VALUES + 1) + "]", f"{BOMB}- {{<<: *h}}\n"])
def test_what_unfolds_beyond_all_reading_is_refused_quickly(author, text):
    with pytest.raises(DraftRefused, match=r"bom\.yaml: terlalu banyak nilai"), transaction.atomic():
        open_draft("kota-uji", "Bom", files(bom=text), author, AT)
    assert not RegulationDraft.objects.exists()


def test_values_are_counted_over_all_files_of_a_draft(draft, author, monkeypatch):
    monkeypatch.setattr("policy.operations.drafts.MAX_VALUES", 1_000)
    half = "- [" + "1," * 600 + "]"
    keep_files(draft, files(satu=half), author, AT)
    with pytest.raises(DraftRefused, match=r"dua\.yaml: terlalu banyak nilai"):
        keep_files(draft, files(dua=half), author, AT)
    keep_files(draft, files(satu=half), author, AT)
    assert draft.files.count() == 4


def test_a_draft_holds_a_bounded_number_of_bytes(draft, author):
    large = {f"besar{number}": "#" * (MAX_FILE_BYTES - 1) for number in range(5)}
    with pytest.raises(DraftRefused, match="paling besar 2 MB"):
        keep_files(draft, files(**large), author, AT)
    assert draft.files.count() == 3


def test_why_a_file_cannot_be_read_is_said_for_what_it_was_meant_to_be(author):
    twice = "- {name: a, name: b}\n"
    draft = open_draft("kota-uji", "Rusak", files(kasus=twice, rusak="id: [", kosong=""), author, AT)
    found = {file.name: (file.kind, file.refusals[0].message) for file in read_draft(draft).files}
    assert {kind for kind, _ in found.values()} == {"unreadable"}
    assert "tertulis dua kali" in found["kasus.yaml"][1]
    assert "bukan YAML yang dapat dibaca pada baris 1" in found["rusak.yaml"][1]
    assert "tidak berisi pasangan kunci" in found["kosong.yaml"][1]


def test_a_folder_in_a_name_is_dropped_and_the_same_name_replaces(draft, author):
    keep_files(draft, {"C:\\peraturan\\tpp.yaml": PAY.replace("1 %, unit", "2 %, unit").encode()}, author, AT)
    assert draft.files.count() == 3
    assert "2 %, unit" in texts_of(draft)["tpp.yaml"]


def test_a_discarded_draft_is_gone(draft, author):
    discard_draft(draft, author, AT)
    assert not RegulationDraftFile.objects.exists()
    with pytest.raises(DraftRefused, match="dibuang"):
        keep_files(draft, files(tpp=PAY), author, AT)


def a_draft(author: User, **changes: object) -> RegulationDraft:
    values = {"jurisdiction": "kota-uji", "title": "Uji", "created_by": author, "created_at": AT, "changed_by": author,
              "changed_at": AT, **changes}  # fmt: skip
    return RegulationDraft.objects.create(**values)


def a_file(draft: RegulationDraft, author: User, **changes: object) -> RegulationDraftFile:
    values = {"name": "a.yaml", "kind": "cases", "sha256": "0" * 64, "body": "", "uploaded_by": author,
              "uploaded_at": AT, **changes}  # fmt: skip
    return RegulationDraftFile.objects.create(draft=draft, **values)


@pytest.mark.parametrize(
    ("constraint", "attempt"),
    [
        ("regulationdraft_adopted_by_somebody", lambda a, o: a_draft(a, adopted_at=AT)),
        ("regulationdraft_adopted_by_somebody", lambda a, o: a_draft(a, adopted_by=o)),
        ("regulationdraft_two_people", lambda a, o: a_draft(a, adopted_at=AT, adopted_by=a)),
        ("regulationdraft_two_people", lambda a, o: a_draft(a, changed_by=o, adopted_at=AT, adopted_by=o)),
        ("regulationdraftfile_once", lambda a, o: [a_file(d, a) for d in [a_draft(a)] * 2]),
        ("regulationdraftfile_kind_known", lambda a, o: a_file(a_draft(a), a, kind="gambar")),
        ("regulationdraftfile_sha256", lambda a, o: a_file(a_draft(a), a, sha256="Z" * 64)),
    ],
)
def test_the_database_refuses_what_cannot_be(author, other, constraint, attempt):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        attempt(author, other)


def test_the_database_refuses_a_change_of_an_adopted_draft(draft, other):
    adopt_draft(draft, other, seen(draft), passes, AT)
    rows = RegulationDraft.objects.filter(pk=draft.pk)
    for change in (lambda: rows.update(title="lain"), lambda: rows._raw_delete(rows.db)):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            change()
