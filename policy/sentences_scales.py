"""The five scales in words: each row of a scale with what must be, its event code, and the share it gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.indonesian import percent
from core.money import exact, is_rupiah_rate, is_share, parse_rupiah_rate
from policy.conditions import Look, label_key
from policy.scales import band_rows, beyond, form_of, number_of
from policy.sentences_words import exact_words, happening, money_text, noun, raised, share_text, span_words, unit_of


@dataclass(frozen=True)
class Row:
    """One row of a scale: `key` names it within the scale, `situation` says when, `share` what it gives, `per` what."""

    key: str
    situation: str
    share: str
    code: str = ""
    per: str = ""

    @property
    def whole(self) -> str:
        """The share with what it is per, `0,5 % tiap menit`."""
        return f"{self.share} {self.per}".strip()


def measure_words(fact: str | None, value: object) -> str:
    """A number of what the fact is counted in: `5 menit`, `2 satuan`."""
    return f"{exact_words(value)} {unit_of(fact) or 'satuan'}"


def _rate(spec: Mapping[str, Any], fact: str | None) -> Row:
    """A rate: `3 %`, `0,01 %` and `tiap 7 menit yang dimulai, setelah 5 menit pertama`."""
    rate = spec["rate"]
    said = money_text(parse_rupiah_rate(rate)) if is_rupiah_rate(rate) else share_text(rate)
    if fact is None:
        return Row("rate", "", said)
    unit, after = exact(spec.get("unit") or 1), exact(spec.get("after") or 0)
    per = f"tiap {(unit_of(fact) or 'satuan') if unit == 1 else measure_words(fact, unit)}"
    per += {"started": " yang dimulai", "full": " penuh"}.get(str(spec.get("part")), "")
    per += f", setelah {measure_words(fact, after)} pertama" if after else ""
    return Row("rate", happening(fact), said, per=per)


def scale_rows(spec: Mapping[str, Any], unknown: str = "", periods: bool = False) -> list[Row]:
    """Every row of a scale in document order.

    `unknown` says what a value that was not given amounts to (no such row where empty); `periods`: whether `period`
    is heeded, as in an achievement.
    """
    form, fact = form_of(spec), fact_of(spec, periods) or None
    if form == "rate":
        return [_rate(spec, fact)]
    if form == "bands":
        return _bands(spec, str(fact), unknown)
    if form == "labels":
        return _labels(spec, str(fact), unknown, periods)
    if form == "ratio":
        return [Row("ratio", noun(str(fact)), _ratio(spec["ratio"], str(fact)))]
    rows = []
    for number, part in enumerate(spec["mix"], 1):
        weight = share_text(part["weight"])
        for row in scale_rows(part, unknown, periods):
            situation = f"Bagian ke-{number} berbobot {weight}" + (f", {row.situation}" if row.situation else "")
            rows.append(Row(f"mix.{number}.{row.key}", situation, row.share, row.code, row.per))
    return rows


def given_label(spec: Mapping[str, Any], value: object) -> Any:
    """What the labels of a scale give for a value (None: `missing`): a share, or a scale below it; None for nothing."""
    key = "missing" if value is None else label_key(value)
    return next((given for label, given in spec["labels"].items() if label_key(label) == key), None)


def fact_of(spec: Mapping[str, Any], periods: bool = False) -> str:
    """The fact that a scale reads, a rating with its period where periods are heeded; "" for none."""
    fact = str(spec.get("fact") or "")
    period = spec.get("period") if periods and fact == "rating" else None
    return fact if period in (None, "same_month") else f"{fact}@{period}"


def keys_read(spec: Mapping[str, Any], look: Look, periods: bool = False) -> list[str]:
    """The keys of the rows of `scale_rows` that a scale reads for these facts: one, of a mix one for each part.

    A value that is unknown is read as `missing`. Raises CaseError for facts that are no numbers where numbers are due.
    """
    form, fact = form_of(spec), fact_of(spec, periods)
    if form == "mix":
        parts = enumerate(spec["mix"], 1)
        return [f"mix.{number}.{key}" for number, part in parts for key in keys_read(part, look, periods)]
    if form == "bands":
        value = number_of(look, fact)
        if value is None:
            return ["bands.missing"]
        counted = beyond(value, exact(spec.get("after") or 0))
        for number, (code, start, end, _) in enumerate(band_rows(spec["bands"]), 1):
            if counted >= start and (end is None or counted < end):
                return [f"bands.{code or number}"]
        return []
    if form == "labels":
        label = look(fact)
        key, given = "missing" if label is None else label_key(label), given_label(spec, label)
        below = keys_read(given, look, periods) if isinstance(given, Mapping) else [""]
        return [f"labels.{key}.{row}".rstrip(".") for row in below]
    return [form]


def _bands(spec: Mapping[str, Any], fact: str, unknown: str) -> list[Row]:
    after = exact(spec.get("after") or 0)
    beyond = f" (setelah {measure_words(fact, after)} pertama)" if after else ""
    rows = []
    for number, (code, start, end, share) in enumerate(band_rows(spec["bands"]), 1):
        situation = happening(fact, span_words(start, end, unit_of(fact))) + beyond
        rows.append(Row(f"bands.{code or number}", situation, percent(share, 40), code or ""))
    if unknown:
        rows.append(Row("bands.missing", f"{noun(fact)} tidak ada", unknown))
    return rows


def _labels(spec: Mapping[str, Any], fact: str, unknown: str, periods: bool) -> list[Row]:
    rows, missing = [], unknown
    for label, given in spec["labels"].items():
        key = label_key(label)
        absent = key == "missing"
        situation = f"{noun(fact)} {'tidak ada' if absent else _label(label)}"
        if isinstance(given, Mapping):
            rows += [
                Row(
                    f"labels.{key}.{row.key}",
                    ", ".join(filter(None, (situation, row.situation))),
                    row.share,
                    row.code,
                    row.per,
                )
                for row in scale_rows(given, unknown, periods)
            ]
        elif is_share(given):
            rows.append(Row(f"labels.{key}", situation, share_text(given)))
        else:
            continue  # a note, or `missing: unknown`, which is said below
        missing = "" if absent else missing
    if missing:
        rows.append(Row("labels.missing", f"{noun(fact)} tidak ada", missing))
    return rows


def _label(label: object) -> str:
    return exact_words(label).replace("_", " ")


def _ratio(ratio: Mapping[str, Any], fact: str) -> str:
    to = ratio["to"]
    target = noun(to) if isinstance(to, str) else exact_words(to)
    said = f"{noun(fact)} dibagi {target[:1].lower() + target[1:] if isinstance(to, str) else target}"
    ends = [
        f"{words} {share_text(ratio[key])}"
        for key, words in (("at_most", "paling banyak"), ("at_least", "paling sedikit"))
        if ratio.get(key) is not None
    ]
    return f"{raised(said)} ({', '.join(ends)})" if ends else raised(said)
