"""`manage.py backup --to FOLDER [--keep N]`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from wfh_portal.backup import prune, take_backup, what_it_holds
from wfh_portal.backup_form import BackupError, read_facts


class Command(BaseCommand):
    """A base backup of the database and the portal's files, beside the WAL archive."""

    help = "Cadangan dasar basis data dan berkas portal; dengan arsip WAL di sebelahnya kembali sampai detik terakhir."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the folder and how many backups stay."""
        parser.add_argument("--to", required=True, type=Path, metavar="FOLDER", help="folder cadangan, di disk lain")
        parser.add_argument("--keep", type=int, metavar="N", help="sesudahnya hapus semua selain N yang terbaru")

    def handle(self, *args: Any, to: Path, keep: int | None, **options: Any) -> None:
        """Take it, say what it holds, and prune where asked."""
        if keep is not None and keep < 1:
            raise CommandError("--keep paling sedikit 1.")
        try:
            backup = take_backup(to, timezone.now(), self.stderr.write)
            size = read_facts(backup).bytes
            self.stdout.write(f"Cadangan utuh: {backup} ({size / 1_000_000:.0f} MB).")
            for line in what_it_holds(backup):
                self.stdout.write(line)
            if keep is not None:
                prune(to, keep, self.stdout.write)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
