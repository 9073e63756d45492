"""Who runs the servers, and where: oneself, or, for root, an unprivileged user with folders it can reach.

PostgreSQL refuses to run as root. Root's clone often lies in root's home, which nobody else can enter; then data and
a copy of the programs move to a folder that the servers' user can reach.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wfh_portal.embedded_programs import EmbeddedError, Programs

SERVER_USER = "wfh_portal"


@dataclass(frozen=True)
class Account:
    """Where server files stand and which user and group run the servers; None means the present user."""

    folder: Path
    programs: Programs
    user_id: int | None = None
    group_id: int | None = None

    def run(self, command: list[str | Path], log: Path) -> int:
        """Run a program to its end as the servers' user, in a session of its own so that Ctrl-C passes it by."""
        with open(log, "ab") as out:
            return subprocess.run(
                [str(word) for word in command],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": str(self.folder)},
                **({} if self.user_id is None else {"user": self.user_id, "group": self.group_id, "extra_groups": []}),
                check=False,
            ).returncode

    def make_folder(self, path: Path) -> None:
        """Make a folder that only the servers' user may enter."""
        path.mkdir(mode=0o700, exist_ok=True)
        if self.user_id is not None:
            os.chown(path, self.user_id, self.group_id or -1)


def choose_account(data: Path, programs: Programs, say: Callable[[str], None]) -> Account:
    """The present user with its own folder, or, for root, the servers' user with a folder that it can reach."""
    if os.geteuid() != 0:
        return Account(data, programs)
    entry = _server_user(say)
    folder = server_folder(data)
    if folder != data and not folder.is_dir():
        say(f"Sebagai root: server berjalan sebagai pengguna {SERVER_USER!r}, datanya di {folder}.")
        folder.mkdir(mode=0o711, parents=True)
    if not _passable(programs.postgres_bin) or not _passable(programs.valkey_server):
        programs = _copy_programs(programs, folder, say)
    return Account(folder, programs, entry.pw_uid, entry.pw_gid)


def server_folder(data: Path) -> Path:
    """Where the servers' files of a data folder stand: in it, or for root's closed folder beside the system's own."""
    if os.geteuid() != 0 or _passable(data):
        return data
    name = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    return Path("/var/lib") / f"wfh_portal-{name}"


def _server_user(say: Callable[[str], None]) -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SERVER_USER)
    except KeyError:
        say(f"PostgreSQL tidak mau berjalan sebagai root: pengguna {SERVER_USER!r} dibuat untuk menjalankannya.")
    command = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if command is None:
        raise EmbeddedError(f"Perintah useradd tidak ada: buat pengguna sistem {SERVER_USER!r}, lalu ulangi.")
    made = subprocess.run(
        [command, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVER_USER],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        return pwd.getpwnam(SERVER_USER)
    except KeyError:
        raise EmbeddedError(f"Pengguna {SERVER_USER!r} tidak dapat dibuat: {made.stderr.strip()}") from None


def _passable(path: Path) -> bool:
    """Whether everybody may pass through every folder above a path and, if it is one, the path itself."""
    real = path.resolve()
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in [real, *real.parents] if folder.exists())


def _copy_programs(programs: Programs, folder: Path, say: Callable[[str], None]) -> Programs:
    target = folder / "programs"
    package = programs.postgres_bin.parent.parent
    # A distribution's own programs can be reached by everybody; the wheel's stand in the closed folder.
    from_wheel = not _passable(programs.postgres_bin)
    postgres_bin = target / package.name / "pginstall" / "bin" if from_wheel else programs.postgres_bin
    copied = Programs(postgres_bin, target / "valkey-server")
    stamp = target / "copied_from"
    source = f"{programs.postgres_bin} {programs.postgres_bin.stat().st_mtime_ns}"
    if stamp.is_file() and stamp.read_text() == source:
        return copied
    say(f"Folder ini tertutup bagi pengguna {SERVER_USER!r}: program server disalin ke {target}.")
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    if from_wheel:
        # The programs find their libraries by the place of both folders beside each other.
        shutil.copytree(package / "pginstall", target / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(package.name + ".libs")
        if libraries.is_dir():
            shutil.copytree(libraries, target / libraries.name)
    shutil.copy(programs.valkey_server, copied.valkey_server)
    for entry in [target, *target.rglob("*")]:
        if not entry.is_symlink():
            entry.chmod(0o755 if entry.is_dir() or entry.stat().st_mode & stat.S_IXUSR else 0o644)
    stamp.write_text(source)
    return copied
