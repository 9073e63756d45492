"""`manage.py restore --from FOLDER [--until INSTANT] [--into FOLDER]`."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from wfh_portal.backup_form import BackupError
from wfh_portal.embedded_programs import EmbeddedError
from wfh_portal.environment import read
from wfh_portal.restore import restore_embedded, restore_into
from wfh_portal.restore_plan import make_plan


class Command(BaseCommand):
    """Bring the database back, to the last archived second or to an instant before a mistake."""

    help = "Memulihkan basis data dari folder cadangan, sampai detik terakhir arsip WAL atau sampai suatu saat."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add where from, how far and where to."""
        parser.add_argument("--from", required=True, type=Path, dest="source", metavar="FOLDER", help="folder cadangan")
        parser.add_argument("--until", metavar="SAAT", help="hanya yang tercatat sebelum saat ini: 2026-11-24T07:15:00")
        parser.add_argument("--backup", metavar="NAMA", help="cadangan ini saja (bawaan: yang terbaru sebelum --until)")
        parser.add_argument("--into", type=Path, metavar="FOLDER", help="folder data server sendiri (bawaan: tertanam)")
        parser.add_argument("--without-archive", action="store_true", help="hanya cadangannya, tanpa arsip WAL")
        parser.add_argument("--replace", action="store_true", help="ganti basis data yang ada; yang lama disisihkan")

    def handle(self, *args: Any, source: Path, into: Path | None, **options: Any) -> None:
        """Check everything, then restore, then say what to look at."""
        say, now = self.stdout.write, timezone.now()
        until = _instant(options["until"])
        if into is None and read("DATABASE_URL"):
            raise CommandError("DATABASE_URL menunjuk server sendiri: sebut folder datanya dengan --into FOLDER.")
        if until is not None:
            say(f"Sampai sebelum {timezone.localtime(until).isoformat()}.")
        try:
            with_archive = not options["without_archive"]
            plan = make_plan(source, options["backup"], until, with_archive=with_archive, now=now, say=say)
            if into is None:
                restore_embedded(plan, now, replace=options["replace"], say=say)
            else:
                restore_into(plan, into, now, replace=options["replace"], say=say)
        except (BackupError, EmbeddedError, OSError) as error:
            raise CommandError(str(error)) from error
        say("Selesai. Periksa: manage.py verify_audit, lalu manage.py verify_run untuk perhitungan yang dikunci.")
        say("Arsip yang lama selesai di sini: mulai penerima WAL dan cadangan baru di folder lain.")


def _instant(words: str | None) -> datetime | None:
    if words is None:
        return None
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        raise CommandError(f"Saat {words!r} tidak terbaca. Tulis seperti 2026-11-24T07:15:00+07:00.") from None
    return at if at.tzinfo else timezone.make_aware(at)
