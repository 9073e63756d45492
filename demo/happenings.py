"""What keeps the people of the demonstration busy: an outage, corrections that wait, indicators and judgements."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction

from attendance.models import Absence, Correction, DayRecord, Outage
from attendance.operations import request_absence
from core.copying import copy_rows
from core.errors import PortalError
from core.period import next_month
from demo.days import chance
from demo.people import Province
from demo.rows import copy_models
from roster.models import Government

INDICATORS = (("Naskah dinas selesai", 5_000, 40), ("Layanan internal tepat waktu", 3_000, 60), ("Laporan", 2_000, 4))
INDICATOR_COLUMNS = ("person_id", "month", "name", "weight_bp", "target", "realised", "unit_name")
BEHAVIOUR_COLUMNS = ("person_id", "month", "behaviour", "result", "rated_at")
REASONS = (
    "Lupa absen masuk, langsung ke rapat pagi di Bappeda.",
    "Ponsel mati saat tiba di kantor.",
    "Antre di gerbang, sistem lambat saat absen masuk.",
)
WAITING_CORRECTIONS = 6
REQUESTS = (
    ("tahunan", "Menengok orang tua di Garut", ""),
    ("sakit", "Rawat jalan", "Surat dokter 118/2026"),
    ("dinas_luar", "Rapat koordinasi di Sukamakmur", "ST 91/2026"),
)


def seed_outage(government: Government, first: date, today: date, at: datetime) -> None:
    """One declared morning without network, in the middle of the history, before its day is closed."""
    on = first + (today - first) // 2
    while on.weekday() != 1:
        on -= timedelta(days=1)
    start = datetime(on.year, on.month, on.day, 7, 5, tzinfo=ZoneInfo(government.zone))
    Outage.objects.create(
        government=government, number=f"GG-{on:%Y}-001", starts_at=start, ends_at=start + timedelta(minutes=75),
        reason="Jaringan pusat data terputus", declared_at=at,
    )  # fmt: skip


def seed_requests(province: Province, today: date, random: Random, at: datetime) -> int:
    """What waits for the head of the second unit: corrections, leave to come and duty travel. Returns how many."""
    people = [person for person in province.people if province.unit_of[person.pk] == province.units[1].pk]
    came = DayRecord.objects.filter(person__in=people, work_date__gte=today - timedelta(days=14), present_days__gt=0)
    # The latest of every day asks; in a small unit there may be days on which nobody was late.
    late = came.order_by("-work_date", "-minutes_late", "person_id")
    by_day: dict[date, DayRecord] = {}
    for record in late:
        by_day.setdefault(record.work_date, record)
    rows = [
        Correction(
            person_id=record.person_id, work_date=record.work_date, verb="in",
            claimed_time=time(7, random.randint(12, 28)), reason=random.choice(REASONS), requested_at=at,
            due_on=today + timedelta(days=2),
        )
        for record in list(by_day.values())[:WAITING_CORRECTIONS]
    ]  # fmt: skip
    waiting = len(Correction.objects.bulk_create(rows))
    start = today + timedelta(days=7 - today.weekday())
    for number, (kind, reason, decree) in enumerate(REQUESTS, 20):
        on = start + timedelta(days=number % 4)
        try:
            request_absence(people[number % len(people)], kind, on, on + timedelta(days=1), reason, decree, at)
        except PortalError:
            continue  # this person happens to be away on those days
        waiting += 1
    return waiting


def months_over(first: date, today: date) -> Iterator[date]:
    """The months from the first day's that are over."""
    month = first.replace(day=1)
    while (following := next_month(month)) <= today:
        yield month
        month = following


def seed_month(person_ids: Sequence[int], month: date, seed: int, last: bool) -> None:
    """Three weighted indicators and the superior's judgement of everybody for a month that is over.

    In the `last` of them some people are not judged yet: that is "belum dinilai", never 0.
    """
    draw, count = chance(seed, month, 2), len(person_ids)
    reached = np.array((70, 85, 95, 100, 100, 100, 105))[draw.integers(0, 7, (len(INDICATORS), count))]
    judged = np.array(("below", "as", "above"))[draw.choice(3, count, p=(0.02, 0.88, 0.10))].tolist()
    waits = (draw.random(count) < 0.05).tolist() if last else [False] * count
    rated_at = datetime.combine(next_month(month), time(8), ZoneInfo("Asia/Jakarta"))
    with transaction.atomic():
        for (name, weight_bp, target), percents in zip(INDICATORS, reached.tolist(), strict=True):
            rows = (
                (person_id, month, name, weight_bp, target, target * percent // 100, "berkas")
                for person_id, percent in zip(person_ids, percents, strict=True)
            )
            copy_rows("performance_indicator", INDICATOR_COLUMNS, rows)
        copy_rows(
            "performance_behaviour",
            BEHAVIOUR_COLUMNS,
            (
                (person_id, month, judgement, "", rated_at)
                for person_id, judgement, waiting in zip(person_ids, judged, waits, strict=True)
                if not waiting
            ),
        )


def seed_targets(person_ids: Sequence[int], month: date, random: Random) -> None:
    """Targets of the month that runs: some work is done, the rest is not known yet."""
    copy_rows(
        "performance_indicator",
        INDICATOR_COLUMNS,
        (
            (person_id, month, name, weight_bp, target, random.choice((None, target // 2, target)), "berkas")
            for person_id in person_ids
            for name, weight_bp, target in INDICATORS
        ),
    )


def seed_absences(person_ids: Sequence[int], first: date, today: date, random: Random, at: datetime) -> None:
    """Leave and duty travel: one window a person in most quarters, never two at once."""
    rows, kinds = [], (("tahunan", 3), ("dinas_luar", 2), ("sakit", 2))
    for person_id in person_ids:
        start = first + timedelta(days=random.randint(5, 60))
        while start < today:
            kind, days = random.choice(kinds)
            rows.append(
                Absence(person_id=person_id, kind=kind, valid_from=start, valid_to=start + timedelta(days=days),
                        decree=f"ST Contoh {random.randint(1, 900)}/{start.year}", recorded_at=at)
            )  # fmt: skip
            start += timedelta(days=random.randint(40, 120))
    copy_models(rows)
