"""Import positions."""

from roster.commands import ImportCommand


class Command(ImportCommand):
    """`import_positions FILE`."""

    help = "Memuat kelas jabatan."
    kind = "positions"
