"""Take in device lines: every readable line is kept, and becomes a punch as soon as its person is known."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from attendance.models import Device
from attendance.sql import read_sql
from roster.models import Government


def map_waiting(device: Device) -> int:
    """Give waiting lines of unknown PINs the number that their PIN has by now. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(read_sql("map_waiting_lines"), {"device": device.pk, "zone": device.government.zone})
        return cursor.rowcount


def keep_lines(device: Device, lines: Sequence[tuple[str, datetime, str]]) -> int:
    """Keep lines (PIN, instant, number or empty); the same PIN and second is one line. Returns how many are new."""
    with connection.cursor() as cursor:
        cursor.execute(
            read_sql("keep_device_lines"),
            {
                "device": device.pk,
                "pins": [line[0] for line in lines],
                "times": [line[1] for line in lines],
                "numbers": [line[2] for line in lines],
            },
        )
        return cursor.rowcount


def take_in_waiting(government: Government, at: datetime) -> int:
    """Make punches from all lines whose number is in the roster now; returns how many. Twice makes none."""
    with connection.cursor() as cursor:
        cursor.execute(read_sql("punches_of_lines"), {"government": government.pk, "zone": government.zone, "at": at})
        return cursor.rowcount
