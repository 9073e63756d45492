"""Whether a month may still be judged, asked of the apps above: only they know which months are locked."""

from collections.abc import Callable
from datetime import date

from roster.models import Government

Ask = Callable[[Government, date], bool]
_asked: list[Ask] = []


def register(ask: Ask) -> None:
    """Let an app above answer for a government and the first day of a month. Called once, when apps are ready."""
    if ask not in _asked:
        _asked.append(ask)


def is_locked(government: Government, month: date) -> bool:
    """Whether anybody says that the month is locked."""
    return any(ask(government, month.replace(day=1)) for ask in _asked)
