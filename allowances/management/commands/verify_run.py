"""`manage.py verify_run --month YYYY-MM [--run regular|thirteenth|holiday[:n]]`."""

import json
from typing import Any

from django.core.management.base import CommandParser

from allowances.frozen import month_of_run, recompute_differences
from allowances.models import Run
from core.errors import PortalError
from core.indonesian import grouped
from core.period import month_of
from roster.commands import GovernmentCommand
from roster.models import Government


class Command(GovernmentCommand):
    """Compute everybody of a run again from what was frozen; exit 1 where anything stored is not what comes out."""

    help = "Menghitung ulang seluruh perhitungan dari masukan yang dibekukan dan menyebut setiap selisih."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add month and run."""
        super().add_arguments(parser)
        parser.add_argument("--month", required=True, metavar="BULAN", help="seperti 2026-11")
        parser.add_argument("--run", default="regular", metavar="JENIS[:N]", help="regular, thirteenth atau holiday")

    def work(self, government: Government, options: dict[str, Any]) -> None:
        """Compare, and say every difference."""
        run = run_named(government, options["month"], options["run"])
        found = recompute_differences(run)
        if options["format"] == "json":
            self.stdout.write(json.dumps({"people": run.people_count, "differences": [vars(item) for item in found]}))
        else:
            for item in found:
                self.stdout.write(f"{item.number} {item.what}: tersimpan {item.stored}, dihitung ulang {item.computed}")
            said = f"{grouped(len(found))} selisih" if found else "tidak ada selisih"
            self.stdout.write(f"{month_of_run(run)}: {grouped(run.people_count)} pegawai dihitung ulang, {said}.")
        if found:
            raise SystemExit(1)


def run_named(government: Government, month: str, words: str) -> Run:
    """The run of a month and of words such as `regular` or `regular:2`. Raises PortalError."""
    kind, _, number = words.partition(":")
    try:
        wanted = {"month": month_of(month), "kind": kind, "number": int(number or 1)}
    except ValueError as error:
        raise PortalError("Tulis bulan seperti 2026-11 dan perhitungan seperti regular atau regular:2.") from error
    run = Run.objects.filter(government=government, **wanted).first()
    if run is None:
        raise PortalError(f"Perhitungan {words} bulan {month} belum ada. Susun dulu dengan draft_run.")
    return run
