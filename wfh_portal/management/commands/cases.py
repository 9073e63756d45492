"""`manage.py cases DIR`: compute an auditor's examples and say which do not agree. Needs no database."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wfh_portal.cases import run_cases


class Command(BaseCommand):
    """Prints one line per failing case, then the count; exit 1 when any failed."""

    help = "Hitung kasus peraturan dari satu folder berkas YAML."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own form

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder, anywhere on disk."""
        parser.add_argument("folder")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every case of the folder."""
        folder = Path(options["folder"])
        if not options["folder"] or not folder.is_dir():
            named = options["folder"] or "kasus"
            raise CommandError(f"Folder {named} tidak ada. Tulis: make cases CASES=folder")
        passed = failed = 0
        for outcome in run_cases(folder):
            if outcome.problems:
                failed += 1
                self.stdout.write(f"{outcome.file}: {outcome.name}: {'; '.join(outcome.problems)}")
            else:
                passed += 1
        self.stdout.write(f"{passed} passed, {failed} failed")
        if failed:
            sys.exit(1)
