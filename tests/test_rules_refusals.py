"""What an allowance refuses, word for word, and the last value beside it that it takes."""

from datetime import date

import pytest

from allowances.rules import compile_allowance, evaluate_month
from policy.conditions import CaseError
from tests.test_rules_format import TWO, document

NUMBER = "Bukan angka yang pasti: "
CLASSES = "  base: {by: class, classes: {8: 2000, 9: 3000}, change: by_days}\n" + TWO
CRITERIA = "  base: {by: criteria, criteria: [beban, tempat]}\n" + TWO
BASIC = "  base: {by: basic, criteria: [beban], classes: {8: 2000}}\n" + TWO
LATE = TWO + "  charges: {late: {fact: minutes_late, bands: {TL1: [1, 31, 1 %], TL2: [31, null, 2 %]}}}\n"
AWAY = TWO + "  charges: {away: {fact: minutes_away, rate: 1 %, unit: 60}}\n"
RATED = "  components: {a: {weight: 100 %, achievement: {fact: rating, labels: {Baik: 100 %}}}}\n"
POST = "  base: {by: class, classes: {8: 2000}}\n" + TWO
POST += "  supplements: {plt: {each: post, rate: 10 %, of: post_gross}}\n"
PRORATED = TWO + "  charges: {gone: {each: leave, rate: 10 %, prorate: working_days}}\n"


def values(parameters, **given):
    return evaluate_month(compile_allowance(document(parameters), None), {"month": "2025-11"} | given).values


@pytest.mark.parametrize(
    ("parameters", "given", "told"),
    [
        (TWO, {"gross": 0.5}, f"gross: {NUMBER}0.5"),
        (TWO, {"gross": 5, "carried": "x"}, f"carried: {NUMBER}'x'"),
        (TWO, {"gross": 5, "days": [{"minutes_late": "x"}]}, f"minutes_late: {NUMBER}'x'"),
        (TWO, {"gross": 5, "month": "Mei"}, "Bulan ditulis seperti 2025-11, bukan 'Mei'"),
        (CLASSES, {"class": 7}, "Kelas 7 tidak ada dalam tabel made: 8, 9"),
        (CLASSES, {"classes": [{"class": 8, "days": 0}]}, "classes: jumlah days tidak boleh 0"),
        (CLASSES, {"classes": [{"class": 8, "days": "x"}]}, f"classes.days: {NUMBER}'x'"),
        (CRITERIA, {"criteria": {"resiko": 5}}, "Kriteria resiko tidak ada dalam made: beban, tempat"),
        (BASIC, {"basic": "x", "criteria": {"beban": "50 %"}}, f"basic: {NUMBER}'x'"),
        (RATED, {"gross": 5, "rating": "Buruk"}, "Pencapaian a di luar skala dokumen made"),
        (LATE, {"gross": 5, "events": {"TL3": 1}}, "Kode TL3 tidak dapat diberikan; yang dikenal: TL1, TL2"),
        (LATE, {"gross": 5, "events": {"TL1": -1}}, "events.TL1: jumlah -1 tidak mungkin"),
        (LATE, {"gross": 5, "events": {"TL1": "0.5"}}, "events.TL1: jumlah 1/2 tidak mungkin"),
        (LATE, {"gross": 5, "events": {"TL1": "x"}}, f"TL1: {NUMBER}'x'"),
        (
            LATE,
            {"gross": 5, "events": {"TL1": 60_000, "TL2": 40_001}},
            "events.TL2: terlalu banyak kejadian; paling banyak 100000 dalam satu bulan",
        ),
        (AWAY, {"gross": 5, "events": {"away": -1}}, "events.away: jumlah -1 tidak mungkin"),
        (POST, {"class": 8, "posts": [{"kind": "plt", "gross": "x"}]}, f"gross: {NUMBER}'x'"),
        (POST, {"class": 8, "posts": [{"kind": "plt", "class": 9}]}, "Kelas 9 tidak ada dalam tabel made: 8"),
        (PRORATED, {"gross": 5, "working_days": 20, "leaves": [{"days": "x"}]}, f"days: {NUMBER}'x'"),
        (PRORATED, {"gross": 5, "working_days": "x", "leaves": [{"days": 1}]}, f"working_days: {NUMBER}'x'"),
    ],
)
def test_what_is_refused(parameters, given, told):
    with pytest.raises(CaseError) as refusal:
        values(parameters, **given)
    assert str(refusal.value) == told


def test_an_amount_of_minutes_is_not_counted_as_events():
    # 200,000 minutes make one line; as events of a code they would be too many
    assert values(AWAY, gross=100, events={"away": 200_000})["net"] == 0
    assert values(AWAY, gross=100, events={"away": "0.5"})["cut.away"] * 120 == 1
    assert values(LATE, gross=100, events={"TL1": 2, "TL2": 0})["net"] == 98


def test_the_difference_to_a_post_is_unknown_where_either_is():
    rule = "  base: {by: class, classes: {8: 2000, 9: 3000}}\n" + TWO
    rule += "  supplements: {plt: {each: post, rate: 10 %, of: difference}}\n"
    assert values(rule, **{"class": 8}, posts=[{"class": 9}])["supplement.plt"] == 100
    assert values(rule, **{"class": 9}, posts=[{"class": 8}])["supplement.plt"] == 0
    assert values(rule, **{"class": 8}, posts=[{}])["supplement.plt"] is None
    assert values(rule, posts=[{"class": 9}])["supplement.plt"] is None
    assert values(rule, posts=[{}])["supplement.plt"] is None


def test_a_table_of_tax_that_is_not_there_is_told():
    plan = compile_allowance(document(TWO + "  tax: {table: pph}\n"), None)
    with pytest.raises(CaseError) as refusal:
        evaluate_month(plan, {"month": "2025-11", "gross": 5})
    assert str(refusal.value) == "Tabel pajak pph tidak ada"
    assert evaluate_month(plan, {"month": "2025-11"}).values["tax"] is None


def test_half_a_document_is_told():
    class Half:
        id, parameters = "half", {"charges": 5}

    with pytest.raises(CaseError, match="^Dokumen half tidak lengkap: "):
        compile_allowance(Half, None)


def test_a_month_is_a_text_or_a_day_in_it_or_that_of_its_days():
    rule = TWO + "  facts: {whole: {sum: {calendar_days: 1}}}\n"
    for month in ("2025-02", date(2025, 2, 1), date(2025, 2, 28)):
        assert values(rule, month=month)["whole"] == 28
    leap = [{"date": date(2024, 2, 10), "present_days": 1}]
    assert values(rule, month=None, days=leap)["whole"] == 29
    assert values(rule, month="2025-02", days=leap)["whole"] == 28
    assert values(rule, month="2025-02", calendar_days=30)["whole"] == 30
    assert values(rule, month=None)["whole"] is None
