"""The suite says which PostgreSQL it ran on: the one that was asked for, between 15 and 18."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from django.db import connection

from wfh_portal.embedded_programs import EmbeddedError, find_programs

OLDEST, NEWEST = 15, 18


def test_the_server_is_the_version_that_was_asked_for(db: None) -> None:
    major = connection.cursor().connection.server_version // 10_000
    assert OLDEST <= major <= NEWEST
    if chosen := os.environ.get("POSTGRESQL_BIN"):
        said = subprocess.run([Path(chosen) / "postgres", "--version"], capture_output=True, text=True, check=True)
        assert major == int(re.search(r"(\d+)\.", said.stdout)[1]), said.stdout


def test_a_chosen_folder_without_programs_is_refused_by_name(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("POSTGRESQL_BIN", str(tmp_path))
    with pytest.raises(EmbeddedError, match="POSTGRESQL_BIN"):
        find_programs()
