"""A load of the demonstration: what was asked for, marked when it begins and when everything is there.

The marks stand in the audit log. Between them a second start goes on where the first one stopped, with the people, the
days and the clock of the first, so that both together give what one undisturbed start gives.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from core import audit
from core.models import AuditEntry
from roster.models import Government
from wfh_portal.demo_steps import BEGUN, LOADED

ACTOR = "seed_demo"


@dataclass(frozen=True)
class Asked:
    """What a load makes: so many people from a seed, days from `first` until `today`, as known at `at`."""

    people: int
    seed: int
    first: date
    today: date
    at: datetime
    with_pay: bool

    @property
    def person_days(self) -> int:
        """How many days of people are made."""
        return self.people * (self.today - self.first).days


def begin(government: Government, asked: Asked) -> None:
    """Mark that a load has begun, in the transaction that writes its roster."""
    audit.record(asked.at, government.code, ACTOR, BEGUN, detail=asdict(asked))


def finish(government: Government, asked: Asked) -> None:
    """Mark that everything is there, in the transaction that writes the last of it."""
    audit.record(asked.at, government.code, ACTOR, LOADED)


def unfinished(government: Government) -> Asked | None:
    """What a load that stopped on its way was asked for; None when none is under way."""
    marks = AuditEntry.objects.filter(government_code=government.code, action__in=[BEGUN, LOADED])
    last = marks.order_by("-pk").first()
    return _asked(last.detail) if last and last.action == BEGUN else None


def _asked(detail: dict[str, Any]) -> Asked:
    return Asked(
        people=detail["people"],
        seed=detail["seed"],
        first=date.fromisoformat(detail["first"]),
        today=date.fromisoformat(detail["today"]),
        at=datetime.fromisoformat(detail["at"]),
        with_pay=detail["with_pay"],
    )
