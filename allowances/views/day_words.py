"""The facts of a day that a slip used, in words, and whether they are still those that are recorded."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from attendance.models import DayRecord, Punch
from attendance.queries.months import FACTS
from core.indonesian import decimal

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


def punch_words(punches: Iterable[Punch]) -> list[dict[str, Any]]:
    """Punches with where they came from."""
    return [{"punch": punch, "source": SOURCES.get(punch.source, punch.source)} for punch in punches]


def used_words(used: Mapping[str, Any] | None) -> dict[str, Any]:
    """`used_in`, `used_out` (times or None) and `facts` (label and value) of a frozen day."""
    if used is None:
        return {"used_in": None, "used_out": None, "facts": []}
    facts = [{"label": label, "value": decimal(used[name], 0)} for name, label in LABELS.items() if used.get(name)]
    return {"used_in": _time(used.get("in")), "used_out": _time(used.get("out")), "facts": facts}


def _time(words: object) -> time | None:
    try:
        return time.fromisoformat(str(words)) if words else None
    except ValueError:
        return None


def differs(used: Mapping[str, Any] | None, record: DayRecord | None) -> bool:
    """Whether the day has been decided anew since the slip froze it."""
    if used is None or record is None:
        return False
    now = {name: getattr(record, name) for name in FACTS}
    then = {name: used.get(name, 0) for name in FACTS}
    clocks = (_time(used.get("in")), _time(used.get("out"))) != (record.first_in, record.last_out)
    return now != then or clocks or used.get("place") != record.place
