"""Nights that are missed are caught up in order; one that did not finish is said once, by mail and on pages."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from attendance.models import DayRecord
from core import alerts, jobs
from core.models import Alert, Job
from core.tasks import JOBS_KEPT, forget_jobs
from roster.models import Government, Person, Role
from tests.runs import officer
from tests.signin import sign_in
from wfh_portal import night, night_states, night_watch
from wfh_portal.night_stages import STAGES
from wfh_portal.tasks import check, start_due

pytestmark = pytest.mark.django_db
# 07:00 in Jakarta, on a Thursday.
NOW = datetime(2026, 11, 19, 0, 0, tzinfo=UTC)
YESTERDAY = date(2026, 11, 18)


@pytest.fixture(autouse=True)
def mailbox(settings) -> None:
    settings.ALERT_EMAILS = ["siaga@example.go.id"]


@pytest.fixture
def government() -> Government:
    Government.objects.update(go_live_on=None)
    return Government.objects.create(code="uji", name="Provinsi Uji", go_live_on=date(2026, 11, 16))


def a_night(government: Government, on: date, **states: str) -> None:
    """Job rows of a night: every stage done but those named; stages after an open one are not planned yet."""
    for stage in STAGES:
        state = states.get(stage.name, "done")
        people = 100 if stage.by_people else 0
        Job.objects.create(
            government_code=government.code, chain=night_states.chain_name(on), stage=stage.name, state=state,
            total_count=people, done_count=people if state == "done" else 0, attempts=1,
            finished_at=NOW if state in ("done", "failed") else None, heartbeat_at=NOW,
        )  # fmt: skip
        if state in ("waiting", "running"):
            return


def due(now: datetime) -> list[tuple[str, date]]:
    return [(one.government.code, one.on) for one in night_states.due(now)]


def test_a_night_is_due_half_an_hour_after_midnight_in_its_zone(government: Government) -> None:
    government.go_live_on = YESTERDAY
    for zone, hour in (("Asia/Jakarta", 17), ("Asia/Makassar", 16), ("Asia/Jayapura", 15)):
        government.zone = zone
        government.save()
        midnight = datetime(2026, 11, 18, hour, tzinfo=UTC)
        assert due(midnight + timedelta(minutes=29)) == []
        assert due(midnight + timedelta(minutes=30)) == [("uji", YESTERDAY)]


def test_an_outage_of_the_timetable_loses_no_night_and_keeps_their_order(government: Government) -> None:
    first, second, third = (government.go_live_on + timedelta(days=day) for day in range(3))
    assert due(NOW) == [("uji", first)]
    a_night(government, first, close_day="running")
    assert due(NOW) == [], "one after the other: the second reads what the first wrote"
    Job.objects.all().delete()
    a_night(government, first)
    assert due(NOW) == [("uji", second)]
    a_night(government, second, close_day="failed")
    assert due(NOW) == [("uji", third)], "a night that ended with something set aside holds nobody up"
    a_night(government, third)
    assert due(NOW) == []


def test_a_day_that_was_closed_by_other_means_is_not_missed(government: Government) -> None:
    government.go_live_on = YESTERDAY
    government.save()
    person = Person.objects.create(government=government, name="Dimas")
    DayRecord.objects.create(person=person, work_date=YESTERDAY, expected_place="home", place="home", computed_at=NOW)
    assert due(NOW) == []


def test_governments_do_not_wait_for_each_other_and_old_days_are_left_alone(government: Government) -> None:
    other = Government.objects.create(code="lain", name="Kota Lain", go_live_on=date(2026, 1, 1))
    a_night(government, government.go_live_on, close_day="running")
    oldest = YESTERDAY - timedelta(days=night_states.CATCH_UP_DAYS - 1)
    assert due(NOW) == [(other.code, oldest)]


@pytest.mark.django_db(transaction=True)
def test_the_timetable_starts_missed_nights_one_after_the_other(government: Government, monkeypatch) -> None:
    queue: list[int] = []
    monkeypatch.setattr("wfh_portal.tasks.send", queue.append)
    government.go_live_on = timezone.localdate() - timedelta(days=3)
    government.save()
    started = []
    for _ in range(6):
        start_due()
        started += [job.chain for job in Job.objects.filter(pk__in=queue)]
        while queue:
            night.run_chunk(queue.pop(0), timezone.now, queue.append)
    assert len(started) in (2, 3)
    assert started == sorted(set(started))
    assert started[0] == night_states.chain_name(government.go_live_on)


def test_an_unfinished_night_is_said_once_and_not_before_it_is_late(government: Government, caplog) -> None:
    government.go_live_on = YESTERDAY
    government.save()
    a_night(government, YESTERDAY, close_day="running")
    half_past_five = datetime(2026, 11, 18, 22, 30, tzinfo=UTC)
    assert night_watch.check(half_past_five - timedelta(minutes=1)) == 0
    assert night_watch.check(half_past_five) == 1
    assert night_watch.check(half_past_five + timedelta(hours=1)) == 0
    [sent] = mail.outbox
    assert sent.to == ["siaga@example.go.id"]
    assert sent.subject == "Malam Rabu, 18 November 2026 belum selesai: Provinsi Uji"
    assert "“Menutup hari”" in sent.body and "0 pegawai selesai, 100 belum" in sent.body
    assert "manage.py night --date 2026-11-18 --wait" in sent.body
    assert [record.levelname for record in caplog.records if record.name == "core.alerts"] == ["CRITICAL"]


def test_a_night_that_never_began_is_unfinished(government: Government) -> None:
    assert night_watch.check(NOW) == 3
    [sent] = mail.outbox
    assert "Senin, 16 November 2026 belum dimulai" in sent.subject
    assert "(dan 2 lagi)" in sent.subject
    assert sent.body.count("belum dimulai") == 3


def test_a_night_that_ended_well_says_nothing(government: Government) -> None:
    for day in range(3):
        a_night(government, government.go_live_on + timedelta(days=day))
    assert night_watch.check(NOW) == 0
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_what_is_set_aside_is_said_when_the_night_ends(government: Government) -> None:
    """And not again by the timetable."""
    before = timezone.now()
    a_night(government, YESTERDAY, close_day="failed", draft_run="running")
    last = Job.objects.get(stage="draft_run")
    Job.objects.filter(pk=last.pk).update(
        heartbeat_at=before - 2 * jobs.STALE_AFTER,
        arguments={"on": "2026-11-18", "month": "2026-11-01", "people_a_chunk": 10, "person_ids": []},
    )
    night.run_chunk(last.pk, timezone.now, lambda job_id: None)
    [sent] = mail.outbox
    assert "ada yang disisihkan" in sent.subject
    assert "100 pegawai disisihkan pada tahap “Menutup hari”" in sent.body
    government.go_live_on = YESTERDAY
    government.save()
    assert night_watch.check(NOW) == 0
    assert len(mail.outbox) == 1


def test_a_mail_server_that_is_down_gets_the_alert_later(government: Government, monkeypatch) -> None:
    def down(*args, **more) -> None:
        raise ConnectionRefusedError

    government.go_live_on = YESTERDAY
    government.save()
    with monkeypatch.context() as patched:
        patched.setattr(alerts, "send_mail", down)
        assert night_watch.check(NOW) == 1
    assert Alert.objects.get().sent_at is None
    assert night_watch.check(NOW) == 0
    assert len(mail.outbox) == 1
    assert Alert.objects.get().sent_at == NOW


def test_without_addresses_the_log_is_all(government: Government, settings, caplog) -> None:
    settings.ALERT_EMAILS = []
    government.go_live_on = YESTERDAY
    government.save()
    check()
    assert mail.outbox == []
    assert "Malam" in caplog.text and "CRITICAL" in caplog.text


def test_rows_of_old_nights_are_forgotten_and_open_ones_are_not(government: Government) -> None:
    old = timezone.now() - JOBS_KEPT - timedelta(days=1)
    a_night(government, YESTERDAY, score_month="running")
    Job.objects.update(created_at=old)
    Job.objects.filter(state="done").update(finished_at=old)
    forget_jobs()
    assert list(Job.objects.values_list("stage", flat=True)) == ["score_month"]


def seen(role: str, government: Government, path: str = "/") -> str:
    user = officer(government, f"mata {role} {Job.objects.count()}", role)
    return sign_in(Client(), user).get(path).content.decode()


@pytest.fixture
def this_morning(government: Government, monkeypatch) -> Government:
    """Pages read the clock themselves: it is seven o'clock."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return government


