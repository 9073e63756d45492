"""What a restore would do, checked to the last byte before anything is touched."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from wfh_portal.backup_form import (
    DATABASE,
    BackupError,
    Facts,
    check_sums,
    outside_project,
    read_facts,
    whole_backups,
)
from wfh_portal.backup_source import find_program
from wfh_portal.backup_wal import Segment, archived_since, check_records, segment_name

# Beside the restored files while the server replays; it removes the folder itself when it is done.
TO_REPLAY = "wal_to_replay"
ROOM_BYTES = 512_000_000
Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """A whole backup, the WAL to replay after it, and where to stop (None: at the end of the archive)."""

    backup: Path
    facts: Facts
    segments: list[Segment]
    until: datetime | None

    @property
    def database(self) -> Path:
        """The database's files in the backup."""
        return self.backup / DATABASE

    @property
    def needed_bytes(self) -> int:
        """Disk that the restored folder takes before replay."""
        return self.facts.bytes + len(self.segments) * self.facts.wal_segment_bytes + ROOM_BYTES


def make_plan(
    folder: Path, name: str | None, until: datetime | None, *, with_archive: bool, now: datetime, say: Say
) -> Plan:
    """Choose the backup, read everything in it and after it. Raises BackupError by the name of what is amiss."""
    source = outside_project(folder)
    if until is not None and until > now:
        raise BackupError(f"{until.isoformat()} belum tiba. Sebut saat yang sudah lewat.")
    if until is not None and not with_archive:
        raise BackupError("--until memerlukan arsip WAL; tanpa arsip hanya saat cadangan itu sendiri yang kembali.")
    backup = _choose(source, name, until)
    facts = read_facts(backup)
    say(f"Memeriksa {backup.name} ...")
    check_sums(backup)
    major = (backup / DATABASE / "PG_VERSION").read_text().strip()
    if major != str(facts.postgresql_major):
        raise BackupError(f"{backup.name} mengaku PostgreSQL {facts.postgresql_major}, isinya {major}.")
    segments: list[Segment] = []
    if with_archive:
        segments = archived_since(source, facts, may_end_early=until is not None)
        _read_records(segments, facts, say)
    return Plan(backup, facts, segments, until)


def _choose(source: Path, name: str | None, until: datetime | None) -> Path:
    backups = whole_backups(source)
    if not backups:
        raise BackupError(f"Di {source} tidak ada cadangan utuh (folder backup-...).")
    if name is not None:
        chosen = [backup for backup in backups if backup.name == name]
        if not chosen:
            raise BackupError(f"{name} tidak ada di {source}. Yang ada: {', '.join(path.name for path in backups)}.")
        backups = chosen
    if until is None:
        return backups[-1]
    in_time = [backup for backup in backups if read_facts(backup).finished <= until]
    if not in_time:
        first = read_facts(backups[0])
        raise BackupError(
            f"Tidak ada cadangan yang selesai sebelum {until.isoformat()}; yang pertama selesai {first.finished_at}."
        )
    return in_time[-1]


def _read_records(segments: list[Segment], facts: Facts, say: Say) -> None:
    last = segment_name(facts.timeline, segments[-1].number, facts.wal_segment_bytes)
    say(f"Arsip WAL: {len(segments)} berkas sampai {last}.")
    program = find_program("pg_waldump", facts.postgresql_major, exactly=True)
    if program is None:
        say(
            f"pg_waldump versi {facts.postgresql_major} tidak ada di mesin ini: hanya susunan berkas WAL yang "
            "diperiksa. Bandingkan saat terakhir yang disebut log server dengan yang Anda harapkan."
        )
        return
    check_records(segments, facts, program)


def refuse_small_disk(plan: Plan, folder: Path) -> None:
    """Half a restore helps nobody."""
    free = shutil.disk_usage(folder).free
    if free < plan.needed_bytes:
        raise BackupError(f"Disk {folder} tinggal {free:,} byte, perlu {plan.needed_bytes:,}.")


def lay_out(plan: Plan, target: Path, owner: tuple[int, int] | None, settings: dict[str, str] | None = None) -> None:
    """Copy database and WAL into an empty folder, closed to others, and leave word how far to replay.

    `settings` of our own stand in place of those that the old server was changed by (postgresql.auto.conf).
    """
    prefix = f"{DATABASE}/"
    for name in plan.facts.folders:
        if name.startswith(prefix):
            (target / name.removeprefix(prefix)).mkdir(mode=0o700, parents=True, exist_ok=True)
    # What the old server said is not what the new one says; without PG_VERSION nothing takes a folder for a cluster.
    aside, version = ("server.log", "PG_VERSION"), plan.database / "PG_VERSION"
    for path in plan.database.rglob("*"):
        if path.is_file() and str(path.relative_to(plan.database)) not in aside:
            shutil.copyfile(path, target / path.relative_to(plan.database))
    replay = target / TO_REPLAY
    shutil.rmtree(replay, ignore_errors=True)
    replay.mkdir(mode=0o700)
    for segment in plan.segments:
        shutil.copyfile(segment.path, replay / segment.name(plan.facts.wal_segment_bytes))
    # Without WAL as well: the server then begins a timeline of its own, and never writes on in the old archive's names.
    (target / "recovery.signal").touch()
    lines = "".join(f"{name} = '{value}'\n" for name, value in ((settings or {}) | _recovery_settings(plan)).items())
    with open(target / "postgresql.auto.conf", "a" if settings is None else "w", encoding="utf-8") as file:
        file.write("\n" + lines)
    shutil.copyfile(version, target / version.name)
    give_to(target, owner)


def give_to(folder: Path, owner: tuple[int, int] | None) -> None:
    """Close a folder to everybody but its owner, who may be another user."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)
        if owner is not None:
            shutil.chown(path, *owner)


def _recovery_settings(plan: Plan) -> dict[str, str]:
    settings = {
        "restore_command": f'cp "{TO_REPLAY}/%f" "%p"',
        "recovery_end_command": f"rm -r {TO_REPLAY}",
        "recovery_target_timeline": "current",
        "recovery_target_action": "promote",
        # Cleared: the copied settings may still name an older target.
        "recovery_target_time": "",
    }
    if plan.until is not None:
        settings |= {"recovery_target_time": plan.until.isoformat(sep=" "), "recovery_target_inclusive": "off"}
    return settings
