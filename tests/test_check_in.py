"""Check-in: once, at the server's time, on the page's own day; the network may fail and phones are shared."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from attendance.evidence import Evidence
from attendance.models import Correction, DayPlan, EvidenceCase, Punch, PunchAttempt, PunchEvidence
from attendance.operations import Attempt, declare_outage, expire_evidence, record_punch
from attendance.tokens import InvalidToken, PageToken, make_token, read_token
from roster.models import Government, Person

DAY = date(2026, 11, 19)
AT = datetime(2026, 11, 19, 0, 21, 48, tzinfo=UTC)  # 07:21:48 WIB
NONE = Evidence()


def make_person(name="Wulan", place="home", on=DAY):
    government, _ = Government.objects.get_or_create(code="uji", defaults={"name": "Uji", "go_live_on": "2026-01-01"})
    person = Person.objects.create(government=government, name=name)
    DayPlan.objects.create(person=person, work_date=on, place=place, planned_at=AT)
    return person


def attempt(person, verb="in", on=DAY, issued=AT, **more):
    return Attempt(PageToken(person.pk, verb, on, issued - timedelta(minutes=2)), **more)


def press(person, verb="in", key="k1", at=AT, evidence=NONE, **more):
    return record_punch(person, verb, key, at, attempt(person, verb, **more), evidence)


@pytest.mark.django_db
def test_a_double_press_returns_the_first_receipt():
    person = make_person()
    first, second = press(person), press(person, at=AT + timedelta(seconds=1))
    assert (first.kind, second.kind) == ("recorded", "repeated")
    assert first.receipt_number == second.receipt_number
    assert first.receipt_number.startswith("AM-1911-")
    assert Punch.objects.get().at == AT


@pytest.mark.django_db
def test_in_and_out_are_two_punches_and_the_last_departure_stays_open():
    person = make_person()
    press(person)
    press(person, "out", "k2", AT + timedelta(hours=8))
    press(person, "out", "k3", AT + timedelta(hours=9))
    press(person, "in", "k4", AT + timedelta(hours=9))
    assert sorted(Punch.objects.values_list("verb", flat=True)) == ["in", "out", "out"]


@pytest.mark.django_db
def test_a_page_left_open_over_midnight_gives_no_old_receipt():
    person = make_person()
    press(person)
    outcome = press(person, at=AT + timedelta(days=1))
    assert outcome.kind == "wrong_date"
    assert outcome.receipt_number == ""
    assert PunchAttempt.objects.get().reason == "wrong_date"


@pytest.mark.django_db
@pytest.mark.parametrize("hour", [17, 20, 23])
def test_between_midnight_and_seven_the_work_date_is_the_office_s(hour):
    person = make_person(on=date(2026, 11, 20))
    at = datetime(2026, 11, 19, hour, 30, tzinfo=UTC)
    press(person, at=at, on=date(2026, 11, 20), issued=at)
    assert Punch.objects.get().work_date == date(2026, 11, 20)


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["leave", "duty", "holiday", "day_off", "off"])
def test_who_is_not_expected_is_told_why_and_the_press_is_kept(place):
    outcome = press(make_person(place=place))
    assert outcome.kind == "not_expected"
    assert outcome.message
    assert PunchAttempt.objects.count() == 1
    assert not Punch.objects.exists()


def test_a_forged_token_is_refused():
    token = make_token(1, "in", DAY, AT)
    assert read_token(token) == PageToken(1, "in", DAY, AT)
    for forged in (token.replace("1.in", "2.in", 1), token[:-1] + ("a" if token[-1] != "a" else "b"), "", "x.y"):
        with pytest.raises(InvalidToken):
            read_token(forged)


@pytest.mark.django_db
def test_a_page_of_somebody_else_is_not_pressed_for_them():
    owner, other = make_person(), make_person("Rudi")
    outcome = record_punch(other, "in", "k1", AT, attempt(owner), NONE)
    assert outcome.kind == "other_account"
    assert not Punch.objects.exists()


@pytest.mark.django_db
def test_a_queued_attempt_belongs_to_the_person_of_its_token():
    owner, other = make_person(), make_person("Rudi")
    delivered = AT + timedelta(minutes=20)
    record_punch(other, "in", "k1", delivered, attempt(owner, queued=True, claimed_at=AT), NONE)
    punch = Punch.objects.get()
    assert punch.person == owner
    assert (punch.at, punch.claimed_at, punch.delivered_at) == (delivered, AT, delivered)
    correction = Correction.objects.get()
    assert (correction.person, correction.punch, f"{correction.claimed_time}") == (owner, punch, "07:21:48")


@pytest.mark.django_db
def test_inside_a_declared_outage_the_claim_stands_provisionally():
    person = make_person()
    declare_outage(person.government, AT - timedelta(minutes=16), AT + timedelta(hours=1), "Jaringan", None, AT)
    outcome = press(person, at=AT + timedelta(hours=2), queued=True, claimed_at=AT)
    punch = Punch.objects.get()
    assert (punch.at, punch.provisional) == (AT, True)
    assert "G-2026-1, 07.05–08.21" in outcome.notes[0]
    assert not Correction.objects.exists()


@pytest.mark.django_db
def test_a_claim_from_before_the_page_was_made_is_not_believed():
    person = make_person()
    declare_outage(person.government, AT - timedelta(hours=2), AT + timedelta(hours=1), "Jaringan", None, AT)
    press(person, at=AT, queued=True, claimed_at=AT - timedelta(hours=1))
    assert Punch.objects.get().at == AT


@pytest.mark.django_db
def test_an_attempt_that_arrives_the_next_day_waits_for_the_superior():
    person = make_person()
    press(person, at=AT + timedelta(days=1), queued=True, claimed_at=AT)
    assert not Punch.objects.exists()
    assert Correction.objects.get().work_date == DAY


@pytest.mark.django_db
def test_evidence_expires_and_its_hash_stays():
    person = make_person()
    press(person, evidence=Evidence(network="10.0.0.1", device="d1", located_at=AT - timedelta(hours=1)))
    assert EvidenceCase.objects.get().kind == "stale"
    assert expire_evidence(DAY + timedelta(days=91)) == 1
    assert not PunchEvidence.objects.exists()
    assert len(Punch.objects.get().evidence_hash) == 64


@pytest.mark.django_db
def test_a_planned_press_takes_one_statement(django_assert_num_queries):
    person = make_person()
    with django_assert_num_queries(1):
        press(person)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["UPDATE attendance_punch SET at = now()", "DELETE FROM attendance_punch", "TRUNCATE attendance_punch CASCADE"],
)
def test_nobody_changes_a_punch(statement):
    press(make_person())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_one_punch():
    person = make_person()
    outcomes, together = [], threading.Barrier(2)

    def act():
        together.wait()
        try:
            outcomes.append(press(person))
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({outcome.receipt_number for outcome in outcomes}) == 1
    assert Punch.objects.count() == 1
