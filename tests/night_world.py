"""A government whose night has something to write in every stage, and what the night made of it.

Also a program, for servers of a test's own: `python -m tests.night_world WORD`, where WORD is `make COUNT`,
`start PEOPLE_A_CHUNK`, `sweep`, `rows` or `undisturbed`.
"""

import json
import os
import sys
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wfh_portal.settings")
CODE = "contoh"
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
# The table that each stage writes and no stage before it.
TABLES = {
    "take_in": "attendance_punch",
    "close_day": "attendance_dayrecord",
    "evidence": "attendance_evidencecase",
    "plan_day": "attendance_dayplan",
    "score_month": "performance_monthscore",
    "draft_run": "allowances_runinput",
}


def make(count: int) -> Any:
    """`contoh` in use since yesterday: of its people every fourth was late, every tenth left a line at a machine only.

    The zone is one where it is not just after midnight, so that yesterday's night is the one that is due.
    """
    from django.utils import timezone

    from attendance.models import Device, DeviceLine, Punch
    from attendance.operations import plan_day
    from performance.models import Behaviour
    from roster.models import Number
    from tests.runs import make_government, make_person, make_unit

    now = timezone.now()
    zone = next(name for name in ZONES if now.astimezone(ZoneInfo(name)).hour not in (0, 23))
    on = now.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    government = make_government(CODE, zone=zone, go_live_on=on)
    unit = make_unit(government, f"Bagian {now.timestamp()}")
    people = [make_person(unit, f"Orang {i}") for i in range(count)]
    device, _ = Device.objects.get_or_create(government=government, code="M1")
    numbers = dict(Number.objects.filter(person__in=people).values_list("person_id", "number"))
    punches, lines = [], []
    for i, person in enumerate(people):
        at = datetime(on.year, on.month, on.day, 7, 45 if i % 4 == 0 else 10, tzinfo=ZoneInfo(zone))
        if i % 10 == 0:
            number = numbers[person.pk]
            lines.append(DeviceLine(device=device, pin=number, number=number, local_time=at))
            continue
        for verb, moment in (("in", at), ("out", at + timedelta(hours=9))):
            key = f"{verb}-{person.pk}"
            punches.append(
                Punch(person=person, verb=verb, at=moment, work_date=on, request_key=key, delivered_at=moment)
            )
    Punch.objects.bulk_create(punches)
    DeviceLine.objects.bulk_create(lines)
    judged = {"month": on.replace(day=1), "behaviour": "as", "result": "as", "rated_at": now}
    Behaviour.objects.bulk_create(Behaviour(person=person, **judged) for person in people)
    # As the evening before did: then only the stage that plans writes plans.
    plan_day(government, on, now)
    return government


def night_of(government: Any) -> Any:
    """Yesterday's night."""
    from wfh_portal.night_states import night_for

    return night_for(government, government.go_live_on)


def chain_of(government: Any) -> str:
    """Its chain."""
    from wfh_portal.night_states import chain_name

    return chain_name(government.go_live_on)


def rows() -> dict[str, list]:
    """What the night wrote, without row numbers and instants of writing."""
    from allowances.models import Line, RunInput
    from attendance.models import DayPlan, DayRecord, EvidenceCase, Punch
    from performance.models import MonthScore

    wanted = {
        "punches": (Punch, ("person_id", "verb", "source", "work_date")),
        "records": (DayRecord, ("person_id", "work_date", "place", "first_in", "minutes_late", "absent_days")),
        "cases": (EvidenceCase, ("person_id", "work_date", "kind")),
        "plans": (DayPlan, ("person_id", "work_date", "place")),
        "scores": (MonthScore, ("person_id", "month", "predicate", "score_bp")),
        "inputs": (RunInput, ("run__month", "person_id", "net_rupiah")),
        "lines": (Line, ("run__month", "person_id", "kind", "name", "amount_rupiah")),
    }
    return {
        name: sorted([[str(value) for value in row] for row in model.objects.values_list(*columns)])
        for name, (model, columns) in wanted.items()
    }


def undisturbed() -> dict[str, list]:
    """The rows of a night of nobody but this process, after what an earlier one wrote was cleared away.

    Punches cannot be cleared away: that the lines of machines became one each is for the test to look at.
    """
    from django.db import connection
    from django.utils import timezone

    from core.models import Job
    from roster.models import Government
    from wfh_portal import night

    government = Government.objects.get(code=CODE)
    clear = ("allowances_line", "allowances_runinput", "allowances_run", *list(TABLES.values())[1:])
    with connection.cursor() as cursor:
        for table in clear:
            kept = f" WHERE work_date <= '{government.go_live_on}'" if table == "attendance_dayplan" else ""
            cursor.execute(f"DELETE FROM {table}{kept}")  # noqa: S608 - names of this file
    Job.objects.all().delete()
    queue: list[int] = []
    night.start(night_of(government), timezone.now(), queue.append, people_a_chunk=10_000)
    while queue:
        night.run_chunk(queue.pop(0), timezone.now, queue.append)
    return rows()


def sweep() -> int:
    """The sweeper, a few minutes later: every open row counts as abandoned."""
    from django.utils import timezone

    from core import jobs
    from core.models import Job
    from wfh_portal import night
    from wfh_portal.tasks import send

    now = timezone.now()
    Job.objects.filter(state__in=jobs.OPEN).update(heartbeat_at=now - 2 * jobs.RESEND_AFTER)
    return night.sweep(now, send)


def start(people_a_chunk: int) -> bool:
    """Start the night."""
    from django.utils import timezone

    from roster.models import Government
    from wfh_portal import night
    from wfh_portal.tasks import send

    government = Government.objects.get(code=CODE)
    return night.start(night_of(government), timezone.now(), send, people_a_chunk=people_a_chunk)


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "make":
        print(make(int(sys.argv[2])).go_live_on.isoformat())
    elif sys.argv[1] == "start":
        start(int(sys.argv[2]))
    else:
        print(json.dumps({"sweep": sweep, "rows": rows, "undisturbed": undisturbed}[sys.argv[1]]()))
