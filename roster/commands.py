"""What every command for one government shares."""

from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from core.errors import PortalError
from core.importing import Progress, Request, as_json, as_text, kind_of
from roster.governments import resolve_government
from roster.models import Government


def iso_day(words: str) -> date:
    """A date argument. Raises PortalError."""
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise PortalError(f"Tanggal {words!r} tidak terbaca. Tulis seperti 2026-01-31.") from error


class GovernmentCommand(BaseCommand):
    """A command with `--government` and `--format`; a PortalError ends it with one sentence and exit 1."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what every command takes."""
        parser.add_argument("--government", metavar="KODE", help="kode pemerintah; bawaan: satu-satunya yang berisi")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find the government, then do the work."""
        try:
            self.work(resolve_government(options["government"]), options)
        except PortalError as error:
            self.stderr.write(str(error))
            raise SystemExit(1) from error

    def work(self, government: Government, options: dict[str, Any]) -> None:
        """Do what the command is for."""
        raise ValueError("a command says what it does")


class ImportCommand(GovernmentCommand):
    """`import_<kind> FILE`; a subclass names its registered `kind` and adds the arguments of its own."""

    kind: str

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file and what every importer takes."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, help=".xlsx atau .csv")
        parser.add_argument("--dry-run", action="store_true", help="periksa saja, tidak ada yang disimpan")
        parser.add_argument("--as-at", metavar="TANGGAL", help="hari berlaku perubahan tanpa TMT (bawaan: hari ini)")

    def importer_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """The declared options of the kind, from the command line."""
        return {option.name: options.get(option.name) for option in kind_of(self.kind).options}

    def work(self, government: Government, options: dict[str, Any]) -> None:
        """Import, and print what came of it."""
        kind = kind_of(self.kind)
        at = timezone.now()
        today = at.astimezone(ZoneInfo(government.zone)).date()
        request = Request(
            path=options["file"],
            file_name=options["file"].name,
            government=government,
            as_at_on=iso_day(options["as_at"]) if options["as_at"] else today,
            at=at,
            write=not options["dry_run"],
            options=self.importer_options(options),
            progress=Progress(self.stderr),
        )
        summary = kind.importer(request)
        if options["format"] == "json":
            self.stdout.write(as_json(summary))
            return
        if options["dry_run"]:
            self.stdout.write("Percobaan: tidak ada yang disimpan.")
        self.stdout.write(as_text(summary, kind.row_name))
