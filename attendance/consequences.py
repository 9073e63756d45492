"""What an act would cost, asked of the apps above: attendance knows facts, only they know rupiah and codes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from roster.models import Person


@dataclass(frozen=True)
class Consequence:
    """Status code (PSW2), effect in words, rupiah where known, and the article."""

    status: str
    effect: str
    rupiah: int | None
    article: str


Ask = Callable[[Person, date, dict[str, Any]], Consequence | None]
_asked: list[Ask] = []


def register(ask: Ask) -> None:
    """Let an app above answer; it gets the person, the date and the day's facts. Called once, when apps are ready."""
    if ask not in _asked:
        _asked.append(ask)


def consequence_of(person: Person, on: date, facts: dict[str, Any]) -> Consequence | None:
    """The first answer; None when nobody knows."""
    return next((answer for ask in _asked if (answer := ask(person, on, facts)) is not None), None)
