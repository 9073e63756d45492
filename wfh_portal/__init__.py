"""The portal that joins the apps: settings, addresses, pages, timetable and servers."""

from wfh_portal.celery import app as celery_app

__all__ = ["celery_app"]
