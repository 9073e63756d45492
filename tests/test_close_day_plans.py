"""Planning a day for everybody at once: people who are alike get one answer, and a plan that stands is left alone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attendance.models import DayPlan
from attendance.operations import plan_day
from roster.calendar import CalendarDay
from roster.eligibility import DayFacts, answers_of, situation_of
from roster.models import Assignment, Government, Person, PersonStatus, Unit, UnitDecision
from roster.rules import decide

ON = date(2026, 11, 19)  # a Thursday
AT = datetime(2026, 11, 18, 11, tzinfo=UTC)
PEOPLE = range(1, 9)
maybe = st.booleans()


def some_of(values):
    """Of every person something or nothing."""
    return st.dictionaries(st.sampled_from(PEOPLE), values)


@st.composite
def units(draw):
    row = {"building_id": st.sampled_from([None, 1, 2]), "parent_id": st.sampled_from([None, 1, 2])}
    row |= {"service_kind": st.sampled_from(["administrative", "direct_service"])}
    row |= {"calendar": st.sampled_from(["five_day", "six_day", "shift"]), "decree": st.sampled_from(["", "SK 1"])}
    return draw(st.dictionaries(st.integers(1, 3), st.fixed_dictionaries(row)))


statuses = st.fixed_dictionaries(
    {
        "valid_from": st.sampled_from([ON, ON - timedelta(9), ON + timedelta(1)]),
        "valid_to": st.sampled_from([None, ON, ON + timedelta(2)]),
        "is_active": maybe,
        "standing": st.sampled_from(["", "Tugas belajar"]),
        "decree": st.sampled_from(["", "SK 2", "SK 3"]),
    }
)
posts = st.fixed_dictionaries(
    {
        "unit_id": st.integers(1, 3),
        "building_id": st.sampled_from([None, 1, 2]),
        "level": st.sampled_from(["pelaksana", "pengawas"]),
    }
)
phases = st.fixed_dictionaries(
    {
        "building__name": st.just("Gedung"),
        "weekday": st.sampled_from([3, 3, 4]),
        "mode": st.sampled_from(["all", "on_request", "assigned"]),
        "max_share_bp": st.sampled_from([5_000, 10_000]),
        "decree": st.sampled_from(["", "SE 1"]),
    }
)


@st.composite
def exceptions(draw, number):
    scope = draw(st.sampled_from([(None, None), (1, None), (2, None), (None, 1), (None, 2)]))
    return {
        "pk": number, "building_id": scope[0], "unit_id": scope[1], "opens": draw(maybe), "valid_from": ON,
        "decree": f"Nota {number}",
    }  # fmt: skip


@st.composite
def days(draw):
    """The facts of a day about eight people, as the database could have them."""
    holiday = draw(st.sampled_from([None, None, None, "Tahun Baru"]))
    working = draw(st.sampled_from([frozenset({"five_day", "six_day"}), frozenset({"six_day"})]))
    return DayFacts(
        on=ON,
        day=CalendarDay(ON, holiday, "SKB", False, working),
        away=draw(some_of(st.sampled_from(["on_leave", "on_duty"]))),
        person_ids=list(PEOPLE),
        posts=draw(some_of(posts)),
        statuses=draw(some_of(st.lists(statuses, max_size=2))),
        units=draw(units()),
        phases=draw(st.dictionaries(st.sampled_from([1, 2]), st.lists(phases, max_size=2))),
        exceptions=[draw(exceptions(number)) for number in range(draw(st.integers(0, 2)))],
        cases=draw(some_of(st.sampled_from(["", "SP 1", "SP 2"]))),
        at_home=set(draw(st.lists(st.sampled_from(PEOPLE)))),
        unit_people={1: 3, 2: 2},
        unit_at_home={1: 1},
        excluded_levels=draw(st.sampled_from([frozenset(), frozenset({"pengawas"})])),
        discipline_excludes=draw(maybe),
    )


@settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck), max_examples=150)
@given(days())
def test_people_who_are_alike_get_the_answer_that_each_would_get(facts):
    one_by_one = {person_id: decide(situation_of(facts, person_id)) for person_id in facts.person_ids}
    assert answers_of(facts) == one_by_one


@pytest.fixture
def people(db):
    government, _ = Government.objects.update_or_create(code="contoh", defaults={"name": "Contoh"})
    known = {"valid_from": "2025-01-01", "recorded_at": AT}
    made = []
    for code, calendar in (("u1", "five_day"), ("u2", "shift")):
        unit = Unit.objects.create(government=government, code=code, name=code)
        UnitDecision.objects.create(unit=unit, calendar=calendar, service_kind="administrative", **known)
        for name in ("Wulan", "Rudi"):
            person = Person.objects.create(government=government, name=name)
            PersonStatus.objects.create(person=person, **known)
            Assignment.objects.create(person=person, unit=unit, level="pelaksana", **known)
            made.append(person)
    return made


def plans():
    return {
        plan.person_id: (plan.place, plan.reasons, plan.planned_at) for plan in DayPlan.objects.filter(work_date=ON)
    }


def test_a_plan_is_renewed_where_it_changed_and_only_there(people):
    first, other = people[0].pk, people[2].pk
    government, later = people[0].government, AT + timedelta(hours=6)
    assert plan_day(government, ON, AT) == 4
    before = plans()
    assert [before[person.pk][0] for person in people] == ["office", "office", "unclear", "unclear"]
    assert [reason["code"] for reason in before[first][1]] == ["no_building"]
    PersonStatus.objects.filter(person_id=first).update(is_active=False, standing="Tugas belajar")
    assert plan_day(government, ON, later, [first, other]) == 2
    after = plans()
    assert after[first][::2] == ("off", later)
    assert after[first][1][0]["message"] == "Kedudukan hukum: Tugas belajar."
    assert {pk: plan for pk, plan in after.items() if pk != first} == {
        pk: plan for pk, plan in before.items() if pk != first
    }
