"""`compare_regulations A B`: how two regulation documents differ, in words. Needs no database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from policy.checking import REGULATIONS, check_files, library_of
from policy.documents import Document, DocumentError, Library, read_file
from policy.sentences_compare import differences


class Command(BaseCommand):
    """Print the differences section by section; exit 1 when a document is refused or the topics differ."""

    help = "Membandingkan dua dokumen peraturan (berkas atau id) dan menyebut bedanya dengan kalimat."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The two documents, the older one first."""
        parser.add_argument("before", metavar="LAMA")
        parser.add_argument("after", metavar="BARU")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare and print."""
        names = [options["before"], options["after"]]
        try:
            before, after = [_document(name, names) for name in names]
            found = differences(before, after)
        except ValueError as error:  # DocumentError is one
            raise CommandError(_reason(error)) from error
        section = ""
        for difference in found:
            if difference.section != section:
                section = difference.section
                self.stdout.write(section)
            self.stdout.write(f"- {difference.words}")
        if not found:
            self.stdout.write("Kedua dokumen berarti sama.")


def _document(name: str, names: list[str]) -> Document:
    """The valid document at a path, or with an id in `regulations/`. Raises DocumentError."""
    path = Path(name)
    if not path.exists() and not name.endswith((".yaml", ".yml")):
        library = Library()
        library.load_folder(REGULATIONS)
        return library.find(name)
    for finding in check_files([path])[0].findings:
        if not finding.warning and finding.code != "validity_overlap":
            raise DocumentError(finding.code, finding.path, f"{name}: {finding.message}")
    files = [Path(other) for other in names if Path(other).exists()]
    return library_of(files).build(str(path.resolve()), read_file(path))


def _reason(error: ValueError) -> str:
    if isinstance(error, DocumentError):
        return f"{error.code} {error.path}: {error.message}".replace(" :", ":")
    return f"{error} Bandingkan dua dokumen dengan `topic` yang sama."
