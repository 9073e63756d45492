#!/usr/bin/env python
"""The portal's commands. One that needs the database starts the embedded servers when none are named."""

import os
import sys

# These read no data, so they must not start a database server.
NEEDS_NO_DATABASE = {
    "help", "check", "cases", "check_regulation", "new_regulation", "compare_regulations", "embedded", "generate_docs",
    "makemigrations", "collectstatic", "makemessages", "compilemessages", "version", "spectacular", "diffsettings",
    "startapp", "estimate_effect", "backup", "restore",
}  # fmt: skip
# These change tables, so they connect as the owner; everything else is the application.
OWNER_COMMANDS = {"migrate", "sqlmigrate", "flush", "pgtrigger"}
# PostgreSQL's code for a table that does not exist.
UNDEFINED_TABLE = "42P01"


def main(arguments: list[str]) -> None:
    """Run one command with the database role and the servers that it needs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wfh_portal.settings")
    command = next((word for word in arguments[1:] if not word.startswith("-")), "help")
    asks_for_help = {"-h", "--help", "--version"} & set(arguments[1:])
    if command in OWNER_COMMANDS:
        os.environ["PORTAL_DATABASE_ROLE"] = "owner"
    if command not in NEEDS_NO_DATABASE and not asks_for_help:
        from wfh_portal.embedded import EmbeddedError, ensure_servers

        try:
            ensure_servers(os.environ, say=lambda line: print(line, file=sys.stderr))
        except EmbeddedError as error:
            sys.exit(str(error))
    from django.core.management import execute_from_command_line
    from django.db import ProgrammingError

    try:
        execute_from_command_line(arguments)
    except ProgrammingError as error:
        if getattr(error.__cause__, "pgcode", None) != UNDEFINED_TABLE:
            raise
        sys.exit("Tabel belum ada di basis data ini: jalankan lebih dulu `manage.py migrate`.")


if __name__ == "__main__":
    main(sys.argv)
