"""`manage.py embedded start|stop|status`: the embedded servers of PORTAL_DATA."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wfh_portal import embedded
from wfh_portal.environment import data_folder, make_data_folder


class Command(BaseCommand):
    """Start, stop or show PostgreSQL and Valkey of the data folder."""

    help = "Server tertanam (PostgreSQL dan Valkey) di PORTAL_DATA: start, stop, status, remove."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do with the servers; `remove` also deletes their data."""
        parser.add_argument("action", choices=["start", "stop", "status", "remove"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        """Do it, and say in one line what holds afterwards. `status` exits 1 unless both servers run."""
        data = data_folder()
        try:
            if action == "start":
                embedded.start(make_data_folder(), say=self.stderr.write)
            elif action in ("stop", "remove"):
                embedded.stop(data, remove=action == "remove")
        except embedded.EmbeddedError as error:
            raise CommandError(str(error)) from error
        running = embedded.is_running(data)
        for name, pid in running.items():
            self.stdout.write(f"{name}: {f'berjalan (pid {pid})' if pid else 'tidak berjalan'}")
        if action == "status" and not all(running.values()):
            raise SystemExit(1)
