"""What addresses name, made on one side of the world for the person called `employee`."""

from datetime import date, timedelta

from django.utils import timezone

from attendance.models import Punch
from roster.models import Grant, ImportRun, Role, RolloutPhase, Upload
from tests.rights.world import SINCE, Side


def add_objects(side: Side) -> None:
    """Fill `side.objects`."""
    at = timezone.now()
    code = f"KODE-{side.government.code.upper()}-0001"
    Punch.objects.create(
        person=side.people["employee"], verb="in", at=at, work_date=date(2026, 1, 5), source="browser",
        request_key="kunci", receipt_number="AM-260105-1", receipt_code=code, delivered_at=at,
    )  # fmt: skip
    grant = Grant.objects.create(
        government=side.government, user=side.users["stranger"], role=Role.SUPERVISOR, unit=side.other_unit,
        valid_from=SINCE, valid_to=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip
    file = {"kind": "roster", "file_name": "pegawai.csv", "sha256": "0" * 64, "as_at_on": SINCE}
    upload = Upload.objects.create(
        government=side.government, user=side.users["hr"], created_at=at, previewed_at=at, **file
    )  # fmt: skip
    run = ImportRun.objects.create(government=side.government, confirmed_at=at, **file)
    phase = RolloutPhase.objects.create(
        building=side.building, weekday=3, max_share_bp=10_000, mode="all", valid_from=SINCE, recorded_at=at
    )
    side.objects.update(phase=phase.pk)
    side.objects.update(receipt=code, grant=grant.pk, upload=upload.pk, import_run=run.pk)
