"""Drafting a month: frozen inputs, lines that add up, nobody paid 0 for what is not known."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from allowances.frozen import recompute_differences
from allowances.models import Line, Run, RunInput
from allowances.operations import draft_chunk, draft_run
from attendance.models import Absence
from core.errors import PortalError
from roster.models import Assignment
from tests.runs import (
    AT,
    EARLY,
    MONTH,
    close_month,
    locked,
    make_government,
    make_person,
    make_position,
    make_unit,
    score,
)  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def government(db):
    return make_government()


@pytest.fixture
def unit(government):
    return make_unit(government)


def test_a_month_becomes_a_row_and_lines(government, unit):
    person = make_person(unit, job_class=8)
    score(person, "Baik")
    close_month(person, {date(2026, 11, 12): {"minutes_late": 14}})
    run = draft_run(government, MONTH, AT)
    row = RunInput.objects.get(run=run)
    assert (row.gross_rupiah, row.cuts_rupiah) == (6_000_000, 12_000)
    assert row.net_rupiah == row.gross_rupiah - row.cuts_rupiah - row.insurance_employee_rupiah - row.tax_own_rupiah
    lines = {(line.kind, line.name): line.amount_rupiah for line in run.lines.all()}
    assert lines[("component", "productivity")] == 3_600_000
    assert lines[("component", "discipline")] == 2_388_000
    assert sum(lines.values()) == row.net_rupiah == run.total_rupiah
    assert (run.people_count, run.set_aside, run.state) == (1, [], "draft")
    assert set(run.policies) >= {"contoh-tpp", "contoh-tax", "contoh-attendance"}
    assert recompute_differences(run) == []


def rows_of(run):
    columns = [field.attname for field in RunInput._meta.fields if field.name not in ("id", "run")]
    inputs = list(run.inputs.order_by("person_id").values_list(*columns))
    lines = run.lines.order_by("person_id", "kind", "name", "mends_month")
    return inputs, list(lines.values_list("person_id", "kind", "name", "amount_rupiah", "criteria", "detail"))


def some_people(unit, count=8):
    people = [make_person(unit, f"Pegawai {number}", job_class=5 + number % 4) for number in range(count)]
    for number, person in enumerate(people):
        score(person, ("Baik", "Kurang", "Sangat Baik")[number % 3])
        close_month(person, {date(2026, 11, 2 + number % 5): {"minutes_late": 20 * number}})
    return people


def test_twice_gives_the_same_rows(government, unit):
    some_people(unit)
    first = rows_of(draft_run(government, MONTH, AT))
    assert rows_of(draft_run(government, MONTH, AT)) == first
    assert Run.objects.count() == 1


def test_the_order_of_people_and_chunks_does_not_matter(government, unit):
    people = some_people(unit)
    ids = [person.pk for person in people]
    whole = rows_of(draft_run(government, MONTH, AT))
    run = draft_run(government, MONTH, AT, person_ids=list(reversed(ids)))
    assert rows_of(run) == whole
    for piece in (ids[5:], ids[:2], ids[2:5]):
        done, aside = draft_chunk(government, MONTH, piece, AT)
        assert (done, aside) == (len(piece), [])
    run.refresh_from_db()
    assert rows_of(run) == whole
    assert (run.people_count, run.total_rupiah) == (8, sum(row[3] for row in whole[1]))


def test_progress_is_told(government, unit):
    some_people(unit, 3)
    said = []
    draft_run(government, MONTH, AT, progress=lambda done, total: said.append((done, total)))
    assert said == [(3, 3)]


def aside(run):
    return {item["person"]: (item["code"], item["reason"]) for item in run.set_aside}


def test_what_is_not_known_is_set_aside_and_never_paid_0(government, unit):
    good, unscored, classless, unclear, outside, other_label = (
        make_person(unit, name, job_class)
        for name, job_class in (
            ("Baik", 8), ("Belum dinilai", 8), ("Tanpa kelas", None), ("Sif", 8), ("Kelas 16", 16), ("Label", 8),
        )
    )  # fmt: skip
    for person in (good, classless, unclear, outside):
        score(person, "Baik")
    score(other_label, "Luar biasa")
    for person in (good, unscored, classless, outside, other_label):
        close_month(person)
    close_month(unclear, {date(2026, 11, 12): {"state": "unclear", "place": "unclear", "present_days": 0}})
    run = draft_run(government, MONTH, AT)
    assert list(run.inputs.values_list("person_id", flat=True)) == [good.pk]
    found = aside(run)
    codes = {person_id: code for person_id, (code, _) in found.items()}
    assert codes == {
        unscored.pk: "unscored", classless.pk: "no_class", unclear.pk: "unclear_day", outside.pk: "rules",
        other_label.pk: "rules",
    }  # fmt: skip
    assert "12 November" in found[unclear.pk][1]
    assert "Kelas 16 tidak ada dalam tabel" in found[outside.pk][1]
    assert run.total_rupiah == RunInput.objects.get(run=run).net_rupiah
    score(unscored, "Baik")
    done, left = draft_chunk(government, MONTH, [unscored.pk], AT)
    assert (done, left) == (1, [])
    run.refresh_from_db()
    assert unscored.pk not in aside(run) and classless.pk in aside(run)
    assert run.people_count == 2


def test_who_left_leaves_the_draft(government, unit):
    person = some_people(unit, 1)[0]
    run = draft_run(government, MONTH, AT)
    assert run.people_count == 1
    Assignment.objects.filter(person=person).update(valid_to=date(2026, 11, 1))
    run = draft_run(government, MONTH, AT)
    assert (run.people_count, run.total_rupiah, run.lines.count()) == (0, 0, 0)


def test_without_a_document_nothing_is_drafted(unit):
    bare = make_government("tanpa", demonstration=False)
    with pytest.raises(PortalError, match="Belum ada dokumen"):
        draft_run(bare, MONTH, AT)
    assert draft_chunk(bare, MONTH, [], AT) == (0, [])
    with pytest.raises(PortalError, match="tidak dikenal"):
        draft_run(unit.government, MONTH, AT, kind="bonus")


def test_the_frozen_input_is_the_given_of_the_format(government, unit):
    person = make_person(unit, tax_category="K/1")
    score(person, "Baik", score_bp=8_725)
    close_month(person, {date(2026, 11, 12): {"minutes_late": 14, "first_in": "07:44:10", "last_out": "16:02:00"}})
    given = draft_run(government, MONTH, AT).inputs.get().given
    day = next(day for day in given["days"] if day["date"] == "2026-11-12")
    assert day == {
        "date": "2026-11-12", "place": "office", "calendar": "five_day", "in": "07:44:10", "out": "16:02:00",
        "minutes_late": 14, "expected_days": 1, "present_days": 1,
    }  # fmt: skip
    assert len(given.pop("days")) == 21
    assert given == {
        "month": "2026-11", "class": 8, "rating": "Baik", "rating_score": "87.25", "level": "pelaksana",
        "employment": "pns", "status": "pns", "service": "administrative", "rank_group": "III", "tax_category": "K/1",
        "unrated_subordinates": 0, "working_days": 21, "calendar_days": 30,
    }  # fmt: skip


def test_a_class_that_changes_is_given_with_its_days(government, unit):
    person = make_person(unit, job_class=8)
    Assignment.objects.filter(person=person).update(valid_to=date(2026, 11, 16))
    Assignment.objects.create(
        person=person, unit=unit, position=make_position(government, 9), level="pengawas", recorded_at=EARLY,
        valid_from=date(2026, 11, 16),
    )  # fmt: skip
    score(person, "Baik")
    close_month(person)
    row = draft_run(government, MONTH, AT).inputs.get()
    assert row.given["classes"] == [{"class": 8, "days": 15}, {"class": 9, "days": 15}]
    assert (row.gross_rupiah, row.job_class, row.given["level"]) == (6_000_000, 9, "pengawas")


def test_a_second_run_of_a_month_pays_only_those_left_out(government, unit):
    paid, late = make_person(unit, "Dibayar"), make_person(unit, "Menyusul")
    for person in (paid, late):
        close_month(person)
    score(paid, "Baik")
    draft_run(government, MONTH, AT)
    with pytest.raises(PortalError, match="bernomor lebih kecil"):
        draft_run(government, MONTH, AT, number=2)
    locked(government)
    score(late, "Baik", at=AT)
    second = draft_run(government, MONTH, AT, number=2)
    assert list(second.inputs.values_list("person_id", flat=True)) == [late.pk]
    assert Run.objects.count() == 2


def test_a_thirteenth_run_stands_beside_the_regular_one(government, unit):
    some_people(unit, 2)
    regular = draft_run(government, MONTH, AT)
    thirteenth = draft_run(government, MONTH, AT, kind="thirteenth")
    assert regular.pk != thirteenth.pk
    assert {row.given["run"] for row in thirteenth.inputs.all()} == {"thirteenth"}
    assert all("run" not in row.given for row in regular.inputs.all())


def test_a_stored_amount_that_was_changed_is_an_alarm(government, unit):
    person = some_people(unit, 1)[0]
    run = draft_run(government, MONTH, AT)
    assert recompute_differences(run) == []
    Line.objects.filter(run=run, name="discipline").update(amount_rupiah=1)
    RunInput.objects.filter(run=run).update(gross_rupiah=F("gross_rupiah") + 5, cuts_rupiah=F("cuts_rupiah") + 5)
    found = recompute_differences(run)
    assert {(item.person_id, item.what) for item in found} == {
        (person.pk, "gross"), (person.pk, "cuts"), (person.pk, "component:discipline"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "name, amounts",
    [
        ("runinput_adds_up_to_net", {"net_rupiah": 1}),
        ("runinput_net_not_negative", {"net_rupiah": -1, "carried_over_rupiah": -1}),
    ],
)
def test_a_row_that_does_not_add_up_is_refused(government, unit, name, amounts):
    person = make_person(unit)
    run = draft_run(government, MONTH, AT)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        RunInput.objects.create(
            run=run, person=person, name="X", given={}, **{"gross_rupiah": 0, "cuts_rupiah": 0} | amounts
        )


def test_the_same_line_twice_is_refused(government, unit):
    some_people(unit, 1)
    line = draft_run(government, MONTH, AT).lines.first()
    with pytest.raises(IntegrityError, match="line_once"), transaction.atomic():
        Line.objects.create(
            run=line.run, person=line.person, kind=line.kind, name=line.name, amount_rupiah=Decimal(1), detail={}
        )
    with pytest.raises(IntegrityError, match="runinput_once"), transaction.atomic():
        RunInput.objects.create(
            run=line.run, person=line.person, name="X", given={}, gross_rupiah=0, cuts_rupiah=0, net_rupiah=0
        )
    with pytest.raises(IntegrityError, match="run_once"), transaction.atomic():
        Run.objects.create(government=government, month=MONTH, drafted_at=AT)


def test_leave_knows_the_month_and_day_it_has_reached(government, unit):
    person = make_person(unit)
    score(person, "Baik")
    close_month(person)
    spans = (("sakit", "2026-10-20", "2026-11-11"), ("melahirkan", "2026-11-20", "2027-02-20"))
    other = (("dinas_luar", "2026-11-15", "2026-11-17"), ("tahunan", "2026-10-01", "2026-10-05"))
    for kind, since, until in spans + other:
        Absence.objects.create(person=person, kind=kind, valid_from=since, valid_to=until, recorded_at=EARLY)
    Absence.objects.create(
        person=person,
        kind="tahunan",
        valid_from="2026-11-12",
        valid_to="2026-11-13",
        recorded_at=EARLY,
        state="rejected",
    )
    assert draft_run(government, MONTH, AT).inputs.get().given["leaves"] == [
        {"kind": "sakit", "month": 1, "day": 22, "days": 10},
        {"kind": "melahirkan", "month": 1, "day": 11, "days": 11},
    ]
