"""A draft, read: each file with what the validator says of it, and a library in which its documents stand.

References of a draft lead to its own files first and then to the stored versions. Pure but for `stored_library`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from policy.documents import Document, DocumentError, Library, read_raw, sha256_of
from policy.queries import library as known_library
from policy.validator import Finding, validate
from policy.yaml_reader import UnreadableDocument, read_list

DOCUMENT, CASES, UNREADABLE = "document", "cases", "unreadable"
OVERLAP = "validity_overlap"


@dataclass(frozen=True)
class FileReading:
    """One file: what it is, what was found in it, and its document where it can be computed with.

    A document that only clashes with the dates of another can be computed with; it cannot be adopted. `stands`:
    exactly this text is a stored version already.
    """

    name: str
    kind: str
    findings: tuple[Finding, ...] = ()
    document: Document | None = None
    stands: bool = False

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """Findings that keep the file from being used."""
        return tuple(finding for finding in self.findings if not finding.warning)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Findings that are only told."""
        return tuple(finding for finding in self.findings if finding.warning)


@dataclass(frozen=True)
class DraftReading:
    """All files of a draft by name; `known` answers their references: the files themselves, then the versions."""

    files: tuple[FileReading, ...]
    known: Library
    folder: str

    @property
    def refused(self) -> bool:
        """Whether any file cannot be used as it is."""
        return any(file.refusals for file in self.files)

    @property
    def documents(self) -> list[Document]:
        """The documents that can be computed with, in the order of the files."""
        return [file.document for file in self.files if file.document is not None]

    def path_of(self, name: str) -> str:
        """What the library calls a file of the draft; paths written in it start there."""
        return f"{self.folder}/{name}"

    def of_topic(self, topic: str) -> list[Document]:
        """Documents of one topic, in order of their start."""
        return sorted((d for d in self.documents if d.topic == topic), key=lambda d: d.valid_from)

    def acting(self, topic: str, first: date, last: date) -> Document | None:
        """The draft's document of a topic that would act in [first, last]: in force then, else the next to come."""
        found = self.of_topic(topic)
        in_force = [document for document in found if document.holds_on(first) or document.holds_on(last)]
        begun = [document for document in in_force if document.valid_from <= first]
        if in_force:
            return begun[-1] if begun else in_force[0]
        coming = [document for document in found if document.valid_from > last]
        return coming[0] if coming else (found[-1] if found else None)


def folder_of(draft_id: int | str) -> str:
    """Where the documents of a draft stand in a library; also their `source_path` once adopted."""
    return f"rancangan/{draft_id}"


def kind_of_text(text: str) -> str:
    """What a text holds: a list is cases, a mapping a document."""
    return _kind_and_reason(text)[0]


def _kind_and_reason(text: str) -> tuple[str, str]:
    """The kind, and why a text cannot be read."""
    try:
        if read_list(text) is not None:
            return CASES, ""
        read_raw(text)
    except UnreadableDocument as error:
        return UNREADABLE, f"Berkas {error.reason}."
    except DocumentError as error:
        return (DOCUMENT, "") if error.code == "duplicate_key" else (UNREADABLE, error.message)
    return DOCUMENT, ""


def stored_library() -> Library:
    """A library of the stored versions that may be added to."""
    return known_library().copy()


def read_draft_files(
    texts: Mapping[str, str], library: Library, folder: str, jurisdiction: str | None = None
) -> DraftReading:
    """Judge the files of a draft together; `library` holds the stored versions and takes the draft's documents in.

    `jurisdiction`: the only one that its documents may be for. Nothing is raised: what is wrong is a finding.
    """
    names = sorted(texts)
    read = {name: _kind_and_reason(texts[name]) for name in names}
    kinds = {name: kind for name, (kind, _) in read.items()}
    stored = {raw.get("id"): name for name, raw in library.heads()}
    bodies = {name: library.text_of(name) for name in stored.values()}
    taken: dict[str, Finding] = {}
    standing: dict[str, str] = {}
    for name in names:
        if kinds[name] != DOCUMENT:
            continue
        finding = _take_in(library, f"{folder}/{name}", texts[name], stored, bodies)
        if finding is not None:
            taken[name] = finding
        elif _stands(texts[name], stored, bodies):
            standing[name] = str(read_raw(texts[name])["id"])
    heads = [(name, library.merged_or_own(name, raw)) for name, raw in library.heads()]
    files = []
    for name in names:
        if kinds[name] == CASES:
            files.append(FileReading(name, CASES))
            continue
        if kinds[name] == UNREADABLE:
            files.append(FileReading(name, UNREADABLE, (Finding("not_yaml", "", read[name][1]),)))
            continue
        path = f"{folder}/{name}"
        neighbours = [head for other, head in heads if other != path]
        findings = [*([taken[name]] if name in taken else []), *validate(texts[name], library, path, neighbours)]
        document = None
        if all(finding.warning or finding.code == OVERLAP for finding in findings):
            try:
                document = library.build(path, texts[name])
            except DocumentError as error:
                findings.append(Finding(error.code, error.path, error.message))
            else:
                findings[:0] = (foreign := _foreign(document, jurisdiction))
                document = None if foreign else document
        told = tuple(_with_ids(finding, standing) for finding in findings)
        files.append(FileReading(name, kinds[name], told, document, name in standing))
    for name in standing:
        # Only now: cases may name it by its file, but a new document that did would lose it once it is adopted.
        library.add_beside(f"{folder}/{name}", texts[name])
    return DraftReading(tuple(files), library, folder)


def _stands(text: str, stored: Mapping[Any, str], bodies: Mapping[str, str]) -> bool:
    name = stored.get(read_raw(text).get("id"))
    return name is not None and sha256_of(bodies[name]) == sha256_of(text)


def _take_in(
    library: Library, path: str, text: str, stored: Mapping[Any, str], bodies: Mapping[str, str]
) -> Finding | None:
    """Add a document; a finding where its id belongs to another text."""
    try:
        document_id = read_raw(text).get("id")
        if document_id in stored:
            if not _stands(text, stored, bodies):
                return Finding(
                    "head_value",
                    "id",
                    f"id `{document_id}` sudah dipakai dokumen yang tersimpan dengan isi lain. Dokumen tersimpan tidak "
                    "diubah: beri dokumen ini `id` dan `valid_from` yang baru.",
                )
            return None
        library.add_text(path, text)
    except DocumentError as error:
        if error.code in ("not_yaml", "duplicate_key", "head_missing"):
            return None  # the validator says it, with every place
        return Finding(error.code, error.path, error.message)
    return None


def _with_ids(finding: Finding, standing: Mapping[str, str]) -> Finding:
    """A reference that is missing because its file stands already: say by which id to name it."""
    for name, document_id in standing.items():
        if finding.code.endswith("_missing") and f"`{name}`" in finding.message:
            told = f"{finding.message} {name} sudah tersimpan; rujuk dengan id-nya: `{document_id}`."
            return replace(finding, message=told)
    return finding


def _foreign(document: Document, jurisdiction: str | None) -> list[Finding]:
    if jurisdiction is None or document.jurisdiction == jurisdiction:
        return []
    message = (
        f"dokumen ini untuk `{document.jurisdiction}`; yang dapat diunggah di sini hanya dokumen `{jurisdiction}`."
    )
    return [Finding("head_value", "jurisdiction", message)]
