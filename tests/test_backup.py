"""Backups and restores on a small server of its own: what comes back, what is refused by name, what stays untouched."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.backup_damage import DAMAGE, archive_closed, segments_of, the_backup
from tests.restore_drill import Drill, administrator, receive_wal
from wfh_portal import backup as backups
from wfh_portal import embedded
from wfh_portal.backup_form import BackupError, read_facts, whole_backups
from wfh_portal.embedded_account import choose_account
from wfh_portal.embedded_database import free_port
from wfh_portal.embedded_programs import find_programs
from wfh_portal.restore import restore_embedded, restore_into
from wfh_portal.restore_plan import Plan, make_plan

# One server for all of them.
pytestmark = pytest.mark.xdist_group("backup")
NAMES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_BACKUP_URL", "REDIS_URL")
ROWS_AFTER = 3


def quiet(_line: str) -> None:
    return


@dataclass
class Made:
    """A server with three rows in as many WAL files after its backup, then stopped; `between` lies before the last."""

    folder: Path
    between: datetime


@pytest.fixture(scope="module")
def made() -> Iterator[Made]:
    folder = Path(tempfile.mkdtemp(prefix="portal-test-", dir="/tmp"))
    folder.chmod(0o711)
    (folder / "data").mkdir(mode=0o711)
    drill = Drill(folder, synchronous=True)
    with pytest.MonkeyPatch.context() as patch:
        for name in NAMES:
            patch.delenv(name, raising=False)
        patch.setenv("PORTAL_DATA", str(drill.data))
        try:
            yield _make(drill)
        finally:
            drill.receiver.kill()
            drill.receiver.wait(10)
            embedded.stop(drill.data, remove=True)
            shutil.rmtree(folder)


def _make(drill: Drill) -> Made:
    drill.start()
    (drill.data / "uploads" / "a").mkdir(parents=True)
    (drill.data / "uploads" / "a" / "surat.pdf").write_bytes(b"surat")
    (drill.data / "secret_key").write_text("kunci")
    admin = administrator(drill.data).cursor()
    admin.execute("CREATE TABLE kept (number int)")
    drill.receiver = receive_wal(drill.data, drill.backups, synchronous=True)
    backups.take_backup(drill.backups, datetime.now(UTC), quiet)
    between = datetime.now(UTC)
    for number in range(ROWS_AFTER):
        if number == ROWS_AFTER - 1:
            time.sleep(0.05)
            between = datetime.now(UTC)
            time.sleep(0.05)
        admin.execute("INSERT INTO kept SELECT %s FROM generate_series(1, 2000)", [number])
        if number < ROWS_AFTER - 1:
            admin.execute("SELECT pg_switch_wal()")
    # Commits wait for the archive, so all of it is there.
    admin.connection.close()
    embedded.stop(drill.data)
    return Made(drill.folder, between)


@pytest.fixture
def archive(made: Made, tmp_path: Path) -> Path:
    """A copy of the backups that a test may damage: linked files, so `own` one before it is changed."""
    copy = tmp_path / "backups"
    shutil.copytree(made.folder / "backups", copy, copy_function=os.link)
    return copy


@pytest.fixture
def data(made: Made, monkeypatch) -> Iterator[Path]:
    """An empty PORTAL_DATA to restore into."""
    folder = Path(tempfile.mkdtemp(prefix="portal-test-", dir="/tmp"))
    folder.chmod(0o711)
    monkeypatch.setenv("PORTAL_DATA", str(folder))
    yield folder
    embedded.stop(folder, remove=True)
    shutil.rmtree(folder)


def plan_from(archive: Path, until: datetime | None = None, name: str | None = None, *, with_archive=True) -> Plan:
    return make_plan(archive, name, until, with_archive=with_archive, now=datetime.now(UTC), say=quiet)


def restore(archive: Path, until: datetime | None = None, *, replace=False, **more) -> None:
    restore_embedded(plan_from(archive, until, **more), datetime.now(UTC), replace=replace, say=quiet)


def rows(data: Path) -> list[int]:
    """How many rows came back of each insert."""
    embedded.start(data, say=quiet, with_broker=False)
    admin = administrator(data)
    with admin.cursor() as cursor:
        cursor.execute("SELECT number FROM kept GROUP BY number HAVING count(*) = 2000 ORDER BY number")
        found = [row[0] for row in cursor.fetchall()]
    admin.close()
    embedded.stop(data)
    return found


def test_everything_to_the_last_row_comes_back(made: Made, data: Path) -> None:
    restore(made.folder / "backups")
    assert (data / "secret_key").read_text() == "kunci"
    assert (data / "uploads" / "a" / "surat.pdf").read_bytes() == b"surat"
    assert rows(data) == [0, 1, 2]
    assert [path.name for path in data.glob("postgres*") if path.is_dir()] == ["postgres"]


def test_an_instant_and_a_backup_alone_come_back_and_nothing_later(made: Made, data: Path) -> None:
    restore(made.folder / "backups", made.between)
    assert rows(data) == [0, 1]
    restore(made.folder / "backups", with_archive=False, replace=True)
    assert rows(data) == []
    # What was replaced is kept, and the restored server never writes on under the old archive's names.
    assert len(list(data.glob("postgres.replaced-*"))) == 1
    embedded.start(data, say=quiet, with_broker=False)
    with pytest.raises(BackupError, match="dipulihkan sesudah"):
        backups.take_backup(made.folder / "backups", datetime.now(UTC), quiet)
    _again(data)


def _again(data: Path) -> None:
    """A restored server is backed up and restored like any other, in an archive of its own."""
    receiver = receive_wal(data, data / "archive", synchronous=True)
    try:
        (data / "archive").chmod(0o700)
        backups.take_backup(data / "archive", datetime.now(UTC), quiet)
        with administrator(data).cursor() as cursor:
            cursor.execute("INSERT INTO kept SELECT 9 FROM generate_series(1, 2000)")
            cursor.connection.close()
    finally:
        receiver.kill()
        receiver.wait(10)
    embedded.stop(data)
    assert (data / "archive" / "wal" / "00000002.history").is_file()
    restore(data / "archive", replace=True)
    assert rows(data) == [9]
    # Another restore of the first archive would begin a timeline of the same number.
    history = next((the_backup(data / "archive") / "database" / "pg_wal").glob("*.history"))
    history.write_text("1\t0/9000000\tother\n")
    (data / "draft" / "database" / "pg_wal").mkdir(parents=True)
    with pytest.raises(BackupError, match="garis waktu bernomor sama"):
        backups._refuse_another_past(data / "archive", data / "draft")


def test_data_is_not_overwritten_unless_told_so(made: Made, data: Path) -> None:
    (data / "postgres").mkdir()
    (data / "postgres" / "PG_VERSION").write_text("18")
    with pytest.raises(BackupError, match="--replace"):
        restore(made.folder / "backups")
    assert [path.name for path in (data / "postgres").iterdir()] == ["PG_VERSION"]
    shutil.rmtree(data / "postgres")
    embedded.start(data, say=quiet, with_broker=False, durable=False)
    with pytest.raises(BackupError, match="sedang berjalan"):
        restore(made.folder / "backups", replace=True)


def test_a_server_of_its_own_replays_when_it_starts(made: Made, data: Path, tmp_path: Path) -> None:
    account = choose_account(data, find_programs(), quiet)
    beside = data / "volume"
    account.make_folder(beside)
    (beside / "cluster").mkdir()
    (beside / "cluster" / "something").touch()
    plan = plan_from(made.folder / "backups", made.between)
    with pytest.raises(BackupError, match="tidak kosong"):
        restore_into(plan, beside / "cluster", datetime.now(UTC), replace=False, say=quiet)
    account.make_folder(beside / "new")
    restore_into(plan, beside / "new", datetime.now(UTC), replace=False, say=quiet)
    cluster = beside / "new"
    assert stat.S_IMODE(cluster.stat().st_mode) == 0o700
    assert cluster.stat().st_uid == beside.stat().st_uid
    assert (cluster / "wal_to_replay").is_dir()
    options = f"-c port={free_port()} -c hot_standby=off"
    command = [account.programs.postgres_bin / "pg_ctl", "start", "-w", "-D", cluster, "-o", options]
    assert account.run([*command, "-l", cluster / "server.log"], data / "log") == 0, (data / "log").read_text()
    deadline = time.monotonic() + 60
    while "ready to accept connections" not in (cluster / "server.log").read_text():
        assert time.monotonic() < deadline, (cluster / "server.log").read_text()
        time.sleep(0.1)
    account.run([account.programs.postgres_bin / "pg_ctl", "stop", "-w", "-D", cluster], data / "log")
    assert "recovery stopping before commit" in (cluster / "server.log").read_text()
    assert not (cluster / "wal_to_replay").exists()
    restore_into(plan, beside / "cluster", datetime.now(UTC), replace=True, say=quiet)
    assert (beside / "cluster" / "PG_VERSION").is_file()
    assert [[path.name for path in old.iterdir()] for old in beside.glob("cluster.replaced-*")] == [["something"]]


@pytest.mark.parametrize("what", DAMAGE)
def test_what_is_not_whole_is_refused_by_name_and_nothing_is_touched(what: str, archive: Path, data: Path) -> None:
    hurt, words = DAMAGE[what]
    hurt(archive)
    before = sorted(data.rglob("*"))
    with pytest.raises(BackupError, match=words):
        restore(archive)
    assert [path for path in sorted(data.rglob("*")) if path.name != "servers.lock"] == before


def test_instants_that_cannot_be_reached_are_refused(made: Made, data: Path, archive: Path) -> None:
    now = datetime.now(UTC)
    with pytest.raises(BackupError, match="belum tiba"):
        plan_from(archive, now + timedelta(hours=1))
    with pytest.raises(BackupError, match="Tidak ada cadangan yang selesai sebelum"):
        plan_from(archive, made.between - timedelta(days=1))
    with pytest.raises(BackupError, match="backup-lain tidak ada"):
        plan_from(archive, name="backup-lain")
    with pytest.raises(BackupError, match="memerlukan arsip"):
        plan_from(archive, made.between, with_archive=False)
    # Before a hole a restore may end; whether it does, the server says, aside.
    segments_of(archive)[-1].unlink()
    with pytest.raises(BackupError, match="berakhir sebelum .* Tidak ada yang diubah"):
        restore(archive, now)
    assert not (data / "postgres").exists()
    assert list(data.glob("postgres.*ing*")) == []


def test_a_backup_that_breaks_off_is_none_and_the_next_one_sweeps(made: Made, data: Path, archive: Path, monkeypatch):
    embedded.start(data, say=quiet, with_broker=False, durable=False)
    to = data / "backups"
    with monkeypatch.context() as broken:
        broken.setattr(backups, "write_facts", lambda *_args: (_ for _ in ()).throw(BackupError("mati listrik")))
        with pytest.raises(BackupError, match="mati listrik"):
            backups.take_backup(to, datetime.now(UTC), quiet)
    assert [path.name[:8] for path in to.iterdir() if path.is_dir()] == ["partial-"]
    said: list[str] = []
    first = backups.take_backup(to, datetime.now(UTC) - timedelta(days=1), said.append)
    assert any("tidak pernah selesai" in line for line in said)
    assert any("PERINGATAN: tidak ada WAL" in line for line in said)
    second = backups.take_backup(to, datetime.now(UTC), said.append)
    assert whole_backups(to) == [first, second]
    for path in [to, *to.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    told = " ".join(backups.what_it_holds(second))
    assert "servers.json" in told
    assert "BUNDLE_SIGNING_KEY" in told
    with pytest.raises(BackupError, match="cadangan server lain"):
        backups.take_backup(archive_closed(archive), datetime.now(UTC), quiet)
    old, needed = (f"0000000100000000000000{number:02X}" for number in (0, read_facts(second).end_lsn >> 24))
    (to / "wal").mkdir(mode=0o700)
    for name in (old, needed):
        (to / "wal" / name).touch()
    backups.prune(to, 1, quiet)
    assert whole_backups(to) == [second]
    assert [path.name for path in (to / "wal").iterdir()] == [needed]


def test_a_folder_that_others_can_read_gets_no_backup(made: Made, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with pytest.raises(BackupError, match="chmod 700"), backups.writing_in(tmp_path):
        pytest.fail("Folder terbuka dipakai.")
    tmp_path.chmod(0o700)
    with backups.writing_in(tmp_path), pytest.raises(BackupError, match="sedang ditulis"), backups.writing_in(tmp_path):
        pytest.fail("Dua cadangan sekaligus.")


def command(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=Path(__file__).resolve().parent.parent,
        env={"PATH": os.environ["PATH"], "PORTAL_MODE": "test", **environment},
        capture_output=True,
        text=True,
    )


def test_the_commands_start_no_server_and_say_what_is_missing(data: Path, tmp_path: Path) -> None:
    elsewhere = "postgresql://portal_app:x@127.0.0.1:9/portal"
    for words, environment, said in (
        (["backup", "--to", str(tmp_path / "to")], {}, "tidak ada server tertanam"),
        (["backup", "--to", str(tmp_path / "to")], {"DATABASE_URL": elsewhere}, "DATABASE_BACKUP_URL belum diisi"),
        (["restore", "--from", str(tmp_path)], {}, "tidak ada cadangan utuh"),
        (["restore", "--from", str(tmp_path)], {"DATABASE_URL": elsewhere}, "--into"),
    ):
        done = command(*words, PORTAL_DATA=str(data), **environment)
        assert done.returncode == 1
        assert said in done.stderr
        assert "Traceback" not in done.stderr
    assert embedded.is_running(data) == {"postgres": None, "valkey": None}
