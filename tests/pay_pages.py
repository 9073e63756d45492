"""What the tests of the pay pages share: an office with its people, and a month that pays them."""

from datetime import date
from typing import Any

from django.test import Client

from accounts.models import User
from allowances.models import Run, RunInput
from allowances.operations import draft_run
from roster.models import Government, Person, Unit
from tests.runs import AT, MONTH, close_month, make_government, make_person, make_unit, officer, score
from tests.signin import sign_in

LATE_ON = date(2026, 11, 12)
LATE = {LATE_ON: {"minutes_late": 31, "first_in": "08:01:00", "last_out": "16:00:00"}}


def employee(unit: Unit, name: str, facts: Any = LATE, rating: str | None = "Baik") -> Person:
    """A person with an account and a decided November; without `rating` the run sets them aside."""
    user = User.objects.create_user(name.lower(), full_name=name)
    person = make_person(unit, name, user=user)
    if rating:
        score(person, rating)
    close_month(person, facts)
    return person


class Office:
    """A government with two HR people, finance, an auditor, and Wulan, whom the month of November pays."""

    def __init__(self, code: str = "contoh", prefix: str = "") -> None:
        self.government: Government = make_government(code)
        self.unit = make_unit(self.government)
        self.wulan = employee(self.unit, f"{prefix}Wulan")
        self.users = {
            name: officer(self.government, f"{prefix}{name}", role)
            for name, role in (
                ("hr", "hr"), ("hr2", "hr"), ("finance", "finance"), ("auditor", "auditor"), ("admin", "administrator"),
                ("leader", "leadership"),
            )
        }  # fmt: skip
        self.users["wulan"] = self.wulan.user

    def run(self) -> Run:
        """The draft of November."""
        return draft_run(self.government, MONTH, AT)

    def row(self, run: Run) -> RunInput:
        """Wulan's row."""
        return run.inputs.get(person=self.wulan)

    def client(self, name: str) -> Client:
        """A fresh session of somebody."""
        return sign_in(Client(), self.users[name])


def text_of(answer: Any) -> str:
    """The page as text."""
    return answer.content.decode()
