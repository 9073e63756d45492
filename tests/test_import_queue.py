"""A long import is written by a worker: once however often it is confirmed or sent, whole or not at all."""

import os
import signal
import time
from datetime import timedelta
from threading import Thread

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.importing import kind_of
from core.models import AuditEntry, Job
from roster import tasks
from roster.models import Assignment, ImportRun, Number, Person, Upload
from roster.operations import queued_imports
from roster.operations.uploads import forget_uploads, receive_upload
from tests.rights.world import build_world
from tests.signin import sign_in

HEADER = "NIP BARU,NAMA,UNOR NAMA,UNOR ID,TMT JABATAN\n"
ROWS = 30
pytestmark = pytest.mark.django_db


def export(rows: int = ROWS, unit: str = "S-1") -> str:
    lines = [f"199001012015011{n:03},Pegawai {n},Sekretariat,{unit},2024-01-01\n" for n in range(rows)]
    return HEADER + "".join(lines)


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def hr(world):
    return sign_in(Client(), world.home.users["hr"])


@pytest.fixture
def sent(monkeypatch, django_capture_on_commit_callbacks):
    """Files of more than ten rows are long; ids of the rows that were sent, as the web server sends them."""
    monkeypatch.setattr(queued_imports, "ROWS_AT_ONCE", 10)
    found: list[int] = []
    monkeypatch.setattr(tasks, "send_import", found.append)
    with django_capture_on_commit_callbacks(execute=True):
        yield found


def uploaded(world, text: str = "") -> Upload:
    file = ContentFile((text or export()).encode(), name="pegawai.csv")
    at = timezone.now()
    user = world.home.users["hr"]
    return receive_upload(world.home.government, user, kind_of("roster"), {"file": file}, {}, at.date(), at)


def decide(client, upload, action="confirm", seen=None):
    upload.refresh_from_db()
    data = {"action": action, "seen": seen or upload.previewed_at.isoformat()}
    return client.post(reverse("roster:upload_decide", args=[upload.pk]), data, follow=True)


def page_of(client, upload, **headers) -> str:
    return client.get(reverse("roster:upload", args=[upload.pk]), headers=headers).content.decode()


def imported() -> int:
    return Number.objects.filter(number__startswith="19900101201501").count()


def test_a_short_file_is_written_within_the_request(hr, world, sent):
    assert "Hasil impor" in decide(hr, uploaded(world, export(10))).content.decode()
    assert imported() == 10
    assert not Job.objects.exists()


