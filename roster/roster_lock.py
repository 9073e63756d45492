"""One writer of a government's roster at a time."""

from django.db import connection

from roster.models import Government

LOCK_FAMILY = 70_100


def lock_roster(government: Government) -> None:
    """Wait for the other writer, and keep others waiting until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_FAMILY, government.pk])
