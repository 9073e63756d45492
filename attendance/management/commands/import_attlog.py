"""`manage.py import_attlog FILE.dat --device CODE --pins PINS.csv`."""

from pathlib import Path

from django.core.management.base import CommandParser

from attendance import imports_attlog  # noqa: F401  registers the kind
from roster.commands import ImportCommand


class Command(ImportCommand):
    """Import what an attendance device wrote to a USB stick."""

    help = "Impor berkas mesin absen (.dat) dengan daftar PIN-nya."
    kind = "attlog"

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the device and its PIN list."""
        super().add_arguments(parser)
        parser.add_argument("--device", required=True, metavar="KODE", help="kode mesin")
        parser.add_argument("--pins", required=True, type=Path, metavar="PINS.csv", help="daftar PIN")
