"""Writes of bills: appended, or superseded by a corrected one; never overwritten."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from core import audit
from roster.models import Government
from savings.models import Bill, Meter


@dataclass(frozen=True)
class BillRow:
    """One bill; `period_to` is exclusive, `usage` in `unit`, `cost_rupiah` with two decimals."""

    meter: str
    building_id: int
    utility: str
    period_from: date
    period_to: date
    usage: Decimal
    unit: str
    cost_rupiah: Decimal
    read_type: str


@transaction.atomic
def store_bills(government: Government, rows: list[tuple[str, BillRow]], at: datetime, user: User | None = None) -> int:
    """Store accepted bills, each with "new" or "replaced"; a replaced one's predecessor is kept as superseded.

    Returns how many were stored. Raises IntegrityError where another import stored a shared day in between.
    """
    if not rows:
        return 0
    meters = {(m.code, m.utility): m for m in Meter.objects.filter(government=government)}
    wanted = {(bill.meter, bill.utility): bill.building_id for _, bill in rows}
    missing = [
        Meter(government=government, code=code, utility=utility, building_id=building_id)
        for (code, utility), building_id in wanted.items()
        if (code, utility) not in meters
    ]
    for meter in Meter.objects.bulk_create(missing):
        meters[meter.code, meter.utility] = meter
    for verdict, bill in rows:
        if verdict == "replaced":
            Bill.objects.filter(
                meter=meters[bill.meter, bill.utility], period_from=bill.period_from, superseded_at__isnull=True
            ).update(superseded_at=at)
    # The same period may come twice in one file with replacement: only the last one stands.
    standing = {(bill.meter, bill.utility, bill.period_from): bill for _, bill in rows}
    Bill.objects.bulk_create(
        [_stored(meters[bill.meter, bill.utility], bill, at) for bill in standing.values()], batch_size=2_000
    )
    actor = user.username if user is not None else "import_bills"
    audit.record(at, government.code, actor, "bills.imported", "bills", {"count": len(standing)})
    return len(standing)


def _stored(meter: Meter, bill: BillRow, at: datetime) -> Bill:
    return Bill(
        meter=meter,
        period_from=bill.period_from,
        period_to=bill.period_to,
        usage=bill.usage,
        unit=bill.unit,
        cost_rupiah=bill.cost_rupiah,
        read_type=bill.read_type,
        recorded_at=at,
    )
