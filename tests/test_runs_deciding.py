"""Check, approve, lock, pay: by those who may, two people at least, and twice is once."""

import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from allowances.models import Run
from allowances.operations import approve_run, check_run, draft_chunk, draft_run, lock_run, mark_paid, return_run
from core.errors import PortalError
from core.models import AuditEntry
from roster.models import Grant
from tests.runs import AT, MONTH, add_document, close_month, make_government, make_person, make_unit, officer, score

pytestmark = pytest.mark.django_db
PAID_ON = date(2026, 12, 2)


@pytest.fixture
def government(db):
    return make_government()


@pytest.fixture
def person(government):
    person = make_person(make_unit(government))
    score(person, "Baik")
    close_month(person)
    return person


@pytest.fixture
def run(government, person):
    return draft_run(government, MONTH, AT)


@pytest.fixture
def checker(government):
    return officer(government, "pemeriksa")


@pytest.fixture
def approver(government):
    return officer(government, "penyetuju")


def state(run):
    return Run.objects.get(pk=run.pk).state


def test_the_way_from_draft_to_paid(government, run, checker, approver):
    finance = officer(government, "bendahara", "finance")
    check_run(run, checker, AT)
    approve_run(run, approver, AT)
    lock_run(run, checker, AT)
    paid = mark_paid(run, finance, AT, " SP2D-77 ", PAID_ON)
    assert (paid.state, paid.treasury_order, paid.paid_on) == ("paid", "SP2D-77", PAID_ON)
    actions = AuditEntry.objects.filter(action__startswith="run.").order_by("pk").values_list("action", "actor")
    assert list(actions) == [
        ("run.drafted", "draft_run"), ("run.checked", "pemeriksa"), ("run.approved", "penyetuju"),
        ("run.locked", "pemeriksa"), ("run.paid", "bendahara"),
    ]  # fmt: skip


def test_the_checker_may_not_approve(run, checker):
    check_run(run, checker, AT)
    with pytest.raises(PortalError, match="orang lain"):
        approve_run(run, checker, AT)
    assert state(run) == "checked"


def test_the_database_refuses_one_person_too(run, checker):
    with pytest.raises(IntegrityError, match="run_two_people"), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(state="approved", checked_by=checker, approved_by=checker)
    with pytest.raises(IntegrityError, match="run_approved_has_approver"), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(state="approved", checked_by=checker)


@pytest.mark.parametrize("role", ["unit_hr", "finance", "administrator", "leadership", "auditor", None])
def test_only_hr_checks(government, run, role):
    user = officer(government, "lain", role) if role else User.objects.create_user("lain")
    for act in (check_run, approve_run, lock_run):
        with pytest.raises(PortalError, match="kepegawaian"):
            act(run, user, AT)
    with pytest.raises(PortalError, match="kepegawaian"):
        return_run(run, user, AT, "sebab")


def test_a_right_for_a_unit_or_another_government_or_another_time_is_none(government, run, person):
    unit = person.assignments.get().unit
    narrow = officer(government, "satu unit", unit=unit)
    foreign = officer(make_government("lain"), "asing")
    former = officer(government, "dulu", valid_to=date(2026, 11, 30))
    for user in (narrow, foreign, former):
        with pytest.raises(PortalError):
            check_run(run, user, AT)


def test_pressing_twice_is_pressing_once(government, run, checker, approver):
    finance = officer(government, "bendahara", "finance")
    for act, user in ((check_run, checker), (approve_run, approver), (lock_run, approver)):
        act(run, user, AT)
        before = Run.objects.values().get(pk=run.pk)
        act(run, user, AT + timedelta(minutes=5))
        assert Run.objects.values().get(pk=run.pk) == before
    for _ in range(2):
        mark_paid(run, finance, AT, "SP2D-1", PAID_ON)
    assert AuditEntry.objects.filter(action="run.paid").count() == 1
    with pytest.raises(PortalError):
        mark_paid(run, finance, AT, "SP2D-2", PAID_ON)


def test_steps_cannot_be_skipped(run, checker, approver):
    for act in (approve_run, lock_run):
        with pytest.raises(PortalError, match="berstatus"):
            act(run, approver, AT)
    check_run(run, checker, AT)
    with pytest.raises(PortalError, match="berstatus"):
        lock_run(run, approver, AT)
    with pytest.raises(PortalError, match="berstatus"):
        check_run(run, approver, AT)


def test_set_aside_people_need_a_confirmation(government, person, checker, approver):
    close_month(make_person(person.assignments.get().unit, "Belum dinilai"))
    run = draft_run(government, MONTH, AT)
    check_run(run, checker, AT)
    with pytest.raises(PortalError, match="1 pegawai disisihkan"):
        approve_run(run, approver, AT)
    assert approve_run(run, approver, AT, despite_set_aside=True).state == "approved"


def test_a_returned_run_is_a_draft_again(run, checker, approver):
    check_run(run, checker, AT)
    approve_run(run, approver, AT)
    with pytest.raises(PortalError, match="Alasan"):
        return_run(run, checker, AT, "  ")
    back = return_run(run, checker, AT, "Kelas keliru")
    assert (back.state, back.checked_by, back.approved_by) == ("draft", None, None)
    assert AuditEntry.objects.get(action="run.returned").detail["reason"] == "Kelas keliru"
    check_run(run, approver, AT)
    lock_run(approve_run(run, checker, AT), checker, AT)
    with pytest.raises(PortalError, match="rapel"):
        return_run(run, checker, AT, "terlambat")


