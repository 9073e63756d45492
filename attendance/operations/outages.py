"""Declare outages."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from attendance.clock import work_date_of
from attendance.models import Outage
from core import audit
from core.errors import PortalError
from roster.models import Building, Government, Unit


def declare_outage(
    government: Government,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    user: Any,
    at: datetime,
    building: Building | None = None,
    unit: Unit | None = None,
) -> Outage:
    """Declare a window in which late delivery is nobody's fault; numbered G-YEAR-N.

    For everybody, or for a building, or for a unit and those below it, or where both meet. Raises PortalError.
    """
    if ends_at <= starts_at:
        raise PortalError("Akhir gangguan harus sesudah awalnya. Periksa kedua waktu itu.")
    if not reason.strip():
        raise PortalError("Sebab gangguan belum diisi.")
    if building is not None and building.government_id != government.pk:
        raise PortalError("Gedung itu bukan milik pemerintah ini.")
    if unit is not None and unit.government_id != government.pk:
        raise PortalError("Unit itu bukan milik pemerintah ini.")
    year = work_date_of(starts_at, government.zone).year
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [-government.pk, year])
        numbers = Outage.objects.filter(government=government, number__startswith=f"G-{year}-")
        last = max((int(n.rsplit("-", 1)[1]) for n in numbers.values_list("number", flat=True)), default=0)
        outage = Outage.objects.create(
            government=government,
            number=f"G-{year}-{last + 1}",
            starts_at=starts_at,
            ends_at=ends_at,
            building=building,
            unit=unit,
            reason=reason.strip()[:250],
            declared_by=user,
            declared_at=at,
        )
        audit.record(at, government.code, getattr(user, "username", ""), "outage.declared", outage.number)
    return outage
