"""The five scales on their own: both sides of every edge, what is unknown, and how what cannot be read is told."""

from decimal import Decimal
from fractions import Fraction

import pytest

from policy.conditions import CaseError
from policy.scales import UNKNOWN, Reading, band_rows, compile_scale, form_of, named_bands, number_of, rate_reading

PERCENT = Fraction(1, 100)


def read(spec, periods=False, **facts):
    return compile_scale(spec, periods)(facts.get)


def told(work, *arguments):
    with pytest.raises(CaseError) as refusal:
        work(*arguments)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("value", "wanted"), [(None, None), (5, 5), ("5", 5), (Decimal("0.5"), Fraction(1, 2)), (True, 1)]
)
def test_numbers_of_a_case(value, wanted):
    found = number_of({"x": value}.get, "x")
    assert found == wanted
    assert type(found) is type(wanted)


def test_a_word_where_a_number_is_needed_is_told():
    assert told(number_of, {"x": "banyak"}.get, "x") == "Fakta x harus angka, bukan 'banyak'"


@pytest.mark.parametrize(
    ("part", "unit", "value", "units"),
    [
        ("exact", 1, 7, 7),
        ("exact", 60, 90, Fraction(3, 2)),
        ("exact", None, Fraction(5, 2), Fraction(5, 2)),
        ("started", 60, 0, 0),
        ("started", 60, 1, 1),
        ("started", 60, 60, 1),
        ("started", 60, 61, 2),
        ("started", 1, Fraction(5, 2), 3),
        ("started", "7.5", 15, 2),
        ("full", 60, 59, 0),
        ("full", 60, 60, 1),
        ("full", 60, 119, 1),
        ("full", 60, 120, 2),
        ("full", 1, Fraction(5, 2), 2),
        (None, 60, 30, Fraction(1, 2)),
    ],
)
def test_units_of_a_rate(part, unit, value, units):
    spec = {"rate": "2 %", "fact": "x", "unit": unit, "part": part}
    found = read(spec, x=value)
    assert found == Reading(2 * PERCENT * units, None, value, False)
    assert isinstance(found.share, int) is (found.share.denominator == 1)
    assert rate_reading(spec, value) == found


@pytest.mark.parametrize(
    ("value", "counted"), [(-5, 0), (0, 0), (30, 0), (31, 1), (90, 60), (Fraction(61, 2), Fraction(1, 2))]
)
def test_what_a_rate_counts_lies_beyond_after(value, counted):
    found = read({"rate": "1 %", "fact": "x", "after": 30}, x=value)
    assert (found.share, found.count) == (counted * PERCENT, counted)


def test_a_rate_in_rupiah():
    spec = {"rate": "37000 rupiah", "fact": "x", "unit": 2}
    assert read(spec, x=4) == Reading(74_000, None, 4, True)
    assert rate_reading({"rate": "0.5 rupiah"}, 3).share == Fraction(3, 2)


def test_a_rate_without_a_fact_counts_once():
    assert read({"rate": "4 %", "unit": 60, "after": 5}) == Reading(4 * PERCENT, None, 1, False)
    assert read({"rate": "100 %"}).share.__class__ is int


def test_a_fact_that_was_not_given_is_unknown_to_every_form():
    assert Reading(None, None, 1, False) == UNKNOWN
    for spec in (
        {"rate": "1 %"},
        {"bands": [[0, None, "1 %"]]},
        {"labels": {"a": "1 %"}},
        {"ratio": {"to": 100}},
        {"ratio": {"to": "y"}},
    ):
        assert read({"fact": "x", **spec}, y=5) == UNKNOWN
        assert read({"fact": "x", **spec}, x=None, y=5) == UNKNOWN


def test_a_rate_keeps_what_it_found_and_still_tells_values_apart():
    scale = compile_scale({"rate": "1 %", "fact": "x"})
    for _ in range(2):
        assert [scale({"x": x}.get).count for x in range(2100)] == list(range(2100))


NAMED = {"fact": "x", "bands": {"T1": [1, 31, "1 %"], "T2": [31, None, "2 %"]}}
UNNAMED = {"fact": "x", "bands": [[None, 1, "0 %"], [1, 31, "1 %"], ["31", "61.5", "100 %"]]}


