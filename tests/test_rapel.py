"""Late facts of a locked month come back as rapel: new less paid, by the month's own document, once."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from allowances.frozen import recompute_differences
from allowances.models import Adjustment, Run, RunInput
from allowances.operations import draft_run
from attendance.models import Absence, Correction
from performance.models import MonthScore
from roster.models import Assignment, PositionClass, UnitDecision
from tests.runs import (
    AT,
    EARLY,
    MONTH,
    add_document,
    change_day,
    close_month,
    locked,
    make_government,
    make_person,
    make_position,
    make_unit,
    score,
)  # fmt: skip

pytestmark = pytest.mark.django_db
DECEMBER = date(2026, 12, 1)
LATE_DAY = date(2026, 11, 12)
LEARNED = AT + timedelta(days=5)
LATER = datetime(2027, 1, 2, 3, tzinfo=UTC)


@pytest.fixture
def government(db):
    return make_government()


@pytest.fixture
def person(government):
    person = make_person(make_unit(government))
    score(person, "Baik")
    close_month(person, {LATE_DAY: {"minutes_late": 14}})
    return person


def december(person, at=LATER):
    score(person, "Baik", DECEMBER)
    if not person.dayrecord_set.filter(work_date=DECEMBER).exists():
        close_month(person, month=DECEMBER, at=LATER - timedelta(days=1))
    return draft_run(person.government, DECEMBER, at)


def rapel(run):
    return list(run.lines.filter(kind="rapel").values_list("mends_month", "amount_rupiah", "reason"))


def approve_correction(person, learned=LEARNED):
    change_day(person, LATE_DAY, learned, minutes_late=0)
    return Correction.objects.create(
        person=person, work_date=LATE_DAY, verb="in", claimed_time="07:20", reason="Mesin rusak", state="approved",
        requested_at=EARLY, due_on=LATE_DAY, decided_at=learned,
    )  # fmt: skip


def test_a_correction_after_the_lock_is_paid_in_the_next_run(government, person):
    locked(government)
    correction = approve_correction(person)
    run = december(person)
    assert rapel(run) == [(MONTH, Decimal(12_000), "Koreksi absen 12 November 2026 disetujui")]
    row = run.inputs.get()
    assert row.rapel_rupiah == 12_000
    assert row.given["carried"] == 12_000
    assert row.gross_rupiah - row.cuts_rupiah == 6_000_000
    assert run.lines.get(kind="insurance").amount_rupiah == -60_120
    assert Adjustment.objects.get().source.startswith(f"correction:{correction.pk}:")
    detail = run.lines.get(kind="rapel").detail
    assert (detail["due"], detail["paid"], detail["earlier"]) == ("6000000", "5988000", "0")
    assert recompute_differences(run) == []


def test_drafting_again_changes_nothing(government, person):
    locked(government)
    approve_correction(person)
    first = december(person)
    lines = list(first.lines.order_by("kind", "name").values_list("kind", "name", "amount_rupiah", "detail"))
    second = december(person, LATER + timedelta(hours=1))
    assert list(second.lines.order_by("kind", "name").values_list("kind", "name", "amount_rupiah", "detail")) == lines
    assert Adjustment.objects.count() == 1


def test_rapel_is_paid_once_and_a_second_change_counts_from_there(government, person):
    locked(government)
    approve_correction(person)
    december(person)
    locked(government, DECEMBER, LATER)
    assert Adjustment.objects.get().settled_by_run.month == DECEMBER
    score(person, "Baik", date(2027, 1, 1))
    close_month(person, month=date(2027, 1, 1))
    january = draft_run(government, date(2027, 1, 1), LATER + timedelta(days=31))
    assert rapel(january) == []
    change_day(person, LATE_DAY, LATER + timedelta(days=40), minutes_late=45)
    january = draft_run(government, date(2027, 1, 1), LATER + timedelta(days=41))
    assert [(month, amount) for month, amount, _ in rapel(january)] == [(MONTH, Decimal(-24_000))]
    assert january.lines.get(kind="rapel").detail["earlier"] == "12000"


def test_a_late_class_is_rapel_of_every_locked_month(government, person):
    locked(government)
    new = make_position(government, 9)
    old = Assignment.objects.get(person=person)
    Assignment.objects.filter(pk=old.pk).update(superseded_at=LEARNED)
    Assignment.objects.create(
        person=person, unit=old.unit, position=new, level=old.level, valid_from=old.valid_from, recorded_at=LEARNED
    )
    run = december(person)
    month, amount, reason = rapel(run)[0]
    assert (month, reason) == (MONTH, "Kelas jabatan 8 menjadi 9")
    # class 9 with the same late day: 7.500.000 less 0,5 % of its discipline, less what was paid
    assert amount == 7_485_000 - 5_988_000
    assert run.inputs.get().gross_rupiah == 7_500_000


def test_a_late_rating_is_rapel(government, person):
    locked(government)
    score(person, "Kurang", at=LEARNED)
    assert [row[1:] for row in rapel(december(person))] == [(Decimal(-900_000), "Predikat Baik menjadi Kurang")]


def test_a_change_that_costs_nothing_makes_no_line_and_is_settled(government, person):
    locked(government)
    change_day(person, LATE_DAY, LEARNED, minutes_late=15)
    assert rapel(december(person)) == []
    locked(government, DECEMBER, LATER)
    assert Adjustment.objects.get().settled_by_run is not None


def test_the_same_facts_computed_again_are_no_late_facts(government, person):
    locked(government)
    change_day(person, LATE_DAY, LEARNED)
    MonthScore.objects.update(computed_at=LEARNED)
    december(person)
    assert not Adjustment.objects.exists()


def test_a_net_below_zero_is_carried_and_taken_back(government, person):
    locked(government)
    score(person, "Sangat Kurang", at=LEARNED)
    change = {date(2026, 11, day): {"absent_days": 1, "present_days": 0} for day in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13)}
    for on, facts in change.items():
        change_day(person, on, LEARNED, **facts)
    PersonGone = make_position(government, 1)
    Assignment.objects.filter(person=person).update(position=PersonGone)
    Assignment.objects.filter(person=person).update(recorded_at=LEARNED)
    run = december(person)
    row = run.inputs.get()
    assert row.rapel_rupiah < 0
    assert row.net_rupiah == 0 and row.carried_over_rupiah > 0
    assert sum(run.lines.values_list("amount_rupiah", flat=True)) == 0
    locked(government, DECEMBER, LATER)
    score(person, "Baik", date(2027, 1, 1))
    close_month(person, month=date(2027, 1, 1))
    january = draft_run(government, date(2027, 1, 1), LATER + timedelta(days=31))
    carried = january.lines.get(kind="carried", mends_month=DECEMBER)
    assert carried.amount_rupiah == -row.carried_over_rupiah
    assert RunInput.objects.get(run=january).rapel_rupiah == -row.carried_over_rupiah
    assert recompute_differences(january) == []


HEAD = """
id: {id}
topic: allowance
jurisdiction: contoh
title: Uji
decree: Uji 1/2026
issued_on: 2026-01-01
valid_from: {since}
status: in_force
attendance: contoh-attendance
parameters:
  base: {{by: class, classes: {{8: {amount}}}}}
  components:
    discipline: {{weight: 100 %}}
  charges:
    late: {{fact: minutes_late, bands: {{TL1: [1, null, {share}]}}}}
