"""Checks of scales and conditions (format §3)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from policy.conditions import annotates
from policy.validator_check import Check, is_number, named, share_of, show, word_of
from policy.vocabulary import (
    FACTS,
    NUMBERS,
    PERIODS,
    RECORD_FIELDS,
    REPORTS,
    SCALE_FORMS,
    TEXT_LABELS,
    TIMES,
    WEEKDAYS,
    same_label,
)
from policy.yaml_reader import UnquotedTime, join_path

SCALE_KEYS = frozenset({*SCALE_FORMS, "fact", "after", "unit", "part", "period"})
PARTS = ("exact", "started", "full")
CLOSED_LABELS = {"weekday": WEEKDAYS, "report": REPORTS}


@dataclass(frozen=True)
class Place:
    """Where a scale or condition stands: the record it looks at, and what is special there."""

    each: str = "month"
    achievement: bool = False  # bands begin at 0 and have no end
    rupiah: bool = False  # a rate may be a payment per unit
    more_facts: frozenset[str] = frozenset()


def knows(check: Check, name: object, place: Place) -> bool:
    """Whether a fact of that name exists here."""
    if not isinstance(name, str):
        return False
    fields = RECORD_FIELDS.get(place.each, frozenset())
    return name in FACTS or name in check.own_facts or name in fields or name in place.more_facts


def is_counted(check: Check, name: str) -> bool:
    """Whether a fact is a number and nothing else; a fact of the document's own outranks one of the page."""
    kind = check.own_facts.get(name)
    return kind == "number" if kind is not None else name in NUMBERS


def is_word(check: Check, name: str) -> bool:
    """Whether a fact is a word and nothing else."""
    kind = check.own_facts.get(name)
    return kind == "label" if kind is not None else name in TEXT_LABELS


def check_fact(check: Check, name: object, path: str, place: Place, number: bool = False) -> None:
    """Refuse a fact that does not exist, or a label where a number is read."""
    if not knows(check, name, place):
        check.add("unknown_name", path, f"fakta `{show(name)}` tidak dikenal; lihat daftar nama di docs/cases.md.")
    elif number and (is_word(check, str(name)) or (name in TIMES and name not in check.own_facts)):
        check.add("value", path, f"`{show(name)}` tidak berisi angka; pakai `labels`, atau pilih fakta lain.")


def check_scale(check: Check, block: Mapping[Any, Any], path: str, place: Place) -> None:
    """One scale; keys that belong to its surroundings are checked there."""
    forms = [form for form in SCALE_FORMS if block.get(form) is not None]
    if len(forms) != 1:
        found = ", ".join(forms) if forms else "tidak ada"
        check.add("scale_count", path, f"harus tepat satu dari {', '.join(SCALE_FORMS)}; ditemukan: {found}.")
    for form in ("bands", "labels", "ratio"):
        if forms == [form]:
            check.required(block, path, "fact")
    if block.get("fact") is not None:
        check_fact(
            check, block["fact"], join_path(path, "fact"), place, number=forms in (["rate"], ["bands"], ["ratio"])
        )
    check.optional_number(block, path, "after")
    check.optional_number(block, path, "unit", above=0)
    check.optional(block, path, "part", PARTS)
    check.optional(block, path, "period", PERIODS)
    for form in forms:
        below = join_path(path, form)
        if form == "rate":
            check.share(block[form], below, rupiah_too=place.rupiah)
        elif form == "bands":
            check_bands(check, block[form], below, place)
        elif form == "labels":
            check_labels(check, block[form], below, place)
        elif form == "ratio":
            check_ratio(check, block[form], below, place)
        else:
            check_mix(check, block[form], below, place)


def check_inner_scale(check: Check, block: Mapping[Any, Any], path: str, place: Place, *more: str) -> None:
    """A scale that stands alone or inside another one: with its own keys only."""
    check.keys(block, path, {*SCALE_KEYS, *more})
    check_scale(check, block, path, place)


