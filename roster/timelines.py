"""Dated decisions about one thing as spans that follow each other. Pure: no database, no clock."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True)
class Span:
    """What holds from `start` until before `end` (None: without end); `pk` is None for what is not stored."""

    start: date
    end: date | None
    content: tuple[Hashable, ...]
    decree: str = ""
    pk: int | None = None

    def holds_on(self, on: date) -> bool:
        """Whether it holds on a day."""
        return self.start <= on and (self.end is None or on < self.end)

    def shares_days(self, start: date, end: date | None) -> bool:
        """Whether a day of it lies from `start` until before `end`."""
        return (end is None or self.start < end) and (self.end is None or start < self.end)


def place(spans: Sequence[Span], start: date, content: tuple[Hashable, ...], decree: str | None) -> list[Span] | None:
    """Let `content` hold from `start` until the next span begins; None where it holds then already.

    The span that holds on `start` ends there; later ones stay. `decree` None: the file does not know decrees.
    """
    holding = next((span for span in spans if span.holds_on(start)), None)
    if holding and holding.content == content and decree in (None, holding.decree):
        return None
    following = [span.start for span in spans if span.start > start]
    end = holding.end if holding else min(following, default=None)
    new = Span(start, end, content, decree or "")
    kept = [span for span in spans if span is not holding]
    if holding and holding.start < start:
        kept.append(replace(holding, end=start, pk=None))
    return sorted([*kept, new], key=lambda span: span.start)


def difference(before: Sequence[Span], after: Sequence[Span]) -> tuple[list[int], list[Span]]:
    """Ids of stored spans that are no more, and the spans to store: what stood is never changed."""
    standing = {span.pk for span in after}
    gone = [span.pk for span in before if span.pk is not None and span.pk not in standing]
    return gone, [span for span in after if span.pk is None]
