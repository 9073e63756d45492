"""`new_government CODE --name NAME`: a kabupaten, kota or body that joins before any of its regulations are known."""

import re
from typing import Any
from zoneinfo import available_timezones

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from core import audit
from core.errors import PortalError
from core.indonesian import ZONE_LETTERS
from roster.commands import iso_day
from roster.governments import NOT_GOVERNMENTS
from roster.models import Government

CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")


class Command(BaseCommand):
    """Make a government, once; its regulations are then uploaded and adopted on pages."""

    help = "Buat pemerintah yang belum punya dokumen peraturan di portal ini."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add code, name, zone and first day."""
        parser.add_argument("code", metavar="KODE", help="seperti yang ditulis pada `jurisdiction`: kota-uji")
        parser.add_argument("--name", required=True, metavar="NAMA", help="misalnya: Pemerintah Kota Uji")
        parser.add_argument("--zone", default="Asia/Jakarta", metavar="ZONA", help=", ".join(ZONE_LETTERS))
        parser.add_argument("--go-live", metavar="TANGGAL", help="hari pertama dipakai; hari sebelumnya tidak ditutup")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, or say in one sentence why not."""
        try:
            made = new_government(options["code"], options["name"], options["zone"], options["go_live"])
        except PortalError as error:
            self.stderr.write(str(error))
            raise SystemExit(1) from error
        self.stdout.write(f"{made.name} ({made.code}) dibuat. Berikutnya:")
        self.stdout.write(f"  manage.py first_administrator NAMA --government {made.code}")
        self.stdout.write("  lalu unggah peraturannya di halaman /peraturan/rancangan/")


def new_government(code: str, name: str, zone: str = "Asia/Jakarta", go_live: str | None = None) -> Government:
    """The new government. Raises PortalError: a code that no document could bear or that is taken, a zone, a date."""
    code, name = code.strip(), name.strip()
    if not CODE.fullmatch(code) or code in NOT_GOVERNMENTS:
        raise PortalError(f"Kode {code!r} tidak dapat dipakai. Tulis huruf kecil, angka dan tanda -: kota-uji.")
    if not name or len(name) > 200:
        raise PortalError("Nama pemerintah harus 1 sampai 200 huruf.")
    if zone not in available_timezones():
        raise PortalError(f"Zona waktu {zone!r} tidak dikenal. Pilih: {', '.join(ZONE_LETTERS)}.")
    if Government.objects.filter(code=code).exists():
        raise PortalError(f"Pemerintah {code} sudah ada. Lanjutkan dengan first_administrator --government {code}.")
    go_live_on = iso_day(go_live) if go_live else None
    made = Government.objects.create(code=code, name=name, zone=zone, go_live_on=go_live_on)
    audit.record(timezone.now(), code, "manage.py", "government.created", f"government:{made.pk}", {"name": name})
    return made
