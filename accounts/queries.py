"""Reads of accounts."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import SignInAttempt, User


@dataclass(frozen=True)
class AttemptRow:
    """One sign-in or failed try, as the owner of the account sees it."""

    at: datetime
    network: str
    succeeded: bool


def recent_attempts(user: User, most: int = 10) -> list[AttemptRow]:
    """The last tries to sign in to the account of `user`, newest first."""
    rows = SignInAttempt.objects.filter(username=user.username.lower()).order_by("-at")[:most]
    return [AttemptRow(row.at, row.network or "", row.succeeded) for row in rows]
