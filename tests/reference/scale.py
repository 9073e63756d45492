"""Scales: a fact becomes a share. None is unknown, NOTHING is outside its bands or labels."""

import math
from datetime import date
from fractions import Fraction

from tests.reference.values import is_number, share, word

NOTHING = "nothing"


class Found:
    """What a scale gives: share (or rupiah), the code of the band, the amount beyond `after`."""

    def __init__(self, share, code=None, amount=Fraction(1), rupiah=False):
        self.share, self.code, self.amount, self.rupiah = share, code, amount, rupiah


def period_key(month, period):
    """The key in `ratings` for a period seen from `2025-11`."""
    year, number = int(month[:4]), int(month[5:7])
    if period == "previous_month":
        last = date(year - 1, 12, 1) if number == 1 else date(year, number - 1, 1)
        return last.strftime("%Y-%m")
    if period == "previous_quarter":
        quarter = (number - 1) // 3
        return f"{year}-Q{quarter}" if quarter else f"{year - 1}-Q4"
    if period == "previous_year":
        return str(year - 1)
    return month


def read(scale, look):
    """The Found of a scale over the facts that `look` answers; `look.rating(period)` answers ratings.

    Only achievements and their mixes choose a period: what `look` answers to rules is that of the same month.
    """
    if "mix" in scale:
        return _mix(scale["mix"], look)
    value = _value(scale, look)
    if "rate" in scale:
        return _rate(scale, value)
    if "bands" in scale:
        return _bands(scale, value)
    if "labels" in scale:
        return _labels(scale, value, look)
    return _ratio(scale["ratio"], value, look)


def _value(scale, look):
    if "fact" not in scale:
        return None
    if scale["fact"] == "rating":
        return look.rating(scale.get("period", "same_month"))
    return look(scale["fact"])


def _beyond(scale, value):
    return max(Fraction(value) - Fraction(scale.get("after", 0)), Fraction(0))


def _rate(scale, value):
    text = str(scale["rate"])
    rupiah = text.endswith("rupiah")
    each = Fraction(text.split(" ")[0]) if rupiah else share(text)
    if "fact" not in scale:
        return Found(each, rupiah=rupiah)
    if not is_number(value):
        return Found(None)
    amount = _beyond(scale, value)
    units = amount / Fraction(scale.get("unit", 1))
    part = scale.get("part", "exact")
    if part == "started":
        units = Fraction(math.ceil(units))
    if part == "full":
        units = Fraction(math.floor(units))
    return Found(each * units, amount=amount, rupiah=rupiah)


def _bands(scale, value):
    if not is_number(value):
        return Found(None)
    value = _beyond(scale, value)
    bands = scale["bands"]
    for code, (start, end, text) in bands.items() if isinstance(bands, dict) else ((None, band) for band in bands):
        if start <= value and (end is None or value < end):
            return Found(share(text), code)
    return Found(NOTHING)


def _labels(scale, value, look):
    labels = {word(name): given for name, given in scale["labels"].items()}
    given = labels.get("missing", "unknown") if value is None else labels.get(word(value), NOTHING)
    if given == NOTHING:
        return Found(NOTHING)
    if isinstance(given, dict):
        return read(given, look)
    return Found(None if given == "unknown" else share(given))


def _ratio(ratio, value, look):
    to = ratio["to"] if is_number(ratio["to"]) else look(ratio["to"])
    if not is_number(value) or not is_number(to) or to == 0:
        return Found(None)
    part = Fraction(value) / Fraction(to)
    if "at_most" in ratio:
        part = min(part, share(ratio["at_most"]))
    if "at_least" in ratio:
        part = max(part, share(ratio["at_least"]))
    return Found(part)


def _mix(parts, look):
    found = [(share(part["weight"]), read(part, look).share) for part in parts]
    if any(part is None for _, part in found):
        return Found(None)
    if any(part == NOTHING for _, part in found):
        return Found(NOTHING)
    return Found(sum((weight * part for weight, part in found), Fraction(0)))
