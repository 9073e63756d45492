"""Amounts in words, as Indonesian papers write them (terbilang). Plain functions, no framework."""

from core.money import Exact, round_to

_BELOW_TWELVE = (
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas",
)  # fmt: skip
_STEPS = ("", "ribu", "juta", "miliar", "triliun", "kuadriliun", "kuintiliun")


def _below_thousand(number: int) -> list[str]:
    if number < 12:
        return [_BELOW_TWELVE[number]] if number else []
    if number < 20:
        return [_BELOW_TWELVE[number - 10], "belas"]
    if number < 100:
        return [_BELOW_TWELVE[number // 10], "puluh", *_below_thousand(number % 10)]
    hundreds = ["seratus"] if number < 200 else [_BELOW_TWELVE[number // 100], "ratus"]
    return [*hundreds, *_below_thousand(number % 100)]


def number_in_words(number: int) -> str:
    """A whole number in words: 1_100 is "seribu seratus". Raises ValueError from 10^21 on."""
    if number < 0:
        return f"minus {number_in_words(-number)}"
    if number == 0:
        return _BELOW_TWELVE[0]
    if number >= 1000 ** len(_STEPS):
        raise ValueError(f"Angka terlalu besar untuk ditulis dengan kata: {number}")
    words: list[str] = []
    for power in range(len(_STEPS) - 1, -1, -1):
        group = number // 1000**power % 1000
        if power == 1 and group == 1:
            words.append("seribu")
        elif group:
            words += [*_below_thousand(group), _STEPS[power]] if power else _below_thousand(group)
    return " ".join(words)


def rupiah_in_words(amount: Exact) -> str:
    """An amount in words, capital first: "Satu juta rupiah"; sen follow where there are any."""
    sen = int(round_to(abs(amount) * 100))
    whole, rest = divmod(sen, 100)
    text = f"{number_in_words(whole)} rupiah" + (f" {number_in_words(rest)} sen" if rest else "")
    return ("minus " + text if amount < 0 and sen else text).capitalize()
