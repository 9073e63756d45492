"""Carry out a restore: aside first, and in place of the old files only when the server has replayed everything."""

import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from wfh_portal import embedded
from wfh_portal.backup_form import PORTAL, BackupError, stamp
from wfh_portal.backup_source import major_of
from wfh_portal.embedded_account import Account, choose_account, server_folder
from wfh_portal.embedded_database import free_port, running
from wfh_portal.embedded_programs import find_programs
from wfh_portal.environment import make_data_folder
from wfh_portal.restore_plan import Plan, give_to, lay_out, refuse_small_disk

LAST_COMMIT = re.compile(r"last completed transaction was at log time (.+)")
Say = Callable[[str], None]


def restore_embedded(plan: Plan, now: datetime, *, replace: bool, say: Say) -> None:
    """Restore the embedded servers of PORTAL_DATA, which must be stopped. Raises BackupError."""
    if not plan.facts.embedded:
        raise BackupError("Cadangan ini dari server sendiri, bukan yang tertanam: sebut folder datanya dengan --into.")
    data = make_data_folder()
    folder = server_folder(data)
    target = folder / "postgres"
    # Nobody may start a new, empty cluster meanwhile.
    with embedded.alone(data):
        if any(embedded.is_running(data).values()):
            raise BackupError(f"Server di {data} sedang berjalan. Hentikan dahulu: manage.py embedded stop")
        is_new = not (target.is_dir() and any(target.iterdir()))
        if not is_new and not replace:
            raise BackupError(
                f"{target} sudah berisi basis data. Untuk menggantinya tambahkan --replace; yang lama disisihkan, "
                "tidak dihapus."
            )
        account = choose_account(data, find_programs(), say)
        _refuse_another_version(plan, account)
        refuse_small_disk(plan, folder)
        staging = folder / f"postgres.restoring-{os.getpid()}"
        try:
            account.make_folder(staging)
            _replay(plan, account, staging, say)
            _set_aside(folder, ("postgres", "valkey"), now, say)
            staging.rename(target)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        _take_over_passwords(plan, data)
        restore_portal_files(plan, data, replace_key=is_new or replace, say=say)


def _refuse_another_version(plan: Plan, account: Account) -> None:
    major = major_of(account.programs.postgres_bin / "postgres")
    if major != plan.facts.postgresql_major:
        raise BackupError(
            f"Cadangan ini dari PostgreSQL {plan.facts.postgresql_major}, program di sini versi {major}. Sebut folder "
            f"program versi {plan.facts.postgresql_major} dalam POSTGRESQL_BIN."
        )


def restore_into(plan: Plan, into: Path, now: datetime, *, replace: bool, say: Say) -> None:
    """Lay a server's data folder out; that server replays the WAL when it starts. Raises BackupError."""
    target = into.expanduser().resolve()
    _refuse_to_overwrite(target, replace=replace)
    target.parent.mkdir(parents=True, exist_ok=True)
    refuse_small_disk(plan, target if target.is_dir() else target.parent)
    # A volume that is mounted cannot be put in place of another: what is empty is filled where it is.
    in_place = target.is_dir() and not any(target.iterdir())
    staging = target if in_place else target.with_name(f"{target.name}.restoring-{os.getpid()}")
    staging.mkdir(mode=0o700, exist_ok=True)
    holder = target if target.is_dir() else target.parent
    owner = (holder.stat().st_uid, holder.stat().st_gid) if os.geteuid() == 0 else None
    finished = False
    try:
        lay_out(plan, staging, owner)
        finished = True
    finally:
        if not finished:
            _empty(staging, itself=not in_place)
    if not in_place:
        _set_aside(target.parent, (target.name,), now, say)
        staging.rename(target)
    say(f"{target} siap: server PostgreSQL {plan.facts.postgresql_major} memutar WAL saat dimulai, lalu membuka.")
    restore_portal_files(plan, make_data_folder(), replace_key=False, say=say)


def _refuse_to_overwrite(target: Path, *, replace: bool) -> None:
    if not target.is_dir() or not any(target.iterdir()):
        return
    if (target / "postmaster.pid").exists():
        raise BackupError(f"Di {target} ada postmaster.pid: hentikan server itu dahulu.")
    if target.is_mount():
        raise BackupError(f"{target} tidak kosong: pakai volume baru; yang lama tetap seperti adanya.")
    if not replace:
        raise BackupError(f"{target} tidak kosong: pakai folder baru, atau --replace; yang lama disisihkan.")