def check_bands(check: Check, value: object, path: str, place: Place) -> None:
    """Bands that meet, rise and carry a share each."""
    if isinstance(value, Mapping) and named(value):
        entries = named(value)
    elif isinstance(value, list) and value:
        entries = [(str(index), band) for index, band in enumerate(value)]
    else:
        check.add("value", path, "`bands` harus berisi pita, misalnya {TL1: [1, 31, 0.5 %]}.")
        return
    sound = [(name, band[0], band[1]) for name, band in entries if _band(check, band, join_path(path, name))]
    if len(sound) == len(entries):
        _check_meeting(check, sorted(sound, key=lambda band: band[1]), path, place)


def _band(check: Check, band: object, path: str) -> bool:
    if not isinstance(band, list) or len(band) != 3:
        check.add("value", path, "sebuah pita ditulis [dari, sampai, persentase], misalnya [1, 31, 0.5 %].")
        return False
    check.share(band[2], join_path(path, 2))
    sound = check.number(band[0], join_path(path, 0), least=None)
    if band[1] is not None:
        sound = check.number(band[1], join_path(path, 1), least=None) and sound
    if sound and band[1] is not None and band[0] >= band[1]:
        check.add("band_order", path, f"`dari` ({show(band[0])}) harus lebih kecil dari `sampai` ({show(band[1])}).")
        return False
    return sound


def _check_meeting(check: Check, bands: list[tuple[str, Any, Any]], path: str, place: Place) -> None:
    before, _, end = bands[0]
    for name, start, own_end in bands[1:]:
        here = join_path(path, name)
        if end is None or start < end:
            limit = "tanpa batas" if end is None else show(end)
            check.add(
                "band_overlap", here, f"mulai pada {show(start)}, padahal pita {before} baru berakhir pada {limit}."
            )
        elif start > end:
            check.add("band_gap", here, f"mulai pada {show(start)}, padahal pita {before} berakhir pada {show(end)}.")
        if end is not None and (own_end is None or own_end > end):
            before, end = name, own_end
    if place.achievement:
        first, last = bands[0], bands[-1]
        if first[1] != 0:
            check.add("band_gap", join_path(path, first[0]), "pita capaian harus mulai dari 0.")
        if last[2] is not None and not any(band[2] is None for band in bands):
            check.add("band_gap", join_path(path, last[0]), "pita capaian terakhir harus tanpa batas: tulis null.")


def check_labels(check: Check, value: object, path: str, place: Place) -> None:
    """Labels, each with a share or another scale."""
    if not isinstance(value, Mapping) or not value:
        check.add("value", path, "`labels` harus berisi label dan persentasenya, misalnya {Baik: 100 %}.")
        return
    check.same_names(value, path)
    for label, given in value.items():
        here = join_path(path, word_of(label))
        if annotates(label, given) and share_of(given) is None:
            continue
        form = same_label(label)
        if isinstance(given, Mapping):
            check_inner_scale(check, given, here, Place(place.each, place.achievement, False, place.more_facts))
        elif not (form == "missing" and isinstance(given, str) and same_label(given) == "unknown"):
            check.share(given, here)


def check_ratio(check: Check, value: object, path: str, place: Place) -> None:
    """A ratio to a fact or a number above 0, clamped where said."""
    block = check.block(value, path, "`ratio`")
    if block is None:
        return
    check.keys(block, path, ("to", "at_most", "at_least"))
    check.required(block, path, "to")
    to = block.get("to")
    if isinstance(to, str):
        check_fact(check, to, join_path(path, "to"), place, number=True)
    elif to is not None:
        check.number(to, join_path(path, "to"), above=0)
    for key in ("at_most", "at_least"):
        if block.get(key) is not None:
            check.share(block[key], join_path(path, key))
    low, high = share_of(block.get("at_least")), share_of(block.get("at_most"))
    if low is not None and high is not None and low > high:
        check.add("value", join_path(path, "at_least"), "`at_least` tidak boleh di atas `at_most`.")


