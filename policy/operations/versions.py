"""Documents become versions: those of `regulations/` by migrate, and those of an adopted draft."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from policy.documents import Document, DocumentError, Library, read_file
from policy.models import PolicyVersion, RegulationDraft
from policy.validator import Finding, validate

REGULATIONS = Path(__file__).resolve().parent.parent.parent / "regulations"


class RegulationsRefused(Exception):
    """Documents that may not be loaded; `problems` are Indonesian sentences that name file, place and remedy."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class LoadedRegulations:
    """How many documents were new and how many stood already."""

    added: int
    unchanged: int


@transaction.atomic
def load_regulations(now: datetime, folder: Path = REGULATIONS) -> LoadedRegulations:
    """Load every document of `folder` that is not a version yet; all of them or none. Twice is once.

    Raises RegulationsRefused for a document that the validator refuses, and for a changed file with an old id.
    """
    texts = {str(file.relative_to(folder)): file for file in sorted(folder.rglob("*.yaml"))}
    try:
        bodies = {name: read_file(file) for name, file in texts.items()}
        library = Library(reads_files=False)
        library.load_texts(bodies)
        problems = [
            _sentence(name, finding)
            for name, body in bodies.items()
            for finding in validate(body, library, name)
            if not finding.warning
        ]
        if problems:
            raise RegulationsRefused(problems)
        documents = library.documents()
    except DocumentError as error:
        raise RegulationsRefused([str(error)]) from error
    stored = dict(PolicyVersion.objects.values_list("document_id", "sha256"))
    changed = [document for document in documents if stored.get(document.id, document.sha256) != document.sha256]
    if changed:
        raise RegulationsRefused([_changed(document) for document in changed])
    new = [version_of(document, now) for document in documents if document.id not in stored]
    PolicyVersion.objects.bulk_create(new)
    return LoadedRegulations(added=len(new), unchanged=len(documents) - len(new))


def version_of(document: Document, now: datetime, draft: RegulationDraft | None = None) -> PolicyVersion:
    """The row of a document; `draft`: whence it was adopted."""
    return PolicyVersion(
        document_id=document.id,
        topic=document.topic,
        jurisdiction=document.jurisdiction,
        title=document.title,
        decree=document.decree,
        valid_from=document.valid_from,
        valid_to=document.valid_to,
        status=document.status,
        demonstration=document.demonstration,
        source_path=document.source_path or "",
        sha256=document.sha256,
        body=document.body,
        loaded_at=now,
        draft=draft,
    )


def _sentence(name: str, finding: Finding) -> str:
    return f"{name}: {finding.code} {finding.path}: {finding.message}"


def _changed(document: Document) -> str:
    return (
        f"{document.source_path}: isi dokumen `{document.id}` berubah setelah dimuat. Dokumen yang sudah dimuat tidak "
        "diubah; kembalikan isinya, lalu tulis dokumen baru dengan id dan `valid_from` yang baru."
    )
