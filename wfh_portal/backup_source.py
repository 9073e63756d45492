"""Which server is backed up, as whom, and with which of PostgreSQL's programs."""

import json
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2

from wfh_portal.backup_form import BackupError
from wfh_portal.embedded import known_addresses
from wfh_portal.embedded_database import ADMIN
from wfh_portal.embedded_programs import postgres_folders
from wfh_portal.environment import data_folder, database, read

# A role may back up when it may replicate; nothing else is asked for.
ABOUT = """
    SELECT current_setting('server_version_num')::int / 10000,
           (SELECT system_identifier::text FROM pg_control_system()),
           (SELECT timeline_id FROM pg_control_checkpoint()),
           (SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user),
           (SELECT count(*) - 2 FROM pg_tablespace)
"""


@dataclass(frozen=True)
class Source:
    """A server as libpq's programs are told of it; the password goes through the environment, never a command line."""

    libpq: Mapping[str, str]
    embedded: bool
    major: int
    system_identifier: str
    timeline: int

    def run(self, program: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs against the server."""
        return subprocess.run(
            [str(program), *map(str, words)],
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", **self.libpq},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            umask=0o077,
            check=False,
        )


def find_source() -> Source:
    """The server of DATABASE_BACKUP_URL, else the embedded one of PORTAL_DATA. Raises BackupError."""
    url = read("DATABASE_BACKUP_URL")
    embedded = not url
    if embedded:
        if read("DATABASE_URL"):
            raise BackupError(
                "DATABASE_BACKUP_URL belum diisi: peran basis data yang boleh REPLICATION, seperti "
                "postgresql://portal_backup:SANDI@HOST:5432/portal (docs/operations.md, Backup and restore)."
            )
        url = _embedded_url()
    libpq = libpq_variables(url)
    try:
        connection = psycopg2.connect(url, connect_timeout=10)
    except psycopg2.OperationalError as error:
        start = " Mulai dahulu: manage.py embedded start" if embedded else ""
        raise BackupError(f"Server basis data tidak dapat dihubungi: {str(error).strip()}{start}") from None
    try:
        with connection.cursor() as cursor:
            cursor.execute(ABOUT)
            major, identifier, timeline, may_replicate, tablespaces = cursor.fetchone()
    finally:
        connection.close()
    if not may_replicate:
        raise BackupError(
            f"Peran {libpq['PGUSER']} tidak boleh mencadangkan. Sebagai pengelola: ALTER ROLE {libpq['PGUSER']} "
            "REPLICATION; dan baris `host replication` untuknya di pg_hba.conf."
        )
    if tablespaces:
        raise BackupError("Server ini memakai tablespace lain; cadangan ini hanya untuk satu folder data.")
    return Source(libpq, embedded, major, identifier, timeline)


def libpq_variables(url: str) -> dict[str, str]:
    """A database's address as the environment that libpq's programs read."""
    described: dict[str, Any] = database(url)
    options = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    given = {variable: described["OPTIONS"].get(name, "") for name, variable in options.items()}
    given |= {f"PG{name}": str(described[name]) for name in ("HOST", "PORT", "USER", "PASSWORD")}
    given |= {"PGDATABASE": str(described["NAME"])}
    return {name: value for name, value in given.items() if value}


def _embedded_url() -> str:
    data = data_folder()
    try:
        password = json.loads((data / "servers.json").read_text(encoding="utf-8"))["passwords"][ADMIN]
    except (OSError, ValueError, KeyError):
        raise BackupError(f"Di {data} tidak ada server tertanam. Isi PORTAL_DATA, atau DATABASE_BACKUP_URL.") from None
    address = known_addresses(data).database_url.rpartition("@")[2]
    return f"postgresql://{ADMIN}:{quote(password, safe='')}@{address}"


def find_program(name: str, major: int, *, exactly: bool) -> Path | None:
    """A program for a server of a major version: of the same version, else (unless `exactly`) the next newer one."""
    found: dict[int, Path] = {}
    for folder in postgres_folders():
        path = folder / name
        if os.access(path, os.X_OK) and (version := major_of(path)):
            found.setdefault(version, path)
    usable = [version for version in sorted(found) if version == major or (version > major and not exactly)]
    return found[usable[0]] if usable else None


def need_program(name: str, major: int) -> Path:
    """The same, or BackupError that says what to install."""
    path = find_program(name, major, exactly=False)
    if path is None:
        raise BackupError(
            f"Program {name} versi {major} atau lebih baru tidak ada di mesin ini. Pasang postgresql-client-{major} "
            "(atau jalankan `make setup`), atau sebut foldernya dalam POSTGRESQL_BIN."
        )
    return path


def major_of(program: Path) -> int | None:
    """Major version that a program says it is."""
    done = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False)
    match = re.search(r"\) (\d+)", done.stdout)
    return int(match[1]) if match else None
