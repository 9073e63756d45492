"""The commands around a document: start it, check and explain it, compare two; none of them needs a database."""

import copy
import json
import pickle
import re
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from policy.documents import TOPICS, Library
from policy.sentences import statements_of
from policy.starters import UnusableName, start_document
from policy.validator import validate

PROJECT = Path(__file__).resolve().parent.parent
CONTOH = PROJECT / "regulations" / "contoh" / "allowance" / "2025-01-01.yaml"


def run(*arguments):
    """Exit code and standard output of a command."""
    out, code = StringIO(), 0
    try:
        call_command(*map(str, arguments), stdout=out)
    except SystemExit as stopped:
        code = stopped.code
    return code, out.getvalue()


@pytest.mark.parametrize("topic", TOPICS)
def test_a_started_document_is_valid_assumed_and_can_be_read_aloud(topic, tmp_path):
    path = tmp_path / "baru" / f"{topic}.yaml"
    code, answer = run("new_regulation", path, "--topic", topic, "--jurisdiction", "kota-baru")
    assert code == 0
    assert f"check_regulation {path} --explain" in answer
    text = path.read_text(encoding="utf-8")
    assert validate(text, neighbours=[]) == []
    document = Library().build(str(path), text)
    assert (document.status, document.topic, document.jurisdiction) == ("assumed", topic, "kota-baru")
    assert statements_of(document)
    assert "# ISI" in text


@pytest.mark.parametrize("topic", TOPICS)
def test_what_a_started_document_offers_in_comments_is_valid_too(topic):
    text = start_document(topic, "kota-baru", "uji", date(2026, 1, 1))
    offered = re.sub(r"(?m)^(\s*)# (\s*(?:[a-z_]+:|- \{).*)$", r"\1\2", text)
    found = [(finding.code, finding.path) for finding in validate(offered, neighbours=[])]
    assert found == ([("reference_missing", "parameters.tax.table")] if topic == "allowance" else [])
    assert topic in ("eligibility", "performance", "savings", "tax") or offered.count("#") < text.count("#") - 1


def test_a_file_that_is_there_is_not_overwritten(tmp_path):
    path = tmp_path / "ada.yaml"
    path.write_text("id: berharga\n")
    with pytest.raises(CommandError, match="sudah ada"):
        run("new_regulation", path, "--topic", "tax", "--jurisdiction", "kota")
    assert path.read_text() == "id: berharga\n"


@pytest.mark.parametrize("name", ["Kota Baru", "off", "12", "", "a: b", 'x"y', "../x"])
def test_a_name_that_yaml_would_misread_is_refused(name):
    with pytest.raises(UnusableName):
        start_document("tax", name, "uji", date(2026, 1, 1))
    with pytest.raises(UnusableName):
        start_document("tax", "kota", name, date(2026, 1, 1))


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "berkas").write_text("")
    with pytest.raises(CommandError, match="tidak dapat ditulis"):
        run("new_regulation", tmp_path / "berkas" / "x.yaml", "--topic", "tax", "--jurisdiction", "kota")


def test_explain_adds_sentences_below_what_the_check_says():
    plain, explained = run("check_regulation", CONTOH), run("check_regulation", CONTOH, "--explain")
    assert plain == (0, "Dokumen sah.\n")
    assert explained[1].startswith(plain[1])
    assert (
        "\n- Terlambat 31 sampai kurang dari 61 menit: TL2, 1 % dari Disiplin kerja — Pasal 5 ayat (2) (peragaan).\n"
        in explained[1]
    )


def test_json_is_the_same_with_explain():
    code, answer = run("check_regulation", CONTOH, "--format", "json", "--explain")
    assert (code, json.loads(answer)) == (0, {"valid": 1, "invalid": 0, "findings": []})


def test_a_refused_document_is_not_read_aloud_and_a_valid_one_beside_it_is(tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("id: bad\n")
    code, answer = run("check_regulation", bad, CONTOH, "--explain")
    assert code == 1
    assert f"{bad}: dibacakan setelah kesalahannya diperbaiki." in answer
    assert f"Arti {CONTOH}" in answer


def changed(tmp_path, *changes):
    """A copy of the demonstration's document with other words, under its own id."""
    text = CONTOH.read_text(encoding="utf-8").replace("id: contoh-tpp", "id: contoh-baru")
    for was, becomes in changes:
        assert was in text
        text = text.replace(was, becomes)
    path = tmp_path / "baru.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_two_files_are_compared_in_words(tmp_path):
    other = changed(tmp_path, ("TL2: [31, 61, 1 %]", "TL2: [31, 61, 1.25 %]"), ("8: 6000000", "8: 6100000"))
    assert run("compare_regulations", CONTOH, other) == (
        0,
        "Besaran tunjangan\n- Kelas 8: Rp6.000.000 menjadi Rp6.100.000\nPotongan\n- TL2: 1 % menjadi 1,25 %\n",
    )
    assert run("compare_regulations", "contoh-tpp", other)[1].endswith("TL2: 1 % menjadi 1,25 %\n")


def test_the_same_document_is_no_different():
    assert run("compare_regulations", CONTOH, "contoh-tpp") == (0, "Kedua dokumen berarti sama.\n")


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("contoh-tpp", "contoh-tax"), "topic"),
        (("contoh-tpp", "tidak-ada"), "reference_missing: dokumen `tidak-ada` tidak ditemukan"),
        (("contoh-tpp", "tidak-ada.yaml"), "not_yaml: tidak-ada.yaml"),
    ],
)
def test_what_cannot_be_compared_is_told(names, told):
    with pytest.raises(CommandError, match=re.escape(told)):
        run("compare_regulations", *names)


def test_a_refused_document_is_not_compared(tmp_path):
    bad = changed(tmp_path, ("weight: 60 %", "weight: 59 %"))
    with pytest.raises(CommandError, match=r"weights_sum parameters\.components"):
        run("compare_regulations", CONTOH, bad)


def test_a_document_with_references_can_be_copied_and_sent_to_another_process():
    library = Library()
    library.load_folder(PROJECT / "regulations")
    document = library.find("contoh-tpp")
    for made in (copy.deepcopy(document), pickle.loads(pickle.dumps(document))):  # noqa: S301 - our own bytes
        assert made.parameters == document.parameters
        assert made.attendance == "contoh-attendance"
        assert made.attendance.written_in == document.attendance.written_in
