"""What is looked at before a run goes on, and what holds it up."""

import json
from datetime import date, timedelta

import pytest

from allowances import checks, tasks
from allowances.frozen import explain_input
from allowances.models import Line, Run, RunInput
from allowances.operations import check_run, draft_chunk, draft_run, return_run
from allowances.operations.requests import chain_of, request_draft, run_requested
from allowances.queries.hooks import has_draft, import_used, locked_months
from attendance.models import Correction, DayRecord
from core import jobs
from core.errors import PortalError
from core.models import Job
from performance import locks
from roster import hooks
from roster.models import ImportRun
from tests.runs import (
    AT,
    EARLY,
    MONTH,
    close_month,
    locked,
    make_government,
    make_person,
    make_unit,
    officer,
    score,
)  # fmt: skip
from wfh_portal.night_stages import BY_NAME, Night

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)


@pytest.fixture
def government(db):
    return make_government()


@pytest.fixture
def unit(government):
    return make_unit(government)


@pytest.fixture
def person(unit):
    person = make_person(unit, bank_name="Bank", bank_account="0099")
    score(person, "Baik")
    close_month(person)
    return person


@pytest.fixture
def run(government, person):
    return draft_run(government, MONTH, AT)


def codes(run, at=AT, holds=None):
    found = checks.findings_of(run, at)
    return [finding.code for finding in found if holds is None or finding.holds is holds]


def test_a_clean_run_only_says_that_it_is_a_demonstration(run):
    assert codes(run) == ["demonstration_document"]


def test_days_that_were_not_closed_hold(run, person, government):
    DayRecord.objects.filter(work_date__in=[date(2026, 11, 12), date(2026, 11, 14)]).delete()
    found = checks.days_not_closed(checks.Examined(run, AT))
    assert found[0].message.startswith("2 hari belum ditutup, mulai Kamis, 12 November 2026")
    with pytest.raises(PortalError, match="2 hari belum ditutup"):
        check_run(run, officer(government, "hr"), AT)


def test_a_month_that_is_not_over_holds(run):
    assert codes(run, AT - timedelta(days=3), holds=True) == ["days_not_closed"]


def test_days_before_go_live_are_not_asked_for(run, government):
    DayRecord.objects.filter(work_date__lt=date(2026, 11, 10)).delete()
    assert "days_not_closed" in codes(run)
    government.go_live_on = date(2026, 11, 10)
    government.save()
    assert "days_not_closed" not in codes(Run.objects.get(pk=run.pk))


def test_totals_that_differ_hold(run, government):
    Run.objects.filter(pk=run.pk).update(total_rupiah=1)
    found = checks.totals_differ(checks.Examined(Run.objects.get(pk=run.pk), AT))
    assert {finding.stage for finding in found} == {"check", "lock"}
    Run.objects.filter(pk=run.pk).update(total_rupiah=run.total_rupiah)
    Line.objects.filter(run=run, name="discipline").delete()
    run = Run.objects.get(pk=run.pk)
    assert {"total_differs", "recomputed_differs"} <= set(codes(run, holds=True))


def test_set_aside_people_are_named_with_their_reason(run, government, unit):
    other = make_person(unit, "Rudi")
    close_month(other)
    run = draft_run(government, MONTH, AT)
    found = checks.people_set_aside(checks.Examined(run, AT))
    assert [(item.code, item.person_id, item.holds, item.stage) for item in found] == [
        ("set_aside", None, True, "approve"), ("unscored", other.pk, False, "check"),
    ]  # fmt: skip


def correction(person, **more):
    return Correction.objects.create(
        person=person, work_date=date(2026, 11, 12), verb="in", claimed_time="07:20", reason="x", requested_at=EARLY,
        due_on=MONTH, **more,
    )  # fmt: skip


