"""The steps of `make demo` before anything runs: tables, people, static files."""

import hashlib
import subprocess
import sys
from pathlib import Path

import psycopg2

from wfh_portal.embedded import EmbeddedError
from wfh_portal.environment import BASE_DIR

PEOPLE, SEED = 2000, 7
# Marks of seed_demo in the audit log: a load that began and was not finished goes on at the next start.
BEGUN, LOADED = "demo.begun", "demo.loaded"
_NEEDS_PEOPLE = """
SELECT NOT EXISTS (SELECT FROM roster_person) OR coalesce(
    (SELECT action = %s FROM core_auditentry WHERE action IN (%s, %s) ORDER BY id DESC LIMIT 1), false)
"""


def migrate() -> None:
    """Bring the tables and the regulations up to date, as the owner."""
    _manage("migrate", "--no-input", "--verbosity", "0")


def needs_people(database_url: str) -> bool:
    """Whether nobody is in the roster yet, or the load of the demonstration stopped on its way."""
    try:
        connection = psycopg2.connect(database_url)
    except psycopg2.OperationalError as error:
        raise EmbeddedError(f"Basis data tidak dapat dihubungi: {error}") from error
    try:
        with connection.cursor() as cursor:
            cursor.execute(_NEEDS_PEOPLE, [BEGUN, BEGUN, LOADED])
            row = cursor.fetchone()
    finally:
        connection.close()
    return bool(row and row[0])


def seed() -> None:
    """Load the demonstration province; the command shows its own progress."""
    _manage("seed_demo", "--people", str(PEOPLE), "--seed", str(SEED))


def collect_static() -> None:
    """Copy, name and compress the static files, unless the last time saw the same files."""
    stamp = BASE_DIR / "staticfiles" / ".collected_from"
    sources = [BASE_DIR / "requirements.txt", *sorted((BASE_DIR / "static").rglob("*"))]
    seen = "".join(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}\n" for path in sources if path.is_file())
    fingerprint = hashlib.sha256(seen.encode()).hexdigest()
    if stamp.is_file() and stamp.read_text() == fingerprint:
        return
    _manage("collectstatic", "--no-input", "--clear", "--verbosity", "0")
    stamp.write_text(fingerprint)


def accounts_text(data: Path) -> str:
    """The demonstration accounts with their password, as written when the province was loaded."""
    try:
        return (data / "accounts.txt").read_text(encoding="utf-8")
    except FileNotFoundError:
        return "Basis data ini tidak berisi akun demonstrasi; masuk dengan akun yang ada.\n"


def _manage(*words: str) -> None:
    subprocess.run([sys.executable, "manage.py", *words], cwd=BASE_DIR, check=True)
