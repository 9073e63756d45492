"""Each constraint of the database has an attempt that it refuses; a new one without an attempt fails here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from attendance.models import (
    Absence,
    Ceremony,
    Correction,
    DayPlan,
    DayRecord,
    Device,
    DeviceLine,
    DevicePin,
    EvidenceCase,
    Outage,
    Punch,
    PunchAttempt,
    WorkReport,
)
from core.models import Alert, Job
from policy.models import PolicyVersion
from roster.models import Building, Government, Person
from savings.models import Bill, Meter

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 5, 1, tzinfo=UTC)
ON = date(2026, 1, 5)
NEXT = ON + timedelta(days=1)
OURS = ("core", "accounts", "policy", "roster", "attendance", "performance", "allowances", "savings")
Make = Callable[[], object]


@contextmanager
def refused_by(name: str) -> Iterator[None]:
    """What is inside must be refused by the constraint of that name, and by no other."""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        yield


@pytest.fixture
def person() -> Person:
    government = Government.objects.create(code="uji", name="Provinsi Uji")
    return Person.objects.create(government=government, name="Dimas")


@pytest.fixture
def device(person: Person) -> Device:
    return Device.objects.create(government=person.government, code="M1")


@pytest.fixture
def meter(person: Person) -> Meter:
    building = Building.objects.create(government=person.government, code="G1", name="Gedung")
    return Meter.objects.create(government=person.government, code="521", utility="electricity", building=building)


def a_punch(person: Person, **changes: object) -> Punch:
    values = {"verb": "in", "at": AT, "work_date": ON, "request_key": "k1", "delivered_at": AT, **changes}
    return Punch.objects.create(person=person, **values)


def a_bill(meter: Meter, **changes: object) -> Bill:
    values = {
        "period_from": date(2026, 1, 1), "period_to": date(2026, 2, 1), "usage": 10, "unit": "kWh", "cost_rupiah": 1,
        "read_type": "actual", "recorded_at": AT, **changes,
    }  # fmt: skip
    return Bill.objects.create(meter=meter, **values)


def a_version(**changes: object) -> PolicyVersion:
    values = {
        "document_id": "uji-1", "topic": "attendance", "jurisdiction": "uji", "title": "Uji", "decree": "Uji",
        "valid_from": ON, "status": "in_force", "source_path": "uji.yaml", "sha256": "0" * 64, "body": "",
        "loaded_at": AT, **changes,
    }  # fmt: skip
    return PolicyVersion.objects.create(**values)


def an_absence(person: Person, **changes: object) -> Absence:
    values = {"kind": "tahunan", "valid_from": ON, "valid_to": NEXT, "recorded_at": AT, **changes}
    return Absence.objects.create(person=person, **values)


def an_outage(person: Person, **changes: object) -> Outage:
    values = {"number": "GG-1", "starts_at": AT, "ends_at": AT + timedelta(hours=1), "declared_at": AT, **changes}
    return Outage.objects.create(government=person.government, reason="Jaringan", **values)


def a_correction(person: Person) -> Correction:
    return Correction.objects.create(
        person=person, work_date=ON, verb="in", claimed_time=time(7), reason="Lupa", requested_at=AT, due_on=NEXT
    )


# Constraint -> how to make the row that may stand once only.
ONCE: dict[str, Callable[[Person, Device, Meter], object]] = {
    "job_one_per_chain_stage_chunk": lambda p, d, m: Job.objects.create(government_code="uji", chain="c", stage="s"),
    "alert_once_per_subject": lambda p, d, m: Alert.objects.create(government_code="uji", subject="s", raised_at=AT),
    "policyversion_one_start_per_topic": lambda p, d, m: a_version(document_id=f"uji-{PolicyVersion.objects.count()}"),
    "punch_request_key_once": lambda p, d, m: a_punch(p),
    "punch_receipt_code_once": lambda p, d, m: a_punch(p, request_key=f"k{Punch.objects.count()}", receipt_code="c"),
    "punchattempt_key_once": lambda p, d, m: PunchAttempt.objects.create(
        person=p, verb="in", request_key="k", at=AT, reason="other_day"
    ),
    "evidencecase_once": lambda p, d, m: EvidenceCase.objects.create(
        person=p, work_date=ON, kind="missing", detail="-", opened_at=AT
    ),
    "device_code_unique": lambda p, d, m: Device.objects.create(government=p.government, code="M2"),
    "devicepin_once": lambda p, d, m: DevicePin.objects.create(device=d, pin="1", number="1", valid_from=ON),
    "deviceline_once": lambda p, d, m: DeviceLine.objects.create(device=d, pin="1", local_time=AT),
    "outage_number_unique": lambda p, d, m: an_outage(p),
    "absence_approved_no_overlap": lambda p, d, m: an_absence(p),
    "correction_one_open": lambda p, d, m: a_correction(p),
    "ceremony_once_a_day": lambda p, d, m: Ceremony.objects.create(person=p, on=ON, name="Apel"),
    "workreport_one_per_day": lambda p, d, m: WorkReport.objects.create(person=p, work_date=ON),
    "dayplan_one_per_day": lambda p, d, m: DayPlan.objects.create(
        person=p, work_date=ON, place="home", reasons=[], planned_at=AT
    ),
    "dayrecord_one_per_day": lambda p, d, m: DayRecord.objects.create(
        person=p, work_date=ON, expected_place="home", place="home", computed_at=AT
    ),
    "meter_code_unique": lambda p, d, m: Meter.objects.create(
        government=p.government, code="522", utility="water", building=m.building
    ),
    "bill_no_overlap": lambda p, d, m: a_bill(m),
}
# Constraint -> a row that may never stand.
NEVER: dict[str, Callable[[Person, Device, Meter], object]] = {
    "policyversion_ends_after_start": lambda p, d, m: a_version(valid_to=ON),
    "policyversion_status_known": lambda p, d, m: a_version(status="maybe"),
    "policyversion_sha256_shape": lambda p, d, m: a_version(sha256="Z" * 64),
    "punch_verb_known": lambda p, d, m: a_punch(p, verb="lunch"),
    "outage_ends_after_start": lambda p, d, m: an_outage(p, ends_at=AT),
    "absence_ends_after_start": lambda p, d, m: an_absence(p, valid_to=ON),
    "bill_ends_after_start": lambda p, d, m: a_bill(m, period_to=date(2026, 1, 1)),
    "bill_usage_not_negative": lambda p, d, m: a_bill(m, usage=-1),
}


@pytest.mark.parametrize("name", ONCE)
def test_the_second_of_a_kind_is_refused(name: str, person: Person, device: Device, meter: Meter) -> None:
    ONCE[name](person, device, meter)
    with refused_by(name):
        ONCE[name](person, device, meter)


@pytest.mark.parametrize("name", NEVER)
def test_a_row_that_cannot_be_true_is_refused(name: str, person: Person, device: Device, meter: Meter) -> None:
    with refused_by(name):
        NEVER[name](person, device, meter)


def test_neighbours_in_time_may_stand(person: Person, meter: Meter) -> None:
    an_absence(person)
    an_absence(person, valid_from=NEXT, valid_to=NEXT + timedelta(days=1))
    a_bill(meter)
    a_bill(meter, period_from=date(2026, 2, 1), period_to=date(2026, 3, 1))
    a_bill(meter, superseded_at=AT)
    assert (Absence.objects.count(), Bill.objects.count()) == (2, 3)


def test_a_rejected_absence_leaves_room_for_another(person: Person) -> None:
    an_absence(person, state="rejected")
    an_absence(person)
    assert Absence.objects.filter(state="approved").count() == 1


def _names() -> Iterator[str]:
    for model in apps.get_models():
        if model._meta.app_label in OURS:
            yield from (constraint.name for constraint in model._meta.constraints)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal"
        )
        models = {model._meta.db_table: model.__name__ for model in apps.get_models()}
        yield from (models.get(table, table) for (table,) in cursor.fetchall())


def test_every_constraint_and_every_table_with_triggers_is_tried_by_a_test() -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("**/*.py"))
    untried = sorted({name for name in _names() if name not in written})
    assert untried == [], "constraints and tables with triggers that no test tries"
