"""Check document files together: each alone, their references among one another, and who overlaps whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from policy.documents import DocumentError, Library, read_file, read_raw
from policy.validator import Finding, validate

REGULATIONS = Path(__file__).resolve().parent.parent / "regulations"


@dataclass(frozen=True)
class FileFindings:
    """What was found in one file, named as it was given."""

    name: str
    findings: list[Finding]

    @property
    def refused(self) -> bool:
        """Whether anything but warnings was found."""
        return any(not finding.warning for finding in self.findings)


def check_files(files: list[Path], regulations: Path = REGULATIONS) -> list[FileFindings]:
    """Findings of each file. References are answered by the files given, then by `regulations`.

    A file inside `regulations` may overlap none of its documents; a file from elsewhere none of the files given.
    """
    library = library_of(files, regulations)
    heads: list[Mapping[Any, Any]] = []
    found: dict[int, list[Finding]] = {}
    for index in sorted(range(len(files)), key=lambda index: _start(files[index])):
        file = files[index]
        try:
            text = read_file(file)
        except DocumentError as error:
            found[index] = [Finding(error.code, error.path, error.message)]
            continue
        path = file.resolve()
        inside = path.is_relative_to(regulations.resolve())
        neighbours = [*heads, *(_heads_inside(library, regulations, path) if inside else [])]
        findings = validate(text, library, str(path), neighbours=neighbours)
        found[index] = findings
        head = _head(library, text, str(path))
        if head is not None:
            heads.append(head)
    return [FileFindings(str(file), found[index]) for index, file in enumerate(files)]


def library_of(files: list[Path], regulations: Path = REGULATIONS) -> Library:
    """The documents that references of these files lead to: the files themselves, then those of `regulations`."""
    library = Library()
    shipped = [
        file for file in sorted(regulations.rglob("*.yaml")) if file.resolve() not in {f.resolve() for f in files}
    ]
    for file in [*shipped, *reversed(files)]:
        try:
            library.add_text(str(file.resolve()), read_file(file), replace=True)
        except DocumentError:
            continue  # an unreadable file answers no reference; its own findings are told elsewhere
    return library


def _head(library: Library, text: str, name: str) -> dict[Any, Any] | None:
    try:
        return library.merged_or_own(name, read_raw(text))
    except DocumentError:
        return None


def _heads_inside(library: Library, regulations: Path, besides: Path) -> list[dict[Any, Any]]:
    folder = regulations.resolve()
    return [
        library.merged_or_own(name, raw)
        for name, raw in library.heads()
        if Path(name).is_relative_to(folder) and name != str(besides)
    ]


def _start(file: Path) -> date:
    """When a document begins; files are judged in that order, so that the later one is told of an overlap."""
    try:
        start = read_raw(read_file(file)).get("valid_from")
    except DocumentError:
        return date.min
    return start if isinstance(start, date) else date.min
