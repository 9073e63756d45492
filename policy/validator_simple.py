"""Checks of the simpler documents: calendar, eligibility, performance, savings share the head and some shape."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from policy.validator_check import Check
from policy.vocabulary import WEEKDAYS
from policy.yaml_reader import join_path

KEYS = {
    "calendar": ("working_days", "ramadan", "holidays"),
    "eligibility": ("excluded_levels", "excluded_services", "discipline_case"),
    "performance": ("result", "indicator", "predicates", "behaviours"),
    "savings": ("target", "ceiling", "not_worse"),
}
HOLIDAY_KINDS = ("holiday", "joint_leave")


def check_simple(check: Check, topic: str, parameters: Mapping[Any, Any]) -> None:
    """Everything below `parameters` of a simple document."""
    check.keys(parameters, "parameters", KEYS[topic])
    if topic == "calendar":
        _calendar(check, parameters)


def _calendar(check: Check, parameters: Mapping[Any, Any]) -> None:
    check.required(parameters, "parameters", "holidays")
    seen: set[date] = set()
    for index, holiday in enumerate(_lines(check, parameters.get("holidays"), "parameters.holidays")):
        here = f"parameters.holidays.{index}"
        block = check.block(holiday, here, "Sebuah hari libur")
        if block is None:
            continue
        check.keys(block, here, ("date", "name", "kind", "decree"))
        check.required(block, here, "date", "name", "kind")
        check.optional(block, here, "kind", HOLIDAY_KINDS)
        if _is_date(check, block.get("date"), join_path(here, "date")):
            if block["date"] in seen:
                check.add("value", join_path(here, "date"), "tanggal ini sudah ada di daftar; hapus salah satu.")
            seen.add(block["date"])
    for index, window in enumerate(_lines(check, parameters.get("ramadan"), "parameters.ramadan")):
        here = f"parameters.ramadan.{index}"
        block = check.block(window, here, "Sebuah Ramadan")
        if block is not None:
            check.keys(block, here, ("valid_from", "valid_to"))
            check.required(block, here, "valid_from", "valid_to")
            for key in ("valid_from", "valid_to"):
                _is_date(check, block.get(key), join_path(here, key))
    days = parameters.get("working_days")
    for name, weekdays in (
        (check.block(days, "parameters.working_days", "`working_days`") or {}).items() if days else ()
    ):
        for index, weekday in enumerate(_lines(check, weekdays, f"parameters.working_days.{name}")):
            check.one_of(weekday, f"parameters.working_days.{name}.{index}", WEEKDAYS)


def _lines(check: Check, value: object, path: str) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, list):
        return value
    check.add("value", path, "harus berupa daftar.")
    return []


def _is_date(check: Check, value: object, path: str) -> bool:
    if value is not None and not isinstance(value, date):
        check.add("value", path, "harus tanggal seperti 2025-01-31, tanpa tanda kutip.")
    return isinstance(value, date)
