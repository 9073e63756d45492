"""What keeps the people of the demonstration busy: an outage, corrections that wait, indicators and judgements."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from attendance.models import Correction, DayRecord, Outage
from attendance.operations import request_absence
from core.copying import copy_rows
from core.errors import PortalError
from core.period import next_month
from demo.people import Province
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
    people = [person for person in province.people if province.unit_of[person.pk] == province.units[1]]
    late = DayRecord.objects.filter(
        person__in=people, work_date__gte=today - timedelta(days=14), minutes_late__gt=0
    ).order_by("-work_date", "person_id")
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


def seed_performance(province: Province, first: date, today: date, random: Random) -> list[date]:
    """Three weighted indicators and the superior's judgement for every month that is over. Returns the months.

    In the last of them some people are not judged yet: that is "belum dinilai", never 0.
    """
    months = list(_months(first, today))
    for month in months:
        indicators, judgements = [], []
        rated_at = datetime.combine(next_month(month), time(8), ZoneInfo("Asia/Jakarta"))
        for person in province.people:
            for name, weight_bp, target in INDICATORS:
                realised = target * random.choice((70, 85, 95, 100, 100, 100, 105)) // 100
                indicators.append((person.pk, month, name, weight_bp, target, realised, "berkas"))
            if month == months[-1] and random.random() < 0.05:
                continue
            judged = random.choices(("below", "as", "above"), (2, 88, 10))[0]
            judgements.append((person.pk, month, judged, "", rated_at))
        copy_rows("performance_indicator", INDICATOR_COLUMNS, indicators)
        copy_rows("performance_behaviour", BEHAVIOUR_COLUMNS, judgements)
    copy_rows("performance_indicator", INDICATOR_COLUMNS, _targets_under_way(province, today.replace(day=1), random))
    return months


def _targets_under_way(province: Province, month: date, random: Random) -> Iterator[tuple]:
    """Targets of the month that runs: some work is done, the rest is not known yet."""
    for person in province.people:
        for name, weight_bp, target in INDICATORS:
            realised = random.choice((None, target // 2, target))
            yield person.pk, month, name, weight_bp, target, realised, "berkas"


def _months(first: date, today: date) -> Iterator[date]:
    month = first.replace(day=1)
    while (following := (month + timedelta(days=32)).replace(day=1)) <= today:
        yield month
        month = following
