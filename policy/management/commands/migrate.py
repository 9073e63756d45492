"""`migrate` as everywhere, then what the portal's tables need: the application role's rights."""

from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections

from core.grants import apply_grants


class Command(DjangoMigrate):
    """Bring tables up to date, then give the application role its rights on them."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate as the owner of the tables."""
        super().handle(*args, **options)
        apply_grants(connections[options["database"]])
