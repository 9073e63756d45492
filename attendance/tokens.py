"""The signed token of a check-in page: whose page, which verb, which work date, made when. No database needed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from django.core import signing

SALT = "attendance.check-in"


class InvalidToken(ValueError):
    """The token was not made by this portal, or was changed on its way."""


@dataclass(frozen=True)
class PageToken:
    """What a check-in page promised when the server made it."""

    person_id: int
    verb: str
    work_date: date
    issued_at: datetime


@cache
def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT)


def make_token(person_id: int, verb: str, work_date: date, issued_at: datetime) -> str:
    """The token as the form carries it; `issued_at` is the server's instant, kept to the millisecond."""
    milliseconds = round(issued_at.timestamp() * 1000)
    return _signer().sign(f"{person_id}.{verb}.{work_date:%Y%m%d}.{milliseconds}")


def read_token(text: str) -> PageToken:
    """The token's content. Raises InvalidToken when the signature or the form is wrong."""
    try:
        person, verb, day, milliseconds = _signer().unsign(text).split(".")
        issued_at = datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
        token = PageToken(int(person), verb, date.fromisoformat(day), issued_at)
    except (signing.BadSignature, ValueError, OverflowError) as error:
        raise InvalidToken(str(error)) from error
    if token.verb not in ("in", "out"):
        raise InvalidToken("verb")
    return token
