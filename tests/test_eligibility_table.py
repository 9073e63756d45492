"""The table of eligibility, each row on both sides, through the command that auditors call."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from attendance.models import Absence
from roster.models import (
    Assignment,
    Building,
    DisciplineCase,
    Government,
    Holiday,
    HomeDay,
    Number,
    Person,
    PersonStatus,
    PhaseException,
    RolloutPhase,
    Unit,
    UnitDecision,
)

pytestmark = pytest.mark.django_db
AT = datetime(2025, 12, 1, tzinfo=UTC)
LATER = AT + timedelta(days=10)
THURSDAY, FRIDAY, SATURDAY, CHRISTMAS = date(2026, 1, 8), date(2026, 1, 9), date(2026, 1, 10), date(2025, 12, 25)
SINCE = {"valid_from": date(2025, 1, 1), "recorded_at": AT}
NIP = "199001012015011001"


class World:
    """One person in a mapped unit whose building works from home on Thursdays."""

    def __init__(self) -> None:
        self.government = Government.objects.get_or_create(code="contoh", defaults={"name": "Provinsi Contoh"})[0]
        self.building = Building.objects.create(government=self.government, code="GDS", name="Gedung Sate")
        self.above = Unit.objects.create(government=self.government, code="U0", name="Sekretariat")
        self.unit = Unit.objects.create(government=self.government, code="U1", name="Bagian Umum")
        self.above_decision = self.decided(self.above, building=None)
        self.decision = self.decided(self.unit, parent=self.above)
        self.person = self.joins("Sari", NIP)
        self.phase = self.opens()

    def decided(self, unit: Unit, **changes: object) -> UnitDecision:
        values = {"building": self.building, "service_kind": "administrative", "calendar": "five_day", **changes}
        return UnitDecision.objects.create(unit=unit, decree="SK 1", **values, **SINCE)

    def joins(self, name: str, number: str, level: str = "pelaksana") -> Person:
        person = Person.objects.create(government=self.government, name=name)
        Number.objects.create(government=self.government, person=person, number=number)
        PersonStatus.objects.create(person=person, standing="Aktif", **SINCE)
        Assignment.objects.create(person=person, unit=self.unit, level=level, **SINCE)
        return person

    def opens(self, weekday: int = 3, mode: str = "all", share: int = 10_000, **changes: object) -> RolloutPhase:
        values = {"building": self.building, "weekday": weekday, "mode": mode, "max_share_bp": share, "decree": "SE 1"}
        return RolloutPhase.objects.create(**{**values, **SINCE, **changes})

    def change(self, row: object, **changes: object) -> None:
        for name, value in changes.items():
            setattr(row, name, value)
        row.save()

    def leaves(self, kind: str, **changes: object) -> Absence:
        days = {"valid_from": THURSDAY, "valid_to": FRIDAY, "recorded_at": AT}
        return Absence.objects.create(person=self.person, kind=kind, **{**days, **changes})

    def excepts(self, opens: bool, start: date = THURSDAY, **scope: object) -> PhaseException:
        return PhaseException.objects.create(
            government=self.government, opens=opens, valid_from=start, recorded_at=AT, decree="SE 9", **scope
        )

    def home_day(self, person: Person, state: str = "approved") -> HomeDay:
        return HomeDay.objects.create(person=person, on=THURSDAY, state=state, recorded_at=AT)


@pytest.fixture
def world() -> World:
    return World()


def ask(on: date = THURSDAY, *more: str) -> dict:
    out = StringIO()
    words = ("--number", NIP, "--date", str(on), "--government", "contoh", "--format", "json")
    call_command("eligibility", *words, *more, stdout=out)
    return json.loads(out.getvalue())


def answer(on: date = THURSDAY, *more: str) -> tuple[str, set[str]]:
    found = ask(on, *more)
    assert found["allowed"] is (found["expected_place"] == "home") is (not found["reasons"])
    return found["expected_place"], {reason["code"] for reason in found["reasons"]}


HOME = ("home", set())


def test_nothing_against_it_is_home_and_the_object_is_the_contract(world: World) -> None:
    assert ask() == {
        "person": world.person.pk, "date": "2026-01-08", "allowed": True, "expected_place": "home", "reasons": [],
    }  # fmt: skip


def test_not_active_stands_alone_even_on_a_holiday(world: World) -> None:
    status = PersonStatus.objects.get()
    world.change(status, is_active=False, standing="Cuti di luar tanggungan negara")
    world.leaves("tahunan")
    assert answer() == answer(CHRISTMAS) == ("off", {"not_active"})
    world.change(status, valid_to=THURSDAY)
    PersonStatus.objects.create(person=world.person, standing="Aktif", valid_from=FRIDAY, recorded_at=AT)
    world.change(status, valid_to=FRIDAY)
    world.opens(weekday=4)
    assert answer(THURSDAY) == ("off", {"not_active"})
    assert answer(FRIDAY) == HOME


def test_a_holiday_stands_alone_also_on_a_day_off(world: World) -> None:
    world.leaves("tahunan", valid_from=date(2025, 12, 20), valid_to=date(2025, 12, 30))
    assert answer(CHRISTMAS) == ("off", {"holiday"})
    Holiday.objects.create(government=world.government, on=SATURDAY, name="Hari jadi", decree="Kepgub 3")
    assert answer(SATURDAY) == ("off", {"holiday"})
    assert ask(SATURDAY)["reasons"][0]["source"] == "Kepgub 3"


def test_another_governments_holiday_is_none_here(world: World) -> None:
    other = Government.objects.create(code="lain", name="Lain")
    Holiday.objects.create(government=other, on=THURSDAY, name="Hari jadi", decree="-")
    assert answer() == HOME


@pytest.mark.parametrize(
    ("calendar", "on", "expected"),
    [
        ("five_day", SATURDAY, ("off", {"day_off"})),
        ("six_day", SATURDAY, ("office", {"weekday_not_in_phase"})),
        ("six_day", SATURDAY + timedelta(days=1), ("off", {"day_off"})),
        ("shift", SATURDAY + timedelta(days=1), ("office", {"weekday_not_in_phase"})),
    ],
)
def test_a_day_off_is_the_units_own(world: World, calendar: str, on: date, expected) -> None:
    world.change(world.decision, calendar=calendar)
    assert answer(on) == expected


@pytest.mark.parametrize(
    ("kind", "code"),
    [("tahunan", "on_leave"), ("sakit", "on_leave"), ("dinas_luar", "on_duty"), ("diklat", "on_duty")],
)
def test_away_stands_alone_and_ends_with_its_last_day(world: World, kind: str, code: str) -> None:
    world.change(world.decision, service_kind="direct_service")
    absence = world.leaves(kind)
    assert answer() == ("off", {code})
    assert answer(FRIDAY)[0] == "office"
    world.change(absence, state="requested")
    assert answer() == ("office", {"direct_service"})


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("jpt_madya", ("office", {"position_level_excluded"})),
        ("jpt_pratama", ("office", {"position_level_excluded"})),
        ("administrator", HOME),
        ("pengawas", HOME),
        ("fungsional", HOME),
    ],
)
def test_levels(world: World, level: str, expected) -> None:
    world.change(Assignment.objects.get(), level=level)
    assert answer() == expected


def test_the_head_of_a_unit_is_judged_like_anybody(world: World) -> None:
    world.change(world.decision, head=world.person)
    assert answer() == HOME


def test_all_personal_reasons_come_together_with_the_buildings(world: World) -> None:
    world.change(Assignment.objects.get(), level="jpt_pratama")
    world.change(world.decision, service_kind="direct_service")
    DisciplineCase.objects.create(person=world.person, valid_from=THURSDAY, recorded_at=AT)
    world.excepts(False)
    personal = {"position_level_excluded", "direct_service", "discipline_case", "exception_office"}
    assert answer() == ("office", personal)
    assert answer(FRIDAY) == ("office", personal | {"weekday_not_in_phase"})


def test_a_discipline_case_holds_on_its_days_only(world: World) -> None:
    case = DisciplineCase.objects.create(
        person=world.person, valid_from=THURSDAY - timedelta(days=7), valid_to=THURSDAY, recorded_at=AT
    )
    assert answer() == HOME
    world.change(case, valid_to=FRIDAY)
    assert answer() == ("office", {"discipline_case"})


def test_an_unmapped_unit_says_nothing_of_building_and_phase(world: World) -> None:
    world.phase.delete()
    world.change(Assignment.objects.get(), level="jpt_madya")
    world.decision.delete()
    assert answer() == ("office", {"position_level_excluded", "unit_not_mapped"})


def test_no_building_says_nothing_of_the_phase(world: World) -> None:
    world.change(world.decision, building=None)
    assert answer() == ("office", {"no_building"})
    world.change(Assignment.objects.get(), building=world.building)
    assert answer() == HOME


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"valid_from": FRIDAY}, ("office", {"no_open_phase"})),
        ({"valid_to": THURSDAY}, ("office", {"no_open_phase"})),
        ({"valid_from": THURSDAY}, HOME),
        ({"valid_to": FRIDAY}, HOME),
        ({"superseded_at": LATER}, ("office", {"no_open_phase"})),
        ({"weekday": 4}, ("office", {"weekday_not_in_phase"})),
    ],
)
def test_phases_on_both_sides_of_their_days(world: World, changes: dict, expected) -> None:
    world.change(world.phase, **changes)
    assert answer() == expected


def test_the_source_names_the_phases_decree(world: World) -> None:
    assert "SE 1" in ask(FRIDAY)["reasons"][0]["source"]


def test_schedule_waits_for_the_assignment_then_is_home(world: World) -> None:
    world.change(world.phase, mode="schedule")
    assert answer() == ("office", {"not_scheduled"})
    world.home_day(world.person)
    assert answer() == HOME


@pytest.mark.parametrize(
    ("share", "assigned", "code"),
    [(5_000, 1, "not_scheduled"), (5_000, 2, "share_full"), (4_999, 1, "share_full"), (0, 0, "share_full")],
)
def test_the_share_of_four_people(world: World, share: int, assigned: int, code: str) -> None:
    world.change(world.phase, mode="schedule", max_share_bp=share)
    others = [world.joins(f"Rekan {n}", f"19900101201501101{n}") for n in range(3)]
    for person in others[:assigned]:
        world.home_day(person)
    assert answer() == ("office", {code})


@pytest.mark.parametrize(("state", "home"), [("requested", False), ("rejected", False), ("approved", True)])
def test_on_request_waits_for_the_approval(world: World, state: str, home: bool) -> None:
    world.change(world.phase, mode="on_request")
    assert answer() == ("office", {"request_not_approved"})
    world.home_day(world.person, state)
    assert answer() == (HOME if home else ("office", {"request_not_approved"}))


def test_an_exception_reaches_its_scope_only(world: World) -> None:
    other = Building.objects.create(government=world.government, code="BKD", name="BKD")
    world.excepts(False, building=other)
    assert answer() == HOME
    world.excepts(False, building=world.building)
    assert answer() == ("office", {"exception_office"})


def test_the_narrower_scope_wins_then_the_later_decree(world: World) -> None:
    world.excepts(False)
    assert answer() == ("office", {"exception_office"})
    world.excepts(True, building=world.building, start=date(2025, 6, 1))
    assert answer() == HOME
    world.excepts(False, unit=world.above, start=date(2025, 5, 1))
    assert answer() == ("office", {"exception_office"})
    world.excepts(True, unit=world.unit, start=date(2025, 4, 1))
    assert answer() == HOME
    world.excepts(False, unit=world.unit, start=date(2025, 4, 2))
    assert answer() == ("office", {"exception_office"})


def test_an_exception_that_opens_the_day_needs_no_phase_but_excuses_nobody(world: World) -> None:
    world.phase.delete()
    world.excepts(True)
    assert answer() == HOME
    world.change(Assignment.objects.get(), level="jpt_madya")
    assert answer() == ("office", {"position_level_excluded"})


def test_as_of_answers_with_what_was_known_then(world: World) -> None:
    world.change(world.phase, superseded_at=LATER)
    world.opens(weekday=4, recorded_at=LATER)
    world.leaves("tahunan", recorded_at=LATER + timedelta(days=1))
    before, then = LATER - timedelta(microseconds=1), LATER
    assert answer(THURSDAY, "--as-of", before.isoformat()) == HOME
    assert answer(THURSDAY, "--as-of", then.isoformat()) == ("office", {"weekday_not_in_phase"})
    assert answer(THURSDAY) == ("off", {"on_leave"})


def test_an_instant_without_zone_is_the_offices_clock(world: World) -> None:
    world.change(world.phase, superseded_at=LATER)
    assert answer(THURSDAY, "--as-of", "2025-12-11T06:59") == HOME
    assert answer(THURSDAY, "--as-of", "2025-12-11T07:00") == ("office", {"no_open_phase"})


@pytest.mark.parametrize(
    "words",
    [
        ("--number", "1", "--date", "2026-01-08"),
        ("--number", NIP, "--date", "08-01-2026"),
        ("--number", NIP, "--date", "2026-01-08", "--as-of", "kemarin"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence_and_exit_1(world: World, words, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("eligibility", *words, "--government", "contoh")
    assert ended.value.code == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_another_governments_number_is_not_found(world: World) -> None:
    Government.objects.create(code="lain", name="Lain")
    with pytest.raises(SystemExit):
        call_command("eligibility", "--number", NIP, "--date", "2026-01-08", "--government", "lain")


def test_people_read_it_in_words(world: World) -> None:
    out = StringIO()
    call_command("eligibility", "--number", NIP, "--date", str(FRIDAY), "--government", "contoh", stdout=out)
    assert out.getvalue().startswith("Tidak boleh WFH; diharapkan di kantor.\n- ")
