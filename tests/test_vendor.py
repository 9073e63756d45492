"""Libraries in static/vendor are what they were when they came: hash, licence, named in the table, used by a page."""

import hashlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
SUMS = dict(reversed(line.split(maxsplit=1)) for line in (VENDOR / "SHA256SUMS").read_text().splitlines())
LIBRARIES = sorted(name for name in SUMS if not name.endswith(".txt"))


@pytest.mark.parametrize("name", sorted(SUMS))
def test_file_has_its_hash(name: str) -> None:
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == SUMS[name]


def test_every_file_is_listed() -> None:
    present = {path.name for path in VENDOR.iterdir()} - {"README.md", "SHA256SUMS"}
    assert present == set(SUMS)


@pytest.mark.parametrize("name", LIBRARIES)
def test_library_has_licence_table_row_and_use(name: str) -> None:
    assert (VENDOR / f"{name.split('-')[0]}-LICENSE.txt").is_file()
    assert name in (VENDOR / "README.md").read_text()
    pages = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    assert f"vendor/{name}" in pages


def test_no_library_calls_for_a_file_that_is_not_there() -> None:
    for name in LIBRARIES:
        assert "sourceMappingURL" not in (VENDOR / name).read_text()
