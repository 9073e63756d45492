"""The superior's board: everybody counts, whoever needs attention comes first, and the page stays small."""

import re
from datetime import date, time

import pytest
from django.test import Client
from django.utils import timezone

from attendance.clock import instant
from attendance.models import DayPlan, Punch
from attendance.queries.team import Board, on_time_until, team_counts
from roster.models import Assignment, Government, Person
from tests.rights.world import SINCE, Side, build_world
from tests.signin import sign_in

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 18)  # a Wednesday
MANY = 260


@pytest.fixture
def side() -> Side:
    return build_world().home


def member(side: Side, name: str, place: str | None, came: time | None = None, on: date = ON) -> Person:
    person = Person.objects.create(government=side.government, name=name)
    Assignment.objects.create(
        person=person, unit=side.unit, level="pelaksana", valid_from=SINCE, recorded_at=timezone.now()
    )
    if place:
        DayPlan.objects.create(person=person, work_date=on, place=place, planned_at=timezone.now())
    if came:
        at = instant(on, came, side.government.zone)
        Punch.objects.create(person=person, verb="in", at=at, work_date=on, request_key=f"k{came}", delivered_at=at)
    return person


def people_of(side: Side):
    return Person.objects.filter(name__startswith="Anggota")


def board(side: Side, clock: time) -> list[tuple[str, str]]:
    found = Board(people_of(side), side.government, ON, instant(ON, clock, side.government.zone))
    return [(row.name, row.status) for row in found[0:100]]


def test_whoever_needs_attention_comes_first(side: Side) -> None:
    member(side, "Anggota A", "home", time(7, 10))
    member(side, "Anggota B", "office")
    member(side, "Anggota C", "office", time(7, 45))
    member(side, "Anggota D", None)
    member(side, "Anggota E", "leave")
    member(side, "Anggota F", "unclear")
    assert board(side, time(9)) == [
        ("Anggota B", "none"), ("Anggota F", "unclear"), ("Anggota C", "late"), ("Anggota D", "unknown"),
        ("Anggota A", "on_time"), ("Anggota E", "leave"),
    ]  # fmt: skip


def test_nobody_is_missing_before_the_hours_begin(side: Side) -> None:
    member(side, "Anggota B", "office")
    assert board(side, time(7, 0)) == [("Anggota B", "office")]
    assert board(side, time(7, 31)) == [("Anggota B", "none")]


def test_seconds_of_the_last_minute_are_in_time(side: Side) -> None:
    member(side, "Anggota A", "office", time(7, 30, 59))
    member(side, "Anggota B", "office", time(7, 31))
    assert board(side, time(9)) == [("Anggota B", "late"), ("Anggota A", "on_time")]


def test_the_first_arrival_counts_and_not_a_departure(side: Side) -> None:
    person = member(side, "Anggota A", "office", time(7, 20))
    for verb, clock in (("in", time(8)), ("out", time(7, 0))):
        at = instant(ON, clock, side.government.zone)
        Punch.objects.create(
            person=person, verb=verb, at=at, work_date=ON, request_key=f"{verb}{clock}", delivered_at=at
        )
    assert board(side, time(9)) == [("Anggota A", "on_time")]


def test_late_follows_the_document_of_the_government(side: Side) -> None:
    assert on_time_until(side.government, ON) == time(7, 30)
    assert on_time_until(Government.objects.create(code="tanpa", name="Tanpa dokumen"), ON) == time(7, 30)
    flexible, _ = Government.objects.get_or_create(code="flexi-ministry", defaults={"name": "Kementerian"})
    assert on_time_until(flexible, ON) > time(7, 30)


def test_everybody_counts_and_a_page_shows_some(side: Side) -> None:
    on = timezone.localdate()
    for number in range(MANY):
        member(side, f"Anggota {number:03}", "home" if number % 2 else "office", on=on)
    member(side, "Anggota zzz", "office", time(23, 58), on=on)
    counts = team_counts(people_of(side), on)
    assert (counts.people, counts.at("home"), counts.at("office")) == (MANY + 1, MANY // 2, MANY // 2 + 1)
    assert (counts.arrived, counts.not_arrived, counts.expected) == (1, MANY, MANY + 1)
    client, found = sign_in(Client(), side.users["head"]), []
    for number in range(1, 7):
        page = client.get("/kehadiran/tim/", {"page": number}).content
        assert len(page) < 100_000
        found += re.findall(r"Anggota \w{3}", page.decode())
    assert sorted(found) == sorted(people_of(side).values_list("name", flat=True))