"""
LAGGED = """  supplements:
    meal: {each: month, fact: present_days, rate: 10000 rupiah, lag_months: 1, label: Uang makan}
"""


def test_rapel_follows_the_frozen_document_of_its_month(government, person):
    locked(government)
    approve_correction(person)
    add_document(HEAD.format(id="contoh-baru", since="2026-12-01", amount=9_000_000, share="50 %"))
    run = december(person)
    assert (run.policy_id, run.inputs.get().gross_rupiah) == ("contoh-baru", 9_000_000)
    assert rapel(run)[0][1] == 12_000
    assert recompute_differences(run) == []
    assert Run.objects.get(month=MONTH).policy_id == "contoh-tpp"


def test_a_supplement_with_a_lag_is_paid_once_when_its_time_has_come(government, person):
    add_document(HEAD.format(id="contoh-lag", since="2026-10-01", amount=6_000_000, share="1 %") + LAGGED)
    november = locked(government)
    assert not november.lines.filter(kind="supplement").exists()
    for _ in range(2):
        run = december(person)
        line = run.lines.get(kind="carried")
        assert (line.name, line.amount_rupiah, line.mends_month) == ("later.meal", 210_000, MONTH)
        assert line.reason == "Uang makan November 2026"
    assert run.inputs.get().rapel_rupiah == 210_000
    locked(government, DECEMBER, LATER)
    score(person, "Baik", date(2027, 1, 1))
    close_month(person, month=date(2027, 1, 1))
    january = draft_run(government, date(2027, 1, 1), LATER + timedelta(days=31))
    assert [line.mends_month for line in january.lines.filter(kind="carried")] == [DECEMBER]


def test_who_has_left_is_still_paid_what_is_due(government, person):
    locked(government)
    approve_correction(person)
    Assignment.objects.filter(person=person).update(valid_to=DECEMBER)
    run = draft_run(government, DECEMBER, LATER)
    row = run.inputs.get()
    assert (row.gross_rupiah, row.cuts_rupiah, row.rapel_rupiah) == (0, 0, 12_000)
    assert row.net_rupiah == 12_000 - row.insurance_employee_rupiah - row.tax_own_rupiah
    assert (row.insurance_employee_rupiah, row.unit_name, row.position_name) == (120, "Bagian Uji", "Analis kelas 8")
    assert recompute_differences(run) == []


def test_who_has_left_is_not_made_to_owe(government, person):
    locked(government)
    score(person, "Kurang", at=LEARNED)
    Assignment.objects.filter(person=person).update(valid_to=DECEMBER)
    run = draft_run(government, DECEMBER, LATER)
    assert (run.people_count, run.set_aside) == (0, [])
    assert Adjustment.objects.get().settled_by_run is None


def test_a_rapel_line_that_was_changed_is_an_alarm(government, person):
    locked(government)
    approve_correction(person)
    run = december(person)
    line = run.lines.get(kind="rapel")
    line.detail["given"]["days"] = [{"date": "2026-11-12", "absent_days": 1}]
    line.save()
    assert [item.what for item in recompute_differences(run)] == ["rapel:2026-11-01"]


def test_leave_and_service_that_are_learned_late_are_looked_at(government, person):
    locked(government)
    Absence.objects.create(
        person=person, kind="sakit", valid_from="2026-11-17", valid_to="2026-11-18", recorded_at=EARLY,
        decided_at=LEARNED,
    )  # fmt: skip
    december(person)
    assert Adjustment.objects.get().reason == "Cuti dicatat belakangan"
    UnitDecision.objects.update(service_kind="direct_service", recorded_at=LEARNED + timedelta(days=1))
    december(person)
    assert [item.reason for item in Adjustment.objects.order_by("pk")] == [
        "Cuti dicatat belakangan", "Cuti dicatat belakangan",
    ]  # fmt: skip


def test_other_people_of_a_changed_position_are_left_alone(government, person):
    locked(government)
    PositionClass.objects.update(recorded_at=LEARNED)
    december(person)
    assert not Adjustment.objects.exists()
