"""`make drill`: people press, the server is killed and its folder removed, and everything comes back.

On embedded servers of its own in a throwaway folder, with deploy/receive_wal.sh as production runs it:

1. a locked run, a sealed audit log, people who press from three threads; each answered press is remembered here;
2. a base backup while they press; the owner deletes rows by mistake; they go on until the server is killed;
3. restore to the end: every answered press is there, the mistake too; chain, run and bundle are as before;
4. restore to before the mistake: the rows are back, every press answered until then is there, none after it.

`--asynchronous` lets commits not wait for the archive, as the compose form does unless told otherwise, and tells how
many answered presses were lost; without it, one lost press fails the drill.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import psutil
import psycopg2

from tests.drill_portal import Portal, Press
from wfh_portal import embedded
from wfh_portal.embedded_account import server_folder
from wfh_portal.embedded_database import ADMIN
from wfh_portal.embedded_programs import find_programs
from wfh_portal.embedded_watch import Guard

PROJECT = Path(__file__).resolve().parent.parent
PRESSES_BEFORE, PRESSES_BETWEEN, PRESSES_AFTER = 30, 60, 120


def say(line: str) -> None:
    """What happens, while it happens."""
    print(f"{time.strftime('%H:%M:%S')} {line}", flush=True)


@dataclass
class Drill:
    """One throwaway folder: servers in data/, backups in backups/."""

    folder: Path
    synchronous: bool
    receiver: subprocess.Popen | None = None
    portal: Portal = field(default_factory=Portal)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    def start(self) -> embedded.Addresses:
        """Start the database alone; the drill needs no queue."""
        return embedded.start(self.data, say=say, with_broker=False)

    def destroy(self) -> None:
        """kill -9 while people press, and nothing is left of the database's folder."""
        server = psutil.Process(embedded.is_running(self.data)["postgres"])
        family = [server, *server.children(recursive=True)]
        server.kill()
        shutil.rmtree(server_folder(self.data) / "postgres", ignore_errors=True)
        while any(is_alive(process) for process in family):
            time.sleep(0.05)
        shutil.rmtree(server_folder(self.data) / "postgres", ignore_errors=True)
        # What had reached this machine may still be written; then the receiver dies as hard as the server.
        time.sleep(0.5)
        os.killpg(self.receiver.pid, signal.SIGKILL)
        self.receiver.wait(30)

    def command(self, *words: str) -> None:
        """A command as an operator types it, on the drill's own folder."""
        subprocess.run([sys.executable, "manage.py", *words], cwd=PROJECT, check=True, timeout=300)


def administrator(data: Path):
    """A connection that may change the server's settings."""
    state = json.loads((data / "servers.json").read_text())
    port = int(state["addresses"]["database_url"].rpartition(":")[2].split("/")[0])
    connection = psycopg2.connect(
        host="127.0.0.1", port=port, user=ADMIN, password=state["passwords"][ADMIN], dbname="portal"
    )
    connection.autocommit = True
    return connection


def receive_wal(data: Path, backups: Path, *, synchronous: bool) -> subprocess.Popen:
    """Start the receiver as production does, and wait until it follows the server."""
    admin = administrator(data)
    receiver = subprocess.Popen(
        [PROJECT / "deploy" / "receive_wal.sh"],
        env={
            "PATH": os.environ["PATH"],
            "PGHOST": "127.0.0.1",
            "PGPORT": str(admin.info.port),
            "PGUSER": ADMIN,
            "PGPASSWORD": admin.info.password,
            "BACKUP_FOLDER": str(backups),
            "POSTGRESQL_BIN": str(find_programs().postgres_bin),
        },
        start_new_session=True,
    )
    cursor, wanted, deadline = admin.cursor(), [("async", "streaming")], time.monotonic() + 60
    if synchronous:
        wanted = [("sync", "streaming")]
        cursor.execute("ALTER SYSTEM SET synchronous_standby_names = 'pg_receivewal'")
        cursor.execute("SELECT pg_reload_conf()")
    following = None
    while following != wanted:
        if time.monotonic() > deadline:
            raise SystemExit("Penerima WAL tidak mengikuti server.")
        time.sleep(0.1)
        cursor.execute("SELECT sync_state, state FROM pg_stat_replication")
        following = cursor.fetchall()
    admin.close()
    return receiver


