"""Makes people with sessions on the servers that the environment names: `python -m tests.fault_people COUNT`.

Prints a JSON list of what tests/fault_load.py needs of each. No password is hashed: the sessions are made directly.
"""

import json
import os
import secrets
import sys
from datetime import datetime, timedelta
from importlib import import_module
from zoneinfo import ZoneInfo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wfh_portal.settings")
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


def zone_far_from_midnight(now: datetime) -> str:
    """A zone of the country in which neither the test nor a claim half an hour back crosses midnight."""
    return next(zone for zone in ZONES if 1 <= now.astimezone(ZoneInfo(zone)).hour < 23)


def make(count: int) -> list[dict]:
    """People of a government of their own, planned in the office today, each with a session."""
    from django.conf import settings
    from django.contrib.sessions.models import Session
    from django.db import transaction
    from django.utils import timezone

    from accounts.models import User
    from attendance.models import DayPlan
    from roster.models import Government, Person

    now, mark = timezone.now(), secrets.token_hex(4)
    zone = zone_far_from_midnight(now)
    work_date = now.astimezone(ZoneInfo(zone)).date()
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    with transaction.atomic():
        government = Government.objects.create(code=f"gangguan-{mark}", name="Gangguan", zone=zone)
        users = User.objects.bulk_create(
            [User(username=f"{mark}-{number}", full_name=f"Pegawai {number}", password="!") for number in range(count)]
        )
        people = Person.objects.bulk_create(
            [Person(government=government, name=user.full_name, user=user) for user in users]
        )
        DayPlan.objects.bulk_create(
            [DayPlan(person=person, work_date=work_date, place="office", planned_at=now) for person in people]
        )
        sessions = [
            Session(
                session_key=secrets.token_hex(16),
                session_data=store.encode(
                    {
                        "_auth_user_id": str(user.pk),
                        "_auth_user_backend": settings.AUTHENTICATION_BACKENDS[0],
                        "_auth_user_hash": user.get_session_auth_hash(),
                    }
                ),
                expire_date=now + timedelta(days=1),
            )
            for user in users
        ]
        Session.objects.bulk_create(sessions)
    return [
        {
            "person_id": person.pk,
            "session_key": session.session_key,
            "work_date": work_date.isoformat(),
            "government_id": government.pk,
        }
        for person, session in zip(people, sessions, strict=True)
    ]


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(make(int(sys.argv[1]))))
