"""Estimate the effect of a start on anybody's panel, so that an auditor can try the estimator."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.errors import PortalError
from savings.panel_effect import effect_of, in_words
from savings.panels import Columns, read_panel


class Command(BaseCommand):
    """`estimate_effect FILE --unit COL --time COL --start COL --outcome COL [--scale log|level] [--format json]`."""

    help = "Memperkirakan dampak mulai pada panel apa pun, dengan selang 90 %."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file, its columns and the scale."""
        parser.add_argument("file", type=Path, help=".csv atau .xlsx, satu baris per unit dan waktu")
        for name, words in (
            ("unit", "nama unit"),
            ("time", "waktu: bilangan bulat, 2026-01 atau 2026-01-31"),
            ("start", "waktu mulai unit; 0 atau kosong: tidak pernah"),
            ("outcome", "hasil"),
        ):
            parser.add_argument(f"--{name}", required=True, metavar="KOLOM", help=f"kolom {words}")
        parser.add_argument("--scale", choices=["log", "level"], default="level", help="log: hasil dilogaritmakan")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Estimate, and print what came of it."""
        columns = Columns(options["unit"], options["time"], options["start"], options["outcome"])
        try:
            reading = read_panel(options["file"], columns, options["scale"] == "log")
        except PortalError as error:
            self.stderr.write(str(error))
            raise SystemExit(1) from error
        found = effect_of(reading, options["scale"] == "log")
        self.stdout.write(json.dumps(found.answer, indent=2) if options["format"] == "json" else in_words(found))
