"""`new_regulation PATH`: start a regulation document from a commented form. Needs no database."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from policy.documents import TOPICS
from policy.starters import UnusableName, start_document


class Command(BaseCommand):
    """Write a valid document with comments that say what to fill in; an existing file is never overwritten."""

    help = "Memulai dokumen peraturan baru: berkas sah berisi komentar yang menuntun pengisiannya."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, about what, for whom and from when."""
        parser.add_argument("path", metavar="BERKAS")
        parser.add_argument("--topic", choices=TOPICS, required=True)
        parser.add_argument("--jurisdiction", metavar="KODE", required=True)
        parser.add_argument("--id", help="bila tidak diberikan: KODE-TOPIK-TAHUN")
        parser.add_argument("--valid-from", type=date.fromisoformat, default=None, metavar="TTTT-BB-HH")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        path, start = Path(options["path"]), options["valid_from"] or timezone.localdate()
        document_id = options["id"] or f"{options['jurisdiction']}-{options['topic']}-{start.year}"
        try:
            text = start_document(options["topic"], options["jurisdiction"], document_id, start)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:  # x: refuses a file that is there
                file.write(text)
        except UnusableName as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            if path.exists():
                raise CommandError(f"{path} sudah ada dan tidak ditimpa; pilih nama berkas lain.") from error
            raise CommandError(f"{path} tidak dapat ditulis ({error.strerror}); pilih folder lain.") from error
        self.stdout.write(f"{path} siap diisi. Ganti setiap baris bertanda ISI, lalu jalankan:")
        self.stdout.write(f"  manage.py check_regulation {path} --explain")
