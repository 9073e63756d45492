"""Take a base backup: written under a temporary name, checked, and named a backup only when every byte is on disk."""

import fcntl
import json
import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from wfh_portal.backup_form import (
    DATABASE,
    FORM,
    PARTIAL,
    PORTAL,
    SUMS,
    WAL,
    WHOLE,
    BackupError,
    Facts,
    digest,
    outside_project,
    read_facts,
    read_sums,
    stamp,
    whole_backups,
    write_facts,
)
from wfh_portal.backup_source import Source, find_program, find_source, need_program
from wfh_portal.backup_wal import parse_lsn, read_archive
from wfh_portal.environment import data_folder

ARCHIVE_SECONDS = 15
Say = Callable[[str], None]


def take_backup(folder: Path, now: datetime, say: Say) -> Path:
    """Back up the server and the portal's files into a folder; returns the whole backup. Raises BackupError."""
    to = outside_project(folder)
    source = find_source()
    with writing_in(to):
        _refuse_another_history(to, source)
        _sweep(to, say)
        draft = to / f"{PARTIAL}{stamp(now)}-{os.getpid()}"
        draft.mkdir(mode=0o700)
        _copy_database(source, draft / DATABASE)
        _refuse_another_past(to, draft)
        copy_portal_files(draft / PORTAL, embedded=source.embedded)
        facts = _facts(draft, source)
        write_facts(draft, facts)
        _check_against_server(draft, source, say)
        whole = to / f"{WHOLE}{stamp(now)}"
        draft.rename(whole)
        _sync(to)
    _look_at_archive(to, facts, say)
    return whole


