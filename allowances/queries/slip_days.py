"""A day behind a slip: what the slip used of it, what is recorded now, and whether the two are still the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from allowances.models import RunInput
from attendance.models import DayRecord, Punch
from attendance.queries.days import Day, day_of
from attendance.queries.months import FACTS
from core.period import next_month

LABELS = {
    "minutes_late": "Terlambat (menit)",
    "minutes_early": "Pulang awal (menit)",
    "absent_days": "Tanpa keterangan (hari)",
    "leave_days": "Cuti (hari)",
    "missing_taps": "Absen yang tidak ada",
    "ceremonies_missed": "Apel atau upacara yang tidak diikuti",
    "reports_missing": "Laporan kerja yang tidak ada",
    "reports_done": "Laporan kerja selesai",
}

SOURCES = {
    "browser": "Lewat portal",
    "offline": "Antrean luring di telepon",
    "device": "Mesin absen",
    "correction": "Koreksi yang disetujui",
}


@dataclass(frozen=True)
class SlipDay:
    """`used` is the frozen day (None: it did not count); `facts` are (name, label, number) of it that are not 0."""

    on: date
    used: Mapping[str, Any] | None
    used_in: time | None
    used_out: time | None
    facts: tuple[tuple[str, str, int], ...]
    changed: bool
    recorded: Day

    @property
    def punches(self) -> list[tuple[Punch, str]]:
        """The punches of the day, each with where it came from in words."""
        return [(punch, SOURCES.get(punch.source, punch.source)) for punch in self.recorded.punches]


def day_of_slip(row: RunInput, on: date) -> SlipDay | None:
    """The day `on` of the month that a slip is about; None where it is no day of that month."""
    if not row.run.month <= on < next_month(row.run.month):
        return None
    days = row.given.get("days")
    frozen = [entry for entry in days if isinstance(entry, Mapping)] if isinstance(days, list) else []
    used = next((entry for entry in frozen if entry.get("date") == on.isoformat()), None)
    recorded = day_of(row.person, on)
    known = used or {}
    facts = tuple((name, label, known[name]) for name, label in LABELS.items() if known.get(name))
    changed = _differs(used, recorded.record)
    return SlipDay(on, used, _time(known.get("in")), _time(known.get("out")), facts, changed, recorded)


def _time(words: object) -> time | None:
    try:
        return time.fromisoformat(str(words)) if words else None
    except ValueError:
        return None


def _differs(used: Mapping[str, Any] | None, record: DayRecord | None) -> bool:
    """Whether the day has been decided anew since the slip froze it."""
    if used is None or record is None:
        return False
    now = {name: getattr(record, name) for name in FACTS}
    then = {name: used.get(name, 0) for name in FACTS}
    clocks = (_time(used.get("in")), _time(used.get("out"))) != (record.first_in, record.last_out)
    return now != then or clocks or used.get("place") != record.place
