"""The demonstration province: loaded once, decided by the rules, opened by seven accounts with one password."""

import io
import stat
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from allowances.models import EffectRow, Line, Objection, RegulationEffect, Run
from allowances.operations.effects import STAGE
from attendance.models import Absence, Correction, DayRecord, Outage, PunchEvidence, WorkReport
from core.models import Job
from performance.models import Behaviour, Indicator
from policy.models import RegulationDraft
from policy.operations.drafts import texts_of
from roster.models import Government, Person
from savings.models import Bill, Meter
from wfh_portal.regulations.judging import judgement_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded(settings, tmp_path):
    settings.PORTAL_DATA = tmp_path
    out = io.StringIO()
    call_command("seed_demo", "--people", "60", "--seed", "7", "--days", "70", "--processes", "1", stdout=out)
    return out.getvalue()


def test_days_are_decided_and_seven_accounts_open(seeded, tmp_path, client):
    government = Government.objects.get(code="contoh")
    assert Person.objects.filter(government=government).count() == 60
    yesterday = timezone.localdate() - timedelta(days=1)
    assert DayRecord.objects.filter(work_date=yesterday).count() == 60
    assert DayRecord.objects.filter(expected_days=1, present_days=1).exists()
    file = tmp_path / "accounts.txt"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    password = file.read_text().strip().splitlines()[-1].split(": ")[1]
    names = ["pegawai", "atasan", "kepegawaian-unit", "kepegawaian", "admin", "pimpinan", "pemeriksa"]
    assert all(User.objects.get(username=name).check_password(password) for name in names)
    for name in names:
        client.force_login(User.objects.get(username=name))
        assert client.get("/").status_code == 200, name
    bills_reach_back_24_months_before_the_first_phase_and_leave_no_gap()
    the_province_has_something_to_decide_and_a_month_to_score()
    something_of_every_kind_waits_for_the_head()


def bills_reach_back_24_months_before_the_first_phase_and_leave_no_gap():
    for meter in Meter.objects.all():
        periods = list(Bill.objects.filter(meter=meter).order_by("period_from").values_list("period_from", "period_to"))
        assert periods[0][0] == date(2023, 11, 1)
        assert periods[-1][1] == timezone.localdate().replace(day=1)
        assert all(one[1] == following[0] for one, following in zip(periods, periods[1:], strict=False))


def the_province_has_something_to_decide_and_a_month_to_score():
    assert Outage.objects.count() == 1
    assert PunchEvidence.objects.filter(expires_on__gt=timezone.localdate()).exists()
    assert DayRecord.objects.filter(minutes_late__gt=0).exists()
    months = set(Indicator.objects.values_list("month", flat=True))
    assert months
    running = timezone.localdate().replace(day=1)
    assert max(months) == running
    assert Indicator.objects.filter(month=running, realised=None).exists()
    scored = max(months - {running})
    assert Indicator.objects.count() == len(months) * 60 * 3
    assert 0 < Behaviour.objects.filter(month=scored).count() <= 60


def test_every_month_is_paid_but_the_last_which_waits_for_hr_and_a_second_load_changes_nothing(seeded):
    first, *later = Run.objects.order_by("month")
    assert (first.state, [run.state for run in later]) == ("paid", ["draft"])
    assert first.checked_by != first.approved_by
    assert first.total_rupiah == Line.objects.filter(run=first).aggregate(total=Sum("amount_rupiah"))["total"] > 0
    assert Line.objects.filter(run=later[-1], kind="rapel", mends_month=first.month).exists()
    assert Objection.objects.get().run == first
    a_draft_of_next_year_waits_with_cases_that_pass_and_its_effect()
    out = io.StringIO()
    call_command("seed_demo", stdout=out)
    assert "sudah dimuat" in out.getvalue()
    assert Person.objects.count() == 60


def something_of_every_kind_waits_for_the_head():
    assert Correction.objects.filter(state="requested").exists()
    assert Absence.objects.filter(state="requested").exists()
    assert WorkReport.objects.filter(verdict="").exists()
    assert WorkReport.objects.filter(verdict="accepted").exists()


def a_draft_of_next_year_waits_with_cases_that_pass_and_its_effect():
    draft = RegulationDraft.objects.get(jurisdiction="contoh")
    texts = texts_of(draft)
    judged = judgement_of(draft, texts)
    assert [finding for file in judged.reading.files for finding in file.refusals] == []
    assert judged.reasons == []
    effect = RegulationEffect.objects.get(draft=draft)
    rows = EffectRow.objects.filter(effect=effect)
    assert effect.run.state in ("locked", "paid")
    assert rows.count() == effect.run.people_count
    assert {row.after_rupiah == row.before_rupiah for row in rows} == {True, False}, "some change, some do not"
    assert not Job.objects.exclude(state=Job.State.DONE).filter(stage=STAGE).exists()
