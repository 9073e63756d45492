"""What the application role may do: rows, never tables; where rows are evidence it may add, never change."""

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

# These tables belong to the framework and change only with the tables themselves.
READ_ONLY_TABLES = ("django_migrations",)


def apply_grants(connection: BaseDatabaseWrapper) -> list[str]:
    """Give the application role its rights on every table of the present schema; run after migrate, by the owner.

    Returns the tables that were granted. With one role only (owner and application are the same) there is nothing to
    grant: triggers still refuse, and the status page warns.
    """
    role = settings.APPLICATION_DATABASE_ROLE
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role])
        present_role, role_exists = cursor.fetchone()
        if present_role == role or not role_exists:
            return []
        tables = connection.introspection.table_names(cursor)
        quoted_role = connection.ops.quote_name(role)
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quoted_role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted_role}")
        cursor.execute(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {quoted_role};"
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {quoted_role}"
        )
        for table in tables:
            quoted_table = connection.ops.quote_name(table)
            cursor.execute(f"REVOKE ALL ON {quoted_table} FROM {quoted_role}")
            cursor.execute(f"GRANT {rights_on(table)} ON {quoted_table} TO {quoted_role}")
    return tables


def rights_on(table: str) -> str:
    """Rights of the application role on a table, as SQL words."""
    if table in READ_ONLY_TABLES:
        return "SELECT"
    if table in settings.APPEND_ONLY_TABLES:
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE, DELETE"
