"""Stored versions: loaded once, never changed, the library is made of them."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from policy.models import PolicyVersion
from policy.operations import REGULATIONS, RegulationsRefused, load_regulations
from policy.queries import document_for, jurisdictions, library

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def version(**changes: object) -> PolicyVersion:
    fields = {
        "document_id": "uji-tpp",
        "topic": "allowance",
        "jurisdiction": "uji",
        "title": "T",
        "decree": "D",
        "valid_from": date(2025, 1, 1),
        "status": "assumed",
        "source_path": "uji/allowance/2025-01-01.yaml",
        "sha256": "a" * 64,
        "body": "id: uji-tpp",
        "loaded_at": NOW,
    }
    return PolicyVersion(**{**fields, **changes})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REGULATIONS, tmp_path / "regulations"))


def test_migrate_has_loaded_everything_and_twice_is_once() -> None:
    assert load_regulations(NOW).added == 0
    assert PolicyVersion.objects.count() == len(list(REGULATIONS.rglob("*.yaml")))


def test_documents_come_from_the_rows() -> None:
    assert document_for("contoh", "allowance", date(2025, 11, 13)).id == "contoh-tpp"
    assert document_for("contoh", "allowance", date(2024, 12, 31)) is None
    tpp = library().find("contoh-tpp")
    assert library().attendance_for(tpp, date(2025, 11, 13)).id == "contoh-attendance"
    assert {"contoh", "jambi"} <= set(jurisdictions())


def test_a_new_document_is_added(folder: Path) -> None:
    text = (folder / "jambi/allowance/2025-01-01.yaml").read_text()
    text = text.replace("id: jambi-tpp", "id: jambi-tpp-2026").replace("valid_from: 2025", "valid_from: 2026")
    (folder / "jambi/allowance/2026-01-01.yaml").write_text(text)
    assert load_regulations(NOW, folder).added == 1
    assert document_for("jambi", "allowance", date(2026, 1, 1)).id == "jambi-tpp-2026"
    assert document_for("jambi", "allowance", date(2025, 12, 31)).id == "jambi-tpp"


def test_a_changed_file_with_an_old_id_is_refused_and_nothing_is_written(folder: Path) -> None:
    before = PolicyVersion.objects.count()
    path = folder / "jambi/allowance/2025-01-01.yaml"
    path.write_text(path.read_text().replace("rate: 2 %", "rate: 3 %"))
    with pytest.raises(RegulationsRefused) as caught:
        load_regulations(NOW, folder)
    assert "jambi/allowance/2025-01-01.yaml" in str(caught.value)
    assert PolicyVersion.objects.count() == before


def test_a_wrong_document_is_refused_with_its_place(folder: Path) -> None:
    (folder / "jambi/allowance/2026-01-01.yaml").write_text(
        "id: x\ntopic: allowance\njurisdiction: jambi\ntitle: T\ndecree: D\nissued_on: 2026-01-01\n"
        "valid_from: 2026-01-01\nstatus: assumed\nparameters: {bonus: 1}\n"
    )
    with pytest.raises(RegulationsRefused, match=r"unknown_key parameters\.bonus"):
        load_regulations(NOW, folder)


def test_two_documents_for_one_day_are_refused(folder: Path) -> None:
    text = (folder / "jambi/allowance/2025-01-01.yaml").read_text()
    (folder / "jambi/allowance/2025-01-01-b.yaml").write_text(text.replace("id: jambi-tpp", "id: jambi-b"))
    with pytest.raises(RegulationsRefused, match="validity_overlap"):
        load_regulations(NOW, folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"document_id": "jambi-tpp"},
        {"jurisdiction": "jambi"},
        {"valid_to": date(2025, 1, 1)},
        {"status": "final"},
        {"sha256": "none"},
    ],
)
def test_the_database_refuses(changes: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        version(**changes).save()


def test_the_database_accepts_the_same_row_without_the_fault() -> None:
    version().save()
    assert PolicyVersion.objects.filter(document_id="uji-tpp").exists()


def test_a_version_is_never_changed_nor_deleted() -> None:
    row = PolicyVersion.objects.filter(document_id="jambi-tpp")
    with pytest.raises(DatabaseError, match="(?i)cannot update or delete"), transaction.atomic():
        row.update(body="lain")
    with pytest.raises(DatabaseError, match="(?i)cannot update or delete"), transaction.atomic():
        row.delete()
    assert "jambi" in row.get().body
