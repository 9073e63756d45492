"""Import bills of electricity and water."""

from django.core.management.base import CommandParser

from roster.commands import ImportCommand


class Command(ImportCommand):
    """`import_bills FILE [--replace]`."""

    help = "Impor tagihan listrik dan air."
    kind = "bills"

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the choice to replace."""
        super().add_arguments(parser)
        parser.add_argument("--replace", action="store_true", help="ganti tagihan yang masanya persis sama")
