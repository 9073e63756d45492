"""Closing a day: everybody once, facts of the document, nobody punished by a fault of the system."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from accounts.models import User
from attendance.models import Absence, Correction, DayPlan, DayRecord, Outage, Punch, WorkReport
from attendance.operations import close_day, decide_correction, request_correction
from attendance.queries import corrections_decided_after, frozen_days
from core.errors import PortalError
from roster.models import Assignment, Government, Grant, Person, PersonStatus, Role, Unit, UnitDecision

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 19)
NIGHT = datetime(2026, 11, 19, 17, 30, tzinfo=UTC)
EARLY = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def government():
    found, _ = Government.objects.update_or_create(code="contoh", defaults={"name": "Contoh", "go_live_on": DAY})
    return found


@pytest.fixture
def unit(government):
    unit = Unit.objects.create(government=government, code="u1", name="Bagian Uji")
    UnitDecision.objects.create(unit=unit, service_kind="administrative", valid_from="2025-01-01", recorded_at=EARLY)
    return unit


def make_person(unit, name="Wulan", place="office"):
    person = Person.objects.create(government=unit.government, name=name)
    Assignment.objects.create(person=person, unit=unit, level="pelaksana", valid_from="2025-01-01", recorded_at=EARLY)
    PersonStatus.objects.create(person=person, valid_from="2025-01-01", recorded_at=EARLY)
    DayPlan.objects.create(person=person, work_date=DAY, place=place, planned_at=EARLY)
    return person


def tap(person, verb, clock, source="browser", **more):
    hour, minute, second = (int(part) for part in clock.split(":"))
    at = datetime(2026, 11, 19, hour, minute, second, tzinfo=UTC) - timedelta(hours=7)
    return Punch.objects.create(
        person=person,
        verb=verb,
        at=at,
        work_date=DAY,
        source=source,
        request_key=f"{verb}{clock}",
        delivered_at=at,
        **more,
    )


def record_of(person):
    return DayRecord.objects.get(person=person)


@pytest.mark.parametrize(("clock", "late"), [("07:30:59", 0), ("07:31:00", 1), ("07:44:10", 14)])
def test_minutes_late_follow_the_document(government, unit, clock, late):
    person = make_person(unit)
    tap(person, "in", clock)
    tap(person, "out", "16:02:00")
    closed = close_day(government, DAY, NIGHT)
    record = record_of(person)
    assert (closed.written, record.minutes_late, record.minutes_early, record.state) == (1, late, 0, "final")
    assert (record.first_in, record.last_out) == (time.fromisoformat(clock), time(16, 2))
    assert record.policy_id == "contoh-attendance"


def test_twice_is_once(government, unit):
    person = make_person(unit)
    tap(person, "in", "07:00:00")
    close_day(government, DAY, NIGHT)
    first = DayRecord.objects.values().get(person=person)
    close_day(government, DAY, NIGHT)
    second = DayRecord.objects.values().get(person=person)
    assert {**first, "id": 0} == {**second, "id": 0}


def test_no_tap_is_absent_and_leave_is_not(government, unit):
    absent, away = make_person(unit), make_person(unit, "Rudi")
    Absence.objects.create(person=away, kind="sakit", valid_from="2026-11-18", valid_to="2026-11-21", recorded_at=EARLY)
    close_day(government, DAY, NIGHT)
    assert record_of(absent).absent_days == 1
    record = record_of(away)
    assert (record.place, record.leave_days, record.absent_days) == ("leave", 1, 0)
    assert (record.labels["leave"], record.labels["leave_day"]) == ("sakit", 2)


def test_days_before_go_live_and_running_days_are_not_closed(government, unit):
    make_person(unit)
    assert close_day(government, DAY - timedelta(days=1), NIGHT).skipped
    assert close_day(government, DAY, NIGHT - timedelta(hours=1)).skipped
    assert not DayRecord.objects.exists()


def test_the_shift_calendar_is_unclear_never_absent(government, unit):
    person = make_person(unit, place="unclear")
    assert close_day(government, DAY, NIGHT).unclear == 1
    record = record_of(person)
    assert (record.state, record.absent_days, record.expected_days) == ("unclear", 0, 0)


def test_a_day_at_home_needs_its_report(government, unit):
    with_report, without = make_person(unit, place="home"), make_person(unit, "Rudi", "home")
    WorkReport.objects.create(person=with_report, work_date=DAY, delivered_at=NIGHT - timedelta(hours=9))
    for person in (with_report, without):
        tap(person, "in", "07:00:00")
        tap(person, "out", "16:10:00")
    close_day(government, DAY, NIGHT)
    assert (record_of(with_report).reports_done, record_of(without).reports_missing) == (1, 1)
    assert record_of(without).home_days == 1


def test_device_taps_find_their_direction(government, unit):
    person = make_person(unit)
    tap(person, "unknown", "07:10:00", "device")
    tap(person, "unknown", "16:20:00", "device")
    close_day(government, DAY, NIGHT)
    record = record_of(person)
    assert (record.first_in, record.last_out, record.missing_in) == (time(7, 10), time(16, 20), 0)


def test_an_outage_declared_later_gives_a_queued_press_its_claimed_time(government, unit):
    person = make_person(unit)
    claim = datetime(2026, 11, 19, 0, 20, tzinfo=UTC)
    tap(person, "in", "09:00:00", "offline", claimed_at=claim, issued_at=claim)
    tap(person, "out", "16:02:00")
    Outage.objects.create(
        government=government, number="G-2026-9", starts_at=claim - timedelta(minutes=5),
        ends_at=claim + timedelta(hours=1), reason="Jaringan", declared_at=NIGHT,
    )  # fmt: skip
    close_day(government, DAY, NIGHT)
    assert record_of(person).minutes_late == 0


def test_one_bad_person_is_set_aside_and_the_rest_goes_on(government, unit):
    bad, good = make_person(unit, place="moon"), make_person(unit, "Rudi")
    closed = close_day(government, DAY, NIGHT)
    assert [item["person"] for item in closed.set_aside] == [bad.pk]
    assert record_of(good)


def superior(unit, name="atasan"):
    user = User.objects.create_user(name)
    person = Person.objects.create(government=unit.government, name=name, user=user)
    UnitDecision.objects.update(head=person)
    return user


def test_an_approved_correction_decides_the_day_anew(government, unit):
    person = make_person(unit)
    tap(person, "out", "16:02:00")
    close_day(government, DAY, NIGHT)
    assert record_of(person).missing_in == 1
    asked = request_correction(person, DAY, "in", time(7, 20), "Lupa menekan", NIGHT)
    lock = NIGHT + timedelta(days=1)
    with pytest.raises(PortalError):
        request_correction(person, DAY, "in", time(7, 25), "Lagi", NIGHT)
    decide_correction(asked.pk, superior(unit), True, "", lock + timedelta(hours=1))
    record = record_of(person)
    assert (record.missing_in, record.minutes_late, record.first_in) == (0, 0, time(7, 20))
    assert [c.pk for c in corrections_decided_after(government, DAY, lock)] == [asked.pk]
    assert corrections_decided_after(government, DAY, lock + timedelta(hours=2)) == []


def test_nobody_decides_on_themselves_and_strangers_do_not_either(government, unit):
    person = make_person(unit)
    person.user = User.objects.create_user("wulan")
    person.save()
    Grant.objects.create(government=government, user=person.user, role=Role.HR, valid_from="2026-01-01")
    asked = request_correction(person, DAY, "in", time(7, 20), "Lupa", NIGHT)
    boss = superior(unit)
    for user in (person.user, User.objects.create_user("orang lain")):
        with pytest.raises(PortalError):
            decide_correction(asked.pk, user, True, "", NIGHT)
    with pytest.raises(PortalError, match="beralasan"):
        decide_correction(asked.pk, boss, False, " ", NIGHT)
    assert Correction.objects.get().state == "requested"


def test_frozen_days_are_entries_of_the_format(government, unit, django_assert_num_queries):
    person = make_person(unit)
    tap(person, "in", "07:44:00")
    tap(person, "out", "16:02:00")
    close_day(government, DAY, NIGHT)
    with django_assert_num_queries(1):
        days = frozen_days(DAY, [person.pk])[person.pk]
    day = days.days[0]
    assert (day["date"], days.unclear_count) == (DAY.isoformat(), 0)
    assert (day["minutes_late"], day["expected_days"], day["present_days"], day["place"]) == (14, 1, 1, "office")
    assert "minutes_early" not in day
