"""Day records as lines for COPY. What records that came to the same share is written out once."""

import json
from datetime import date, datetime
from functools import lru_cache

from attendance.days import FACT_COLUMNS, DecidedDay, Outcome
from policy.documents import Document

# A person's own columns come first; all the others are the same text for everybody whose day came to the same.
COLUMNS = (
    "person_id", "unit_id", "first_in", "last_out", "reasons", "state", "work_date", "expected_place", "place",
    "required_departure", *FACT_COLUMNS, "labels", "policy_id", "policy_sha256", "computed_at",
)  # fmt: skip
COPY_RECORDS = f"COPY attendance_dayrecord ({', '.join(COLUMNS)}) FROM STDIN"
NULL = "\\N"


class RecordLines:
    """Writes the lines of one day, decided by one document at one instant."""

    def __init__(self, on: date, at: datetime, document: Document | None) -> None:
        self._on, self._at = on, at
        self._policy = (document.id, document.sha256) if document else ("", "")
        self._tails: dict[Outcome, str] = {}

    def line(self, day: DecidedDay) -> str:
        """One line, with its end."""
        person_id, unit_id, reasons, state, outcome, first_in, last_out = day
        tail = self._tails.get(outcome)
        if tail is None:
            tail = self._tails[outcome] = self._tail(outcome)
        return (
            f"{person_id}\t{NULL if unit_id is None else unit_id}"
            f"\t{NULL if first_in is None else first_in.isoformat('seconds')}"
            f"\t{NULL if last_out is None else last_out.isoformat('seconds')}\t{_escaped(reasons)}\t{state}\t{tail}"
        )

    def _tail(self, outcome: Outcome) -> str:
        values = [
            self._on.isoformat(), outcome.expected_place, outcome.place, outcome.required_departure,
            *(outcome.facts.get(name, 0) for name in FACT_COLUMNS), json.dumps(outcome.labels, default=str),
            *self._policy, self._at.isoformat(),
        ]  # fmt: skip
        return "\t".join(NULL if value is None else _escaped(str(value)) for value in values) + "\n"


@lru_cache(maxsize=4_096)
def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
