"""Simpler documents read aloud: calendars in full, eligibility, performance and savings name by name."""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from core.indonesian import day_words
from core.money import is_share
from policy.sentences_statement import Statement, article_of
from policy.sentences_words import DAYS, exact_words, joined, share_text

CALENDARS = {"five_day": "Lima hari kerja", "six_day": "Enam hari kerja", "shift": "Kerja sif"}
KINDS = {"holiday": "libur nasional", "joint_leave": "cuti bersama"}
NAMES = {
    "excluded_levels": "Jenjang yang tidak boleh bekerja dari rumah",
    "excluded_services": "Layanan yang tidak boleh bekerja dari rumah",
    "discipline_case": "Pegawai dalam perkara disiplin",
    "excluded": "dikecualikan",
    "levels": "jenjang",
    "services": "layanan",
    "result": "Hasil kerja",
    "indicator": "Satu indikator",
    "predicates": "Predikat",
    "behaviours": "Perilaku kerja",
    "below": "di bawah ekspektasi",
    "as": "sesuai ekspektasi",
    "above": "di atas ekspektasi",
    "at_most": "paling banyak",
    "target": "Sasaran",
    "ceiling": "Batas fisik",
    "not_worse": "Batas kinerja tidak turun",
    "share": "bagian",
    "points": "poin",
}
ANNOTATIONS = ("article", "note", "label")
OTHER = "Ketentuan"


def calendar_statements(parameters: Mapping[str, Any]) -> Iterator[Statement]:
    """Working days, Ramadan and holidays of a calendar document."""
    for name, weekdays in (parameters.get("working_days") or {}).items():
        called = CALENDARS.get(str(name), str(name).replace("_", " "))
        days = joined(DAYS[str(day)] for day in weekdays or [])
        yield Statement("Hari kerja", f"working_days.{name}", called, f"{called}: {days}", {"": days})
    for window in parameters.get("ramadan") or []:
        span = f"{day_words(window['valid_from'], False)} sampai sebelum {day_words(window['valid_to'], False)}"
        key = f"ramadan.{window['valid_from'].year}"
        yield Statement("Ramadan", key, "Ramadan", f"Ramadan: {span}", {"": span}, article_of(window))
    for holiday in sorted(parameters["holidays"], key=lambda item: item["date"]):
        day, what = day_words(holiday["date"]), f"{holiday['name']}, {KINDS[holiday['kind']]}"
        key = f"holidays.{holiday['date']}"
        decree = str(holiday.get("decree") or "")
        yield Statement("Hari libur", key, day, f"{day}: {what}", {"": what}, decree)


def plain_statements(parameters: Mapping[Any, Any], path: str = "", names: tuple[str, ...] = ()) -> Iterator[Statement]:
    """Every value of a document without a form of its own, with the names that lead to it."""
    for key, value in parameters.items():
        if key in ANNOTATIONS:
            continue
        here, called = f"{path}{key}", (*names, NAMES.get(str(key), str(key).replace("_", " ")))
        if isinstance(value, Mapping):
            yield from plain_statements(value, f"{here}.", called)
            continue
        name, said = ", ".join(called), _said(value)
        yield Statement(OTHER, here, name, f"{name}: {said}", {"": said}, article_of(parameters))


def _said(value: object) -> str:
    if isinstance(value, list):
        return joined(_said(item) for item in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{NAMES.get(str(key), key)} {_said(item)}" for key, item in value.items())
    if is_share(value):
        return share_text(value)
    if isinstance(value, int | Fraction | date):
        return exact_words(value)
    return str(value).replace("_", " ")
