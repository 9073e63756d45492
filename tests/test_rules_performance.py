"""The month's predicate and score: all nine cells, both sides of every edge, and missing that stays unknown."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import round_to
from performance.rules import LEVELS, RULES, compile_performance, month_score
from policy.conditions import CaseError
from policy.documents import Library

FOLDER = Path(__file__).resolve().parent.parent / "regulations"


def demonstration():
    library = Library()
    library.load_folder(FOLDER)
    return compile_performance(library.find("contoh-performance"))


PLAN = demonstration()
MATRIX = [
    ("above", "below", "Kurang"),
    ("above", "as", "Baik"),
    ("above", "above", "Sangat Baik"),
    ("as", "below", "Kurang"),
    ("as", "as", "Baik"),
    ("as", "above", "Baik"),
    ("below", "below", "Sangat Kurang"),
    ("below", "as", "Butuh Perbaikan"),
    ("below", "above", "Butuh Perbaikan"),
]


@pytest.mark.parametrize(("result", "behaviour", "wanted"), MATRIX)
def test_every_cell_of_the_matrix(result, behaviour, wanted):
    # by indicators: 50 of 100 is below, 90 as, 110 above expectation
    realised = {"below": 50, "as": 90, "above": 110}[result]
    month = month_score(PLAN, [(10_000, 100, realised)], behaviour)
    assert (month.result, month.behaviour, month.predicate) == (result, behaviour, wanted)
    assert month_score(PLAN, [], behaviour, result).predicate == wanted


@pytest.mark.parametrize(
    ("realised", "wanted"),
    [
        (0, "below"),
        (Fraction(69999, 1000), "below"),
        (70, "as"),
        (Fraction(70001, 1000), "as"),
        (Fraction(99999, 1000), "as"),
        (100, "as"),
        (Fraction(100001, 1000), "above"),
        (500, "above"),
    ],
)
def test_both_sides_of_the_limits(realised, wanted):
    assert month_score(PLAN, [(10_000, 100, realised)], "as").result == wanted


@pytest.mark.parametrize(
    ("realised", "share", "score"),
    [(119, Fraction(119, 100), 100), (120, Fraction(6, 5), 100), (121, Fraction(6, 5), 100), (100, 1, 100)],
)
def test_an_indicator_counts_at_most_what_the_document_says(realised, share, score):
    month = month_score(PLAN, [(10_000, 100, realised)], "as")
    assert (month.reached_share, month.score) == (share, score)


def test_a_little_more_makes_up_for_a_little_less_only_up_to_the_limit():
    # 60 % x 120 % (of 300 %) + 40 % x 50 %
    month = month_score(PLAN, [(6000, 10, 30), (4000, 10, 5)], "as")
    assert month.score == 60 * Fraction(12, 10) + 40 * Fraction(5, 10) == 92
    assert (month.score_bp, month.result) == (9200, "as")


def test_missing_is_unknown():
    for indicators in ([], [(10_000, 100, None)], [(5000, 100, 100), (5000, 100, None)], [(5000, 0, 3)]):
        month = month_score(PLAN, indicators, "above")
        assert (month.reached_share, month.score, month.score_bp) == (None, None, None)
        assert (month.result, month.predicate) == (None, None)
    month = month_score(PLAN, [(10_000, 100, 100)], None)
    assert (month.score, month.result, month.predicate) == (100, "as", None)
    assert month_score(PLAN, [(10_000, 100, 100)], "").behaviour is None


def test_a_typed_zero_is_valid():
    month = month_score(PLAN, [(10_000, 100, 0)], "as")
    assert (month.score, month.score_bp, month.result, month.predicate) == (0, 0, "below", "Butuh Perbaikan")


def test_the_superior_decides_against_the_indicators():
    month = month_score(PLAN, [(10_000, 100, 50)], "as", "above")
    assert (month.result, month.predicate, month.score) == ("above", "Baik", 50)
    # also where an indicator has not been realised: the predicate is known, the score is not
    month = month_score(PLAN, [(10_000, 100, None)], "as", "as")
    assert (month.predicate, month.score) == ("Baik", None)


def test_database_numbers_are_read_exactly():
    month = month_score(PLAN, [(3333, Decimal("3.00"), Decimal("1.00"))], "as")
    assert month.reached_share == Fraction(1, 3)
    assert month.score_bp == 3333


BELOW_ZERO = "Indikator: bobot, target dan realisasi tidak boleh di bawah 0"


@pytest.mark.parametrize(
    ("indicators", "behaviour", "override", "told"),
    [
        ([("x", 100, 1)], "as", None, "Indikator: bobot harus angka, bukan 'x'"),
        ([(1, None, 1)], "as", None, "Indikator: target harus angka, bukan None"),
        ([(1, 100, "banyak")], "as", None, "Indikator: realisasi harus angka, bukan 'banyak'"),
        ([(1, 100, 0.5)], "as", None, "Indikator: realisasi harus angka, bukan 0.5"),
        ([(-1, 100, 1)], "as", None, BELOW_ZERO),
        ([(1, -100, 1)], "as", None, BELOW_ZERO),
        ([(1, 100, 1), (1, 100, -1)], "as", None, BELOW_ZERO),
        ([(1, 100, Fraction(-1, 100))], "as", None, BELOW_ZERO),
        ([], "Baik", None, "Perilaku harus salah satu dari below, as, above, bukan 'Baik'"),
        ([], "as", "Baik", "Hasil kerja harus salah satu dari below, as, above, bukan 'Baik'"),
    ],
)
def test_what_cannot_be_read_is_refused(indicators, behaviour, override, told):
    with pytest.raises(CaseError) as refusal:
        month_score(PLAN, indicators, behaviour, override)
    assert str(refusal.value) == told


def test_an_indicator_without_weight_counts_for_nothing():
    assert month_score(PLAN, [(0, 100, 5), (1, 100, 80)], "as").score == 80
    assert month_score(PLAN, [(0, 100, 5)], "as").score is None


def changed(before: str, after: str):
    text = (FOLDER / "contoh/performance/2025-01-01.yaml").read_text(encoding="utf-8")
    assert before in text
    library = Library()
    library.load_texts({"changed.yaml": text.replace(before, after)})
    return library.find("contoh-performance")


def test_limits_and_matrix_are_the_documents():
    plan = compile_performance(changed("below: 70 %, above: 100 %", "below: 50 %, above: 90 %"))
    assert [month_score(plan, [(1, 100, r)], "as").result for r in (49, 50, 90, 91)] == ["below", "as", "as", "above"]
    plan = compile_performance(changed("at_most: 120 %", "at_most: 100 %"))
    assert month_score(plan, [(1, 100, 110)], "as").result == "as"
    plan = compile_performance(changed("above: Sangat Baik", "above: Istimewa"))
    assert month_score(plan, [(1, 100, 110)], "above").predicate == "Istimewa"


def test_without_a_limit_an_indicator_counts_in_full():
    plan = compile_performance(changed("at_most: 120 %, ", ""))
    month = month_score(plan, [(6000, 10, 30), (4000, 10, 5)], "as")
    # 60 % x 300 % + 40 % x 50 %
    assert (plan.at_most_share, month.reached_share, month.score) == (None, 2, 100)


def test_a_plan_keeps_what_the_document_says_of_itself():
    document = changed("at_most: 120 %", "at_most: 110 %")
    plan = compile_performance(document)
    assert plan.document is document
    assert plan.behaviours == tuple(document.parameters["behaviours"])
    assert plan.articles["indicator"] == "Pasal 2 (peragaan)"
    assert set(plan.articles) == {"result", "indicator", "predicates"}
    bare = type("Bare", (), {"id": "bare", "parameters": dict(document.parameters)})
    del bare.parameters["behaviours"], bare.parameters["indicator"]
    assert compile_performance(bare).behaviours == ()
    assert compile_performance(bare).articles["indicator"] == "not located"


def test_limits_that_meet_leave_one_share_as_expected():
    plan = compile_performance(changed("below: 70 %, above: 100 %", "below: 80 %, above: 80 %"))
    assert [month_score(plan, [(1, 100, r)], "as").result for r in (79, 80, 81)] == ["below", "as", "above"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("below: 70 %, above", "above"),
        ("below: 70 %", "below: 0.7"),
        ("below: 70 %", "below: 101 %"),
        ("{below: Sangat Kurang, as: Butuh Perbaikan, above", "{below: Sangat Kurang, above"),
    ],
)
def test_an_incomplete_document_is_refused(before, after):
    with pytest.raises(CaseError, match="^Dokumen kinerja contoh-performance"):
        compile_performance(changed(before, after))


@given(
    st.lists(st.tuples(st.integers(1, 10_000), st.integers(1, 500), st.integers(0, 1000)), min_size=1, max_size=6),
    st.integers(0, 5),
    st.sampled_from(LEVELS),
)
def test_more_realised_never_scores_less_and_order_does_not_matter(indicators, position, behaviour):
    month = month_score(PLAN, indicators, behaviour)
    assert month.score is not None
    assert 0 <= month.score <= 100
    assert month.score_bp == round_to(100 * month.score)
    weights = sum(weight for weight, _, _ in indicators)
    reference = (
        sum((Fraction(w) * min(Fraction(r, t), Fraction(6, 5)) for w, t, r in indicators), Fraction(0)) / weights
    )
    assert month.reached_share == reference
    assert month_score(PLAN, indicators[::-1], behaviour) == month
    better = list(indicators)
    weight, target, realised = better[position % len(better)]
    better[position % len(better)] = (weight, target, realised + 7)
    improved = month_score(PLAN, better, behaviour)
    assert improved.score >= month.score
    assert LEVELS.index(improved.result) >= LEVELS.index(month.result)


def test_the_book_explains_the_predicate():
    facts = {
        "indicators": [(1, 100, 110)],
        "behaviour": "above",
        "result_override": None,
        "below_share": PLAN.below_share,
        "above_share": PLAN.above_share,
        "at_most_share": PLAN.at_most_share,
        "predicates": PLAN.predicates,
    }
    explained = RULES.explain(["predicate"], facts)
    assert explained["predicate"].inputs["result"] == "above"
    assert explained["reached_share"].value == Fraction(11, 10)
