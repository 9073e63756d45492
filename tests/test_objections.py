"""An objection to a line of one's own slip: numbered, due by working days, decided by somebody else."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from allowances.checks import Examined, objections_without_effect
from allowances.models import Adjustment, Objection
from allowances.operations import decide_objection, draft_run, file_objection
from allowances.operations.objections import due_on
from core.errors import PortalError
from core.models import AuditEntry
from roster.models import Grant, Holiday
from tests.runs import (
    AT,
    MONTH,
    SINCE,
    change_day,
    close_month,
    locked,
    make_government,
    make_person,
    make_unit,
    officer,
    score,
)  # fmt: skip

pytestmark = pytest.mark.django_db
DECEMBER = date(2026, 12, 1)
LATE_DAY = date(2026, 11, 12)
LATER = datetime(2027, 1, 2, 3, tzinfo=UTC)


@pytest.fixture
def government(db):
    return make_government()


@pytest.fixture
def unit(government):
    return make_unit(government)


def employee(unit, name):
    person = make_person(unit, name, user=User.objects.create_user(name))
    score(person, "Baik")
    close_month(person, {LATE_DAY: {"minutes_late": 14}})
    return person


@pytest.fixture
def person(unit):
    return employee(unit, "wulan")


@pytest.fixture
def run(government, person):
    return locked(government)


def test_filed_on_the_own_slip_with_number_and_due_date(government, person, run):
    objection = file_objection(run, person.user, "discipline", "Mesin absen rusak", AT)
    assert (objection.number, objection.state, objection.person) == ("K-2026-1", "open", person)
    # ten working days after 2 December 2026, holidays left out
    assert objection.due_on == date(2026, 12, 16)
    again = file_objection(run.inputs.get(), person.user, "TL1", "Hari itu dinas", AT)
    assert again.number == "K-2026-2"
    filed = AuditEntry.objects.filter(action="objection.filed").order_by("pk")
    assert list(filed.values_list("subject", flat=True)) == [
        "K-2026-1", "K-2026-2",
    ]  # fmt: skip


def test_holidays_move_the_due_date(government):
    assert due_on(government, date(2026, 12, 2), 1) == date(2026, 12, 3)
    Holiday.objects.create(government=government, on=date(2026, 12, 3), name="Libur daerah", decree="Kep. 1/2026")
    assert due_on(government, date(2026, 12, 2), 1) == date(2026, 12, 4)
    assert due_on(government, date(2026, 12, 4), 1) == date(2026, 12, 7)


def test_only_the_own_slip_an_existing_line_and_a_reason(government, unit, person):
    other = employee(unit, "rudi")
    run = locked(government)
    stranger = User.objects.create_user("orang")
    with pytest.raises(PortalError, match="sendiri"):
        file_objection(run, stranger, "discipline", "x", AT)
    with pytest.raises(PortalError, match="sendiri"):
        file_objection(run.inputs.get(person=other), person.user, "discipline", "x", AT)
    with pytest.raises(PortalError, match="tidak ada pada slip"):
        file_objection(run, person.user, "bonus", "x", AT)
    with pytest.raises(PortalError, match="Alasan"):
        file_objection(run, person.user, "discipline", "  ", AT)
    file_objection(run, person.user, "discipline", "x", AT)
    with pytest.raises(PortalError, match="sudah menunggu"):
        file_objection(run, person.user, "discipline", "x lagi", AT)
    assert Objection.objects.count() == 1


def test_a_draft_cannot_be_objected_to(government, person):
    run = draft_run(government, MONTH, AT)
    with pytest.raises(PortalError, match="masih draf"):
        file_objection(run, person.user, "discipline", "x", AT)


def test_nobody_decides_on_themselves_and_strangers_do_not_either(government, unit, person, run):
    objection = file_objection(run, person.user, "discipline", "x", AT)
    Grant.objects.create(government=government, user=person.user, role="hr", valid_from=SINCE)
    with pytest.raises(PortalError, match="sendiri"):
        decide_objection(objection, person.user, True, "benar", AT)
    for user in (
        User.objects.create_user("orang"), officer(government, "keuangan", "finance"),
        officer(make_government("lain"), "asing"),
        officer(government, "unit lain", "unit_hr", unit=make_unit(government, "Lain")),
    ):  # fmt: skip
        with pytest.raises(PortalError, match="hak"):
            decide_objection(objection, user, True, "benar", AT)
    objection.refresh_from_db()
    assert objection.state == "open"


def test_a_decision_needs_words_and_stands(government, person, run):
    hr = officer(government, "hr")
    objection = file_objection(run, person.user, "discipline", "x", AT)
    with pytest.raises(PortalError, match="Alasan"):
        decide_objection(objection, hr, False, " ", AT)
    decided = decide_objection(objection, hr, False, "Rekaman mesin jelas", AT)
    assert (decided.state, decided.decided_by) == ("rejected", hr)
    assert decide_objection(objection, hr, False, "Rekaman mesin jelas", AT + timedelta(hours=1)).decided_at == AT
    with pytest.raises(PortalError, match="sudah diputus"):
        decide_objection(objection, hr, True, "lain", AT)
    assert not Adjustment.objects.exists()


def test_an_accepted_one_is_paid_when_its_facts_are_mended(government, person, run):
    objection = file_objection(run, person.user, "discipline", "Mesin rusak", AT)
    decide_objection(objection, officer(government, "hr"), True, "Terbukti", AT)
    adjustment = Adjustment.objects.get()
    assert (adjustment.source, adjustment.month) == (f"objection:{objection.pk}", MONTH)
    score(person, "Baik", DECEMBER)
    close_month(person, month=DECEMBER, at=LATER)
    december = draft_run(government, DECEMBER, LATER)
    assert not december.lines.filter(kind="rapel").exists()
    change_day(person, LATE_DAY, AT + timedelta(days=3), minutes_late=0)
    line = draft_run(government, DECEMBER, LATER).lines.get(kind="rapel")
    assert (line.amount_rupiah, line.mends_month) == (12_000, MONTH)
    assert "Keberatan K-2026-1" in line.reason
    locked(government, DECEMBER, LATER)
    assert not Adjustment.objects.filter(settled_by_run=None).exists()


def test_an_accepted_one_without_effect_stays_open(government, person, run):
    objection = file_objection(run, person.user, "discipline", "Mesin rusak", AT)
    decide_objection(objection, officer(government, "hr"), True, "Terbukti", AT)
    score(person, "Baik", DECEMBER)
    close_month(person, month=DECEMBER, at=LATER)
    december = locked(government, DECEMBER, LATER)
    assert Adjustment.objects.get().settled_by_run is None
    found = objections_without_effect(Examined(december, LATER))
    assert [(item.person_id, item.holds) for item in found] == [(person.pk, False)]
    assert found[0].message == "Keberatan K-2026-1 atas November 2026 diterima, tetapi datanya belum diperbaiki."


def test_the_number_is_once_in_a_government(government, person, run):
    objection = file_objection(run, person.user, "discipline", "x", AT)
    with pytest.raises(IntegrityError, match="objection_number_unique"), transaction.atomic():
        Objection.objects.create(
            government=government, number=objection.number, run=run, person=person, line_name="net", reason="x",
            filed_at=AT, due_on=MONTH,
        )  # fmt: skip
    Adjustment.objects.create(person=person, month=MONTH, source="objection:1", reason="x", recorded_at=AT)
    with pytest.raises(IntegrityError, match="adjustment_once"), transaction.atomic():
        Adjustment.objects.create(person=person, month=MONTH, source="objection:1", reason="y", recorded_at=AT)
