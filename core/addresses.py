"""Parts of addresses that Django has no converter for."""

from datetime import date

from django.urls import register_converter

from core.period import day_of


class DayConverter:
    """A day as `2026-11-12`; anything else is no address."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, words: str) -> date:
        """Raises ValueError for a day that no calendar has, which Django answers with 404."""
        return day_of(words)

    def to_url(self, on: date | str) -> str:
        """As `to_python` reads it."""
        return str(on)


register_converter(DayConverter, "day")
