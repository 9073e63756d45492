"""`manage.py export_allowance --month YYYY-MM --kind KIND [--run KIND[:N]] [--unit CODE] --out FILE`."""

import json
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from allowances.exports import KINDS, ExportRefused, deliver
from allowances.models import Run
from allowances.operations.drafting import KINDS as RUN_KINDS
from core.errors import PortalError
from core.period import month_of
from roster.commands import GovernmentCommand
from roster.models import Government, Unit


class Command(GovernmentCommand):
    """Write one file of a run; the same run gives the same bytes."""

    help = "Tulis satu berkas perhitungan tunjangan: nominatif, rekap, bank, pdf atau bundle."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add which run, which file and where to."""
        super().add_arguments(parser)
        parser.add_argument("--month", required=True, metavar="YYYY-MM", help="bulan perhitungan")
        parser.add_argument("--kind", required=True, choices=KINDS, help="jenis berkas")
        parser.add_argument(
            "--run", default="regular", metavar="JENIS[:N]", help="regular, thirteenth atau holiday[:n]"
        )
        parser.add_argument("--unit", metavar="KODE", help="hanya unit ini dan unit di bawahnya")
        parser.add_argument(
            "--out", required=True, type=Path, metavar="FILE", help="berkas hasil; bank: .xlsx atau .csv"
        )

    def work(self, government: Government, options: dict[str, Any]) -> None:
        """Make the file, record who took it, write it beside and put it in place."""
        run = found_run(government, options["month"], options["run"])
        unit = found_unit(government, options["unit"]) if options["unit"] else None
        out: Path = options["out"]
        if not out.name or out.is_dir():
            raise PortalError(f"{out} adalah folder. Tulis nama berkas hasil, misalnya {out / 'nominatif.xlsx'}.")
        kind = "bank_csv" if options["kind"] == "bank" and out.suffix.lower() == ".csv" else options["kind"]
        try:
            made = deliver(run, kind, unit, actor="export_allowance", at=timezone.now())
        except ExportRefused as refused:
            for number, name, unit_name in refused.people:
                self.stderr.write(f"{number}\t{name}\t{unit_name}")
            raise
        draft = out.with_name(f".{out.name}.part")
        try:
            draft.write_bytes(made.content)
            draft.replace(out)
        except OSError as error:
            with suppress(OSError):  # what could not be written may not be removable either
                draft.unlink(missing_ok=True)
            raise PortalError(f"Berkas {out} tidak dapat ditulis: {error.strerror}. Pilih tempat lain.") from error
        about = {"file": str(out), "bytes": len(made.content), "run": run.pk, "state": run.state}
        about |= {"people": run.people_count, "total": str(run.total_rupiah)}
        if options["format"] == "json":
            self.stdout.write(json.dumps(about))
        else:
            self.stdout.write(f"{out}: {made.file_name}, {run.get_state_display()}, {len(made.content)} bita")


def found_run(government: Government, month_text: str, words: str) -> Run:
    """The run of a month by `regular`, `thirteenth`, `holiday` or `holiday:2`. Raises PortalError."""
    try:
        month: date = month_of(month_text)
    except ValueError as error:
        raise PortalError(f"Bulan {month_text!r} tidak terbaca. Tulis seperti 2026-01.") from error
    kind, _, number = words.partition(":")
    if kind not in RUN_KINDS or not (number or "1").isdecimal():
        raise PortalError(
            f"Perhitungan {words!r} tidak dikenal. Tulis salah satu: {', '.join(RUN_KINDS)}, atau JENIS:N."
        )
    runs = Run.objects.filter(government=government, month=month).select_related("government")
    run = runs.filter(kind=kind, number=int(number or 1)).first()
    if run is None:
        there = [f"{run.kind}:{run.number}" for run in runs.order_by("kind", "number")]
        known = f"Yang ada: {', '.join(there)}." if there else "Susun drafnya dahulu."
        raise PortalError(f"Belum ada perhitungan {words} untuk {month_text} di {government.name}. {known}")
    return run


def found_unit(government: Government, code: str) -> Unit:
    """The unit of this code. Raises PortalError."""
    unit = Unit.objects.filter(government=government, code=code).first()
    if unit is None:
        raise PortalError(f"Unit {code!r} tidak dikenal di {government.name}. Periksa kodenya di daftar unit.")
    return unit
