"""The bundle: another Python without any package computes the run again, and one rupiah more is found."""

import json
import shutil
import subprocess
import sys
from datetime import date, timedelta
from fractions import Fraction
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from allowances.exports import export
from allowances.exports.documents import encoded
from allowances.exports.packing import rule_modules
from allowances.exports.recompute import decoded
from allowances.models import Adjustment, Line, Run
from allowances.operations import draft_run
from core import audit
from core.errors import PortalError
from core.models import AuditSeal
from tests.exported_run import drafted, locked, make_office
from tests.runs import AT, CLOSED_AT, close_month, score

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return make_office()


def unpacked(content: bytes, folder: Path) -> Path:
    with ZipFile(BytesIO(content)) as bundle:
        assert bundle.testzip() is None
        bundle.extractall(folder)
    return folder


def recompute(folder: Path) -> subprocess.CompletedProcess[str]:
    """As an auditor does: isolated, without any package, nothing of the project on the path."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "recompute.py"], cwd=folder, env={}, capture_output=True, text=True, check=False
    )


def mend_manifest(folder: Path) -> None:
    """A forger also mends the fingerprints."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"] = {name: sha256((folder / name).read_bytes()).hexdigest() for name in manifest["files"]}
    path.write_text(json.dumps(manifest))


def test_an_auditor_computes_the_run_again_without_any_package(office, tmp_path):
    run = locked(office)
    folder = unpacked(export(run, "bundle").content, tmp_path)
    done = recompute(folder)
    assert (done.returncode, done.stdout) == (0, f"4 persons, {run.lines.count()} lines agree\n"), done.stdout
    assert json.loads((folder / "totals.json").read_text())["amounts"]["net"] == str(run.total_rupiah)
    assert json.loads((folder / "set_aside.json").read_text())[0]["name"] == "Tanpa Nilai"
    assert {path.name for path in (folder / "documents").glob("*.yaml")} == {f"{name}.yaml" for name in run.policies}


@pytest.mark.parametrize("mended", [False, True], ids=["careless", "with the manifest mended"])
@pytest.mark.parametrize("name", ["lines.jsonl", "inputs.jsonl", "totals.json", "run.json"])
def test_one_rupiah_more_is_found(office, tmp_path, name, mended):
    run = locked(office)
    folder = unpacked(export(run, "bundle").content, tmp_path)
    wulan = run.inputs.get(name="Wulan")
    stored, more = (
        (run.total_rupiah, run.total_rupiah + 1)
        if name in ("totals.json", "run.json")
        else (wulan.gross_rupiah, wulan.gross_rupiah + 1)
    )
    if name == "lines.jsonl":
        line = run.lines.get(person=wulan.person, name="productivity")
        stored, more = line.amount_rupiah, line.amount_rupiah + 1
    text = (folder / name).read_text()
    assert f'"{stored}"' in text
    (folder / name).write_text(text.replace(f'"{stored}"', f'"{more}"', 1))
    if mended:
        mend_manifest(folder)
    done = recompute(folder)
    assert done.returncode == 1
    assert "computed" in done.stdout or "the sum is" in done.stdout
    assert (f"{name}: not the file of the manifest" in done.stdout) is not mended


def test_a_changed_rule_fact_or_document_is_found(office, tmp_path):
    folder = unpacked(export(drafted(office), "bundle").content, tmp_path)
    inputs = (folder / "inputs.jsonl").read_text()
    assert inputs.count('"minutes_late": 14') == 1
    (folder / "inputs.jsonl").write_text(inputs.replace('"minutes_late": 14', '"minutes_late": 34'))
    text = folder / "documents" / "contoh-tpp.yaml"
    text.write_text(text.read_text().replace("3 %", "2 %"))
    (folder / "rules" / "spare.py").write_text("")
    mend_manifest(folder)
    done = recompute(folder)
    assert done.returncode == 1
    assert "cuts is 15000, computed" in done.stdout
    assert "contoh-tpp: not the text that the run used" in done.stdout
    assert "rules/spare.py: not named in the manifest" in done.stdout


