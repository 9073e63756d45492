"""Import units."""

from roster.commands import ImportCommand


class Command(ImportCommand):
    """`import_units FILE`."""

    help = "Memuat unit: induk, gedung, jenis layanan, kalender dan kepala."
    kind = "units"