def is_alive(process: psutil.Process) -> bool:
    """A zombie waits for a parent that may never look."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def lost(answered: list[Press], standing: dict[str, datetime]) -> list[Press]:
    """Presses that were answered and are not there."""
    return [press for press in answered if press.key not in standing]


def expect(holds: bool, words: str) -> None:
    """Say what holds, or end the drill."""
    say(f"{'BENAR' if holds else 'SALAH'}: {words}")
    if not holds:
        raise SystemExit(f"Latihan gagal: {words}")


def play(drill: Drill) -> dict[str, object]:
    """The whole story; the answer holds what was counted."""
    portal = drill.portal
    portal.open(drill.start())
    before = portal.prepare()
    drill.receiver = receive_wal(drill.data, drill.backups, synchronous=drill.synchronous)
    with portal.pressing() as presses:
        presses.wait_for(PRESSES_BEFORE)
        drill.command("backup", "--to", str(drill.backups))
        presses.wait_for(len(presses.answered) + PRESSES_BETWEEN)
        until = portal.now_of_server()
        deleted = portal.make_a_mistake()
        presses.wait_for(len(presses.answered) + PRESSES_AFTER)
        drill.destroy()
    answered = presses.answered
    say(f"Server dimatikan dengan kill -9 dan foldernya dihapus; {len(answered)} tekanan sudah dijawab.")

    drill.command("restore", "--from", str(drill.backups))
    portal.open(drill.start())
    standing = portal.punches()
    missing = lost(answered, standing)
    counted = {"answered": len(answered), "standing": len(standing), "lost": len(missing)}
    if drill.synchronous:
        expect(not missing, f"semua {len(answered)} tekanan yang dijawab ada, sampai {answered[-1].at.isoformat()}")
    else:
        say(f"{len(missing)} dari {len(answered)} tekanan yang dijawab hilang.")
    expect(portal.rows_of_mistake() == 0, f"{deleted} baris yang dihapus pemilik juga tetap terhapus")
    expect(portal.evidence() == before, "rantai audit, perhitungan terkunci dan berkas pemeriksa sama seperti semula")

    embedded.stop(drill.data)
    drill.command("restore", "--from", str(drill.backups), "--until", until.isoformat(), "--replace")
    portal.open(drill.start())
    standing = portal.punches()
    expect(portal.rows_of_mistake() == deleted, f"{deleted} baris kembali dengan --until {until.isoformat()}")
    early = [press for press in answered if press.answered_at < until]
    expect(not lost(early, standing), f"semua {len(early)} tekanan yang dijawab sebelum saat itu ada")
    late = [press for press in answered if press.at > until and press.key in standing]
    expect(not late, "tidak ada tekanan sesudah saat itu")
    expect(portal.evidence() == before, "rantai audit, perhitungan terkunci dan berkas pemeriksa sama seperti semula")
    return counted | {"until": len(early), "deleted": deleted}


def main() -> None:
    """Run it in a folder that is removed, whatever happens."""
    parser = argparse.ArgumentParser(description="Latihan pemulihan pada server tersendiri.")
    parser.add_argument("--asynchronous", action="store_true", help="commit tidak menunggu arsip")
    options = parser.parse_args()
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_BACKUP_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    folder = Path(tempfile.mkdtemp(prefix="portal-drill-", dir="/tmp"))
    folder.chmod(0o711)
    os.environ |= {"PORTAL_DATA": str(folder / "data"), "PORTAL_MODE": "test", "PORTAL_DATABASE_ROLE": "application"}
    (folder / "data").mkdir(mode=0o711)
    guard = Guard()
    guard.tell(f"remove {folder / 'data'}")
    drill = Drill(folder, synchronous=not options.asynchronous)
    started = time.monotonic()
    try:
        counted = play(drill)
        say(f"Latihan selesai dalam {time.monotonic() - started:.0f} detik: {json.dumps(counted)}")
    finally:
        if drill.receiver and drill.receiver.poll() is None:
            os.killpg(drill.receiver.pid, signal.SIGKILL)
            drill.receiver.wait(10)
        embedded.stop(folder / "data", remove=True)
        shutil.rmtree(folder, ignore_errors=True)
        guard.dismiss()


if __name__ == "__main__":
    main()
