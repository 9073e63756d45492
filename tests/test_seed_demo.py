"""The demonstration province: loaded once, decided by the rules, opened by seven accounts with one password."""

import io
import stat
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from attendance.models import DayRecord
from roster.models import Government, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded(settings, tmp_path, monkeypatch):
    settings.PORTAL_DATA = tmp_path
    monkeypatch.setattr("demo.management.commands.seed_demo.HISTORY_DAYS", 9)
    out = io.StringIO()
    call_command("seed_demo", "--people", "60", "--seed", "7", stdout=out)
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


def test_a_second_load_changes_nothing(seeded):
    out = io.StringIO()
    call_command("seed_demo", stdout=out)
    assert "sudah dimuat" in out.getvalue()
    assert Person.objects.count() == 60
