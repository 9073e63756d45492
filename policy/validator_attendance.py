"""Checks of attendance parameters (format §4)."""

from collections.abc import Mapping
from typing import Any

from policy.validator_check import Check, named, seconds_of
from policy.validator_scales import Place, check_condition, conditions_of
from policy.vocabulary import DAY_NUMBERS, TREATMENTS
from policy.yaml_reader import join_path

KEYS = ("hours", "seconds", "tolerance", "accept", "fillers", "places", "outcomes")
DAY = Place(each="day")


def check_attendance(check: Check, parameters: Mapping[Any, Any]) -> None:
    """Everything below `parameters` of an attendance document."""
    path = "parameters"
    check.keys(parameters, path, KEYS)
    check.required(parameters, path, "hours")
    if parameters.get("hours") is not None:
        _hours(check, parameters["hours"], "parameters.hours")
    check.optional(parameters, path, "seconds", ("dropped", "started"))
    if parameters.get("tolerance") is not None:
        _tolerance(check, parameters["tolerance"], "parameters.tolerance")
    if parameters.get("accept") is not None:
        _accept(check, parameters["accept"], "parameters.accept")
    if parameters.get("fillers") is not None:
        _fillers(check, parameters["fillers"], "parameters.fillers")
    if parameters.get("places") is not None:
        block = check.block(parameters["places"], "parameters.places", "`places`")
        check.same_names(block or {}, "parameters.places")
        for place, treatment in named(block or {}):
            check.one_of(treatment, f"parameters.places.{place}", TREATMENTS)
    if parameters.get("outcomes") is not None:
        _outcomes(check, parameters["outcomes"], "parameters.outcomes")


def _hours(check: Check, value: object, path: str) -> None:
    lines = check.items(value, path, "`hours`") or []
    conditional: list[bool] = []
    for index, line in enumerate(lines):
        here = join_path(path, index)
        block = check.block(line, here, "Sebuah baris jam kerja")
        if block is None:
            continue
        conditional.append(conditions_of(block.get("when")))
        check.keys(block, here, ("when", "in", "out", "tolerance", "arrival_before"))
        check.required(block, here, "in", "out")
        check.article(block, here)
        if block.get("when") is not None:
            check_condition(check, block["when"], join_path(here, "when"), DAY)
        _times(check, block, here)
        if block.get("tolerance") is not None:
            _tolerance(check, block["tolerance"], join_path(here, "tolerance"))
    if conditional and len(conditional) == len(lines) and (conditional[-1] or not all(conditional[:-1])):
        message = (
            "baris terakhir harus tanpa `when` dan semua baris sebelumnya dengan `when`, agar setiap hari terjawab."
        )
        check.add("hours_uncovered", path, message)


def _times(check: Check, line: Mapping[Any, Any], path: str) -> None:
    for key in ("in", "out"):
        if line.get(key) is not None:
            check.time(line[key], join_path(path, key))
    start, end = seconds_of(line.get("in")), seconds_of(line.get("out"))
    if start is not None and end is not None and end <= start:
        late_end = f"jam pulang {line['out']} harus sesudah jam masuk {line['in']}"
        message = f"{late_end}; malam yang melewati tengah malam tidak dapat ditulis."
        check.add("value", join_path(path, "out"), message)
    if line.get("arrival_before") is not None:
        check.time(line["arrival_before"], join_path(path, "arrival_before"), words=("closing",))


def _tolerance(check: Check, value: object, path: str) -> None:
    block = check.block(value, path, "`tolerance`")
    if block is None:
        return
    check.keys(block, path, ("minutes", "kind", "make_up", "earlier"))
    check.required(block, path, "minutes", "kind")
    check.optional_number(block, path, "minutes")
    check.optional(block, path, "kind", ("subtract", "threshold", "flexible"))
    check.optional(block, path, "make_up", ("equal", "full"))
    check.optional_number(block, path, "earlier")
    if block.get("earlier") and block.get("kind") in ("subtract", "threshold"):
        check.add("value", join_path(path, "earlier"), "`earlier` hanya untuk `kind: flexible`; hapus baris ini.")


def _accept(check: Check, value: object, path: str) -> None:
    block = check.block(value, path, "`accept`")
    if block is None:
        return
    check.keys(block, path, ("before_start", "after_end", "arrival_before", "lone_tap"))
    check.optional_number(block, path, "before_start")
    check.optional_number(block, path, "after_end")
    check.optional(block, path, "lone_tap", ("middle", "arrival", "departure"))
    if block.get("arrival_before") is not None:
        check.time(block["arrival_before"], join_path(path, "arrival_before"), words=("closing",))


def _fillers(check: Check, value: object, path: str) -> None:
    if not isinstance(value, list):
        check.add("value", path, '`fillers` harus berupa daftar jam, misalnya ["23:59"].')
        return
    for index, filler in enumerate(value):
        check.time(filler, join_path(path, index))


def _outcomes(check: Check, value: object, path: str) -> None:
    if not isinstance(value, list):
        check.add("value", path, "`outcomes` harus berupa daftar {when, set}.")
        return
    for index, outcome in enumerate(value):
        here = join_path(path, index)
        block = check.block(outcome, here, "Sebuah akibat")
        if block is None:
            continue
        check.keys(block, here, ("when", "set"))
        check.required(block, here, "when", "set")
        check.article(block, here)
        if block.get("when") is not None:
            check_condition(check, block["when"], join_path(here, "when"), DAY)
        if block.get("set") is not None:
            _set(check, block["set"], join_path(here, "set"))


def _set(check: Check, value: object, path: str) -> None:
    block = check.block(value, path, "`set`")
    for name, number in named(block or {}):
        here = join_path(path, name)
        if name not in DAY_NUMBERS:
            check.add("unknown_name", here, f"`{name}` bukan fakta angka dari sebuah hari; lihat docs/cases.md.")
        else:
            check.number(number, here)
