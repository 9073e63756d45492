"""The servers of our own: two roles, a start that can be repeated, a folder that root's servers cannot enter."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
import pytest
import redis
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from core.grants import rights_on
from tests.conftest import PROJECT
from tests.servers import process_environment
from wfh_portal.embedded import ensure_servers, is_running, start, stop
from wfh_portal.embedded_account import server_folder


@pytest.fixture
def data():
    folder = Path(tempfile.mkdtemp(prefix="portal-test-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    stop(folder, remove=True)
    shutil.rmtree(folder)


def quiet(_line: str) -> None:
    return


@pytest.mark.django_db
def test_the_application_is_its_own_role(as_application):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (settings.APPLICATION_DATABASE_ROLE,)


@pytest.mark.django_db
def test_the_application_may_not_change_tables(as_application):
    for statement in ("CREATE TABLE sneaked (a int)", "ALTER TABLE core_job ADD COLUMN a int", "TRUNCATE core_job"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("table", settings.APPEND_ONLY_TABLES)
def test_the_application_may_only_add_to_evidence(table, as_application):
    assert table in connection.introspection.table_names()
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'INSERT')", [table])
        assert cursor.fetchone() == (True,)


@pytest.mark.django_db
def test_every_table_has_exactly_the_rights_that_are_meant():
    words = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES")
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            held = []
            for word in words:
                cursor.execute(
                    "SELECT has_table_privilege(%s, %s, %s)", [settings.APPLICATION_DATABASE_ROLE, table, word]
                )
                held += [word] if cursor.fetchone()[0] else []
            assert ", ".join(held) == rights_on(table), table


@pytest.mark.django_db(transaction=True)
def test_a_command_of_its_own_is_the_application(run_command):
    code = (
        "from django.db import connection as c; k = c.cursor(); k.execute('SELECT current_user'); print(k.fetchone())"
    )
    assert run_command("shell", "--no-imports", "-c", code).stdout.strip() == "('portal_app',)"


def test_web_and_worker_never_learn_the_owner():
    environment = process_environment(connection)
    assert "portal_owner" not in " ".join(environment.values())


def test_a_second_start_changes_nothing_and_rows_outlive_a_crash(data):
    first = start(data, say=quiet)
    with psycopg2.connect(first.owner_url) as owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    owner.close()
    redis.Redis.from_url(first.redis_url).set("kept", "42")
    pids = is_running(data)
    assert start(data, say=quiet) == first
    assert is_running(data) == pids
    time.sleep(1.1)  # Valkey writes its file once a second.
    for pid in pids.values():
        os.kill(pid, 9)
    while any(is_running(data).values()):
        time.sleep(0.05)
    again = start(data, say=quiet)
    with psycopg2.connect(again.owner_url) as owner, owner.cursor() as cursor:
        cursor.execute("SELECT answer FROM kept")
        assert cursor.fetchone() == (42,)
    owner.close()
    assert redis.Redis.from_url(again.redis_url).get("kept") == b"42"


def test_passwords_are_asked_for_and_kept_from_others(data):
    addresses = start(data, say=quiet, durable=False)
    assert stat.S_IMODE((data / "servers.json").stat().st_mode) == 0o600
    without_password = addresses.owner_url.replace(addresses.owner_url.split(":")[2].split("@")[0], "guess")
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(without_password)
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(addresses.redis_url.replace(addresses.redis_url.split("@")[0], "redis://")).ping()


def test_stop_ends_what_start_began_and_only_once(data):
    start(data, say=quiet, durable=False)
    assert stop(data) is True
    assert is_running(data) == {"postgres": None, "valkey": None}
    assert stop(data) is False


def test_a_pid_file_of_another_program_is_not_believed(data):
    (data / "postgres").mkdir()
    (data / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    assert is_running(data)["postgres"] is None


def test_servers_of_ones_own_start_nothing():
    said: list[str] = []
    assert ensure_servers({"DATABASE_URL": "postgresql://a@b/c", "REDIS_URL": "redis://b"}, said.append) is False
    assert said == []


@pytest.mark.skipif(os.geteuid() != 0, reason="hanya root menyerahkan server kepada pengguna lain")
def test_root_in_a_closed_folder_moves_the_servers_aside(data):
    data.chmod(0o700)
    said: list[str] = []
    start(data, say=said.append, durable=False)
    folder = server_folder(data)
    assert str(folder).startswith("/var/lib/wfh_portal-")
    assert any(str(folder) in line for line in said)
    assert all(is_running(data).values())
    assert (folder / "postgres").stat().st_uid != 0
    stop(data, remove=True)
    assert not folder.exists()


def test_help_and_checks_start_nothing(data):
    environment = {"PATH": os.environ["PATH"], "PORTAL_DATA": str(data)}
    for words in (["help"], ["check"], ["migrate", "--help"], ["embedded", "status"]):
        subprocess.run([sys.executable, "manage.py", *words], cwd=PROJECT, env=environment, capture_output=True)
    assert is_running(data) == {"postgres": None, "valkey": None}


def test_a_command_starts_the_servers_and_says_so(data):
    environment = {"PATH": os.environ["PATH"], "PORTAL_DATA": str(data)}
    done = subprocess.run(
        [sys.executable, "manage.py", "showmigrations", "core"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "Server tertanam dimulai" in done.stderr
    assert all(is_running(data).values())


def test_a_command_before_migrate_says_what_to_do(data):
    environment = {"PATH": os.environ["PATH"], "PORTAL_DATA": str(data)}
    done = subprocess.run(
        [sys.executable, "manage.py", "clearsessions"], cwd=PROJECT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "manage.py migrate" in done.stderr
    assert "Traceback" not in done.stderr
