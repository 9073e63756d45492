"""Logs as JSON lines, one event each, that tell operators everything and nothing about a person.

A line carries the message of our own words with ids, the request that it belongs to, and for an error its type and the
places it passed. What an exception says is never written: databases and libraries quote the values they refuse, and
those are names, numbers, pay figures and coordinates. The same goes for long numbers in any message.
"""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

# The request whose work this thread does; a log line without one comes from a task or a command.
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
EXTRA = ("route", "method", "status", "duration_ms", "user_id")
# What Celery tells about a task: its exception, arguments and result are values of people.
CELERY_VALUES = ("exc", "traceback", "args", "kwargs", "return_value")
FRAMES = 24
LONGEST_MESSAGE = 2_000
HIDDEN = "…"
# NIP, NIK, bank accounts and telephone numbers, also written in groups; amounts of rupiah; coordinates.
PRIVATE = re.compile(r"(?i:\brp)\.?\s?[\d.,]+|-?\b\d{1,3}[.,]\d{3,}\b|\d(?:[ .]?\d){7,}")


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, message, and what is known of the request and of the error."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, in the order in which a person reads it."""
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrubbed(message_of(record)),
        }
        if request_id := REQUEST_ID.get():
            entry["request_id"] = request_id
        entry |= {name: getattr(record, name) for name in EXTRA if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            entry["error"] = record.exc_info[0].__qualname__
            entry["trace"] = places_of(record.exc_info[2])
        return json.dumps(entry, ensure_ascii=False, default=_named)


def message_of(record: logging.LogRecord) -> str:
    """The message with exceptions named by their type only."""
    message, args = str(record.msg), record.args
    if isinstance(record.msg, BaseException):
        return _named(record.msg)
    if not args:
        return message
    try:
        if isinstance(args, dict):
            return message % {name: HIDDEN if name in CELERY_VALUES else value for name, value in args.items()}
        # Django quotes addresses, in which anything may have been typed; the route stands in the line of the request.
        is_django = record.name.startswith("django.")
        return message % tuple(HIDDEN if is_django and _is_address(value) else _told(value) for value in args)
    except (TypeError, ValueError, KeyError):
        # A message that does not fit its values is still worth its words.
        return message


def scrubbed(message: str) -> str:
    """`message` without long numbers, amounts and coordinates, on one line."""
    return PRIVATE.sub(HIDDEN, " ".join(message.split()))[:LONGEST_MESSAGE]


def places_of(trace: TracebackType | None) -> list[str]:
    """The last places that an error passed, as `file:line function`; never a line of code or a value."""
    frames = traceback.extract_tb(trace)[-FRAMES:]
    return [f"{frame.filename.rsplit('site-packages/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]


def _is_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith("/")


def _told(value: object) -> object:
    return _named(value) if isinstance(value, BaseException) else value


def _named(value: object) -> str:
    return type(value).__qualname__
