"""What the apps below ask about runs without knowing them; the settings name these functions."""

from datetime import date

from allowances.models import Run
from roster.models import Government, ImportRun

LOCKED = (Run.State.LOCKED, Run.State.PAID)


def locked_months(government: Government) -> list[date]:
    """First days of the months whose regular run is locked or paid, in order."""
    runs = Run.objects.filter(government=government, kind="regular", state__in=LOCKED)
    return list(runs.order_by("month").values_list("month", flat=True).distinct())


def import_used(import_run: ImportRun) -> bool:
    """Whether a run that was drafted after the import has left the draft: then the import can no longer be undone."""
    runs = Run.objects.filter(government_id=import_run.government_id, drafted_at__gte=import_run.confirmed_at)
    return runs.exclude(state=Run.State.DRAFT).exists()


def has_draft(government: Government, month: date) -> bool:
    """Whether the month's regular run stands, and nobody has checked it yet."""
    return Run.objects.filter(
        government=government, month=month, kind="regular", number=1, state=Run.State.DRAFT
    ).exists()


def is_month_locked(government: Government, month: date) -> bool:
    """Whether a regular run of the month is locked or paid."""
    return Run.objects.filter(government=government, month=month, kind="regular", state__in=LOCKED).exists()
