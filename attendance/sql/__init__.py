"""SQL statements of this app, one file each."""

from functools import cache
from pathlib import Path


@cache
def read_sql(name: str) -> str:
    """The statement in `name`.sql."""
    return (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")
