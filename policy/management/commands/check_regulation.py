"""`check_regulation FILE...`: is a regulation document right? Needs no database."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from policy.checking import FileFindings, check_files, library_of
from policy.documents import read_file
from policy.sentences import sections_of


class Command(BaseCommand):
    """Print every finding as `code path: message`; exit 1 when a document is refused."""

    help = "Memeriksa dokumen peraturan dan menyebut setiap kesalahan dengan kode, letak, dan jalan keluarnya."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Files and the form of the answer."""
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--explain", action="store_true", help="bacakan dokumen yang sah kalimat demi kalimat")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and print."""
        files = [Path(name) for name in options["files"]]
        checked = check_files(files)
        if options["format"] == "json":
            self.stdout.write(json.dumps(_as_json(checked), ensure_ascii=False))
        else:
            self._print(checked)
            if options["explain"]:
                self._explain(files, checked)
        if any(file.refused for file in checked):
            raise SystemExit(1)

    def _print(self, checked: list[FileFindings]) -> None:
        for file in checked:
            if len(checked) > 1:
                self.stdout.write(f"{file.name}: {'ditolak' if file.refused else 'sah'}")
            for finding in file.findings:
                note = "peringatan, " if finding.warning else ""
                self.stdout.write(f"{finding.code} {finding.path}: {note}{finding.message}")
        if len(checked) == 1 and not checked[0].findings:
            self.stdout.write("Dokumen sah.")

    def _explain(self, files: list[Path], checked: list[FileFindings]) -> None:
        library = library_of(files)
        for path, file in zip(files, checked, strict=True):
            if file.refused:
                self.stdout.write(f"\n{file.name}: dibacakan setelah kesalahannya diperbaiki.")
                continue
            document = library.build(str(path.resolve()), read_file(path))
            for line in _lines(file.name, sections_of(document)):
                self.stdout.write(line)


def _lines(name: str, sections: dict[str, Any]) -> Iterator[str]:
    yield f"\nArti {name}"
    for section, statements in sections.items():
        yield f"\n{section}"
        yield from (f"- {statement.sentence}" for statement in statements)


def _as_json(checked: list[FileFindings]) -> dict[str, Any]:
    return {
        "valid": sum(not file.refused for file in checked),
        "invalid": sum(file.refused for file in checked),
        "findings": [
            {"file": file.name, "code": finding.code, "path": finding.path, "message": finding.message}
            for file in checked
            for finding in file.findings
        ],
    }
