"""Phases: what the effect page counts is what the rules decide afterwards, and nothing is stored before."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attendance.models import Absence
from core.models import AuditEntry
from roster.eligibility import eligibility_many
from roster.models import (
    Assignment,
    DisciplineCase,
    HomeDay,
    ImportRun,
    Level,
    Person,
    PhaseException,
    RolloutPhase,
    Unit,
    UnitDecision,
)
from roster.operations.phases import close_phase, open_phase
from roster.phase_effect import effect_of
from roster.phase_plans import PhasePlan, PhaseRefused, hypothetical, without
from roster.queries_phases import grid_of, known_exceptions, known_phases, stage_words
from tests.rights.world import SINCE, build_world
from tests.signin import sign_in

THU, FRI = 3, 4
START = date(2027, 1, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def admin(world):
    return sign_in(Client(), world.home.users["administrator"])


def plan(**more) -> PhasePlan:
    base = {"weekdays": (THU,), "valid_from": START, "valid_to": None, "max_share_bp": 10_000, "mode": "all",
            "decree": "SE 1/2027", "replace": False}  # fmt: skip
    return PhasePlan(**{**base, **more})


def opened(world, **more) -> int:
    return open_phase(world.home.building, plan(**more), world.home.users["administrator"], timezone.now())


def asked(**more) -> dict:
    base = {"lihat": "1", "weekdays": [str(THU)], "mode": "all", "share": "100", "valid_from": "2027-01-01",
            "valid_to": "", "decree": "SE 1/2027"}  # fmt: skip
    return {**base, **more}


def page_of(world):
    return reverse("roster:building", args=[world.home.building.code])


def confirm(client, world, stamp):
    return client.post(reverse("roster:phase_confirm", args=[world.home.building.code]), {"stamp": stamp}, follow=True)


def troubled(world) -> None:
    """People with every kind of reason, in the building and in a unit that only sits there."""
    side, at = world.home, timezone.now()
    known = {"valid_from": SINCE, "recorded_at": at, "decree": "SK Uji"}
    Assignment.objects.filter(person=side.people["hr"]).update(level=Level.JPT_PRATAMA)
    DisciplineCase.objects.create(person=side.people["peer"], **known)
    Absence.objects.create(
        person=side.people["finance"], kind=Absence.Kind.DUTY, state="approved", valid_from=START, recorded_at=at,
        valid_to=date(2027, 3, 1),
    )  # fmt: skip
    PhaseException.objects.create(government=side.government, unit=side.other_unit, opens=False, **known)
    direct = Unit.objects.create(government=side.government, code="U3", name="Loket")
    UnitDecision.objects.create(unit=direct, building=side.building, service_kind="direct_service", **known)
    unmapped = Unit.objects.create(government=side.government, code="U4", name="Belum dipetakan")
    for number, (unit, building) in enumerate([(direct, None), (unmapped, side.building), (direct, None)]):
        person = Person.objects.create(government=side.government, name=f"Orang {number}")
        Assignment.objects.create(person=person, unit=unit, building=building, level=Level.PELAKSANA, **known)
    for on in (date(2027, 1, 7), date(2027, 1, 8)):
        HomeDay.objects.create(person=side.people["employee"], on=on, state="approved", recorded_at=at)


def effect(world, wanted: PhasePlan):
    side = world.home
    known, exceptions = known_phases(side.building), known_exceptions(side.government)
    after = hypothetical(side.building, wanted, known, timezone.now())
    return effect_of(side.building, known, after, exceptions, wanted.weekdays, wanted.valid_from, wanted.valid_to)


def decided(world, on: date) -> list:
    """What the rules say of everybody in the building that day, absences included."""
    from attendance.operations.plans import away_on

    side = world.home
    answers = eligibility_many(side.government, on, away=away_on(side.government, on))
    here = Assignment.objects.filter(person__government=side.government).filter(
        unit__decisions__building=side.building
    ) | Assignment.objects.filter(building=side.building)
    return [answers[pk] for pk in set(here.values_list("person_id", flat=True))]


@pytest.mark.parametrize(
    ("mode", "share"), [("all", 10_000), ("schedule", 5_000), ("schedule", 10), ("on_request", 10_000)]
)
def test_the_effect_is_what_the_rules_decide_after_opening(world, mode, share):
    troubled(world)
    opened(world, weekdays=(0,), decree="SE 0/2026")
    wanted = plan(weekdays=(THU, FRI), mode=mode, max_share_bp=share)
    before = RolloutPhase.objects.count()
    foreseen = effect(world, wanted)
    assert RolloutPhase.objects.count() == before
    assert [day.on for day in foreseen.days] == [date(2027, 1, 7), date(2027, 1, 8)], "1 January is a holiday"
    was = {day.on: decided(world, day.on) for day in foreseen.days}
    open_phase(world.home.building, wanted, world.home.users["administrator"], timezone.now())
    for place, day in enumerate(foreseen.days):
        will = decided(world, day.on)
        assert foreseen.people == len(will)
        assert day.home_before == sum(answer.expected_place == "home" for answer in was[day.on])
        assert day.home_after == sum(answer.expected_place == "home" for answer in will)
        assert day.office_after == sum(answer.expected_place == "office" for answer in will)
        reasons = {}
        for answer in will:
            if answer.reasons:
                reasons[answer.reasons[0].code] = reasons.get(answer.reasons[0].code, 0) + 1
        assert sorted(row.counts[place] for row in foreseen.reasons if row.counts[place]) == sorted(reasons.values())
        assert day.not_home == sum(reasons.values())
        assert sum(row.counts[place] for row in foreseen.units) == day.home_after
    assert foreseen.days[0].home_after > 0
    assert foreseen.days[0].away == 1


def test_closing_is_foreseen_too(world):
    opened(world)
    phase = RolloutPhase.objects.get()
    known = known_phases(world.home.building)
    after = without(phase, date(2027, 2, 1), known, timezone.now())
    foreseen = effect_of(world.home.building, known, after, [], (THU,), date(2027, 2, 1), None)
    assert foreseen.days[0].home_before > 0 == foreseen.days[0].home_after
    close_phase(phase, date(2027, 2, 1), "SE 2/2027", world.home.users["administrator"], timezone.now())
    assert not any(answer.allowed for answer in decided(world, foreseen.days[0].on))
    assert any(answer.allowed for answer in decided(world, date(2027, 1, 28)))


def test_home_days_and_locked_months_are_counted(world, settings):
    settings.ROSTER_LOCKED_MONTHS = "tests.test_phases.two_locked"
    foreseen = effect(world, plan(valid_from=date(2026, 12, 15)))
    assert foreseen.locked == (date(2026, 12, 1), date(2027, 1, 1))
    assert (foreseen.month, foreseen.home_days_before, foreseen.home_days_after) == (date(2027, 1, 1), 0, 4)
    assert effect(world, plan(valid_from=date(2027, 2, 1))).locked == ()


def two_locked(government):
    return [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]


def test_a_unit_left_empty_is_named(world):
    assert set(effect(world, plan()).days[0].empty_units) == {"Unit U1", "Unit U2"}


def test_overlap_is_refused_naming_both_and_replacing_keeps_what_is_outside(world):
    opened(world, decree="SE 1/2026")
    with pytest.raises(PhaseRefused) as refused:
        opened(world, weekdays=(THU, FRI), valid_from=date(2027, 3, 1), decree="SE 9/2027")
    assert "SE 1/2026" in str(refused.value)
    assert "SE 9/2027" in str(refused.value)
    assert RolloutPhase.objects.count() == 1
    opened(world, valid_from=date(2027, 3, 1), valid_to=date(2027, 4, 1), mode="schedule", max_share_bp=5000,
           decree="SE 9/2027", replace=True)  # fmt: skip
    standing = [(row.valid_from, row.valid_to, row.mode) for row in known_phases(world.home.building)]
    assert standing == [
        (START, date(2027, 3, 1), "all"),
        (date(2027, 3, 1), date(2027, 4, 1), "schedule"),
        (date(2027, 4, 1), None, "all"),
    ]
    assert RolloutPhase.objects.filter(superseded_at__isnull=False).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekdays": ()},
        {"weekdays": (7,)},
        {"valid_to": START},
        {"max_share_bp": 0},
        {"max_share_bp": 10_001},
        {"mode": "banyak"},
        {"mode": "all", "max_share_bp": 5_000},
        {"decree": "  "},
    ],
)
def test_an_invalid_phase_is_refused(world, wrong):
    with pytest.raises(PhaseRefused):
        opened(world, **wrong)
    assert not RolloutPhase.objects.exists()


def test_showing_the_effect_stores_nothing_and_confirming_twice_is_once(admin, world):
    shown = admin.get(page_of(world), asked())
    assert shown.status_code == 200
    assert "Akibat bila disimpan" in shown.content.decode()
    assert not RolloutPhase.objects.exists()
    first, second = (confirm(admin, world, shown.context["stamp"]).content.decode() for _ in range(2))
    assert "Tahap tersimpan" in first
    assert "Tahap tersimpan" in second
    assert RolloutPhase.objects.count() == 1
    trace = AuditEntry.objects.get(action="phase_opened")
    assert trace.detail["decree"] == "SE 1/2027"


def test_closing_twice_is_once_and_keeps_the_days_before(admin, world):
    opened(world)
    url = reverse("roster:phase_close", args=[world.home.building.code, RolloutPhase.objects.get().pk])
    shown = admin.get(url, {"lihat": "1", "on": "2027-06-01", "decree": "SE 5/2027"})
    for _ in range(2):
        assert "Tahap diakhiri" in confirm(admin, world, shown.context["stamp"]).content.decode()
    row = known_phases(world.home.building)
    assert [(phase.valid_from, phase.valid_to) for phase in row] == [(START, date(2027, 6, 1))]
    assert AuditEntry.objects.filter(action="phase_closed").count() == 1


@pytest.mark.parametrize("change", ["phase", "exception", "import"])
def test_a_page_whose_ground_has_changed_is_told(admin, world, change):
    stamp, side, at = admin.get(page_of(world), asked()).context["stamp"], world.home, timezone.now()
    if change == "phase":
        opened(world, weekdays=(FRI,))
    elif change == "exception":
        PhaseException.objects.create(government=side.government, opens=False, valid_from=START, recorded_at=at)
    else:
        ImportRun.objects.create(government=side.government, kind="roster", as_at_on=START, confirmed_at=at)
    before = RolloutPhase.objects.count()
    assert "berubah sejak akibatnya dihitung" in confirm(admin, world, stamp).content.decode()
    assert RolloutPhase.objects.count() == before


def test_a_page_left_open_too_long_and_a_forged_one_are_told(admin, world, monkeypatch):
    stamp = admin.get(page_of(world), asked()).context["stamp"]
    assert "bukan dari halaman akibat" in confirm(admin, world, stamp[:-2] + "xx").content.decode()
    assert "bukan dari halaman akibat" in confirm(admin, world, "").content.decode()
    later = SimpleNamespace(time=lambda: timezone.now().timestamp() + 31 * 60)
    monkeypatch.setattr("django.core.signing.time", later)
    assert "lebih dari 30 menit" in confirm(admin, world, stamp).content.decode()
    assert not RolloutPhase.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekdays": []},
        {"weekdays": ["9"]},
        {"share": "banyak"},
        {"share": "120"},
        {"mode": "x"},
        {"valid_from": "kemarin"},
        {"valid_from": "9999-12-31"},
        {"valid_to": "2026-12-01"},
        {"decree": ""},
        {"decree": "x" * 300},
    ],
)
def test_bad_input_is_told_on_the_page(admin, world, wrong):
    answer = admin.get(page_of(world), asked(**wrong))
    assert answer.status_code == 422
    assert "Ada yang perlu diperbaiki" in answer.content.decode()
    assert "stamp" not in answer.context


def test_overlap_on_the_page_names_both(admin, world):
    opened(world, decree="SE 1/2026")
    told = admin.get(page_of(world), asked(decree="SE 9/2027", valid_from="2027-05-01")).content.decode()
    assert "bertabrakan" in told
    assert "SE 1/2026" in told
    assert "SE 9/2027" in told


@pytest.mark.parametrize("who", ["hr", "auditor"])
def test_readers_see_and_do_not_change(world, who):
    client = sign_in(Client(), world.home.users[who])
    assert "Jadwalkan tahap" not in client.get(page_of(world)).content.decode()
    assert "stamp" not in client.get(page_of(world), asked()).context
    assert confirm(client, world, "x").status_code == 403


def test_nothing_of_another_government_is_there(world):
    opened(world)
    abroad = sign_in(Client(), world.abroad.users["administrator"])
    assert abroad.get(page_of(world)).status_code == 404
    assert confirm(abroad, world, "x").status_code == 404
    assert world.home.building.code not in abroad.get(reverse("roster:phases")).content.decode()
    assert abroad.get(reverse("roster:phase_history")).context["page"].paginator.count == 0


def test_one_stamp_is_of_one_person_and_one_building(admin, world):
    stamp = admin.get(page_of(world), asked()).context["stamp"]
    other = world.home.users["hr2"]
    other.grants.update(role="administrator")
    assert "bukan dari halaman akibat" in confirm(sign_in(Client(), other), world, stamp).content.decode()


def test_grid_shows_stages_by_month_and_direct_service_apart(world):
    opened(world, weekdays=(THU, FRI), decree="SE 2/2027", valid_from=date(2026, 12, 10))
    grid = grid_of(world.home.government, date(2026, 11, 24))
    assert [(month.short, month.where) for month in grid.months][-4:] == [
        ("Nov", "now"), ("Des", "plan"), ("Jan", "plan"), ("Feb", "plan"),
    ]  # fmt: skip
    row = grid.rows[0]
    assert row.people == 12
    assert [cell.number for cell in row.cells] == [0] * 11 + [1] * 3
    assert grid.legend[0].words == "Kamis + Jumat, semua"
    UnitDecision.objects.update(service_kind="direct_service")
    assert grid_of(world.home.government, date(2025, 6, 1)).rows[0].cells[0].excluded
    assert stage_words(((0, 5000, "schedule"),)) == "Senin, menurut jadwal, paling banyak 50 %"


def test_pages_take_few_statements_whatever_the_number_of_people(admin, world, django_assert_max_num_queries):
    troubled(world)
    opened(world)
    addresses = [
        (reverse("roster:phases"), {}),
        (reverse("roster:phase_history"), {}),
        (page_of(world), {}),
        (page_of(world), asked(weekdays=["0", "1", "2", "3", "4"], replace="on")),
    ]
    many = [Person(government=world.home.government, name=f"Orang {n}") for n in range(300)]
    Person.objects.bulk_create(many)
    Assignment.objects.bulk_create(
        Assignment(person=person, unit=world.home.unit, level="pelaksana", valid_from=SINCE, recorded_at=timezone.now())
        for person in many
    )
    for url, data in addresses:
        admin.get(url, data)
        with django_assert_max_num_queries(15):
            assert admin.get(url, data).status_code == 200


def test_the_people_behind_a_reason_are_named(admin, world, django_assert_max_num_queries):
    troubled(world)
    RolloutPhase.objects.create(
        building=world.home.building, weekday=THU, max_share_bp=10_000, mode="all", valid_from=SINCE,
        recorded_at=timezone.now(),
    )  # fmt: skip
    shown = admin.get(page_of(world))
    row = next(row for row in shown.context["shown"].reasons if row.code == "direct_service")
    url = reverse("roster:building_people", args=[world.home.building.code, THU, "direct_service"])
    assert url in shown.content.decode()
    with django_assert_max_num_queries(15):
        named = admin.get(url).context["rows"]
    assert {line["person"].name for line in named} == {"Orang 0", "Orang 2"}
    assert row.cells == [(THU, 2)]
    for wrong in ((9, "direct_service"), (THU, "banyak")):
        assert admin.get(reverse("roster:building_people", args=[world.home.building.code, *wrong])).status_code == 404


def test_short_phase_without_a_working_day_says_so(admin, world):
    shown = admin.get(page_of(world), asked(weekdays=[str(FRI)], valid_from="2027-01-01", valid_to="2027-01-03"))
    assert "Tidak ada hari Jumat" in shown.content.decode()
    assert shown.context["effect"].changed == 0


def test_a_phase_that_starts_in_the_past_says_so(admin, world):
    yesterday = timezone.localdate() - timedelta(days=1)
    assert "Berlaku surut" in admin.get(page_of(world), asked(valid_from=yesterday.isoformat())).content.decode()