def test_a_checked_run_is_not_drafted_again(government, run, person, checker):
    check_run(run, checker, AT)
    before = run.inputs.values().get()
    score(person, "Kurang", at=AT)
    with pytest.raises(PortalError, match="sudah diperiksa"):
        draft_run(government, MONTH, AT)
    assert draft_chunk(government, MONTH, [person.pk], AT) == (0, [])
    assert run.inputs.values().get() == before


def test_only_finance_pays_and_only_with_an_order(government, run, checker, approver):
    finance = officer(government, "bendahara", "finance")
    check_run(run, checker, AT)
    approve_run(run, approver, AT)
    with pytest.raises(PortalError, match="berstatus"):
        mark_paid(run, finance, AT, "SP2D-1", PAID_ON)
    lock_run(run, checker, AT)
    with pytest.raises(PortalError, match="keuangan"):
        mark_paid(run, checker, AT, "SP2D-1", PAID_ON)
    with pytest.raises(PortalError, match="Nomor SP2D"):
        mark_paid(run, finance, AT, " ", PAID_ON)
    with pytest.raises(PortalError, match="belum tiba"):
        mark_paid(run, finance, AT, "SP2D-1", PAID_ON + timedelta(days=3))


ASSUMED = """
id: sungguhan-tpp
topic: allowance
jurisdiction: sungguhan
title: Tambahan penghasilan (naskah belum terlihat)
decree: not located
issued_on: 2025-01-01
valid_from: 2025-01-01
status: {status}
parameters:
  base: {{by: class, classes: {{8: 6000000}}}}
  components:
    whole: {{weight: 100 %, achievement: {{fact: rating, labels: {{Baik: 100 %}}}}}}
"""


def real_government(status):
    government = make_government("sungguhan", demonstration=False)
    add_document(ASSUMED.format(status=status))
    person = make_person(make_unit(government))
    score(person, "Baik")
    close_month(person)
    return government


@pytest.mark.parametrize("status, locks", [("assumed", False), ("expected", True), ("in_force", True)])
def test_an_assumed_document_is_shown_and_never_locked(status, locks):
    government = real_government(status)
    run = draft_run(government, MONTH, AT)
    assert run.total_rupiah == 6_000_000
    one, two = officer(government, "satu"), officer(government, "dua")
    check_run(run, one, AT)
    approve_run(run, two, AT)
    if locks:
        assert lock_run(run, one, AT).state == "locked"
        return
    with pytest.raises(PortalError, match="assumed"):
        lock_run(run, one, AT)
    assert state(run) == "approved"


@pytest.mark.django_db(transaction=True)
def test_presses_at_the_same_moment_are_one(transactional_db):
    government = make_government()
    person = make_person(make_unit(government))
    score(person, "Baik")
    close_month(person)
    run = draft_run(government, MONTH, AT)
    users = [officer(government, f"hr{number}") for number in range(3)]
    together(lambda number: check_run(run, users[0], AT), 4)
    assert AuditEntry.objects.filter(action="run.checked").count() == 1
    results = together(lambda number: approve_run(run, users[number % 3], AT), 6)
    assert AuditEntry.objects.filter(action="run.approved").count() == 1
    approved = Run.objects.get(pk=run.pk)
    assert approved.approved_by in users[1:]
    assert {str(error) for error in results if isinstance(error, Exception)} != set()
    together(lambda number: lock_run(run, users[1], AT), 4)
    assert AuditEntry.objects.filter(action="run.locked").count() == 1


@pytest.mark.django_db(transaction=True)
def test_drafts_at_the_same_moment_leave_one_set_of_rows(transactional_db):
    government = make_government()
    unit = make_unit(government)
    for number in range(12):
        person = make_person(unit, f"Pegawai {number}")
        score(person, "Baik")
        close_month(person)
    ids = list(unit.assignment_set.values_list("person_id", flat=True))
    works = [
        lambda: draft_run(government, MONTH, AT),
        lambda: draft_chunk(government, MONTH, ids[:6], AT),
        lambda: draft_chunk(government, MONTH, ids[6:], AT),
    ]
    results = together(lambda number: works[number % 3](), 6)
    assert [result for result in results if isinstance(result, Exception)] == []
    run = Run.objects.get()
    assert run.inputs.count() == run.people_count == 12
    assert run.total_rupiah == sum(run.lines.values_list("amount_rupiah", flat=True))


def together(act, count):
    """`act(number)` in `count` threads at once; what each returned or raised."""
    results, barrier = [None] * count, threading.Barrier(count)

    def go(number):
        barrier.wait()
        try:
            results[number] = act(number)
        except Exception as error:  # noqa: BLE001 - a refusal is a result here
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_a_grant_that_ended_counts_no_more(government, run, checker):
    Grant.objects.filter(user=checker).update(valid_to=date(2026, 12, 1))
    with pytest.raises(PortalError):
        check_run(run, checker, AT)
