"""The portal's Celery application, with one person in DEADLY_PERSON whose day ends the process: for tests only."""

import os
import signal
from dataclasses import replace

import django

from wfh_portal.celery import app

django.setup()

from wfh_portal import night_stages  # noqa: E402 - models are there after the setup

__all__ = ["app"]


def _deadly(stage: night_stages.Stage) -> night_stages.Stage:
    def work(night, people, now):
        if int(os.environ["DEADLY_PERSON"]) in (people or ()):
            os.kill(os.getpid(), signal.SIGKILL)
        return stage.work(night, people, now)

    return replace(stage, work=work)


night_stages.BY_NAME["close_day"] = _deadly(night_stages.BY_NAME["close_day"])