def test_rapel_is_computed_again_from_the_facts_now_known(office, tmp_path):
    first = locked(office)
    agus = office.people["agus"]
    Adjustment.objects.create(person=agus, month=first.month, source="correction:1", reason="Hadir", recorded_at=AT)
    close_month_again(agus)
    december = date(2026, 12, 1)
    for name in ("wulan", "agus"):
        close_month(office.people[name], month=december, at=CLOSED_AT + timedelta(days=40))
        score(office.people[name], "Baik", month=december)
    run = draft_run(office.government, december, AT + timedelta(days=40))
    rapel = Line.objects.get(run=run, kind="rapel")
    assert rapel.amount_rupiah > 0
    folder = unpacked(export(run, "bundle").content, tmp_path)
    assert recompute(folder).returncode == 0, recompute(folder).stdout
    lines = (folder / "lines.jsonl").read_text()
    due = rapel.detail["due"]
    (folder / "lines.jsonl").write_text(lines.replace(f'"due": "{due}"', f'"due": "{Fraction(due) + 1}"'))
    mend_manifest(folder)
    done = recompute(folder)
    assert done.returncode == 1
    assert "rapel of 2026-11-01" in done.stdout


def close_month_again(person) -> None:
    person.dayrecord_set.all().delete()
    close_month(person, at=AT)


def test_the_same_run_gives_the_same_bundle_whatever_the_log_says_since(office):
    run = locked(office)
    audit.record(AT - timedelta(days=1), "contoh", "uji", "test")
    head = audit.seal(AT - timedelta(hours=1))
    first = export(run, "bundle").content
    audit.record(AT, "contoh", "uji", "test")
    assert isinstance(audit.seal(AT + timedelta(hours=1)), AuditSeal)
    assert export(Run.objects.get(pk=run.pk), "bundle").content == first
    manifest = json.loads(ZipFile(BytesIO(first)).read("manifest.json"))
    assert manifest["audit"]["hash"] == head.hash
    assert manifest["signed_by"] is None


def test_a_bundle_of_a_unit_agrees_by_itself(office, tmp_path):
    folder = unpacked(export(drafted(office), "bundle", office.top).content, tmp_path)
    done = recompute(folder)
    assert done.stdout.startswith("3 persons, "), done.stdout
    assert done.returncode == 0


def test_the_operator_signs_the_manifest(office, tmp_path, settings):
    key = Ed25519PrivateKey.generate()
    path = tmp_path / "key.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    settings.BUNDLE_SIGNING_KEY = str(path)
    run = locked(office)
    content = export(run, "bundle").content
    assert export(run, "bundle").content == content
    folder = unpacked(content, tmp_path / "bundle")
    key.public_key().verify((folder / "manifest.sig").read_bytes(), (folder / "manifest.json").read_bytes())
    assert recompute(folder).returncode == 0
    if shutil.which("openssl"):
        words = "openssl pkeyutl -verify -pubin -inkey signer.pem -rawin -in manifest.json -sigfile manifest.sig"
        assert subprocess.run(words.split(), cwd=folder, capture_output=True, check=False).returncode == 0


def test_a_key_that_cannot_be_used_is_named(office, tmp_path, settings):
    run = drafted(office)
    settings.BUNDLE_SIGNING_KEY = str(tmp_path / "none.pem")
    with pytest.raises(PortalError, match="BUNDLE_SIGNING_KEY"):
        export(run, "bundle")


def test_the_packed_rules_are_pure_and_complete():
    packed = rule_modules()
    assert {"allowances/rules.py", "allowances/rows.py", "attendance/rules.py", "core/money.py"} <= set(packed)
    for name, source in packed.items():
        for word in (b"import django", b"from django", b"import yaml", b"policy.documents", b"allowances.models"):
            assert word not in source, name


def test_documents_survive_json_exactly():
    value = {
        "classes": {1: 1_500_000, "x": Fraction(1, 3)},
        "from": date(2026, 1, 2),
        "none": None,
        "yes": True,
        "list": ["0.5 %", 3, {"$odd": 1}],
    }
    assert decoded(json.loads(json.dumps(encoded(value)))) == value
    with pytest.raises(TypeError):
        encoded({"rate": 0.5})
