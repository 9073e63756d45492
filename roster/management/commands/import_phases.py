"""Import phases."""

from roster.commands import ImportCommand


class Command(ImportCommand):
    """`import_phases FILE`."""

    help = "Memuat tahap WFH gedung, satu baris satu hari kerja."
    kind = "phases"
