"""Import a personnel export."""

from roster.commands import ImportCommand


class Command(ImportCommand):
    """`import_roster FILE [--as-at DATE]`."""

    help = "Memuat ekspor data pegawai (SIASN): pegawai, unit, jabatan dan penugasan."
    kind = "roster"
