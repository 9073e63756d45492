"""What keeps the people of the demonstration busy: an outage, corrections that wait, indicators and judgements."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from attendance.models import Correction, DayRecord, Outage
from core.copying import copy_rows
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


def seed_corrections(province: Province, today: date, random: Random, at: datetime) -> int:
    """Requests of the last two weeks that wait for the head of the second unit. Returns how many."""
    people = [person.pk for person in province.people if province.unit_of[person.pk] == province.units[1]]
    late = DayRecord.objects.filter(
        person_id__in=people, work_date__gte=today - timedelta(days=14), minutes_late__gt=0
    ).order_by("-work_date", "person_id")
    rows = [
        Correction(
            person_id=record.person_id, work_date=record.work_date, verb="in", claimed_time="07:24",
            reason=random.choice(REASONS), requested_at=at, due_on=today + timedelta(days=2),
        )
        for record in late[:WAITING_CORRECTIONS]
    ]  # fmt: skip
    return len(Correction.objects.bulk_create(rows))


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
    return months


def _months(first: date, today: date) -> Iterator[date]:
    month = first.replace(day=1)
    while (following := (month + timedelta(days=32)).replace(day=1)) <= today:
        yield month
        month = following
