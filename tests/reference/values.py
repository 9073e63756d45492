"""Words and figures: shares, labels, conditions, rounding, apportioning."""

import math
from datetime import date
from fractions import Fraction


def _names(text):
    return text.split()


DAY_NUMBERS = _names(
    "minutes_late minutes_early minutes_away missing_in missing_out missing_taps expected_days present_days "
    "absent_days home_days leave_days permit_days ceremonies_missed reports_done reports_late reports_missing "
    "reports_below"
)
DAY_LABELS = _names(
    "date weekday calendar place plan report ceremony leave leave_day half_leave outage ramadan shift in out taps"
)
DEFAULTS = {"calendar": "five_day", "place": "office", "run": "regular"}


def share(text):
    """`0.5 %` as a Fraction of 1."""
    digits, sign = str(text).split(" ")
    assert sign == "%"
    return Fraction(digits) / 100


def is_number(value):
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def word(value):
    """What two labels have in common when they are the same."""
    if isinstance(value, date):
        return value.isoformat()
    if is_number(value):
        return str(Fraction(value))
    return str(value).lower().replace(" ", "_")


def _as_day(value):
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _in_range(value, wanted):
    if any(isinstance(bound, date) for bound in wanted.values()):
        value = _as_day(value)
        if value is None:
            return False
    elif not is_number(value):
        return False
    start, end = wanted.get("from"), wanted.get("to")
    return (start is None or start <= value) and (end is None or value < end)


def fits(value, wanted):
    """One name of a condition: a value, a list of which one, or a half-open range. None was not given."""
    if value is None:
        return False
    if isinstance(wanted, dict):
        return _in_range(value, wanted)
    if isinstance(wanted, list):
        return any(word(value) == word(one) for one in wanted)
    return word(value) == word(wanted)


def holds(condition, look):
    """All names of a condition must fit what `look` answers; remarks ask for nothing."""
    asked = {name: wanted for name, wanted in condition.items() if name not in ("article", "note", "label")}
    return all(fits(look(name), wanted) for name, wanted in asked.items())


def rounded(amount, point):
    """To `to` by `mode`; exact without a point, unknown when unknown."""
    if amount is None or not point:
        return amount
    to, mode = Fraction(point["to"]), point.get("mode", "half_up")
    steps = amount / to
    below = math.floor(steps)
    rest = steps - below
    half = Fraction(1, 2)
    up = {
        "floor": False,
        "ceil": rest > 0,
        "half_up": rest > half or (rest == half and steps > 0),
        "half_even": rest > half or (rest == half and below % 2 == 1),
    }[mode]
    return (below + int(up)) * to


def apportioned(parts, total, to):
    """Parts, none scaled, that add up to `total`: rounded down, then steps of `to` to the largest remainders."""
    to = Fraction(to)
    low = [math.floor(part / to) * to for part in parts]
    missing = total - sum(low)
    order = sorted(range(len(parts)), key=lambda at: (-(parts[at] - low[at]), at))
    turn = 0
    while missing > 0:
        step = min(to, missing)
        low[order[turn % len(order)]] += step
        missing -= step
        turn += 1
    while missing < 0:
        largest = max(range(len(low)), key=lambda at: (low[at], -at))
        taken = min(low[largest], -missing)
        low[largest] -= taken
        missing += taken
    return low