@contextmanager
def writing_in(to: Path) -> Iterator[None]:
    """Alone in a folder of backups that nobody else may read."""
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    if to.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BackupError(f"Folder {to} dapat dibaca orang lain, padahal cadangan memuat gaji: chmod 700 {to}")
    with open(os.open(to / "lock", os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"Cadangan lain sedang ditulis di {to}.") from None
        yield


def prune(folder: Path, keep: int, say: Say) -> None:
    """Remove all but the newest `keep` whole backups, and the WAL that none of those needs."""
    to = outside_project(folder)
    with writing_in(to):
        backups = whole_backups(to)
        kept = backups[-keep:]
        for old in backups[:-keep]:
            say(f"{old.name} dihapus: {keep} cadangan yang lebih baru disimpan.")
            # Renamed first: a removal that is broken off leaves no backup that looks whole.
            leaving = old.rename(to / f"{PARTIAL}removed-{old.name}")
            shutil.rmtree(leaving)
        oldest = read_facts(kept[0])
        needed = oldest.end_lsn // oldest.wal_segment_bytes
        for segment in read_archive(to, oldest.wal_segment_bytes):
            if segment.timeline <= oldest.timeline and segment.number < needed:
                segment.path.unlink()


def copy_portal_files(to: Path, *, embedded: bool) -> None:
    """What the database does not hold: uploads; of embedded servers also what their data cannot be opened without."""
    data = data_folder()
    to.mkdir(mode=0o700)
    if (data / "uploads").is_dir():
        shutil.copytree(data / "uploads", to / "uploads", symlinks=True)
    if embedded:
        for name in ("secret_key", "servers.json"):
            if (data / name).is_file():
                shutil.copyfile(data / name, to / name)
    for path in [to, *to.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o700 if path.is_dir() else 0o600)


def _refuse_another_history(to: Path, source: Source) -> None:
    """WAL of two clusters, or from before and after a restore, in one archive could not be told apart later."""
    for backup in whole_backups(to)[-1:]:
        facts = read_facts(backup)
        if facts.system_identifier != source.system_identifier:
            raise BackupError(f"{to} berisi cadangan server lain ({backup.name}). Pakai folder sendiri.")
        if facts.timeline != source.timeline:
            raise BackupError(
                f"Server ini dipulihkan sesudah {backup.name}: arsip lama selesai di sana. Mulai arsip baru di folder "
                "lain (penerima WAL dan cadangan), dan simpan yang lama selama masih diperlukan."
            )


def _refuse_another_past(to: Path, draft: Path) -> None:
    """Two restores of one archive give timelines of one number; how each came about tells them apart."""
    for backup in whole_backups(to)[-1:]:
        pasts = [
            {path.name: path.read_bytes() for path in (one / DATABASE / "pg_wal").glob("*.history")}
            for one in (backup, draft)
        ]
        if pasts[0] != pasts[1]:
            raise BackupError(
                f"Server ini dipulihkan dari saat lain daripada {backup.name}, di garis waktu bernomor sama. Mulai "
                "arsip baru di folder lain (penerima WAL dan cadangan)."
            )


def _sweep(to: Path, say: Say) -> None:
    for left in to.glob(f"{PARTIAL}*"):
        say(f"{left.name} dihapus: cadangan itu tidak pernah selesai ditulis.")
        shutil.rmtree(left)


def _copy_database(source: Source, to: Path) -> None:
    done = source.run(
        need_program("pg_basebackup", source.major),
        *("--pgdata", to, "--format=plain", "--wal-method=stream", "--checkpoint=fast"),
        *("--manifest-checksums=SHA256", "--no-password", "--label=portal"),
    )
    if done.returncode != 0:
        raise BackupError(f"pg_basebackup gagal: {done.stderr.strip()}")


def _facts(draft: Path, source: Source) -> Facts:
    manifest = json.loads((draft / DATABASE / "backup_manifest").read_text(encoding="utf-8"))
    last = manifest["WAL-Ranges"][-1]
    inside = [path for path in draft.rglob("*") if not path.is_symlink()]
    segments = [path for path in (draft / DATABASE / "pg_wal").iterdir() if len(path.name) == 24]
    return Facts(
        form=FORM,
        finished_at=timezone.now().isoformat(),
        postgresql_major=int((draft / DATABASE / "PG_VERSION").read_text()),
        system_identifier=source.system_identifier,
        timeline=last["Timeline"],
        end_lsn=parse_lsn(last["End-LSN"]),
        wal_segment_bytes=segments[0].stat().st_size,
        embedded=source.embedded,
        bytes=sum(path.stat().st_size for path in inside if path.is_file()),
        folders=sorted(str(path.relative_to(draft)) for path in inside if path.is_dir()),
    )


def _check_against_server(draft: Path, source: Source, say: Say) -> None:
    """What lies on the disk is what the server sent, and its WAL can be read."""
    manifest = json.loads((draft / DATABASE / "backup_manifest").read_text(encoding="utf-8"))
    sums = read_sums(draft)
    for file in manifest["Files"]:
        name = f"{DATABASE}/{file['Path']}"
        if sums.get(name) != file["Checksum"]:
            raise BackupError(f"{draft / name} tidak sama dengan yang dikirim server: disk rusak? Cadangan dibatalkan.")
    program = find_program("pg_verifybackup", source.major, exactly=True)
    if program is None:
        say(f"pg_verifybackup versi {source.major} tidak ada di mesin ini: WAL dalam cadangan tidak dibaca ulang.")
        return
    done = source.run(program, "--skip-checksums", "--quiet", draft / DATABASE)
    if done.returncode != 0:
        raise BackupError(f"pg_verifybackup menolak cadangan ini: {done.stderr.strip()}")


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def _look_at_archive(to: Path, facts: Facts, say: Say) -> None:
    """Say plainly when no WAL arrives: then this backup brings back its own moment and nothing after it."""
    deadline = time.monotonic() + ARCHIVE_SECONDS
    wanted = facts.end_lsn // facts.wal_segment_bytes
    while (to / WAL).is_dir() and time.monotonic() < deadline:
        if any(segment.number >= wanted for segment in read_archive(to, facts.wal_segment_bytes)):
            return
        time.sleep(0.2)
    say(
        f"PERINGATAN: tidak ada WAL yang masuk ke {to / WAL}. Yang tercatat sesudah cadangan ini belum aman: "
        "jalankan deploy/receive_wal.sh (docs/operations.md, Backup and restore)."
    )


def what_it_holds(backup: Path) -> Iterator[str]:
    """Lines that name the secrets in a backup, and what must be kept elsewhere."""
    facts = read_facts(backup)
    yield "Rahasia di dalamnya: gaji dan data pribadi, sidik sandi, kunci faktor kedua, kata sandi peran basis data."
    for name, words in (("secret_key", "kunci sesi"), ("servers.json", "kata sandi server tertanam")):
        if (backup / PORTAL / name).is_file():
            yield f"Juga {name} ({words})."
    elsewhere = ["kunci penanda tangan berkas pemeriksa (BUNDLE_SIGNING_KEY)"]
    if not facts.embedded:
        elsewhere.insert(0, ".env (SECRET_KEY dan semua kata sandi)")
    yield f"Tidak ada di dalamnya, simpan terpisah: {', '.join(elsewhere)}."
    yield f"Sidik cadangan: {digest(backup / SUMS)}"
