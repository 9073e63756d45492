"""Run the nightly chain now: the same chain that the timetable starts."""

import secrets
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import CommandParser
from django.utils import timezone

from core import jobs
from core.errors import PortalError
from core.indonesian import day_words, month_words
from core.models import Job
from core.period import first_of, month_of
from roster.commands import GovernmentCommand, iso_day
from roster.models import Government
from wfh_portal import night, night_states
from wfh_portal.celery import app
from wfh_portal.night_stages import BY_NAME
from wfh_portal.processes import worker_command
from wfh_portal.tasks import send

WORKER_ANSWERS_SECONDS = 5
LOOK_SECONDS = 0.5
SWEEP_SECONDS = 30


class Command(GovernmentCommand):
    """`night [--date YYYY-MM-DD] [--month YYYY-MM] [--wait]`."""

    help = "Menjalankan rangkaian malam: menutup hari sampai merencanakan hari berikutnya."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add day, month and whether to wait."""
        super().add_arguments(parser)
        parser.add_argument("--date", metavar="TANGGAL", help="hari yang ditutup (bawaan: kemarin)")
        parser.add_argument("--month", metavar="BULAN", help="bulan yang dinilai, seperti 2026-01 (bawaan: dari hari)")
        parser.add_argument("--wait", action="store_true", help="tunggu dan tampilkan kemajuan tiap tahap")

    def work(self, government: Government, options: dict[str, Any]) -> None:
        """Start the chain; wait where asked, or where the worker is this run's own."""
        now = timezone.now()
        today = now.astimezone(ZoneInfo(government.zone)).date()
        on = iso_day(options["date"]) if options["date"] else today - timedelta(days=1)
        _refuse_day(government, on, today)
        month = _month(options["month"])
        _refuse_month(government, month, on)
        one = night_states.night_for(government, on, month)
        chain = night_states.chain_name(on)
        with self._some_worker() as own_worker:
            if night.start(one, now, send, again=True):
                self.stdout.write(f"Rangkaian malam {day_words(on)} dimulai untuk {government.name}.")
            else:
                self.stdout.write(f"Rangkaian malam {day_words(on)} sedang berjalan; diikuti saja.")
                night.sweep(now, send)
            if not (options["wait"] or own_worker):
                self.stdout.write("Kemajuannya ada di beranda kepegawaian; tambahkan --wait untuk menunggu.")
                return
            self._follow(government.code, chain, own_worker)
        if not night_states.ended_well(government.code, chain):
            raise SystemExit(1)

    @contextmanager
    def _some_worker(self) -> Iterator[subprocess.Popen | None]:
        """Nothing where a worker answers, else a worker that lives as long as this run."""
        if app.control.broadcast("ping", reply=True, timeout=WORKER_ANSWERS_SECONDS, limit=1):
            yield None
            return
        self.stdout.write(
            f"Tidak ada pekerja yang menjawab dalam {WORKER_ANSWERS_SECONDS} detik: satu dijalankan untuk ini."
        )
        self.stdout.flush()
        with tempfile.TemporaryFile() as log:
            worker = subprocess.Popen(worker_command(f"night-{secrets.token_hex(4)}"), stdout=log, stderr=log)
            try:
                yield worker
            finally:
                worker.terminate()
                worker.wait(60)

    def _follow(self, code: str, chain: str, worker: subprocess.Popen | None) -> None:
        """Print each stage when it moves, until all have ended."""
        said: dict[str, str] = {}
        swept = time.monotonic()
        while True:
            for stage in jobs.progress(code, chain):
                line = self._line(stage)
                if said.get(stage.stage) != line:
                    said[stage.stage] = line
                    self.stdout.write(line)
                    self.stdout.flush()
            if night_states.has_ended(code, chain):
                break
            if worker is not None and worker.poll() is not None:
                raise PortalError("Pekerja yang dijalankan untuk rangkaian ini berhenti. Jalankan perintah ini lagi.")
            if time.monotonic() - swept > SWEEP_SECONDS:
                swept = time.monotonic()
                night.sweep(timezone.now(), send)
            time.sleep(LOOK_SECONDS)
        for job in Job.objects.filter(government_code=code, chain=chain, state=Job.State.FAILED):
            self.stderr.write(f"Gagal: {BY_NAME[job.stage].label}, bagian {job.chunk}: {job.error}")

    def _line(self, stage: jobs.StageProgress) -> str:
        label = BY_NAME[stage.stage].label
        failed = f", {stage.chunks_failed} bagian disisihkan" if stage.chunks_failed else ""
        state = "selesai" if stage.ended else "berjalan"
        return f"{label}: {stage.chunks_done} dari {stage.chunks} bagian, {stage.people_done} pegawai{failed} ({state})"


def _month(words: str | None) -> date | None:
    try:
        return month_of(words) if words else None
    except ValueError as error:
        raise PortalError(f"Bulan {words!r} tidak terbaca. Tulis seperti 2026-01.") from error


def _refuse_day(government: Government, on: date, today: date) -> None:
    if on >= today:
        raise PortalError(f"{day_words(on)} belum berakhir, jadi belum dapat ditutup. Pilih hari sebelum hari ini.")
    if government.go_live_on is None or on < government.go_live_on:
        raise PortalError(f"{day_words(on)} sebelum hari mulai memakai portal; hari itu tidak ditutup.")


def _refuse_month(government: Government, month: date | None, on: date) -> None:
    if month is None or first_of(government.go_live_on) <= month <= first_of(on):
        return
    raise PortalError(
        f"{month_words(month)} tidak dapat dinilai pada malam {day_words(on)}. "
        f"Pilih bulan dari {month_words(government.go_live_on)} sampai {month_words(on)}."
    )