def test_leadership_reads_which_night_how_far_and_what_it_means(this_morning: Government) -> None:
    a_night(this_morning, date(2026, 11, 16))
    a_night(this_morning, date(2026, 11, 17))
    a_night(this_morning, YESTERDAY, score_month="running")
    text = seen(Role.LEADERSHIP, this_morning)
    assert "Malam Rabu, 18 November 2026 belum selesai" in text
    assert "“Menilai bulan”" in text and "0 pegawai selesai, 100 belum" in text
    assert "masih menurut malam Selasa, 17 November 2026" in text
    assert "manage.py" not in text
    assert text.index("belum selesai") < text.index("Kehadiran hari ini")


def test_the_personnel_office_reads_the_remedy(this_morning: Government) -> None:
    a_night(this_morning, date(2026, 11, 16))
    a_night(this_morning, date(2026, 11, 17), close_day="failed")
    text = seen(Role.HR, this_morning)
    assert "Malam Rabu, 18 November 2026 belum dimulai" in text
    assert "ada yang disisihkan" in text
    assert "manage.py night --date 2026-11-18 --wait" in text
    assert "/malam/" in text


def test_good_nights_are_one_quiet_line(this_morning: Government) -> None:
    for day in range(3):
        a_night(this_morning, this_morning.go_live_on + timedelta(days=day))
    for role in (Role.LEADERSHIP, Role.HR):
        text = seen(role, this_morning)
        assert "Malam terakhir yang selesai: Rabu, 18 November 2026" in text
        assert "belum selesai" not in text


def test_the_page_of_nights_names_hosts_and_people(this_morning: Government) -> None:
    person = Person.objects.create(government=this_morning, name="Dimas Aryaputra")
    a_night(this_morning, YESTERDAY, close_day="failed")
    Job.objects.filter(stage="close_day").update(
        worker="celery@malam-dua", set_aside=[{"person": person.pk, "reason": "rusak"}]
    )
    client = sign_in(Client(), officer(this_morning, "hr malam"))
    with CaptureQueriesContext(connection) as queries:
        text = client.get("/malam/?malam=2026-11-18").content.decode()
    assert "Dimas Aryaputra" in text and "rusak" in text
    assert "celery@malam-dua" in text
    assert len(queries) <= 15
    assert "belum dimulai" in client.get("/malam/?malam=2026-11-16").content.decode()
    assert client.get("/malam/?malam=bukan-tanggal").status_code == 200


def test_names_of_people_set_aside_stay_within_their_government(this_morning: Government) -> None:
    other = Government.objects.create(code="lain", name="Kota Lain")
    stranger = Person.objects.create(government=other, name="Orang Lain")
    a_night(this_morning, YESTERDAY)
    Job.objects.filter(stage="close_day").update(set_aside=[{"person": stranger.pk, "reason": "rusak"}])
    assert "Orang Lain" not in seen(Role.HR, this_morning, "/malam/")
