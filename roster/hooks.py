"""What apps above the roster know and the roster may not import: named in the settings, found when needed."""

from collections.abc import Collection, Mapping
from datetime import date

from django.conf import settings
from django.utils.module_loading import import_string

from roster.models import Government, ImportRun


def locked_months(government: Government) -> frozenset[date]:
    """First days of the months whose allowance run is locked (settings.ROSTER_LOCKED_MONTHS names the reader)."""
    name = getattr(settings, "ROSTER_LOCKED_MONTHS", None)
    return frozenset(import_string(name)(government)) if name else frozenset()


def away_on_days(
    government: Government, days: Collection[date], person_ids: Collection[int]
) -> Mapping[date, Mapping[int, str]]:
    """Day -> person id -> `on_leave` or `on_duty` (settings.ROSTER_AWAY names the reader); empty without a reader."""
    name = getattr(settings, "ROSTER_AWAY", None)
    return import_string(name)(government, days, person_ids) if name else {}


def is_used(run: ImportRun) -> bool:
    """Whether an allowance run has used what this import wrote (settings.ROSTER_IMPORT_USED names the reader)."""
    name = getattr(settings, "ROSTER_IMPORT_USED", None)
    return bool(import_string(name)(run)) if name else False