def test_open_corrections_are_shown_and_late_ones_ask_for_a_new_draft(run, person, government):
    asked = correction(person)
    assert [f.person_id for f in checks.open_corrections(checks.Examined(run, AT))] == [person.pk]
    assert codes(run, holds=True) == []
    asked.state, asked.decided_at = "approved", AT + timedelta(hours=1)
    asked.save()
    assert codes(run, holds=True) == ["stale_draft"]
    assert codes(draft_run(government, MONTH, AT + timedelta(hours=2)), holds=True) == []


def test_a_month_locked_meanwhile_asks_for_a_new_draft(run, person, government):
    score(person, "Baik", OCTOBER)
    government.go_live_on = OCTOBER
    government.save()
    close_month(person, month=OCTOBER)
    locked(government, OCTOBER, AT + timedelta(hours=1))
    assert "stale_draft" in codes(Run.objects.get(pk=run.pk), holds=True)
    other = make_person(person.assignments.get().unit, "Rudi")
    draft_chunk(government, MONTH, [other.pk], AT + timedelta(hours=2))
    assert "stale_draft" in codes(Run.objects.get(pk=run.pk), holds=True)
    assert "stale_draft" not in codes(draft_run(government, MONTH, AT + timedelta(hours=3)))


def test_documents_that_changed_ask_for_a_new_draft(run):
    Run.objects.filter(pk=run.pk).update(policies={**run.policies, "contoh-tax": "0" * 64})
    assert "missing_document" in codes(Run.objects.get(pk=run.pk), holds=True)
    fewer = {name: sha for name, sha in run.policies.items() if name != "contoh-attendance"}
    Run.objects.filter(pk=run.pk).update(policies=fewer)
    assert "stale_draft" in [
        finding.code for finding in checks.missing_document(checks.Examined(Run.objects.get(pk=run.pk), AT))
    ]


def test_nothing_large_changes_and_shared_accounts_are_shown(government, unit):
    people = [make_person(unit, name, bank_name="Bank", bank_account=account) for name, account in
              (("Satu", "001234"), ("Dua", "001234"), ("Tiga", "999"), ("Empat", ""))]  # fmt: skip
    government.go_live_on = OCTOBER
    government.save()
    for person in people:
        score(person, "Baik", OCTOBER)
        close_month(person, month=OCTOBER)
        score(person, "Baik")
    locked(government, OCTOBER, AT)
    for person in people[:3]:
        close_month(person)
    absent = {date(2026, 11, day): {"absent_days": 1, "present_days": 0} for day in range(2, 28)}
    close_month(people[3], {on: facts for on, facts in absent.items() if on.weekday() < 5})
    run = draft_run(government, MONTH, AT + timedelta(hours=1))
    large = checks.large_changes(checks.Examined(run, AT))
    assert [finding.person_id for finding in large] == [people[3].pk]
    assert "lebih dari 50 persen" in large[0].message
    shared = checks.shared_accounts(checks.Examined(run, AT))
    assert [finding.person_id for finding in shared] == [people[0].pk, people[1].pk]
    assert "001234" not in shared[0].message
    without = checks.missing_accounts(checks.Examined(run, AT))
    assert [finding.person_id for finding in without] == [None, people[3].pk]
    assert not any(finding.holds for finding in [*large, *shared, *without])


def test_nobody_paid_anything_is_shown(run):
    zero = dict.fromkeys(("gross", "cuts", "insurance_employee", "tax_own", "net"), 0)
    RunInput.objects.update(**{f"{name}_rupiah": value for name, value in zero.items()})
    assert [finding.code for finding in checks.net_zero(checks.Examined(run, AT))] == ["net_zero"]


def test_an_empty_run_holds(government):
    assert "empty" in codes(draft_run(government, MONTH, AT), holds=True)


def test_a_frozen_input_is_explained(run):
    row = run.inputs.get()
    assert explain_input(row).value == row.net_rupiah