def _empty(folder: Path, *, itself: bool) -> None:
    for entry in folder.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    if itself:
        folder.rmdir()


def restore_portal_files(plan: Plan, data: Path, *, replace_key: bool, say: Say) -> None:
    """Bring back uploads that are missing; a file that is there stays, for it may be newer than the backup."""
    source = plan.backup / PORTAL
    kept = brought = 0
    for path in sorted((source / "uploads").rglob("*")):
        there = data / "uploads" / path.relative_to(source / "uploads")
        if path.is_dir():
            there.mkdir(parents=True, exist_ok=True)
        elif there.exists():
            kept += 1
        else:
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, there)
            brought += 1
    if kept or brought:
        say(f"Berkas unggahan: {brought} dikembalikan, {kept} sudah ada dan dibiarkan.")
    if (data / "uploads").is_dir():
        give_to(data / "uploads", None)
    if (source / "secret_key").is_file() and (replace_key or not (data / "secret_key").exists()):
        _write_secret(data / "secret_key", (source / "secret_key").read_text())


def _replay(plan: Plan, account: Account, staging: Path, say: Say) -> None:
    owner = None if account.user_id is None else (account.user_id, account.group_id or -1)
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(free_port()),
        "unix_socket_directories": "",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # Nobody comes in before everything is replayed.
        "hot_standby": "off",
    }
    lay_out(plan, staging, owner, settings)
    log, server_log = staging.parent / "restore.log", staging / "server.log"
    program = account.programs.postgres_bin / "pg_ctl"
    say("Server memutar WAL ...")
    account.run([program, "start", "-w", "-t", "60", "-D", staging, "-l", server_log], log)
    ready = _wait_until_open(staging)
    said = server_log.read_text(encoding="utf-8", errors="replace") if server_log.is_file() else log.read_text()
    if not ready:
        raise BackupError(_why_not(plan, said))
    account.run([program, "stop", "-w", "-m", "fast", "-D", staging], log)
    log.unlink(missing_ok=True)
    if plan.segments:
        last = LAST_COMMIT.search(said)
        say(f"Transaksi terakhir yang kembali: {last[1] if last else 'tidak ada sesudah cadangan'}.")


def _wait_until_open(staging: Path) -> bool:
    """Whether the server came through its replay; `ready` in its pid file says so, its end that it failed."""
    pid_file = staging / "postmaster.pid"
    while running(pid_file, ("postgres",)):
        lines = pid_file.read_text().split() if pid_file.is_file() else []
        if lines and lines[-1] == "ready":
            return True
        time.sleep(0.1)
    return False


def _why_not(plan: Plan, said: str) -> str:
    last = LAST_COMMIT.search(said)
    if "recovery ended before configured recovery target was reached" in said and plan.until is not None:
        reached = f"transaksi terakhir di dalamnya {last[1]}" if last else "tidak ada transaksi sesudah cadangan"
        return (
            f"Arsip WAL berakhir sebelum {plan.until.isoformat()}: {reached}. Periksa berkas WAL yang hilang, atau "
            "ulangi tanpa --until untuk memulihkan sampai akhir arsip. Tidak ada yang diubah."
        )
    fatal = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line]
    return f"Server menolak berkas ini: {(fatal or said.splitlines() or ['tanpa pesan'])[-1]}. Tidak ada yang diubah."


def _set_aside(folder: Path, names: tuple[str, ...], now: datetime, say: Say) -> None:
    for name in names:
        if (folder / name).is_dir():
            aside = (folder / name).rename(folder / f"{name}.replaced-{stamp(now)}-{secrets.token_hex(2)}")
            say(f"Yang lama disisihkan: {aside}. Hapus bila sudah yakin.")


def _take_over_passwords(plan: Plan, data: Path) -> None:
    """The cluster knows its administrator by the password of the backup."""
    held = json.loads((plan.backup / PORTAL / "servers.json").read_text(encoding="utf-8"))
    path = data / "servers.json"
    state = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    state["passwords"] = held["passwords"]
    _write_secret(path, json.dumps(state, indent=1))


def _write_secret(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
