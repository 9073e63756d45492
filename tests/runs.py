"""People, days and scores for the tests of runs."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from accounts.models import User
from allowances.models import Run
from allowances.operations import approve_run, check_run, draft_run, lock_run
from attendance.models import DayRecord
from performance.models import MonthScore
from policy.documents import Library
from policy.models import PolicyVersion
from roster.models import (
    Assignment,
    Government,
    Grant,
    Number,
    Person,
    PersonStatus,
    Position,
    PositionClass,
    Unit,
    UnitDecision,
)  # fmt: skip

MONTH = date(2026, 11, 1)
EARLY = datetime(2026, 1, 1, tzinfo=UTC)
CLOSED_AT = datetime(2026, 12, 1, tzinfo=UTC)
AT = datetime(2026, 12, 2, 3, tzinfo=UTC)
SINCE = date(2025, 1, 1)


def make_government(code: str = "contoh", **more: Any) -> Government:
    """A government in use since 1 November 2026."""
    about = {"name": "Provinsi Contoh", "go_live_on": MONTH, "demonstration": True} | more
    found, _ = Government.objects.update_or_create(code=code, defaults=about)
    return found


def make_unit(government: Government, name: str = "Bagian Uji") -> Unit:
    """An administrative unit on five days."""
    unit = Unit.objects.create(government=government, code=name, name=name)
    UnitDecision.objects.create(unit=unit, service_kind="administrative", valid_from=SINCE, recorded_at=EARLY)
    return unit


def make_position(government: Government, job_class: int | None) -> Position:
    """A position with the class, or with none."""
    position, made = Position.objects.get_or_create(government=government, name=f"Analis kelas {job_class}")
    if made and job_class is not None:
        PositionClass.objects.create(position=position, job_class=job_class, valid_from=SINCE, recorded_at=EARLY)
    return position


def make_person(unit: Unit, name: str = "Wulan", job_class: int | None = 8, **more: Any) -> Person:
    """A civil servant with number, standing and a definitive post since 2025."""
    government = unit.government
    person = Person.objects.create(government=government, name=name, **more)
    Number.objects.create(government=government, person=person, number=f"{person.pk:018}")
    PersonStatus.objects.create(person=person, valid_from=SINCE, recorded_at=EARLY, rank="III/d")
    Assignment.objects.create(
        person=person, unit=unit, position=make_position(government, job_class), level="pelaksana", valid_from=SINCE,
        recorded_at=EARLY,
    )  # fmt: skip
    return person


def score(person: Person, predicate: str, month: date = MONTH, at: datetime = CLOSED_AT, **more: Any) -> MonthScore:
    """The month's rating."""
    about = {"predicate": predicate, "score_bp": 9_000, "computed_at": at} | more
    found, _ = MonthScore.objects.update_or_create(person=person, month=month, defaults=about)
    return found


def close_month(
    person: Person, facts: Mapping[date, Mapping[str, Any]] | None = None, month: date = MONTH, at: datetime = CLOSED_AT
) -> None:
    """Decided days of the whole month: present on weekdays, `facts` laid over some of them."""
    following = (month + timedelta(days=32)).replace(day=1)
    records = []
    for offset in range((following - month).days):
        on = month + timedelta(days=offset)
        works = on.weekday() < 5
        about = {"place": "office" if works else "day_off", "state": "final", "expected_days": int(works),
                 "present_days": int(works), "labels": {"calendar": "five_day"}}  # fmt: skip
        about |= (facts or {}).get(on, {})
        records.append(DayRecord(person=person, work_date=on, expected_place=about["place"], computed_at=at, **about))
    DayRecord.objects.bulk_create(records)


def change_day(person: Person, on: date, at: datetime, **facts: Any) -> None:
    """A day that is decided anew."""
    DayRecord.objects.filter(person=person, work_date=on).update(computed_at=at, **facts)


def officer(government: Government, name: str, role: str = "hr", **more: Any) -> User:
    """An account with a right for the whole government."""
    user = User.objects.create_user(name, full_name=name)
    Grant.objects.create(government=government, user=user, role=role, valid_from=SINCE, **more)
    return user


def locked(government: Government, month: date = MONTH, at: datetime = AT) -> Run:
    """The month drafted, checked, approved by somebody else, and locked."""
    names = (f"pemeriksa {government.code}", f"penyetuju {government.code}")
    checker, approver = (User.objects.filter(username=name).first() or officer(government, name) for name in names)
    run = draft_run(government, month, at)
    later = [at + timedelta(minutes=minutes) for minutes in (1, 2, 3)]
    check_run(run, checker, later[0])
    approve_run(run, approver, later[1], despite_set_aside=True)
    return lock_run(run, checker, later[2])


def add_document(body: str) -> PolicyVersion:
    """A regulation document as migrate would load it."""
    library = Library(reads_files=False)
    library.add_text("uji.yaml", body)
    document = library.documents()[0]
    return PolicyVersion.objects.create(
        document_id=document.id, topic=document.topic, jurisdiction=document.jurisdiction, title=document.title,
        decree=document.decree, valid_from=document.valid_from, status=document.status,
        demonstration=document.demonstration, source_path=f"uji/{document.id}.yaml", sha256=document.sha256, body=body,
        loaded_at=EARLY,
    )  # fmt: skip
