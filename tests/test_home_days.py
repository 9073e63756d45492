"""Chosen days at home: within the share, the day before at the latest, and never by the person concerned."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from roster.calendar import calendar_days
from roster.eligibility import eligibility_of
from roster.models import Assignment, HomeDay, RolloutPhase, UnitDecision
from roster.operations.home_days import (
    HomeDayRefused,
    assign_home_days,
    decide_home_day,
    request_home_day,
    withdraw_home_day,
)
from roster.queries_home_days import charges_of, open_days
from tests.rights.world import SINCE, build_world
from tests.signin import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build_world()


def today():
    return timezone.localdate()


def phase(world, mode="schedule", share=5_000):
    rows = [
        RolloutPhase(
            building=world.home.building, weekday=weekday, max_share_bp=share, mode=mode, valid_from=SINCE,
            recorded_at=timezone.now(), decree="SE 5/2026",
        )
        for weekday in range(5)
    ]  # fmt: skip
    RolloutPhase.objects.bulk_create(rows)
    side = world.home
    return open_days(side.government, side.building.pk, today(), (mode,))[0].on


def assign(world, on, *names, head="head"):
    side = world.home
    chosen = [side.people[name].pk for name in names]
    return assign_home_days(side.people[head], side.unit.pk, on, chosen, side.users[head], today(), timezone.now())


def ask(world, on, name="peer"):
    return request_home_day(world.home.people[name], on, today(), timezone.now())


def decide(world, row, approve=True, head="head"):
    side = world.home
    return decide_home_day(side.people[head], row.pk, approve, side.users[head], today(), timezone.now())


def test_assigned_people_are_at_home_and_the_others_are_not(world):
    on = phase(world)
    assert assign(world, on, "peer", "employee") == (2, 0)
    assert eligibility_of(world.home.people["peer"], on).expected_place == "home"
    assert [r.code for r in eligibility_of(world.home.people["hr"], on).reasons] == ["not_scheduled"]
    assert assign(world, on, "employee", "hr") == (1, 1)
    assert eligibility_of(world.home.people["peer"], on).expected_place == "office"
    assert assign(world, on, "employee", "hr") == (0, 0)
    assert AuditEntry.objects.filter(action="home_days_assigned").count() == 3


def test_the_share_is_the_limit_for_assigned_and_approved_alike(world):
    on = phase(world, share=2_500)
    members = Assignment.objects.filter(unit=world.home.unit).count()
    assert members == 11
    with pytest.raises(HomeDayRefused, match="paling banyak 2 dari 11"):
        assign(world, on, "peer", "employee", "hr")
    assert not HomeDay.objects.exists()
    assign(world, on, "peer", "employee")
    RolloutPhase.objects.update(mode="on_request")
    row = ask(world, on, "hr")
    with pytest.raises(HomeDayRefused, match="Terlalu banyak"):
        decide(world, row)
    assert HomeDay.objects.get(pk=row.pk).state == "requested"


def test_nobody_decides_on_oneself(world):
    on = phase(world)
    with pytest.raises(HomeDayRefused, match="bukan wewenang"):
        assign(world, on, "head")
    RolloutPhase.objects.update(mode="on_request")
    row = ask(world, on, "head")
    with pytest.raises(HomeDayRefused, match="diputuskan oleh atasan"):
        decide(world, row)


def test_the_head_above_decides_on_the_head_below_only(world):
    side, on = world.home, phase(world)
    top = side.other_unit
    UnitDecision.objects.filter(unit=top).update(head=side.people["stranger"])
    UnitDecision.objects.filter(unit=side.unit).update(parent=top)
    charges = {charge.unit: charge.person_ids for charge in charges_of(side.people["stranger"], on)}
    assert charges == {side.unit: {side.people["head"].pk}}
    assert assign(world, on, "head", head="stranger") == (1, 0)
    with pytest.raises(HomeDayRefused, match="bukan wewenang"):
        assign(world, on, "peer", head="stranger")


@pytest.mark.parametrize("days", [0, -1])
def test_today_and_before_are_too_late(world, days):
    phase(world)
    on = today() + timedelta(days=days)
    for act in (lambda: assign(world, on, "peer"), lambda: ask(world, on)):
        with pytest.raises(HomeDayRefused, match="Paling lambat"):
            act()


def test_somebody_who_may_not_is_refused_with_the_reason(world):
    on = phase(world)
    Assignment.objects.filter(person=world.home.people["peer"]).update(level="jpt_pratama")
    with pytest.raises(HomeDayRefused, match="Tingkat jabatan"):
        assign(world, on, "peer")
    assert not HomeDay.objects.exists()


def test_a_request_is_made_once_decided_once_and_can_be_taken_back(world):
    on = phase(world, "on_request", 10_000)
    row = ask(world, on)
    assert ask(world, on) == row
    assert decide(world, row) is True
    assert decide(world, row, approve=False) is False
    assert eligibility_of(world.home.people["peer"], on).expected_place == "home"
    withdraw_home_day(world.home.people["peer"], on, today(), timezone.now())
    assert eligibility_of(world.home.people["peer"], on).expected_place == "office"
    again = ask(world, on)
    assert decide(world, again, approve=False) is True
    assert HomeDay.objects.get().state == "rejected"


def test_a_day_of_the_schedule_is_neither_asked_for_nor_taken_back(world):
    on = phase(world)
    with pytest.raises(HomeDayRefused, match="tidak dapat dimohonkan"):
        ask(world, on)
    assign(world, on, "peer")
    with pytest.raises(HomeDayRefused, match="dijadwalkan kepala unit"):
        withdraw_home_day(world.home.people["peer"], on, today(), timezone.now())


def test_a_head_of_another_government_or_unit_has_no_say(world):
    on = phase(world, "on_request", 10_000)
    row = ask(world, on)
    with pytest.raises(HomeDayRefused, match="bukan wewenang"):
        decide(world, row, head="employee")
    abroad = world.abroad
    with pytest.raises(HomeDayRefused, match="tidak ditemukan"):
        decide_home_day(abroad.people["head"], row.pk, True, abroad.users["head"], today(), timezone.now())


def test_open_days_leave_holidays_out(world):
    phase(world)
    side = world.home
    days = [day.on for day in open_days(side.government, side.building.pk, today())]
    assert today() not in days
    assert all(day.holiday is None for day in calendar_days(side.government, days).values())


def test_the_head_schedules_on_the_page(world, django_assert_max_num_queries):
    on, side = phase(world), world.home
    client = sign_in(Client(), side.users["head"])
    with django_assert_max_num_queries(30):
        page = client.get(reverse("roster:schedule")).content.decode()
    assert "sini peer" in page
    data = {"unit": side.unit.pk, "hari": on.isoformat(), "chosen": [side.people["peer"].pk]}
    told = client.post(reverse("roster:schedule"), data, follow=True).content.decode()
    assert "1 orang ditambahkan" in told
    assert HomeDay.objects.get().person == side.people["peer"]
    for wrong in ({}, {**data, "hari": "besok"}, {**data, "unit": "x"}, {**data, "chosen": ["9" * 30]}):
        assert client.post(reverse("roster:schedule"), wrong, follow=True).status_code == 200
    foreign = {**data, "unit": world.abroad.unit.pk, "chosen": [world.abroad.people["peer"].pk]}
    assert "bukan wewenang" in client.post(reverse("roster:schedule"), foreign, follow=True).content.decode()
    assert not HomeDay.objects.filter(person=world.abroad.people["peer"]).exists()


def test_an_employee_asks_and_the_head_approves_on_the_pages(world):
    on, side = phase(world, "on_request", 10_000), world.home
    employee, head = (sign_in(Client(), side.users[name]) for name in ("peer", "head"))
    mine = reverse("roster:my_home_days")
    assert "Mohon" in employee.get(mine).content.decode()
    assert "dimohonkan" in employee.post(mine, {"hari": on.isoformat()}, follow=True).content.decode()
    assert employee.post(mine, {"hari": "besok"}, follow=True).status_code == 200
    page = head.get(reverse("roster:schedule"))
    assert [row.person for row in page.context["requests"]] == [side.people["peer"]]
    data = {"action": "approve", "chosen": [HomeDay.objects.get().pk]}
    for _ in range(2):
        told = head.post(reverse("roster:decide_home_days"), data, follow=True).content.decode()
    assert "1 permohonan disetujui" not in told
    assert HomeDay.objects.get().state == "approved"
    assert "Disetujui" in employee.get(mine).content.decode()
    assert "Belum ada yang dipilih" in head.post(reverse("roster:decide_home_days"), follow=True).content.decode()


def test_who_heads_no_unit_has_nothing_to_schedule(world):
    page = sign_in(Client(), world.home.users["peer"]).get(reverse("roster:schedule")).content.decode()
    assert "Tidak ada unit yang Anda jadwalkan" in page
