"""The month's predicate and score. Missing is unknown, never 0; a 0 typed on purpose is valid.

Limits and the matrix of predicates come from the performance document; nothing here knows a number of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from core.money import Exact, MoneyError, exact, exact_sum, parse_share, ratio, round_to, tidy
from policy.conditions import CaseError
from policy.registry import Program, RuleBook

RULES = RuleBook("performance")
LEVELS = ("below", "as", "above")
Indicators = Sequence[tuple[Exact, Exact, Exact | None]]
Matrix = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class PerformancePlan:
    """A performance document, read once. Shares are exact; `at_most_share` None: an indicator has no limit."""

    document: Any
    below_share: Fraction
    above_share: Fraction
    at_most_share: Fraction | None
    predicates: Matrix
    behaviours: tuple[str, ...]
    articles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MonthResult:
    """One month: None is unknown. `score` is exact, 0 to 100; `score_bp` the same to the hundredth, half up."""

    reached_share: Exact | None
    score: Exact | None
    score_bp: int | None
    result: str | None
    behaviour: str | None
    predicate: str | None


@RULES.rule(label="Capaian sasaran tertimbang", unit="share", article="performance.indicator")
def reached_share(indicators: Indicators, at_most_share: Fraction | None) -> Exact | None:
    """The weighted mean of realised / target, each at most `at_most_share`, from (weight, target, realised) triples.

    None where there is no indicator, no weight, or one of them has not been realised yet: unknown is not 0.
    """
    parts: list[Exact] = []
    most, of = (0, 0) if at_most_share is None else at_most_share.as_integer_ratio()
    for weight, target, realised in indicators:
        if realised is None or target <= 0:
            return None
        # In whole numbers: a Fraction for every step would be most of the time that scoring takes.
        done, by = realised.as_integer_ratio()
        wanted, into = target.as_integer_ratio()
        numerator, denominator = done * into, by * wanted
        if of and numerator * of > most * denominator:
            numerator, denominator = most, of
        parts.append(
            ratio(numerator * weight, denominator)
            if weight.__class__ is int
            else tidy(weight * Fraction(numerator, denominator))
        )
    weights = exact_sum([weight for weight, _, _ in indicators])
    return tidy(Fraction(exact_sum(parts)) / weights) if weights else None


@RULES.rule(label="Nilai hasil kerja", unit="score 0 to 100", article="performance.indicator")
def weighted_score(reached_share: Exact | None) -> Exact | None:
    """The share of the weighted targets as a score of at most 100; None while it is unknown."""
    return None if reached_share is None else tidy(min(100 * reached_share, 100))


@RULES.rule(label="Hasil kerja menurut indikator", unit="label", article="performance.result")
def result_expectation(reached_share: Exact | None, below_share: Fraction, above_share: Fraction) -> str | None:
    """`below`, `as` or `above` expectation; None while it is unknown.

    Less than `below_share` of the weighted targets is below expectation, more than `above_share` is above it; exactly
    either of them is as expected.
    """
    if reached_share is None:
        return None
    if reached_share < below_share:
        return "below"
    return "above" if reached_share > above_share else "as"


@RULES.rule(label="Hasil kerja terhadap ekspektasi", unit="label", article="performance.result")
def result(result_override: str | None, result_expectation: str | None) -> str | None:
    """The superior's judgement where one was given, else what the indicators say."""
    return result_override or result_expectation


@RULES.rule(label="Predikat kinerja", unit="label", article="performance.predicates")
def predicate(result: str | None, behaviour: str | None, predicates: Matrix) -> str | None:
    """The predicate of result and behaviour by the document's matrix; None while either is not yet known."""
    if not result or not behaviour:
        return None
    return predicates[(result, behaviour)]


def compile_performance(document: Any) -> PerformancePlan:
    """The plan of a performance document; CaseError where it is incomplete or its limits contradict each other."""
    parameters = document.parameters
    try:
        limits, matrix = parameters["result"], parameters["predicates"]
        below, above = parse_share(limits["below"]), parse_share(limits["above"])
        at_most = (parameters.get("indicator") or {}).get("at_most")
        predicates = {(row, column): str(matrix[row][column]) for row in LEVELS for column in LEVELS}
        plan = PerformancePlan(
            document,
            below,
            above,
            None if at_most is None else parse_share(at_most),
            predicates,
            tuple(str(name) for name in parameters.get("behaviours") or ()),
            {
                name: str((parameters.get(name) or {}).get("article") or "not located")
                for name in ("result", "indicator", "predicates")
            },
        )
    except (KeyError, TypeError, AttributeError, MoneyError) as error:
        raise CaseError(f"Dokumen kinerja {document.id} tidak lengkap: {error!r}") from error
    if below > above:
        raise CaseError(f"Dokumen kinerja {document.id}: result.below tidak boleh di atas result.above")
    return plan


def _exact(name: str, value: object) -> Exact:
    try:
        return exact(value)
    except MoneyError as error:
        raise CaseError(f"Indikator: {name} harus angka, bukan {value!r}") from error


def _level(name: str, value: str | None) -> str | None:
    if value and value not in LEVELS:
        raise CaseError(f"{name} harus salah satu dari {', '.join(LEVELS)}, bukan {value!r}")
    return value or None


@lru_cache(maxsize=1)
def _program() -> Program:
    """The order of the steps, asked for once and not for everybody."""
    return RULES.program(
        ("reached_share", "weighted_score", "result", "predicate"),
        ("indicators", "behaviour", "result_override", "below_share", "above_share", "at_most_share", "predicates"),
    )


def month_score(
    plan: PerformancePlan,
    indicators: Sequence[tuple[Exact | Decimal, Exact | Decimal, Exact | Decimal | None]],
    behaviour: str | None,
    result_override: str | None = None,
) -> MonthResult:
    """One person's month from (weight, target, realised) triples and the superior's judgement.

    `behaviour` and `result_override` are `below`, `as`, `above`, or nothing while not judged. Raises CaseError for
    another word, and for a weight, target or realisation below 0.
    """
    triples = [
        (
            w if w.__class__ is int else _exact("bobot", w),
            t if t.__class__ is int else _exact("target", t),
            r if r is None or r.__class__ is int else _exact("realisasi", r),
        )
        for w, t, r in indicators
    ]
    if any(weight < 0 or target < 0 or (realised or 0) < 0 for weight, target, realised in triples):
        raise CaseError("Indikator: bobot, target dan realisasi tidak boleh di bawah 0")
    judged = _level("Perilaku", behaviour)
    facts = {
        "indicators": triples,
        "behaviour": judged,
        "result_override": _level("Hasil kerja", result_override),
        "below_share": plan.below_share,
        "above_share": plan.above_share,
        "at_most_share": plan.at_most_share,
        "predicates": plan.predicates,
    }
    values = _program().solve(facts)
    score = values["weighted_score"]
    return MonthResult(
        reached_share=values["reached_share"],
        score=score,
        score_bp=None if score is None else int(round_to(100 * score)),
        result=values["result"],
        behaviour=judged,
        predicate=values["predicate"],
    )
