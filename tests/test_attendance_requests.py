"""Leave and duty: asked, decided by whose turn it is, never by oneself, and never twice for one day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from attendance.models import Absence, Correction, DayRecord
from attendance.operations import close_day, decide_absence, request_absence
from attendance.queries import requests
from attendance.queries.requests import own_absences, waiting_requests
from core.errors import PortalError
from core.models import AuditEntry
from roster.models import Person, UnitDecision
from roster.queries import visible_to
from roster.rights import standing_of
from tests.rights.world import Side, World, build_world
from tests.signin import sign_in

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 18, 3, tzinfo=UTC)  # Wednesday, 10.00 WIB
TODAY = date(2026, 11, 18)
MONDAY = date(2026, 11, 16)


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def side(world: World) -> Side:
    return world.home


def asked(
    side: Side, first: date = MONDAY, last: date = MONDAY, kind: str = "sakit", name: str = "employee"
) -> Absence:
    return request_absence(side.people[name], kind, first, last, "Demam, surat dokter", "SD-7", AT)


def seen(user: User) -> QuerySet[Person]:
    return visible_to(user, TODAY).exclude(user=user)


def above(side: Side) -> None:
    """The head of the first unit has a superior: the stranger, who heads the unit above."""
    UnitDecision.objects.filter(unit=side.other_unit).update(head=side.people["stranger"])
    UnitDecision.objects.filter(unit=side.unit).update(parent=side.other_unit)


def test_a_request_waits_for_the_superior_with_a_due_day(side):
    request = asked(side)
    assert (request.state, request.due_on) == ("requested", date(2026, 11, 20))
    assert (request.valid_from, request.valid_to) == (MONDAY, MONDAY + timedelta(days=1))
    row = own_absences(side.people["employee"], TODAY)[0]
    assert (row.approver, row.overdue) == (side.people["head"].display_name, False)
    assert AuditEntry.objects.filter(action="absence.requested").count() == 1


@pytest.mark.parametrize("state", ["requested", "approved"])
@pytest.mark.parametrize(("first", "last"), [(0, 0), (-2, 0), (1, 5), (-3, 9)])
def test_days_that_are_asked_or_held_are_not_asked_again(side, state, first, last):
    held = asked(side, MONDAY, MONDAY + timedelta(days=1))
    Absence.objects.filter(pk=held.pk).update(state=state)
    with pytest.raises(PortalError, match="Bertindih"):
        asked(side, MONDAY + timedelta(days=first), MONDAY + timedelta(days=last), "tahunan")


def test_days_next_to_each_other_and_rejected_days_may_be_asked(side):
    first = asked(side)
    asked(side, MONDAY + timedelta(days=1), MONDAY + timedelta(days=1))
    decide_absence(first.pk, side.users["head"], False, "Surat belum ada", AT)
    asked(side)
    assert Absence.objects.count() == 3


@pytest.mark.parametrize(
    ("kind", "first", "last", "words"),
    [
        ("liburan", MONDAY, MONDAY, "Pilih jenis"),
        ("sakit", MONDAY, MONDAY - timedelta(days=1), "Hari terakhir"),
        ("sakit", TODAY - timedelta(days=91), TODAY, "ke belakang"),
        ("besar", TODAY, TODAY + timedelta(days=366), "Paling lama"),
        ("tahunan", date(9999, 12, 31), date(9999, 12, 31), "ke depan"),
    ],
)
def test_impossible_requests_say_what_to_do(side, kind, first, last, words):
    with pytest.raises(PortalError, match=words):
        asked(side, first, last, kind)
    assert not Absence.objects.exists()


@pytest.mark.parametrize("name", ["employee", "peer", "finance", "administrator", "leadership", "auditor", "stranger"])
def test_whoever_is_neither_superior_nor_hr_decides_nothing(side, name):
    request = asked(side)
    with pytest.raises(PortalError):
        decide_absence(request.pk, side.users[name], True, "", AT)
    assert Absence.objects.get().state == "requested"


@pytest.mark.parametrize("name", ["head", "hr", "unit_hr"])
def test_another_government_decides_nothing(world, name):
    request = asked(world.home)
    with pytest.raises(PortalError):
        decide_absence(request.pk, world.abroad.users[name], True, "", AT)


def test_the_superiors_superior_decides_only_when_it_is_overdue(side):
    above(side)
    request = asked(side)
    boss = side.users["stranger"]
    with pytest.raises(PortalError):
        decide_absence(request.pk, boss, True, "", AT)
    late = AT + timedelta(days=5)
    row = waiting_requests(seen(boss), standing_of(boss, late.date()), late.date())[0]
    assert (row.overdue, row.mine, row.approver) == (True, True, side.people["stranger"].display_name)
    assert decide_absence(request.pk, boss, True, "", late).state == "approved"


def test_the_list_offers_exactly_what_may_be_decided(side):
    above(side)
    asked(side)
    for name, mine in {"head": True, "hr": True, "unit_hr": True, "supervisor": False, "stranger": False}.items():
        user = side.users[name]
        rows = waiting_requests(seen(user), standing_of(user, TODAY), TODAY)
        assert [row.mine for row in rows] == [mine], name


def test_a_long_queue_shows_the_most_urgent_and_says_how_many_wait(side, monkeypatch):
    monkeypatch.setattr(requests, "LIMIT", 2)
    for days in range(4):
        Correction.objects.create(
            person=side.people["employee"], work_date=TODAY - timedelta(days=days), verb="in", claimed_time=time(7, 20),
            reason="Lupa", requested_at=AT, due_on=TODAY + timedelta(days=9 - days),
        )  # fmt: skip
    head = side.users["head"]
    rows = waiting_requests(seen(head), standing_of(head, TODAY), TODAY)
    assert [row.due_on for row in rows] == [TODAY + timedelta(days=6), TODAY + timedelta(days=7)]
    html = sign_in(Client(), head).get(reverse("attendance:requests")).content.decode()
    assert "2 dari 4 ditampilkan" in html


def test_a_rejection_needs_its_reason_and_nothing_is_decided_twice(side):
    request, head = asked(side), side.users["head"]
    with pytest.raises(PortalError, match="beralasan"):
        decide_absence(request.pk, head, False, " ", AT)
    decide_absence(request.pk, head, False, "Surat belum ada", AT)
    with pytest.raises(PortalError, match="tidak menunggu"):
        decide_absence(request.pk, head, True, "", AT)


def test_an_approved_day_that_is_over_is_decided_anew(side):
    person = side.people["employee"]
    close_day(side.government, MONDAY, AT, [person.pk])
    assert DayRecord.objects.get(person=person).absent_days == 1
    decide_absence(asked(side).pk, side.users["head"], True, "", AT)
    record = DayRecord.objects.get(person=person)
    assert (record.absent_days, record.leave_days, record.place) == (0, 1, "leave")


def test_the_pages_take_a_request_from_the_phone_to_the_decision(side):
    phone, desk = sign_in(Client(), side.users["employee"]), sign_in(Client(), side.users["head"])
    url, queue = reverse("attendance:absences"), reverse("attendance:requests")
    on = (datetime.now(tz=UTC).date() + timedelta(days=7)).isoformat()
    sent = {"kind": "tahunan", "first_on": on, "last_on": on, "reason": "Keperluan keluarga", "decree": ""}
    assert "Menunggu" in phone.post(url, sent, follow=True).content.decode()
    again = phone.post(url, sent)
    assert again.status_code == 422
    assert "Bertindih" in again.content.decode()
    assert phone.post(url, {**sent, "first_on": "kapan"}).status_code == 422
    key = f"cuti-{Absence.objects.get().pk}"
    assert key in desk.get(queue).content.decode()
    assert (
        "Penolakan wajib beralasan"
        in desk.post(queue, {"chosen": key, "action": "reject"}, follow=True).content.decode()
    )
    for odd in ("cuti-", "cuti-99999999999999999999", "lain-1", "cuti-½"):
        assert desk.post(queue, {"chosen": odd, "action": "approve"}, follow=True).status_code == 200
    desk.post(queue, {"chosen": key, "action": "approve"})
    assert Absence.objects.get().state == "approved"


def test_a_head_without_a_grant_finds_the_team_in_the_menu(side):
    html = sign_in(Client(), side.users["head"]).get(reverse("attendance:my_month")).content.decode()
    assert "Tim hari ini" in html
    assert (
        "Tim hari ini" not in sign_in(Client(), side.users["peer"]).get(reverse("attendance:my_month")).content.decode()
    )


@pytest.mark.parametrize("name", ["absences", "requests", "reports", "cases", "team"])
def test_pages_need_few_statements(side, name):
    for person in ("employee", "peer", "finance"):
        asked(side, name=person)
    client = sign_in(Client(), side.users["head"])
    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse(f"attendance:{name}")).status_code == 200
    assert len(captured) <= 15, [query["sql"][:90] for query in captured]
