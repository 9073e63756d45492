"""What happened in a month, in the words of the regulation (`policy.sentences*`) with the figures of one person."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from allowances.given import MonthFacts
from allowances.lines import Line
from attendance.plan import seconds_of
from core.indonesian import day_words, rupiah
from core.money import Exact, exact, is_rupiah_rate, parse_rupiah_rate, parse_share, tidy
from policy.conditions import CaseError, Look
from policy.scales import compile_scale, form_of, number_of
from policy.sentences_scales import fact_of, given_label
from policy.sentences_words import HAPPENED, exact_words, noun, number_words, share_words


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


def steps_words(*steps: str) -> str:
    """Sums one after the other, those that are none left out: `33 × 0,013 % = 0,429 %; 0,429 % × Rp5 = Rp0,02`."""
    return "; ".join(step for step in steps if step)


def times_words(value: Exact) -> str:
    """A factor with all its digits; a fraction without an end as `10/3`."""
    finite = (Fraction(value) * 10**10).denominator == 1
    return exact_words(value) if finite else str(Fraction(value))


def _rate_sum(spec: Mapping[str, Any], share: Exact) -> str:
    money = is_rupiah_rate(spec["rate"])
    rate = Fraction(parse_rupiah_rate(spec["rate"]) if money else parse_share(spec["rate"]))
    said = rupiah if money else share_words
    if not rate or (share == rate and not money):
        return ""
    return f"{times_words(share / rate)} × {said(tidy(rate))} = {said(share)}"


def _ratio_sum(spec: Mapping[str, Any], look: Look, share: Exact) -> str:
    target = spec["ratio"]["to"]
    number, to = (
        number_of(look, str(spec["fact"])),
        number_of(look, target) if isinstance(target, str) else exact(target),
    )
    if number is None or not to:
        return ""
    ratio = Fraction(number) / to
    made = "" if ratio == share else f", menjadi {share_words(share)}"
    return f"{times_words(number)} / {times_words(to)} = {share_words(ratio)}{made}"


def scale_sum(spec: Mapping[str, Any], look: Look, periods: bool = False) -> str:
    """How a scale comes to its share: `33 × 0,013 % = 0,429 %`, `90 / 100 = 90 %`; "" where the share is written."""
    form = form_of(spec)
    if form == "labels":
        given = given_label(spec, look(fact_of(spec, periods)))
        return scale_sum(given, look, periods) if isinstance(given, Mapping) else ""
    reading = compile_scale(spec, periods)(look)
    if reading is None or reading.share is None or form == "bands":
        return ""
    if form == "rate":
        return _rate_sum(spec, reading.share) if spec.get("fact") else ""
    if form == "ratio":
        return _ratio_sum(spec, look, reading.share)
    parts = []
    for part in spec["mix"]:
        own = compile_scale(part, periods)(look)
        if own is not None and own.share is not None:
            parts.append(f"{share_words(parse_share(part['weight']))} × {share_words(own.share)}")
    sums = [scale_sum(part, look, periods) for part in spec["mix"]]
    return steps_words(*sums, f"{' + '.join(parts)} = {share_words(reading.share)}")


def share_sum(line: Line, facts: MonthFacts, look: Look) -> str:
    """How the share of a line came about: by its scale, `2 % × 10 / 20 = 1 %` by days, `3 % / 60 % = 5 %` by weight."""
    rule, share = line.rule, Fraction(line.share)
    if line.event:
        words = _rate_sum(rule.spec, line.share) if rule.form == "rate" and rule.fact else ""
    else:
        words = scale_sum(rule.spec, look)
    if rule.prorate is not None and not line.event:
        days, whole, before = line.record.get("days"), facts.look(rule.prorate), rule.scale(look)
        if days is None or not whole or before is None or before.share is None:
            return words
        part = f"{times_words(exact(days))} / {times_words(exact(whole))}"
        if rule.verb == "factors":
            words = steps_words(words, f"100 % − {share_words(1 - before.share)} × {part} = {share_words(share)}")
        else:
            said = rupiah if line.rupiah else share_words
            words = steps_words(words, f"{said(before.share)} × {part} = {said(tidy(share))}")
    if rule.verb == "charges" and rule.of == "gross" and line.asked != line.share:
        weights = share_words(rule.weight_of_hits)
        words = steps_words(words, f"{share_words(share)} / {weights} = {share_words(line.asked)}")
    return words


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