@pytest.mark.parametrize(
    ("spec", "value", "share", "code"),
    [
        (NAMED, 1, PERCENT, "T1"),
        (NAMED, 30, PERCENT, "T1"),
        (NAMED, Fraction(309, 10), PERCENT, "T1"),
        (NAMED, 31, 2 * PERCENT, "T2"),
        (NAMED, 10**9, 2 * PERCENT, "T2"),
        (NAMED | {"after": 10}, 11, PERCENT, "T1"),
        (NAMED | {"after": 10}, 40, PERCENT, "T1"),
        (NAMED | {"after": 10}, 41, 2 * PERCENT, "T2"),
        (UNNAMED, -5, 0, None),
        (UNNAMED, 0, 0, None),
        (UNNAMED, 1, PERCENT, None),
        (UNNAMED, 31, 1, None),
        (UNNAMED, Fraction(614, 10), 1, None),
    ],
)
def test_bands(spec, value, share, code):
    found = read(spec, x=value)
    assert found == Reading(share, code, 1, False)
    assert type(found.share) is type(share)


@pytest.mark.parametrize(
    ("spec", "value"), [(NAMED, 0), (NAMED, Fraction(9, 10)), (NAMED | {"after": 10}, 10), (UNNAMED, Fraction(615, 10))]
)
def test_outside_its_bands_a_scale_gives_nothing(spec, value):
    assert read(spec, x=value) is None


def test_rows_of_bands():
    assert band_rows(NAMED["bands"]) == [("T1", 1, 31, PERCENT), ("T2", 31, None, 2 * PERCENT)]
    assert band_rows({1: [1, 2, "3 %"]}) == [("1", 1, 2, 3 * PERCENT)]
    assert band_rows(UNNAMED["bands"]) == [
        (None, 0, 1, 0),
        (None, 1, 31, PERCENT),
        (None, 31, Fraction(123, 2), 1),
    ]


LABELS = {
    "fact": "rating",
    "labels": {
        "Sangat Baik": "100 %",
        "Cukup": "80 %",
        "Honor": "5000 rupiah",
        "Belum": "unknown",
        "Rinci": NAMED,
        "note": "50 %",
        "article": "Pasal 7",
    },
}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("sangat_baik", Reading(1)),
        ("Cukup", Reading(Fraction(4, 5))),
        ("honor", Reading(5000, None, 1, True)),
        ("Belum", UNKNOWN),
        ("note", Reading(Fraction(1, 2))),
        ("article", None),
        ("lain", None),
        (None, UNKNOWN),
        ("Rinci", Reading(PERCENT, "T1")),
    ],
)
def test_labels(value, found):
    assert read(LABELS, rating=value, x=5) == found


def test_the_share_of_a_label_is_an_integer_where_it_can_be():
    assert read(LABELS, rating="Sangat Baik").share.__class__ is int


def test_a_label_for_what_was_not_given():
    spec = {"fact": "rating", "labels": {"Missing": "50 %", "Baik": "100 %"}}
    assert read(spec).share == Fraction(1, 2)
    assert read(spec, rating="missing").share == Fraction(1, 2)
    assert read(spec, rating="Baik").share == 1
    assert read({"fact": "rating", "labels": {"missing": NAMED}}, x=40) == Reading(2 * PERCENT, "T2")


@pytest.mark.parametrize(
    ("value", "share"),
    [
        (0, Fraction(1, 2)),
        (49, Fraction(1, 2)),
        (51, Fraction(51, 100)),
        (119, Fraction(119, 100)),
        (120, Fraction(6, 5)),
        (500, Fraction(6, 5)),
    ],
)
def test_a_ratio_between_its_limits(value, share):
    spec = {"fact": "x", "ratio": {"to": 100, "at_most": "120 %", "at_least": "50 %"}}
    assert read(spec, x=value) == Reading(share)


def test_a_ratio_without_limits_or_to_another_fact():
    assert read({"fact": "x", "ratio": {"to": 50}}, x=500) == Reading(10)
    assert read({"fact": "x", "ratio": {"to": 50}}, x=-25) == Reading(Fraction(-1, 2))
    by_fact = {"fact": "x", "ratio": {"to": "y"}}
    assert read(by_fact, x=3, y=4) == Reading(Fraction(3, 4))
    assert read(by_fact, x=3, y=0) == UNKNOWN
    assert read(by_fact, x=3) == UNKNOWN
    whole = {"fact": "x", "ratio": {"to": 100, "at_most": "100 %", "at_least": "0 %"}}
    assert [read(whole, x=x).share.__class__ for x in (100, 500, -3)] == [int, int, int]


