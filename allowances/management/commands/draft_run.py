"""`manage.py draft_run --month YYYY-MM [--run regular|thirteenth|holiday[:n]]`."""

import json
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from allowances.checks import findings_of
from allowances.frozen import month_of_run
from allowances.operations import draft_run
from core.errors import PortalError
from core.indonesian import grouped, rupiah
from core.period import month_of
from roster.commands import GovernmentCommand
from roster.models import Government


class Command(GovernmentCommand):
    """Draft a month's run here and now, and say what the checks find."""

    help = "Menyusun draf perhitungan tunjangan satu bulan, atau menyusunnya ulang selama masih draf."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add month and run."""
        super().add_arguments(parser)
        parser.add_argument("--month", required=True, metavar="BULAN", help="seperti 2026-11")
        parser.add_argument("--run", default="regular", metavar="JENIS[:N]", help="regular, thirteenth atau holiday")

    def work(self, government: Government, options: dict[str, Any]) -> None:
        """Draft, then print the totals and the findings."""
        try:
            month = month_of(options["month"])
            kind, _, number = options["run"].partition(":")
            run_number = int(number or 1)
        except ValueError as error:
            raise PortalError("Tulis bulan seperti 2026-11 dan perhitungan seperti regular atau regular:2.") from error
        at = timezone.now()
        run = draft_run(government, month, at, kind, run_number, progress=self._progress)
        findings = findings_of(run, at)
        if options["format"] == "json":
            said = [vars(finding) for finding in findings]
            about = {"people": run.people_count, "total_rupiah": str(run.total_rupiah), "set_aside": len(run.set_aside)}
            self.stdout.write(json.dumps(about | {"findings": said}, ensure_ascii=False))
            return
        self.stdout.write(
            f"{month_of_run(run)}: {grouped(run.people_count)} pegawai, {rupiah(run.total_rupiah)}, "
            f"{grouped(len(run.set_aside))} disisihkan."
        )
        for finding in findings:
            mark = "MENAHAN" if finding.holds else "perhatian"
            who = f" {finding.number}" if finding.number else ""
            self.stdout.write(f"- [{mark}] {finding.code}{who}: {finding.message}")

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(f"{grouped(done)} dari {grouped(total)} pegawai")
