"""The production form against the settings: no variable unread, none missing, no owner at the web."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from wfh_portal.environment import VARIABLES

PROJECT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
PORTAL_SERVICES = ("web", "worker", "beat", "migrate", "backup", "restore")
# More than the application's role, each known to the service that needs it and to no other.
STRONGER_ROLES = {"migrate": "DATABASE_OWNER_URL", "backup": "DATABASE_BACKUP_URL"}
# Chosen by manage.py, or only of use where several portals share one Valkey.
NOT_IN_COMPOSE = {"POSTGRESQL_BIN", "PORTAL_DATABASE_ROLE", "REDIS_PREFIX"}


@pytest.mark.parametrize("service", PORTAL_SERVICES)
def test_services_name_exactly_the_variables_that_settings_read(service):
    stronger = {variable for name, variable in STRONGER_ROLES.items() if name != service}
    expected = set(VARIABLES) - NOT_IN_COMPOSE - stronger
    assert set(COMPOSE["services"][service]["environment"]) == expected


def test_only_migrate_knows_the_owner():
    for name, service in COMPOSE["services"].items():
        knows = "OWNER_PASSWORD" in str(service.get("environment", {}))
        assert knows == (name in ("migrate", "postgres")), name


def test_only_backup_and_the_receiver_know_the_role_that_reads_everything():
    for name, service in COMPOSE["services"].items():
        knows = "BACKUP_PASSWORD" in str(service.get("environment", {}))
        assert knows == (name in ("backup", "wal", "postgres")), name


def test_wal_and_backups_go_to_one_folder_of_the_host_by_programs_of_the_servers_version():
    services = COMPOSE["services"]
    assert services["wal"]["image"] == services["postgres"]["image"]
    for name in ("wal", "backup", "restore"):
        mounts = [volume for volume in services[name]["volumes"] if volume.startswith("${BACKUP_FOLDER")]
        assert [mount.partition("}:")[2].split(":")[0] for mount in mounts] == ["/backup"], name
    # A receiver that was away for long must not fill the database's disk.
    assert any("max_slot_wal_keep_size" in word for word in services["postgres"]["command"])


def test_a_restore_runs_without_the_server_and_reads_backups_only():
    restore = COMPOSE["services"]["restore"]
    assert restore["depends_on"] == {}
    assert [volume for volume in restore["volumes"] if volume.endswith("/backup:ro")] != []
    assert {"backup", "restore"} <= {name for name, one in COMPOSE["services"].items() if one.get("profiles")}


def test_every_blank_of_the_form_is_in_the_example_and_none_is_filled():
    used = set(re.findall(r"\$\{([A-Z_]+)", (PROJECT / "docker-compose.yml").read_text()))
    example = (PROJECT / "deploy" / "example.env").read_text()
    offered = dict(re.findall(r"^([A-Z_]+)=(.*)$", example, re.MULTILINE))
    assert set(offered) == used
    assert {name: value for name, value in offered.items() if value} == {"EMAIL_PORT": "587", "LOG_LEVEL": "INFO"}


def test_operations_page_explains_every_variable():
    page = (PROJECT / "docs" / "operations.md").read_text()
    assert [name for name in VARIABLES if f"`{name}`" not in page] == []


def test_production_settings_load_and_hold():
    environment = {
        "PATH": os.environ["PATH"],
        "PORTAL_MODE": "production",
        "SECRET_KEY": "abcdefghij" * 6,
        "DATABASE_URL": "postgresql://portal_app:x@127.0.0.1:9/portal",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "ALLOWED_HOSTS": "portal.example.go.id",
        "BEHIND_TLS_PROXY": "1",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    del environment["SECRET_KEY"]
    refused = subprocess.run([sys.executable, "manage.py", "check"], cwd=PROJECT, env=environment, capture_output=True)
    assert refused.returncode != 0
    assert b"SECRET_KEY" in refused.stderr


@pytest.mark.skipif(shutil.which("docker") is None, reason="klien docker tidak ada di mesin ini")
def test_docker_reads_the_form():
    names = re.findall(r"^([A-Z_]+)=", (PROJECT / "deploy" / "example.env").read_text(), re.MULTILINE)
    done = subprocess.run(
        ["docker", "compose", "config", "--quiet"],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "HOME": "/tmp"} | dict.fromkeys(names, "1"),
        capture_output=True,
        text=True,
    )
    if "is not a docker command" in done.stderr or "unknown" in done.stderr:
        pytest.skip("klien docker tanpa compose")
    assert done.returncode == 0, done.stderr
