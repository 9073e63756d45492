"""Import buildings."""

from roster.commands import ImportCommand


class Command(ImportCommand):
    """`import_buildings FILE`."""

    help = "Memuat gedung: kode, alamat, koordinat dan jaringan."
    kind = "buildings"
