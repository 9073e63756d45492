"""`migrate` as everywhere, then what the portal's tables need: rights, regulation documents, governments."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections
from django.utils import timezone

from core.grants import apply_grants
from policy.models import PolicyVersion
from policy.operations import RegulationsRefused, load_regulations
from policy.queries import jurisdictions
from roster.governments import ensure_governments


class Command(DjangoMigrate):
    """Bring tables up to date, give the application role its rights, load `regulations/` and their governments."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate as the owner of the tables."""
        super().handle(*args, **options)
        if options.get("plan") or options.get("check_unapplied"):
            return
        connection = connections[options["database"]]
        apply_grants(connection)
        tables = connection.introspection.table_names()
        if PolicyVersion._meta.db_table not in tables or "roster_government" not in tables:
            return
        try:
            loaded = load_regulations(timezone.now())
        except RegulationsRefused as error:
            raise CommandError(f"Peraturan tidak dimuat:\n{error}") from error
        created = ensure_governments(jurisdictions())
        if options["verbosity"] >= 1 and (loaded.added or created):
            self.stdout.write(f"Peraturan: {loaded.added} dokumen dimuat, {created} pemerintah dibuat.")
