"""What every page has: headers, health, static files, and a database that survives a test which empties it."""

import os
import signal

import pytest
from django.apps import apps
from django.db import connection


@pytest.mark.django_db
def test_health_says_what_answers(client, settings):
    reply = client.get("/healthz")
    assert reply.status_code == 200
    assert reply.json() == {"database": True, "cache": True}


@pytest.mark.django_db
def test_health_fails_without_the_cache(client, settings):
    away = {"BACKEND": "core.caching.SoftRedisCache", "LOCATION": "redis://127.0.0.1:9/0"}
    settings.CACHES = {"default": away, "sessions": away}
    reply = client.get("/healthz")
    assert reply.status_code == 503
    assert reply.json() == {"database": True, "cache": False}
    # The portal works without it, so a load balancer must go on sending requests.
    reply = client.get("/readyz")
    assert reply.status_code == 200
    assert reply.json() == {"database": True}


def test_health_is_read_only(client):
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_every_answer_carries_the_strict_policy(client):
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.django_db(transaction=True)
def test_rows_of_migrate_outlive_an_emptied_database_first():
    _count_and_add()


@pytest.mark.django_db(transaction=True)
def test_rows_of_migrate_outlive_an_emptied_database_second():
    _count_and_add()


def _count_and_add() -> None:
    """Both tests see what migrate made, and neither sees the other's row in a table that refuses deletion."""
    entry = apps.get_model("core", "AuditEntry")
    assert apps.get_model("contenttypes", "ContentType").objects.exists()
    assert entry.objects.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO core_auditentry (at, government_code, actor, action, subject, detail)"
                       " VALUES (now(), '', '', 'test', '', '{}')")  # fmt: skip
    assert entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_takes_work_from_the_queue_of_its_test(start_worker, settings):
    from wfh_portal.celery import app

    worker = start_worker()
    assert [list(reply.values()) for reply in app.control.ping(timeout=3)] == [[{"ok": "pong"}]]
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait(10)
    assert app.control.ping(timeout=1) == []


@pytest.mark.browser
def test_a_browser_opens_the_portal_without_a_word_of_complaint(browser_page):
    complaints = []
    browser_page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    reply = browser_page.goto("/")
    assert reply.status == 200
    assert browser_page.locator("html").get_attribute("lang") == "id"
    assert complaints == []
