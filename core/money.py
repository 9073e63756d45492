"""Exact rupiah and shares: reading, writing, rounding, apportioning. No floats, ever."""

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm

Exact = int | Fraction

ROUNDING_MODES = ("half_up", "half_even", "floor", "ceil")
_SHARE = re.compile(r"([0-9]+(?:\.[0-9]+)?) %")
_RUPIAH_RATE = re.compile(r"([0-9]+(?:\.[0-9]+)?) rupiah")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


class MoneyError(ValueError):
    """A text or number that cannot be read exactly."""


def tidy(amount: Exact) -> Exact:
    """The same amount, as a plain integer where it is one (integers are many times faster)."""
    if amount.__class__ is int:
        return amount
    return amount.numerator if amount.denominator == 1 else amount


def exact(value: object) -> Exact:
    """An int or Fraction of the same value; a float is refused because it has already lost digits."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, Fraction):
        return tidy(value)
    if isinstance(value, Decimal) and value.is_finite():
        return tidy(Fraction(value))
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return tidy(Fraction(value.strip()))
    raise MoneyError(f"Bukan angka yang pasti: {value!r}")


def is_share(text: object) -> bool:
    """Whether this is a share as documents write it: digits, one space, the sign."""
    return isinstance(text, str) and _SHARE.fullmatch(text) is not None


def parse_share(text: object) -> Fraction:
    """`0.5 %` as 1/200. Raises MoneyError for anything else, a float or a bare number among it."""
    share = _share_of_text(text) if isinstance(text, str) else None
    if share is None:
        raise MoneyError(f"Persentase ditulis seperti '0.5 %' (angka, satu spasi, tanda persen), bukan {text!r}")
    return share


@lru_cache(maxsize=5_000)
def _share_of_text(text: str) -> Fraction | None:
    found = _SHARE.fullmatch(text)
    return None if found is None else Fraction(found.group(1)) / 100


def is_rupiah_rate(text: object) -> bool:
    """Whether this is a payment per unit such as `37000 rupiah`."""
    return isinstance(text, str) and _RUPIAH_RATE.fullmatch(text) is not None


def parse_rupiah_rate(text: object) -> Exact:
    """`37000 rupiah` as 37000 rupiah a unit. Raises MoneyError for anything else."""
    found = _RUPIAH_RATE.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise MoneyError(f"Bayaran per satuan ditulis seperti '37000 rupiah', bukan {text!r}")
    return tidy(Fraction(found.group(1)))


def _decimal_text(value: Fraction) -> str | None:
    """The finite decimal expansion, or None where there is none (such as a third)."""
    rest, twos_and_fives = value.denominator, 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest, count = rest // prime, count + 1
        twos_and_fives = max(twos_and_fives, count)
    if rest != 1:
        return None
    scaled = abs(value.numerator) * 10**twos_and_fives // value.denominator
    whole, part = divmod(scaled, 10**twos_and_fives)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{part:0{twos_and_fives}d}" if twos_and_fives else f"{sign}{whole}"


def exact_text(value: Exact) -> str:
    """The number for programs, nothing rounded: `5765000`, `-0.125`; `1000/3` where no decimal ends."""
    return _decimal_text(Fraction(value)) or str(Fraction(value))


def format_number(value: Exact) -> str:
    """A number as people read it here: `1.234.567,5`; at most two decimals."""
    hundredths = round_to(value, Fraction(1, 100))
    whole, cents = divmod(abs(int(Fraction(hundredths) * 100)), 100)
    text = f"{whole:,}".replace(",", ".")
    if cents:
        text += f",{cents:02d}".rstrip("0")
    return f"-{text}" if hundredths < 0 else text


def round_to(amount: Exact, to: Exact = 1, mode: str = "half_up") -> Exact:
    """The multiple of `to` (above 0) that `mode` names; half_up goes away from zero at the exact middle."""
    if to <= 0:
        raise MoneyError("Langkah pembulatan harus di atas 0")
    numerator = amount.numerator * to.denominator
    denominator = amount.denominator * to.numerator
    whole, rest = divmod(numerator, denominator)
    if rest:
        if mode == "ceil":
            whole += 1
        elif mode == "half_up":
            twice = 2 * rest
            whole += twice > denominator or (twice == denominator and numerator > 0)
        elif mode == "half_even":
            twice = 2 * rest
            whole += twice > denominator or (twice == denominator and whole % 2 == 1)
        elif mode != "floor":
            raise MoneyError(f"Cara pembulatan tidak dikenal: {mode}")
    return tidy(whole * to)


def exact_sum(amounts: Sequence[Exact]) -> Exact:
    """The sum, by one common denominator: several times faster than adding fractions one by one."""
    if Fraction not in map(type, amounts):
        return sum(amounts)
    whole, common = 0, 1
    for amount in amounts:
        numerator, denominator = amount.as_integer_ratio()
        if denominator != common:
            larger = lcm(common, denominator)
            whole, numerator = whole * (larger // common), numerator * (larger // denominator)
            common = larger
        whole += numerator
    return ratio(whole, common)


def ratio(numerator: int, denominator: int) -> Exact:
    """The quotient of two integers, the second above 0."""
    whole, rest = divmod(numerator, denominator)
    return Fraction(numerator, denominator) if rest else whole


def product(amount: Exact, share: Exact) -> Exact:
    """`amount * share`, a plain integer where it is one: twice as fast as multiplying fractions."""
    numerator, denominator = amount.as_integer_ratio()
    times, parts = share.as_integer_ratio()
    return ratio(numerator * times, denominator * parts)


def difference(amount: Exact, less: Exact) -> Exact:
    """`amount - less`, a plain integer where it is one."""
    numerator, denominator = amount.as_integer_ratio()
    taken, parts = less.as_integer_ratio()
    return ratio(numerator * parts - taken * denominator, denominator * parts)


def apportion(parts: Sequence[Exact], total: Exact, to: Exact) -> list[Exact]:
    """Whole steps of `to` for every part, adding up to `total`, none below 0 (regulation format, section 7).

    Parts are rounded down; what is missing goes out in steps, round after round, to the largest remainders (ties in
    the order given), the last step being what remains; what is too much is taken from the largest part.
    """
    if not parts:
        return []
    if to <= 0:
        raise MoneyError("Langkah pembulatan harus di atas 0")
    # Everything in units of one common denominator: plain integers from here on.
    common = lcm(total.denominator, to.denominator, *[part.denominator for part in parts])
    exactly = [part.numerator * (common // part.denominator) for part in parts]
    unit = to.numerator * (common // to.denominator)
    shares = [part - part % unit for part in exactly]
    missing = total.numerator * (common // total.denominator) - sum(shares)
    if missing > 0:
        rounds, missing = divmod(missing, unit * len(parts))
        order = sorted(range(len(parts)), key=lambda position: -(exactly[position] % unit))
        shares = [share + rounds * unit for share in shares]
        for position in order:
            step = min(unit, missing)
            shares[position] += step
            missing -= step
    while missing < 0 and max(shares) > 0:
        largest = shares.index(max(shares))
        step = min(shares[largest], -missing)
        shares[largest] -= step
        missing += step
    return [ratio(share, common) for share in shares]
