"""Every variable of the environment that the portal reads, in one table: nothing else is read anywhere."""

import contextlib
import os
import secrets
import shutil
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import psutil

BASE_DIR = Path(__file__).resolve().parent.parent

# name: (default, meaning). docs/operations.md and docker-compose.yml are held against this table by a test.
VARIABLES: dict[str, tuple[str, str]] = {
    "PORTAL_MODE": ("demo", "demo, production or test"),
    "PORTAL_DATA": (".data", "folder of the secret key, uploads and embedded servers"),
    "SECRET_KEY": ("", "signs sessions and tokens; made once in PORTAL_DATA when empty"),
    "DATABASE_URL": ("", "database as the application role; embedded server when empty"),
    "DATABASE_OWNER_URL": ("", "database as the owner role, for migrate only; DATABASE_URL when empty"),
    "DATABASE_BACKUP_URL": ("", "database as a role that may replicate, for backup only; embedded server when empty"),
    "PORTAL_DATABASE_ROLE": ("application", "application or owner; manage.py chooses it by command"),
    "POSTGRESQL_BIN": ("", "folder of PostgreSQL's programs for the embedded server; those of the wheel when empty"),
    "REDIS_URL": ("", "Valkey or Redis; embedded server when empty"),
    "REDIS_PREFIX": ("portal:", "begin of every key, where several portals share one server"),
    "ALLOWED_HOSTS": ("localhost,127.0.0.1,[::1]", "host names that the portal answers to, comma between"),
    "CSRF_TRUSTED_ORIGINS": ("", "https origins in front of a proxy, comma between"),
    "BEHIND_TLS_PROXY": ("", "1 when a reverse proxy sets X-Forwarded-Proto"),
    "EMAIL_HOST": ("", "mail server; mail is written to the log when empty"),
    "EMAIL_PORT": ("587", "port of the mail server (STARTTLS)"),
    "EMAIL_HOST_USER": ("", "user at the mail server"),
    "EMAIL_HOST_PASSWORD": ("", "its password"),
    "DEFAULT_FROM_EMAIL": ("portal@localhost", "sender of mail"),
    "ALERT_EMAILS": ("", "who is told when a night does not finish, comma between; the log only when empty"),
    "BUNDLE_SIGNING_KEY": ("", "file with the Ed25519 key (PEM) that signs bundles of runs; unsigned when empty"),
    "METRICS_TOKEN": ("", "what a Prometheus server sends as bearer token to /metrics; that page is off when empty"),
    "LOG_LEVEL": ("INFO", "DEBUG, INFO, WARNING or ERROR"),
}


def read(name: str) -> str:
    """Value of a declared variable, or its default."""
    return os.environ.get(name) or VARIABLES[name][0]


def read_list(name: str) -> list[str]:
    """Value of a declared variable as the words between commas."""
    return [word.strip() for word in read(name).split(",") if word.strip()]


def data_folder() -> Path:
    """Folder named by PORTAL_DATA; a relative name stands in the project."""
    return BASE_DIR / Path(read("PORTAL_DATA")).expanduser()


def secret_key() -> str:
    """The secret from the environment, else one made once and kept in PORTAL_DATA for its owner's eyes only."""
    if given := read("SECRET_KEY"):
        return given
    if read("PORTAL_MODE") == "production":
        raise SystemExit("SECRET_KEY belum diisi: mode production tidak membuat kunci sendiri.")
    path = data_folder() / "secret_key"
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        make_data_folder()
    made = secrets.token_urlsafe(50)
    # Two processes may start at once: written aside and linked, so that both read the one that came first.
    draft = path.with_name(f"secret_key.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(made)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    return path.read_text(encoding="ascii")


def make_data_folder() -> Path:
    """Make PORTAL_DATA if it is missing: closed to others, but root's can be passed through by the servers' user."""
    folder = data_folder()
    if not folder.is_dir():
        folder.mkdir(parents=True)
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return folder


def share_counts() -> None:
    """Let the processes of one web server count together: a folder named by the process that started them all.

    Called before anything is counted. Folders of servers that have ended are removed.
    """
    folder = make_data_folder() / "counts"
    folder.mkdir(mode=0o700, exist_ok=True)
    mine = folder / str(os.getppid())
    mine.mkdir(mode=0o700, exist_ok=True)
    for old in folder.iterdir():
        if old != mine and old.name.isdigit() and not psutil.pid_exists(int(old.name)):
            shutil.rmtree(old, ignore_errors=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(mine)


def shared_counts_folder() -> str:
    """Where the processes of this web server count together; empty in a process that counts alone."""
    return os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")


def database(url: str) -> dict[str, object]:
    """Django's description of a database from `postgresql://user:password@host:port/name?option=value`."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise SystemExit("DATABASE_URL harus berbentuk postgresql://pengguna:sandi@host:porta/nama.")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
