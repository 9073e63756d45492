"""The Celery application and its timetable."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wfh_portal.settings")
app = Celery("wfh_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Hours are those of settings.TIME_ZONE. A message that waited longer than its successor's turn is worth nothing.
app.conf.beat_schedule = {
    "tick": {"task": "portal.tick", "schedule": 60.0, "options": {"expires": 55}},
    "seal-audit": {"task": "core.tasks.seal_audit", "schedule": 60.0, "options": {"expires": 55}},
    # Half past midnight comes at another hour in each of the three zones, and a missed night is caught up at any hour.
    "night": {"task": "night.start_due", "schedule": crontab(minute="*/5"), "options": {"expires": 290}},
    "check-nights": {"task": "night.check", "schedule": crontab(minute="*/5"), "options": {"expires": 290}},
    "sweep-night": {"task": "night.sweep", "schedule": 60.0, "options": {"expires": 55}},
    "sweep-effects": {"task": "allowances.sweep_effects", "schedule": 60.0, "options": {"expires": 55}},
    "sweep-imports": {"task": "roster.sweep_imports", "schedule": 60.0, "options": {"expires": 55}},
    "forget-jobs": {"task": "core.tasks.forget_jobs", "schedule": crontab(hour=3, minute=50)},
    "forget-uploads": {"task": "roster.tasks.forget_old_uploads", "schedule": crontab(minute=20)},
    "follow-standings": {"task": "roster.tasks.follow_standings", "schedule": crontab(minute=40)},
    "expire-evidence": {"task": "attendance.expire_evidence", "schedule": crontab(hour=3, minute=10)},
}
