"""When the database cannot be reached or cannot store: an outage, which passes, and no fault of the portal."""

import random

from django.db import DatabaseError, InterfaceError, OperationalError

# Phones and programs come back spread over this time, and not all in the same second.
RETRY_AFTER_SECONDS = (20, 60)
# Connection errors; resources (disk full, too many connections); shut down, crashed or starting; a standby that was not
# promoted yet.
OUTAGE_CLASSES, OUTAGE_CODES = ("08", "53"), {"57P01", "57P02", "57P03", "57P05", "25006"}


def is_unavailable(error: BaseException | None) -> bool:
    """Whether an error, or what it came from, says that the database is away rather than that a statement was wrong."""
    while error is not None:
        if isinstance(error, DatabaseError | InterfaceError):
            return _is_outage(error)
        error = error.__cause__ or error.__context__
    return False


def _is_outage(error: DatabaseError | InterfaceError) -> bool:
    code = getattr(error.__cause__, "pgcode", None)
    if code is None:
        # The driver's own words, without a code from the server: refused, timed out, cut off half-way.
        return isinstance(error, OperationalError | InterfaceError)
    return code in OUTAGE_CODES or code.startswith(OUTAGE_CLASSES)


def retry_after_seconds() -> int:
    """When to come back, spread at random."""
    return random.randint(*RETRY_AFTER_SECONDS)
