"""Indonesian words for lines, conditions and shares of a month: what happened, with its figures."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from allowances.given import MonthFacts
from allowances.lines import Line
from attendance.plan import seconds_of
from core.indonesian import day_words, rupiah
from core.money import Exact, parse_rupiah_rate, parse_share
from policy import glossary
from policy.conditions import CaseError, annotates, label_key
from policy.sentences_words import HAPPENED, PLACES, article_words, noun, number_words, share_words

__all__ = [
    "article_words",
    "condition_words",
    "happened",
    "noun",
    "number_words",
    "product_words",
    "rate_words",
    "share_words",
    "sum_words",
    "taps_words",
]


def product_words(share: Exact, base: Exact, amount: Exact) -> str:
    """`1 % x Rp2.400.000 = Rp24.000`; an amount that was rounded or limited says so."""
    product = Fraction(share) * base
    made = "" if product == amount else f", menjadi {rupiah(amount)}"
    return f"{share_words(share)} × {rupiah(base)} = {rupiah(product)}{made}"


def sum_words(parts: list[Exact], whole: Exact) -> str:
    """`Rp6.000.000 − Rp240.000 + Rp5.000 = Rp5.765.000`."""
    text = ""
    for part in parts:
        sign = " − " if part < 0 else " + "
        text += (sign + rupiah(abs(part))) if text else rupiah(part)
    return f"{text} = {rupiah(whole)}"


def _clock(value: object) -> str:
    seconds = seconds_of(value)
    return f"{seconds // 3600:02d}.{seconds // 60 % 60:02d}.{seconds % 60:02d}"


def taps_words(record: Mapping[str, Any], fact: str | None = None) -> str:
    """The taps of a day that tell why: `masuk 08.01.00`, `tidak ada absen pulang`; empty where nothing is known."""
    try:
        return _taps(record, fact)
    except CaseError:
        return ""


def _taps(record: Mapping[str, Any], fact: str | None) -> str:
    words = []
    if record.get("missing_in") and record.get("missing_out") and not any(record.get(k) for k in ("in", "out", "taps")):
        return "tidak ada absen masuk dan pulang"
    for key, name, other in (("in", "masuk", "minutes_early"), ("out", "pulang", "minutes_late")):
        if fact == other:
            continue
        tap, missing = record.get(key), record.get(f"missing_{key}")
        if tap is not None:
            words.append(f"{name} {_clock(tap)}{' tidak diterima' if missing else ''}")
        elif missing and not record.get("taps"):
            words.append(f"tidak ada absen {name}")
    if record.get("taps") and not words:
        words.append("absen " + ", ".join(_clock(tap) for tap in record["taps"]))
    return ", ".join(words)


def _value_of(line: Line, facts: MonthFacts) -> object:
    fact = line.rule.fact
    if fact is None:
        return None
    value = line.record.get(fact)
    return facts.look(fact) if value is None else value


def rate_words(line: Line) -> str:
    """How a rate made the share of a line: `0,01 % tiap 7 menit yang dimulai, setelah 5 menit pertama`; or nothing."""
    spec, fact = line.rule.spec, line.rule.fact
    if line.rule.form != "rate" or fact is None:
        return ""
    after, unit, part = (spec.get("after") or 0), (spec.get("unit") or 1), spec.get("part")
    if line.count == 1 and after == 0 and unit == 1 and not line.rupiah:
        return ""
    rate = parse_rupiah_rate(spec["rate"]) if line.rupiah else parse_share(spec["rate"])
    named = glossary.DAY_FACTS.get(fact, glossary.MONTH_FACTS.get(fact, ("satuan", "")))[0]
    measure = named if named in ("menit", "hari", "kali", "orang") else "satuan"
    words = f"{rupiah(rate) if line.rupiah else share_words(rate)} tiap "
    words += measure if unit == 1 else f"{number_words(unit)} {measure}"
    words += {"started": " yang dimulai", "full": " penuh"}.get(str(part), "")
    return f"{words}, setelah {number_words(after)} {measure} pertama" if after else words


def _days_words(line: Line, facts: MonthFacts) -> str:
    """For how many days of the month a line acts; empty where it acts for all."""
    if line.rule.prorate is None or line.event:
        return ""
    whole = facts.look(line.rule.prorate)
    return f", berlaku {number_words(line.record.get('days'))} dari {number_words(whole)} hari"


def _record_words(line: Line) -> str:
    record, each = line.record, line.rule.each
    words = {"leave": "cuti", "sanction": "hukuman", "post": "jabatan"}[each]
    text = f"{words} {str(record.get('kind') or '').replace('_', ' ')}".strip()
    if record.get("month") is not None:
        text += f" bulan ke-{number_words(record['month'])}"
    if record.get("days") is not None and line.rule.prorate is None:
        text += f", {number_words(record['days'])} hari"
    return text


def happened(line: Line, facts: MonthFacts) -> str:
    """What a line is about, with its figures: `Terlambat 31 menit pada 13 November 2025 (masuk 08.01.00)`."""
    rule, value = line.rule, _value_of(line, facts)
    if line.event:
        return f"{rule.label}: {number_words(line.count)} kejadian, diberikan sebagai jumlah"
    if rule.each in ("leave", "sanction", "post"):
        return f"{rule.label}: {_record_words(line)}{_days_words(line, facts)}"
    number = isinstance(value, int | Fraction) and not isinstance(value, bool)
    if rule.fact in HAPPENED and number:
        words = HAPPENED[str(rule.fact)].format(n=number_words(value))
        if "{n}" not in HAPPENED[str(rule.fact)] and value != 1:
            words += f" ({number_words(value)} {'hari' if str(rule.fact).endswith('_days') else 'kali'})"
    elif value is not None:
        words = f"{rule.label} ({noun(str(rule.fact))} {number_words(value)})"
    else:
        asked = [(str(name), facts.look(str(name))) for name in rule.spec.get("when") or {} if rule.each == "month"]
        reasons = ", ".join(f"{noun(name)} {number_words(found)}" for name, found in asked if found is not None)
        words = f"{rule.label} ({reasons})" if reasons else rule.label
    if rule.each in ("week", "run"):
        span = "pekan" if rule.each == "week" else "hari berturut-turut"
        return f"{words} dalam {span} sejak {day_words(line.on, False)}" if line.on else f"{words} dalam {span}"
    if rule.each != "day":
        return f"{words} dalam bulan ini"
    words = f"{words} pada {day_words(line.on, False)}" if line.on else words
    taps = taps_words(line.record, rule.fact)
    return f"{words} ({taps})" if taps else words


def _wanted_words(name: str, wanted: object) -> str:
    if isinstance(wanted, Mapping):
        ends = [("mulai", wanted.get("from")), ("kurang dari", wanted.get("to"))]
        return " dan ".join(f"{word} {number_words(end)}" for word, end in ends if end is not None)
    values = wanted if isinstance(wanted, list | tuple) else [wanted]
    named = PLACES if name == "place" else {}
    return " atau ".join(named.get(label_key(value), number_words(value)) for value in values)


def condition_words(condition: Mapping[str, Any]) -> str:
    """A condition in words: `gangguan sistem yang diumumkan: ya`."""
    asked = [(str(name), wanted) for name, wanted in condition.items() if not annotates(name, wanted)]
    return ", ".join(f"{noun(name).lower()}: {_wanted_words(name, wanted)}" for name, wanted in asked)
