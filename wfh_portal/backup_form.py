"""How a folder of backups looks: whole backups by name, the WAL archive beside them, SHA-256 of every file.

FOLDER/wal/                        what pg_receivewal (deploy/receive_wal.sh) or an archive_command wrote
FOLDER/backup-20261124T120000Z/    backup.json, SHA256SUMS (readable by sha256sum --check), database/, portal/
FOLDER/partial-...                 a backup that is being written, or was broken off; never taken for a backup
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from wfh_portal.environment import BASE_DIR

FORM = 1
WHOLE, PARTIAL, WAL = "backup-", "partial-", "wal"
FACTS, SUMS = "backup.json", "SHA256SUMS"
DATABASE, PORTAL = "database", "portal"


class BackupError(Exception):
    """Nothing was backed up or restored; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class Facts:
    """What backup.json says of a whole backup."""

    form: int
    finished_at: str
    postgresql_major: int
    system_identifier: str
    timeline: int
    end_lsn: int
    wal_segment_bytes: int
    embedded: bool
    bytes: int
    # Empty folders too, which some copying programs leave out and PostgreSQL cannot do without.
    folders: list[str]

    @property
    def finished(self) -> datetime:
        """From this instant on a restore can stop anywhere."""
        return datetime.fromisoformat(self.finished_at)


def stamp(at: datetime) -> str:
    """An instant as it stands in names, in UTC."""
    return f"{at:%Y%m%dT%H%M%SZ}"


def whole_backups(folder: Path) -> list[Path]:
    """The finished backups of a folder, oldest first."""
    return sorted(path for path in folder.glob(f"{WHOLE}*") if path.is_dir())


def read_facts(backup: Path) -> Facts:
    """What a backup says of itself. Raises BackupError."""
    path = backup / FACTS
    try:
        facts = Facts(**json.loads(path.read_text(encoding="utf-8")))
        if facts.finished.tzinfo is None:
            raise ValueError("tanpa zona waktu")
    except FileNotFoundError:
        raise BackupError(f"{path} tidak ada: {backup.name} bukan cadangan utuh. Pakai cadangan lain.") from None
    except (ValueError, TypeError, OSError) as error:
        raise BackupError(f"{path} tidak terbaca ({error}). Pakai cadangan lain.") from None
    if facts.form != FORM:
        raise BackupError(f"{backup.name} berbentuk {facts.form}, program ini hanya mengenal bentuk {FORM}.")
    return facts


def write_facts(backup: Path, facts: Facts) -> None:
    """Write backup.json, then the sums over it and everything else, down to the disk."""
    _write(backup / FACTS, json.dumps(asdict(facts), indent=1) + "\n")
    lines = [f"{digest(backup / name)}  {name}\n" for name in sorted(_names(backup))]
    _write(backup / SUMS, "".join(lines))


def read_sums(backup: Path) -> dict[str, str]:
    """Digest of each file that the sums name. Raises BackupError."""
    try:
        lines = (backup / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(f"{backup / SUMS} tidak terbaca ({error}). Pakai cadangan lain.") from None
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        value, separator, name = line.partition("  ")
        if len(value) != 64 or not separator or not _is_inside(name):
            raise BackupError(f"{backup / SUMS} baris {number} rusak. Pakai cadangan lain.")
        found[name] = value
    return found


def check_sums(backup: Path) -> None:
    """Every file is there, none was added, each as it was written. Raises BackupError with the first that is not."""
    listed, present = read_sums(backup), set(_names(backup))
    again = "Cadangan ini tidak utuh; pakai cadangan lain."
    if missing := sorted(set(listed) - present):
        raise BackupError(f"{backup / missing[0]} hilang ({len(missing)} berkas). {again}")
    if added := sorted(present - set(listed)):
        raise BackupError(f"{backup / added[0]} tidak tercantum dalam {SUMS} ({len(added)} berkas). {again}")
    for name, value in listed.items():
        if digest(backup / name) != value:
            raise BackupError(f"{backup / name} rusak: SHA-256-nya tidak sama dengan {SUMS}. {again}")


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def outside_project(folder: Path) -> Path:
    """A folder as the operator names it: relative to where he stands, never the project itself."""
    real = folder.expanduser().resolve()
    if real == BASE_DIR:
        raise BackupError("Cadangan tidak ditulis di folder portal itu sendiri: sebut folder lain, di disk lain.")
    return real


def _names(backup: Path) -> Iterator[str]:
    for path in backup.rglob("*"):
        name = str(path.relative_to(backup))
        if path.is_symlink():
            raise BackupError(f"{path} adalah tautan: cadangan hanya berisi berkas dan folder.")
        if path.is_file() and name != SUMS:
            yield name


def _is_inside(name: str) -> bool:
    return bool(name) and not name.startswith("/") and ".." not in name.split("/")


def _write(path: Path, text: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