MIX = {
    "mix": [
        {"weight": "60 %", "fact": "rating", "labels": {"Baik": "100 %", "Aneh": "unknown"}},
        {"weight": "40 %", "fact": "score", "ratio": {"to": 100}},
    ]
}


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"rating": "Baik", "score": 50}, Reading(Fraction(4, 5))),
        ({"rating": "Baik", "score": 100}, Reading(1)),
        ({"rating": "Baik"}, UNKNOWN),
        ({"rating": "Aneh", "score": 100}, UNKNOWN),
        ({"score": 100}, UNKNOWN),
        ({"rating": "lain"}, UNKNOWN),
        ({"rating": "lain", "score": 100}, None),
    ],
)
def test_a_mix(facts, found):
    assert read(MIX, **facts) == found
    turned = {"mix": MIX["mix"][::-1]}
    assert read(turned, **facts) == found


@pytest.mark.parametrize(
    ("periods", "period", "asked"),
    [
        (True, None, "rating"),
        (True, "same_month", "rating"),
        (True, "previous_month", "rating@previous_month"),
        (False, "previous_month", "rating"),
    ],
)
def test_a_rating_of_another_month(periods, period, asked):
    plain = {"fact": "rating", "period": period, "labels": {"Baik": "100 %"}}
    weighted = {"mix": [{"weight": "100 %", **plain}]}
    below = {"fact": "kind", "labels": {"x": plain}}
    unset = {"fact": "kind", "labels": {"missing": plain}}
    for spec, more in ((plain, {}), (weighted, {}), (below, {"kind": "x"}), (unset, {})):
        assert read(spec, periods, **{asked: "Baik"}, **more) == Reading(1)
        assert read(spec, periods, **more) == UNKNOWN
    score = {"fact": "rating_score", "period": "previous_month", "ratio": {"to": 100}}
    assert read(score, periods, rating_score=100) == Reading(1)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({}, "Tepat satu skala diperlukan (rate, bands, labels, ratio, mix), ada 0"),
        ({"rate": "1 %", "bands": []}, "Tepat satu skala diperlukan (rate, bands, labels, ratio, mix), ada 2"),
        ({"bands": [[0, 1, "1 %"]]}, "Skala bands memerlukan fact"),
        ({"labels": {"a": "1 %"}}, "Skala labels memerlukan fact"),
        ({"ratio": {"to": 1}}, "Skala ratio memerlukan fact"),
        ({"fact": "x", "labels": 5}, "Harus berupa pasangan nama dan nilai, bukan 5"),
        ({"fact": "x", "ratio": []}, "Harus berupa pasangan nama dan nilai, bukan []"),
        ({"mix": "x"}, "mix harus berupa daftar bagian"),
        (
            {"rate": 0.5},
            "Skala rate tidak dapat dibaca: Persentase ditulis seperti '0.5 %' (angka, satu spasi, tanda persen),"
            " bukan 0.5",
        ),
        ({"fact": "x", "ratio": {}}, "Skala ratio tidak dapat dibaca: 'to'"),
        ({"mix": [{"weight": "1 %", "rate": "x"}]}, None),
    ],
)
def test_a_scale_that_cannot_be_read_is_told(spec, words):
    found = told(compile_scale, spec)
    assert found.startswith("Skala rate tidak dapat dibaca") if words is None else found == words


@pytest.mark.parametrize(
    "spec",
    [
        {"fact": "x", "bands": [[0, 1]]},
        {"fact": "x", "bands": 7},
        {"fact": "x", "bands": [[0.5, 1, "1 %"]]},
        {"fact": "x", "labels": {"a": 7}},
        {"fact": "x", "ratio": {"to": 1.5}},
        {"mix": [{"rate": "1 %"}]},
    ],
)
def test_nothing_that_a_document_holds_is_an_error_of_the_portal(spec):
    form = form_of(spec)
    assert told(compile_scale, spec).startswith(f"Skala {form} tidak dapat dibaca: ")


def test_the_form_is_the_one_that_is_not_empty():
    assert form_of({"rate": None, "bands": [], "mix": None}) == "bands"


def test_the_codes_of_a_scale_with_those_below_its_labels():
    assert named_bands(NAMED) == [("T1", PERCENT), ("T2", 2 * PERCENT)]
    assert named_bands(UNNAMED) == []
    assert named_bands(LABELS) == [("T1", PERCENT), ("T2", 2 * PERCENT)]
    assert named_bands({"labels": {"a": {"labels": {"b": NAMED}}, "c": UNNAMED, "d": "1 %"}}) == named_bands(NAMED)
    assert named_bands({"rate": "1 %"}) == []
