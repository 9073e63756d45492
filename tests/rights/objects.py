"""What addresses name, made on one side of the world for the person called `employee`."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from allowances.frozen import choose_documents
from allowances.models import EffectRow, Line, Objection, RegulationEffect, Run, RunInput
from attendance.models import Punch
from policy.models import RegulationDraft, RegulationDraftFile
from roster.models import Grant, ImportRun, Role, RolloutPhase, Upload
from tests.rights.world import SINCE, Side

GIVEN = {"class": 8, "rating": "Baik", "rating_score": 90, "days": []}


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
    add_pay(side, at)
    side.objects.update(receipt=code, grant=grant.pk, upload=upload.pk, import_run=run.pk)


def add_pay(side: Side, at: datetime) -> None:
    """A run of January with the slip of the employee, and the employee's objection."""
    chosen = choose_documents(side.government, date(2026, 1, 1))
    pay = Run.objects.create(
        government=side.government, month=date(2026, 1, 1), drafted_at=at, policy_id=chosen.policy_id,
        policy_sha256=chosen.sha256, policies=chosen.policies, people_count=1, total_rupiah=1_000_000,
    )  # fmt: skip
    person = side.people["employee"]
    RunInput.objects.create(
        run=pay, person=person, unit_id=side.unit.pk, unit_name=side.unit.name, name=person.name, given=GIVEN,
        gross_rupiah=1_000_000, cuts_rupiah=0, net_rupiah=1_000_000, read_at=at,
    )  # fmt: skip
    Line.objects.create(run=pay, person=person, name="whole", amount_rupiah=1_000_000)
    number = f"K-2026-{side.government.pk}"
    objection = Objection.objects.create(
        government=side.government, number=number, run=pay, person=person, line_name="whole", reason="Uji", filed_at=at,
        due_on=SINCE,
    )  # fmt: skip
    side.objects.update(run=pay.pk, objection=objection.pk, objection_number=number)
    add_draft(side, pay, at)


def add_draft(side: Side, pay: Run, at: datetime) -> None:
    """A draft of regulations, and its effect on the employee's January."""
    author = side.users["hr"]
    draft = RegulationDraft.objects.create(
        jurisdiction=side.government.code, title="Uji", created_by=author, created_at=at, changed_by=author,
        changed_at=at,
    )  # fmt: skip
    effect = RegulationEffect.objects.create(
        draft=draft, government=side.government, month=pay.month, run=pay, fingerprint="0" * 64, requested_at=at
    )
    person = side.people["employee"]
    EffectRow.objects.create(effect=effect, person=person, name=person.name, before_rupiah=1, after_rupiah=2)
    file = RegulationDraftFile.objects.create(
        draft=draft, name="tpp.yaml", kind="unreadable", sha256="0" * 64, body="id: [", uploaded_by=side.users["hr"],
        uploaded_at=at,
    )  # fmt: skip
    side.objects.update(draft=draft.pk, effect=effect.pk, draft_file=file.pk)
