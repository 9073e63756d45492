"""Amounts in words, on both sides of every edge."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allowances.exports.words import number_in_words, rupiah_in_words

EDGES = {
    0: "nol",
    1: "satu",
    9: "sembilan",
    10: "sepuluh",
    11: "sebelas",
    12: "dua belas",
    19: "sembilan belas",
    20: "dua puluh",
    21: "dua puluh satu",
    99: "sembilan puluh sembilan",
    100: "seratus",
    101: "seratus satu",
    111: "seratus sebelas",
    199: "seratus sembilan puluh sembilan",
    200: "dua ratus",
    999: "sembilan ratus sembilan puluh sembilan",
    1_000: "seribu",
    1_001: "seribu satu",
    1_100: "seribu seratus",
    1_999: "seribu sembilan ratus sembilan puluh sembilan",
    2_000: "dua ribu",
    11_000: "sebelas ribu",
    21_000: "dua puluh satu ribu",
    100_000: "seratus ribu",
    101_000: "seratus satu ribu",
    1_000_000: "satu juta",
    1_001_000: "satu juta seribu",
    9_520_000: "sembilan juta lima ratus dua puluh ribu",
    1_000_000_000: "satu miliar",
    1_000_000_000_000: "satu triliun",
    1_001_001_001_001: "satu triliun satu miliar satu juta seribu satu",
    10**15: "satu kuadriliun",
    -5: "minus lima",
}
DIGITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
VALUES = {word: number for number, word in enumerate(DIGITS)}
VALUES |= {"sepuluh": 10, "sebelas": 11, "seratus": 100}
STEPS = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12, "kuadriliun": 10**15}


@pytest.mark.parametrize("number", EDGES)
def test_edges(number):
    assert number_in_words(number) == EDGES[number]


def read_back(words: str) -> int:
    """An independent reading of the words."""
    total = group = last = 0
    for word in words.replace("seribu", "satu ribu").split():
        if word in STEPS:
            total, group, last = total + (group + last) * STEPS[word], 0, 0
        elif word == "belas":
            last += 10
        elif word in ("puluh", "ratus"):
            group, last = group + last * (10 if word == "puluh" else 100), 0
        else:
            group, last = group + last, VALUES[word]
    return total + group + last


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_words_say_the_number(number):
    assert read_back(number_in_words(number)) == number


def test_rupiah_and_sen():
    assert rupiah_in_words(0) == "Nol rupiah"
    assert rupiah_in_words(1_000) == "Seribu rupiah"
    assert rupiah_in_words(Fraction("1100.05")) == "Seribu seratus rupiah lima sen"
    assert rupiah_in_words(Fraction("-11.5")) == "Minus sebelas rupiah lima puluh sen"


def test_what_has_no_name_is_refused():
    with pytest.raises(ValueError, match="terlalu besar"):
        number_in_words(10**21)