def test_a_long_file_is_asked_for_once_and_written_once(hr, world, sent):
    upload = uploaded(world)
    first, second = decide(hr, upload).content.decode(), decide(hr, upload).content.decode()
    assert imported() == 0
    for page in (first, second):
        assert "Menunggu giliran" in page
        assert "Setujui dan simpan" not in page
    job = Job.objects.get()
    assert (job.total_count, job.state) == (ROWS, Job.State.WAITING)
    for _ in range(2):
        queued_imports.run_confirmed(job.pk, timezone.now)
    assert imported() == ROWS
    assert ImportRun.objects.get().confirmed_by == world.home.users["hr"]
    assert AuditEntry.objects.filter(action="import_confirmed").count() == 1
    assert "Hasil impor" in page_of(hr, upload)
    assert hr.get(reverse("roster:upload", args=[upload.pk]), headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "Hasil impor" in decide(hr, upload).content.decode()


def test_the_row_is_sent_when_the_request_has_been_stored(hr, world, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(queued_imports, "ROWS_AT_ONCE", 10)
    found: list[int] = []
    monkeypatch.setattr(tasks, "send_import", found.append)
    upload = uploaded(world)
    with django_capture_on_commit_callbacks(execute=True):
        decide(hr, upload)
        decide(hr, upload)
        assert found == []
    assert found == [Job.objects.get().pk]


def test_what_is_being_written_is_neither_thrown_away_nor_checked_again(hr, world, sent):
    upload = uploaded(world)
    decide(hr, upload)
    for action in ("discard", "again"):
        assert "sedang disimpan" in decide(hr, upload, action).content.decode()
    late = timezone.now() + timedelta(hours=30)
    assert forget_uploads(late) == 0
    queued_imports.run_confirmed(Job.objects.get().pk, lambda: late)
    assert imported() == ROWS


def test_what_changed_meanwhile_is_told_and_can_be_confirmed_anew(hr, world, sent):
    upload = uploaded(world)
    decide(hr, upload)
    other = uploaded(world, export(5, "S-9"))
    other.refresh_from_db()
    queued_imports.confirm(other, world.home.users["hr"], other.previewed_at.isoformat(), timezone.now(), sent.append)
    queued_imports.run_confirmed(Job.objects.get().pk, timezone.now)
    assert imported() == 5
    page = page_of(hr, upload)
    assert "Data berubah sejak pratinjau" in page
    assert "Periksa ulang" in page
    assert "Data berubah sejak pratinjau" not in decide(hr, upload, "again").content.decode()
    decide(hr, upload)
    queued_imports.run_confirmed(Job.objects.get().pk, timezone.now)
    assert imported() == ROWS


def test_without_a_broker_the_row_waits_and_the_page_says_so(hr, world, monkeypatch):
    monkeypatch.setattr(queued_imports, "ROWS_AT_ONCE", 10)
    monkeypatch.setattr("core.sending.is_there", lambda url: False)
    upload = uploaded(world)
    assert "Menunggu giliran" in decide(hr, upload).content.decode()
    later = timezone.now() + timedelta(minutes=3)
    Job.objects.update(created_at=timezone.now() - timedelta(seconds=20))
    assert "Belum ada yang mengerjakan" in page_of(hr, upload)
    found: list[int] = []
    assert queued_imports.sweep(timezone.now(), found.append) == 0
    assert queued_imports.sweep(later, found.append) == 1
    queued_imports.run_confirmed(found[0], timezone.now)
    assert imported() == ROWS


def test_the_page_tells_how_far_it_is_and_that_a_worker_stopped(hr, world, sent):
    upload = uploaded(world)
    decide(hr, upload)
    job = jobs.claim(Job.objects.get().pk, timezone.now())
    jobs.beat(job, timezone.now(), 12)
    part = page_of(hr, upload, **{"HX-Request": "true"})
    assert "12 dari 30" in part
    assert "Membaca berkas" in part
    assert "<html" not in part
    jobs.beat(job, timezone.now(), ROWS)
    assert "Menyimpan" in page_of(hr, upload)
    Job.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=2))
    assert "Pekerjaan terhenti" in page_of(hr, upload)


def test_a_worker_killed_while_it_writes_leaves_nothing_and_another_writes_it_once(world, start_worker, monkeypatch):
    monkeypatch.setattr(queued_imports, "ROWS_AT_ONCE", 10)
    people = Person.objects.count()
    upload = uploaded(world)
    worker = start_worker()
    with transaction.atomic():
        # The worker has written people and numbers when it comes to the posts, and waits there.
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE roster_assignment IN SHARE MODE")
        _send_elsewhere(upload, world)
        _wait(lambda: _blocked() == 1)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(10)
    _wait(lambda: not _blocked())
    assert Person.objects.count() == people
    assert Job.objects.get().state == Job.State.RUNNING
    Job.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=2))
    start_worker()
    assert queued_imports.sweep(timezone.now(), tasks.send_import) == 1
    _wait(lambda: Job.objects.get().state == Job.State.DONE)
    assert imported() == ROWS
    assert Assignment.objects.filter(import_run=ImportRun.objects.get()).count() == ROWS
    assert Job.objects.get().attempts == 2


def _send_elsewhere(upload: Upload, world) -> None:
    """Confirm on a connection of its own, as the web server would, while this one holds its lock."""

    def confirm() -> None:
        user = world.home.users["hr"]
        queued_imports.confirm(upload, user, upload.previewed_at.isoformat(), timezone.now(), tasks.send_import)
        connection.close()

    thread = Thread(target=confirm)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()


def _blocked() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE relation = 'roster_assignment'::regclass AND NOT granted")
        return cursor.fetchone()[0]


def _wait(holds, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)
