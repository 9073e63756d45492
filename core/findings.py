"""Findings of an import: where, what and what to do, in words that a clerk understands."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

SHOWN_LENGTH = 80
EXACT_BELOW = 10**15
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def shown(value: Any) -> str:
    """`value` as it was found: control characters as U+FFFD, at most 80 characters."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.isoformat(" ")
    elif isinstance(value, date):
        value = value.isoformat()
    elif isinstance(value, float) and value.is_integer() and abs(value) < EXACT_BELOW:
        value = int(value)  # a sheet shows 43831, and only its reader 43831.0
    text = str(value)[:SHOWN_LENGTH]
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\u00a0\u3000" else REPLACEMENT for c in text)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or strange at one place of a file."""

    row: int
    column: str
    code: str
    value: str
    message: str

    def as_dict(self, row_name: str = "row") -> dict[str, Any]:
        """The finding as the contract writes it; device files call the row `line`."""
        return {
            row_name: self.row,
            "column": self.column,
            "code": self.code,
            "value": self.value,
            "message": self.message,
        }


@dataclass
class Findings:
    """Errors and warnings of one file, in the file's order."""

    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    def error(self, row: int, column: str, code: str, value: Any, message: str) -> None:
        """Note an error: its row is rejected."""
        self.errors.append(Finding(row, column, code, shown(value), message))

    def warning(self, row: int, column: str, code: str, value: Any, message: str) -> None:
        """Note a warning: its row is taken all the same."""
        self.warnings.append(Finding(row, column, code, shown(value), message))

    def as_dict(self, row_name: str = "row") -> dict[str, list[dict[str, Any]]]:
        """`{"warnings": [...], "errors": [...]}`."""
        return {
            "warnings": [finding.as_dict(row_name) for finding in self.warnings],
            "errors": [finding.as_dict(row_name) for finding in self.errors],
        }
