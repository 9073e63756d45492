"""The month's predicate and score. Missing is unknown, never 0; a 0 typed on purpose is valid."""

from collections.abc import Sequence
from fractions import Fraction

from core.money import Exact, tidy
from policy.registry import RuleBook

RULES = RuleBook("performance")

# Rows are the work result, columns the behaviour. Not symmetric: bad behaviour is worse than a bad result.
PREDICATES = {
    ("above", "below"): "Kurang",
    ("above", "as"): "Baik",
    ("above", "above"): "Sangat Baik",
    ("as", "below"): "Kurang",
    ("as", "as"): "Baik",
    ("as", "above"): "Baik",
    ("below", "below"): "Sangat Kurang",
    ("below", "as"): "Butuh Perbaikan",
    ("below", "above"): "Butuh Perbaikan",
}


@RULES.rule(label="Predikat kinerja", unit="label", article="PermenPANRB 6/2022")
def predicate(result: str | None, behaviour: str | None) -> str | None:
    """The predicate of result and behaviour (`below`, `as`, `above`); None while either is not yet known."""
    if not result or not behaviour:
        return None
    return PREDICATES[(result, behaviour)]


@RULES.rule(label="Nilai hasil kerja", unit="score 0 to 100", article="performance.score")
def weighted_score(indicators: Sequence[tuple[int, Exact, Exact | None]]) -> Exact | None:
    """The weighted mean of realised / target, each at most 100, from (weight, target, realised) triples.

    None where there is no indicator, no weight, or one of them has not been realised yet: unknown is not 0.
    """
    weights = sum(weight for weight, _, _ in indicators)
    if not weights or any(realised is None or target <= 0 for _, target, realised in indicators):
        return None
    total = sum(
        (weight * min(Fraction(realised) / target, Fraction(1)) for weight, target, realised in indicators if realised),
        Fraction(0),
    )
    return tidy(100 * total / weights)


@RULES.rule(label="Hasil kerja terhadap ekspektasi", unit="label", article="performance.result")
def result_expectation(
    indicators: Sequence[tuple[int, Exact, Exact | None]], below_share: Fraction, above_share: Fraction
) -> str | None:
    """`below`, `as` or `above` expectation by the uncapped weighted ratio; None while it is unknown.

    Below `below_share` of the targets is below expectation, above `above_share` is above it.
    """
    weights = sum(weight for weight, _, _ in indicators)
    if not weights or any(realised is None or target <= 0 for _, target, realised in indicators):
        return None
    ratio = sum(
        (weight * Fraction(realised) / target for weight, target, realised in indicators if realised), Fraction(0)
    )
    ratio /= weights
    if ratio < below_share:
        return "below"
    return "above" if ratio > above_share else "as"
