"""A month is scored at once: known from unknown, twice is once, imported scores stay, superiors answer for judging."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from performance.models import Behaviour, Indicator, MonthScore
from performance.operations import score_month
from roster.models import Assignment, Government, Level, Person, PersonStatus, Unit, UnitDecision

pytestmark = pytest.mark.django_db
MONTH = date(2026, 9, 1)
DURING, AFTER = datetime(2026, 9, 20, tzinfo=UTC), datetime(2026, 10, 3, tzinfo=UTC)
KNOWN = {"valid_from": date(2025, 1, 1), "recorded_at": datetime(2025, 1, 1, tzinfo=UTC)}


@pytest.fixture
def government() -> Government:
    return Government.objects.get_or_create(code="contoh", defaults={"name": "Provinsi Contoh"})[0]


@pytest.fixture
def unit(government: Government) -> Unit:
    unit = Unit.objects.create(government=government, code="U1", name="Biro")
    UnitDecision.objects.create(unit=unit, service_kind="administrative", **KNOWN)
    return unit


def add(unit: Unit, name: str = "Dimas") -> Person:
    person = Person.objects.create(government=unit.government, name=name)
    Assignment.objects.create(person=person, unit=unit, level=Level.PELAKSANA, **KNOWN)
    return person


def indicate(person: Person, *pairs: tuple[int, int | None]) -> None:
    """Indicators of equal weight with a target of 100 each: (weight in percent, realised)."""
    for number, (weight, realised) in enumerate(pairs):
        Indicator.objects.create(
            person=person,
            month=MONTH,
            name=f"I{number}",
            weight_bp=weight * 100,
            target=Decimal(100),
            realised=realised,
        )


def judge(person: Person, behaviour: str = "as", result: str = "") -> None:
    Behaviour.objects.create(person=person, month=MONTH, behaviour=behaviour, result=result, rated_at=AFTER)


@pytest.mark.parametrize(
    ("realised", "result", "predicate"),
    [(69, "below", "Butuh Perbaikan"), (70, "as", "Baik"), (100, "as", "Baik"), (101, "above", "Baik")],
)
def test_the_indicators_decide_the_result_on_both_sides_of_each_limit(unit, realised, result, predicate) -> None:
    person = add(unit)
    indicate(person, (100, realised))
    judge(person)
    score_month(unit.government, MONTH, AFTER)
    score = MonthScore.objects.get(person=person)
    assert (score.result, score.behaviour, score.predicate) == (result, "as", predicate)
    assert score.score_bp == min(realised, 100) * 100


def test_unknown_stays_unknown_and_a_typed_0_counts(unit) -> None:
    waiting, unjudged, zero, nothing = (add(unit, name) for name in ("Menunggu", "Belum", "Nol", "Kosong"))
    indicate(waiting, (60, 100), (40, None))
    judge(waiting)
    indicate(unjudged, (100, 90))
    indicate(zero, (100, 0))
    judge(zero)
    score_month(unit.government, MONTH, AFTER)
    scores = {score.person_id: score for score in MonthScore.objects.all()}
    assert (scores[waiting.pk].score_bp, scores[waiting.pk].predicate) == (None, "")
    assert (scores[unjudged.pk].score_bp, scores[unjudged.pk].result, scores[unjudged.pk].predicate) == (9000, "as", "")
    assert (scores[zero.pk].score_bp, scores[zero.pk].predicate) == (0, "Butuh Perbaikan")
    assert (scores[nothing.pk].score_bp, scores[nothing.pk].predicate) == (None, "")


def test_twice_is_once_and_an_unchanged_score_keeps_its_time(unit) -> None:
    same, changed = add(unit, "Tetap"), add(unit, "Berubah")
    for person in (same, changed):
        indicate(person, (100, 90))
        judge(person)
    score_month(unit.government, MONTH, AFTER)
    Indicator.objects.filter(person=changed).update(realised=40)
    later = AFTER.replace(day=4)
    score_month(unit.government, MONTH, later)
    times = dict(MonthScore.objects.values_list("person_id", "computed_at"))
    assert times == {same.pk: AFTER, changed.pk: later}


def test_a_score_from_the_national_system_is_never_overwritten(unit) -> None:
    person = add(unit)
    MonthScore.objects.create(
        person=person, month=MONTH, predicate="Sangat Baik", source="ekinerja", computed_at=DURING
    )
    indicate(person, (100, 10))
    judge(person)
    score_month(unit.government, MONTH, AFTER)
    score = MonthScore.objects.get(person=person)
    assert (score.predicate, score.source, score.computed_at) == ("Sangat Baik", "ekinerja", DURING)


def test_a_superior_answers_for_those_not_judged_once_the_month_is_over(unit) -> None:
    head, judged, brought, waiting, gone = (add(unit, name) for name in ("Kepala", "A", "B", "C", "D"))
    UnitDecision.objects.filter(unit=unit).update(head=head)
    judge(judged)
    MonthScore.objects.create(person=brought, month=MONTH, predicate="Baik", source="ekinerja", computed_at=DURING)
    PersonStatus.objects.create(person=gone, standing="Pensiun", is_active=False, **KNOWN)
    below = Unit.objects.create(government=unit.government, code="U2", name="Bagian")
    child_head = add(below, "Kepala bagian")
    UnitDecision.objects.create(unit=below, parent=unit, head=child_head, service_kind="administrative", **KNOWN)
    score_month(unit.government, MONTH, DURING)
    assert MonthScore.objects.get(person=head).unrated_subordinates == 0
    score_month(unit.government, MONTH, AFTER)
    assert MonthScore.objects.get(person=head).unrated_subordinates == 2, "C and the head of the unit below"
    judge(waiting)
    score_month(unit.government, MONTH, AFTER, [head.pk])
    assert MonthScore.objects.get(person=head).unrated_subordinates == 1


def test_one_bad_person_is_set_aside_and_the_rest_goes_on(unit) -> None:
    bad, good = add(unit, "Rusak"), add(unit, "Baik")
    for person in (bad, good):
        indicate(person, (100, 90))
    Behaviour.objects.create(person=bad, month=MONTH, behaviour="hebat", rated_at=AFTER)
    judge(good)
    scored = score_month(unit.government, MONTH, AFTER)
    assert scored.written == 1
    assert [item["person"] for item in scored.set_aside] == [bad.pk]
    assert "hebat" in scored.set_aside[0]["reason"]


def test_nothing_is_scored_without_a_document_and_other_governments_are_left_alone(unit) -> None:
    other = Government.objects.get_or_create(code="jambi", defaults={"name": "Jambi"})[0]
    elsewhere = Unit.objects.create(government=other, code="U1", name="Biro")
    add(elsewhere)
    assert score_month(other, MONTH, AFTER).written == 0
    add(unit)
    assert score_month(unit.government, MONTH, AFTER).written == 1
    assert MonthScore.objects.count() == 1


def test_the_statements_do_not_grow_with_people(unit) -> None:
    add(unit)
    score_month(unit.government, MONTH, AFTER)
    with CaptureQueriesContext(connection) as few:
        score_month(unit.government, MONTH, AFTER)
    for number in range(30):
        indicate(add(unit, f"Orang {number}"), (100, 80))
    with CaptureQueriesContext(connection) as many:
        score_month(unit.government, MONTH, AFTER)
    assert len(many) == len(few)
