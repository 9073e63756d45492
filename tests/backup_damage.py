"""Ways in which a folder of backups can be damaged, and the words by which each is refused."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from wfh_portal.backup_form import FACTS, SUMS, digest, read_facts, whole_backups
from wfh_portal.backup_wal import read_archive


def the_backup(archive: Path) -> Path:
    return whole_backups(archive)[-1]


def lines_of(backup: Path) -> dict[str, str]:
    return {line[66:]: line[:64] for line in (backup / SUMS).read_text().splitlines()}


def mend(backup: Path) -> None:
    """A careful forger also mends the sums."""
    names = lines_of(backup)
    own(backup / SUMS).write_text("".join(f"{digest(backup / name)}  {name}\n" for name in names))


def a_data_file(backup: Path) -> Path:
    return max((backup / "database" / "base").rglob("*"), key=lambda path: path.stat().st_size if path.is_file() else 0)


def own(path: Path) -> Path:
    """The same file, but no longer that of the other tests."""
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content)
    return path


def cut(path: Path, count: int = 1) -> None:
    os.truncate(own(path), path.stat().st_size - count)


def forget_a_line(backup: Path) -> None:
    first, *others = (backup / SUMS).read_text().splitlines(keepends=True)
    assert FACTS in first
    own(backup / SUMS).write_text("".join(others))


def claim_version(archive: Path, major: int) -> None:
    own(the_backup(archive) / "database" / "PG_VERSION").write_text(f"{major}\n")
    claim(archive, postgresql_major=major)


def claim(archive: Path, **facts: object) -> None:
    path = own(the_backup(archive) / FACTS)
    path.write_text(json.dumps(json.loads(path.read_text()) | facts))
    mend(the_backup(archive))


def segments_of(archive: Path) -> list[Path]:
    end = read_facts(the_backup(archive)).end_lsn // (16 * 1024 * 1024)
    return [one.path for one in read_archive(archive, 16 * 1024 * 1024) if one.number >= end]


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a file cut short": (lambda to: cut(a_data_file(the_backup(to))), r"base/.* rusak: SHA-256"),
    "a file gone": (lambda to: a_data_file(the_backup(to)).unlink(), r"base/.* hilang"),
    "a file more": (lambda to: (the_backup(to) / "database" / "more").touch(), "more tidak tercantum"),
    "the sums cut short": (lambda to: cut(the_backup(to) / SUMS, 5_000), r"SHA256SUMS baris \d+ rusak|hilang"),
    "a line of the sums gone": (lambda to: forget_a_line(the_backup(to)), "backup.json tidak tercantum"),
    "no sums": (lambda to: (the_backup(to) / SUMS).unlink(), "SHA256SUMS tidak terbaca"),
    "other facts": (lambda to: own(the_backup(to) / FACTS).write_text("{}"), "backup.json tidak terbaca"),
    "no facts": (lambda to: (the_backup(to) / FACTS).unlink(), "bukan cadangan utuh"),
    "another version": (lambda to: claim(to, postgresql_major=14), "mengaku PostgreSQL 14"),
    "a version that is not here": (lambda to: claim_version(to, 14), r"PostgreSQL 14, program di sini versi \d\d"),
    "a later form": (lambda to: claim(to, form=2), "berbentuk 2"),
    "only half written": (lambda to: the_backup(to).rename(to / "partial-x"), "tidak ada cadangan utuh"),
    "no archive": (lambda to: shutil.rmtree(to / "wal"), "kosong"),
    "an archive that ended before": (
        lambda to: [path.unlink() for path in segments_of(to)], "tidak ada apa pun sejak cadangan"
    ),
    "a hole in the archive": (lambda to: segments_of(to)[1].unlink(), r"berkas 0000000100000000000000\d\d tidak ada"),
    "a WAL file cut short": (lambda to: cut(segments_of(to)[1]), "terpotong"),
    "a half WAL file in the middle": (
        lambda to: segments_of(to)[1].rename(segments_of(to)[1].with_suffix(".partial")), "belum selesai"
    ),
    "another timeline": (lambda to: (to / "wal" / "00000002.history").touch(), "garis waktu lain"),
    "a page of other WAL": (lambda to: damage_page(segments_of(to)[1]), "rusak mulai byte 8192"),
    "a damaged record": (lambda to: damage_record(segments_of(to)[1]), "rusak"),
}  # fmt: skip


def damage_page(path: Path) -> None:
    content = bytearray(own(path).read_bytes())
    content[8192:16384] = content[0:8192]
    path.write_bytes(content)


def damage_record(path: Path) -> None:
    content = bytearray(own(path).read_bytes())
    content[9000:9004] = bytes(255 - byte for byte in content[9000:9004])
    path.write_bytes(content)


def archive_closed(archive: Path) -> Path:
    archive.chmod(0o700)
    return archive