def test_locked_months_and_used_imports_are_known_below(government, person, run):
    done = ImportRun.objects.create(
        government=government, kind="people", file_name="x", sha256="0" * 64, as_at_on=MONTH, confirmed_at=EARLY
    )
    assert (hooks.locked_months(government), hooks.is_used(done)) == (frozenset(), False)
    assert has_draft(government, MONTH)
    locked(government)
    assert (hooks.locked_months(government), hooks.is_used(done)) == (frozenset({MONTH}), True)
    assert locked_months(government) == [MONTH]
    assert locks.is_locked(government, MONTH) and not locks.is_locked(government, OCTOBER)
    assert not has_draft(government, MONTH)
    later = ImportRun.objects.create(
        government=government, kind="people", file_name="y", sha256="0" * 64, as_at_on=MONTH,
        confirmed_at=AT + timedelta(days=1),
    )  # fmt: skip
    assert not import_used(later)


def test_the_night_drafts_this_month_and_an_open_last_one(government, person, run):
    december = Night(government, date(2026, 12, 3), date(2026, 12, 1))
    assert BY_NAME["draft_run"].work(december, [person.pk], AT + timedelta(days=2)).done_count == 0
    assert list(Run.objects.order_by("month").values_list("month", "people_count")) == [
        (MONTH, 1), (date(2026, 12, 1), 0),
    ]  # fmt: skip
    assert run.inputs.get().read_at == AT + timedelta(days=2)
    locked(government, MONTH, AT + timedelta(days=3))
    before = RunInput.objects.values().get(run=run)
    BY_NAME["draft_run"].work(december, [person.pk], AT + timedelta(days=4))
    assert RunInput.objects.values().get(run=run) == before


def test_a_draft_that_is_asked_for_runs_once(government, person, django_capture_on_commit_callbacks):
    sent = []
    with django_capture_on_commit_callbacks(execute=True):
        first = request_draft(government, MONTH, "regular", 1, None, AT, sent.append)
        second = request_draft(government, MONTH, "regular", 1, None, AT, sent.append)
    assert sent == [first.pk] == [second.pk]
    run_requested(first.pk, lambda: AT)
    run_requested(first.pk, lambda: AT)
    progress = jobs.progress(government.code, chain_of(MONTH))[0]
    assert (progress.chunks_done, progress.people, progress.people_done) == (1, 1, 1)
    run = Run.objects.get()
    hr = officer(government, "hr")
    check_run(run, hr, AT)
    with pytest.raises(PortalError, match="sudah diperiksa"):
        request_draft(government, MONTH, "regular", 1, None, AT, sent.append)
    return_run(run, hr, AT, "ulang")
    assert request_draft(government, MONTH, "regular", 1, None, AT, sent.append).state == "waiting"


def test_a_draft_that_cannot_be_made_says_why(db):
    bare = make_government("tanpa")
    job = request_draft(bare, MONTH, "regular", 1, None, AT, lambda job_id: None)
    run_requested(job.pk, lambda: AT)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.FAILED, 1)
    assert "Belum ada dokumen tunjangan" in job.error
    assert tasks.draft_run.name == "allowances.draft_run"


@pytest.mark.django_db(transaction=True)
def test_the_command_drafts_and_says_what_it_found(transactional_db, run_command):
    government = make_government()
    person = make_person(make_unit(government))
    score(person, "Baik")
    close_month(person)
    found = run_command("draft_run", "--month", "2026-11", "--format", "json")
    assert found.returncode == 0, found.stderr
    said = json.loads(found.stdout)
    assert (said["people"], said["set_aside"]) == (1, 0)
    words = run_command("draft_run", "--month", "2026-11").stdout
    assert words.startswith("November 2026: 1 pegawai, Rp")
    missing = run_command("verify_run", "--month", "2026-10")
    assert missing.returncode == 1 and "belum ada" in missing.stderr
    assert "tidak ada selisih" in run_command("verify_run", "--month", "2026-11").stdout
    Line.objects.filter(name="discipline").update(amount_rupiah=7)
    alarm = run_command("verify_run", "--month", "2026-11", "--format", "json")
    assert alarm.returncode == 1
    assert [item["what"] for item in json.loads(alarm.stdout)["differences"]] == ["component:discipline"]
    wrong = run_command("draft_run", "--month", "November")
    assert wrong.returncode == 1 and "2026-11" in wrong.stderr