def check_mix(check: Check, value: object, path: str, place: Place) -> None:
    """Parts whose weights add up to 100 %."""
    parts = check.items(value, path, "`mix`")
    weights: list[Fraction | None] = []
    for index, part in enumerate(parts or []):
        here = join_path(path, index)
        block = check.block(part, here, "Sebuah bagian `mix`")
        if block is None:
            weights.append(None)
            continue
        check.required(block, here, "weight")
        if block.get("weight") is not None:
            check.share(block["weight"], join_path(here, "weight"))
        weights.append(share_of(block.get("weight")))
        inner = Place(place.each, place.achievement, False, place.more_facts)
        check_inner_scale(check, block, here, inner, "weight")
    check_weights(check, weights, path)


def check_weights(check: Check, weights: list[Fraction | None], path: str) -> None:
    """Refuse weights that do not add up to 100 %; says nothing while one of them is unreadable."""
    known = [weight for weight in weights if weight is not None]
    if known and len(known) == len(weights) and sum(known) != 1:
        total = show(sum(known, Fraction()) * 100)
        check.add("weights_sum", path, f"bobot berjumlah {total} %, seharusnya tepat 100 %.")


def conditions_of(block: object) -> bool:
    """Whether a `when` asks anything: one that is empty, or holds remarks only, always holds."""
    return bool(named(block)) if isinstance(block, Mapping) else block is not None


def check_condition(check: Check, value: object, path: str, place: Place) -> None:
    """Names and values: a value, one of several, or a half-open range."""
    block = check.block(value, path, "Sebuah syarat")
    for name, wanted in named(block or {}):
        here = join_path(path, name)
        if not knows(check, name, place):
            check_fact(check, name, here, place)
        elif isinstance(wanted, Mapping):
            _check_range(check, name, wanted, here)
        elif isinstance(wanted, list):
            for index, item in enumerate(check.items(wanted, here, "Daftar nilai") or []):
                _check_value(check, name, item, join_path(here, index))
        else:
            _check_value(check, name, wanted, here)


def _check_range(check: Check, name: str, block: Mapping[Any, Any], path: str) -> None:
    if is_word(check, name):
        check.add("value", path, f"`{name}` berisi kata; tulis sebuah kata atau daftar kata, bukan rentang.")
        return
    check.keys(block, path, ("from", "to"))
    ends = {key: block[key] for key in ("from", "to") if block.get(key) is not None}
    if not ends:
        check.add("value", path, "sebuah rentang memerlukan `from`, `to`, atau keduanya.")
    counted = is_counted(check, name)
    sound = True
    for key, end in ends.items():
        if name == "date" and not isinstance(end, date):
            check.add("value", join_path(path, key), "tulis tanggal seperti 2025-01-31, tanpa tanda kutip.")
            sound = False
        elif counted or not isinstance(end, date):
            sound = check.number(end, join_path(path, key), least=None) and sound
    if not sound or len(ends) < 2:
        return
    if isinstance(ends["from"], date) != isinstance(ends["to"], date):
        check.add("value", path, "`from` dan `to` harus sama-sama angka atau sama-sama tanggal.")
    elif ends["from"] >= ends["to"]:
        check.add("value", path, "`from` harus lebih kecil dari `to`.")


def _check_value(check: Check, name: str, value: object, path: str) -> None:
    kind = check.own_facts.get(name)
    allowed: Collection[str] = CLOSED_LABELS.get(name, ())
    if isinstance(value, list | Mapping) or value is None:
        check.add("value", path, "tulis satu nilai di sini.")
    elif allowed and kind is None:
        if same_label(value) not in allowed or isinstance(value, bool):
            check.add("value", path, f"`{show(value)}` tidak dikenal; pilih salah satu: {', '.join(allowed)}.")
    elif isinstance(value, UnquotedTime):
        check.time(value, path)
    elif is_counted(check, name):
        if not is_number(value):
            check.number(value, path)
    elif isinstance(value, bool) and is_word(check, name):
        message = f"YAML membaca kata ini sebagai {show(value)}; tulis kata itu dalam tanda kutip."
        check.add("value", path, message)
