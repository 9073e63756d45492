"""The estimator beside an independent program, the method's own formulas written out, and cases done by hand."""

import numpy as np
import pandas as pd
import pytest
from diff_diff import ImputationDiD
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from savings.rules import CannotEstimate, Panel, estimate, fit, saved_share
from savings.rules.imputation import quantile
from savings.simulated import Rollout, draw


def panel_of(rows: list[tuple[int, int, float, float]]) -> Panel:
    """(unit, time, start, outcome) a row."""
    unit, time, start, outcome = (np.array(column) for column in zip(*rows, strict=True))
    return Panel(unit, time, start.astype(float), outcome.astype(float), np.zeros((len(rows), 0)))


def drawn(seed: int, **changes: object) -> Panel:
    return draw(Rollout(**changes), np.random.default_rng(seed)).panel


def frame(panel: Panel) -> pd.DataFrame:
    first = np.where(np.isnan(panel.start), 0, panel.start + 1).astype(int)
    return pd.DataFrame({"unit": panel.unit, "time": panel.time + 1, "first": first, "y": panel.outcome})


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("starts", [(12, 15, 18, None), (5, None), (3, 4, 5, 6, 7, None, None)])
def test_the_effect_is_that_of_an_independent_program(seed, starts):
    panel = drawn(seed, starts=starts, effects=tuple(-0.05 * (place + 1) for place in range(len(starts))))
    theirs = ImputationDiD().fit(frame(panel), outcome="y", unit="unit", time="time", first_treat="first")
    assert fit(panel).effect.mean() == pytest.approx(theirs.overall_att, abs=1e-8)


def test_two_by_two_is_the_difference_of_differences():
    # Three buildings, two months; the first starts in the second month.
    panel = panel_of([
        (0, 0, 1, 10.0), (0, 1, 1, 7.5), (1, 0, np.nan, 20.0), (1, 1, np.nan, 21.0), (2, 0, np.nan, 5.0),
        (2, 1, np.nan, 7.0),
    ])  # fmt: skip
    # (7.5 - 10) - mean(1, 2)
    assert fit(panel).effect.tolist() == pytest.approx([-4.0])


def test_a_known_saving_without_noise_comes_back_exactly():
    found = saved_share(fit(drawn(1, noise=0.0)))
    assert found.share == pytest.approx(0.16, abs=1e-9)
    assert found.high - found.low == pytest.approx(0, abs=1e-6)


def test_days_turn_the_use_of_a_day_into_that_of_a_month():
    panel = drawn(2)
    fitted, days = fit(panel), np.random.default_rng(2).integers(28, 32, int(panel.treated.sum())).astype(float)
    used, expected = days * np.exp(panel.outcome[panel.treated]), days * np.exp(fitted.predicted)
    found = saved_share(fitted, days)
    assert found.share == pytest.approx(1 - used.sum() / expected.sum(), abs=1e-12)
    error = estimate(fitted, expected).standard_error
    assert found.high - found.share == pytest.approx(student.ppf(0.95, 11) * (1 - found.share) * error, rel=1e-9)
    assert found.share != pytest.approx(saved_share(fitted).share, abs=1e-9)


def written_out(panel: Panel, weights: np.ndarray) -> tuple[float, float]:
    """V1 and V2 by whole matrices, as the method states them."""
    treated = panel.treated
    units, times = np.unique(panel.unit), np.unique(panel.time)
    columns = np.hstack([panel.unit[:, None] == units, panel.time[:, None] == times]).astype(float)
    a, x = columns[~treated], columns[treated]
    share = weights / weights.sum()
    c = np.zeros(len(treated))
    c[treated], c[~treated] = share, -a @ np.linalg.pinv(a.T @ a) @ x.T @ share
    m = np.eye(len(a)) - a @ np.linalg.pinv(a.T @ a) @ a.T
    r = m @ panel.outcome[~treated]
    cell = dict(zip(zip(panel.unit[~treated], panel.time[~treated], strict=True), r, strict=True))
    pairs = [(cell[u, s], cell[u, s + 1]) for u, s in cell if (u, s + 1) in cell]
    before, after = (np.array(side) for side in zip(*pairs, strict=True))
    r1 = before @ after / np.sqrt((before @ before) * (after @ after))
    months = len(a) / len(np.unique(panel.unit[~treated]))
    rho = min(max(r1 + (1 + 3 * r1) / months, 0), 0.9)
    same = panel.unit[:, None] == panel.unit[None, :]
    big_r = np.where(same, rho ** np.abs(panel.time[:, None] - panel.time[None, :]), 0)
    s2 = r @ r / np.trace(m @ big_r[np.ix_(~treated, ~treated)])
    beta = np.linalg.pinv(a.T @ a) @ a.T @ panel.outcome[~treated]
    effect = panel.outcome[treated] - x @ beta
    months_since = (panel.time - panel.start)[treated]
    e = np.zeros(len(treated))
    e[~treated] = r
    e[treated] = effect - np.array([effect[months_since == step].mean() for step in months_since])
    sums = np.array([(c * e)[panel.unit == unit].sum() for unit in units])
    return s2 * c @ big_r @ c, len(units) / (len(units) - 1) * sums @ sums


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("fades", [0.0, 0.6])
def test_the_error_is_the_larger_of_the_two_variances_written_out(seed, fades):
    panel = drawn(seed, units=6, times=14, starts=(6, 9, None), effects=(-0.1, -0.3), fades=fades, spread=1.0)
    weights = np.random.default_rng(seed).uniform(1, 2, int(panel.treated.sum()))
    found = estimate(fit(panel), weights)
    assert found.standard_error**2 == pytest.approx(max(written_out(panel, weights)), rel=1e-9)
    assert found.degrees == 5


@given(st.integers(0, 10_000), st.integers(-5, 5), st.floats(0.1, 10))
@settings(max_examples=40, deadline=None)
def test_levels_of_units_and_months_and_the_order_of_rows_change_nothing(seed, shift, factor):
    panel, chance = drawn(seed), np.random.default_rng(seed)
    moved = panel.outcome + chance.normal(size=12)[panel.unit] + chance.normal(size=24)[panel.time]
    order = chance.permutation(len(moved))
    changed = Panel(panel.unit[order] * 7 + 3, panel.time[order] + shift, panel.start[order] + shift,
                    factor * moved[order], panel.covariates[order])  # fmt: skip
    plain, other = estimate(fit(panel)), estimate(fit(changed))
    assert other.value == pytest.approx(factor * plain.value, abs=1e-7)
    assert other.standard_error == pytest.approx(factor * plain.standard_error, rel=1e-6)


def test_a_covariate_takes_out_what_it_explains():
    panel, chance = drawn(3), np.random.default_rng(3)
    heat = chance.normal(size=(len(panel.outcome), 1))
    warmed = Panel(panel.unit, panel.time, panel.start, panel.outcome + 5 * heat[:, 0], heat)
    free = Panel(panel.unit, panel.time, panel.start, panel.outcome, heat)
    assert fit(warmed).effect == pytest.approx(fit(free).effect, abs=1e-9)


def test_cells_that_nothing_predicts_are_left_out_and_counted():
    rows = [(unit, time, np.nan, unit + time) for unit in range(3) for time in range(4)]
    # Starts with its first month: no level of its own is known. Months 4 and 5 are seen in one untreated unit only.
    rows += [(3, time, 0, 5.0) for time in range(4)] + [(4, 0, 2, 1.0), (4, 1, 2, 2.0), (4, 2, 2, 1.0), (4, 4, 2, 9.0)]
    rows += [(0, 4, np.nan, 4.0), (0, 5, np.nan, 5.0)]
    fitted = fit(panel_of(rows))
    assert (fitted.dropped_treated, fitted.dropped_untreated) == (5, 2)
    assert fitted.effect.tolist() == pytest.approx([-2.0])
    assert fitted.unit_count == 4


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "NO_CELLS"),
        ([(0, 0, 1, 1.0), (0, 1, 1, 1.0)], "ONE_UNIT"),
        ([(0, 0, np.nan, 1.0), (1, 0, np.nan, 2.0)], "NO_TREATED"),
        ([(0, 0, 0, 1.0), (1, 0, 0, 2.0)], "NO_UNTREATED"),
        ([(0, 0, 1, 1.0), (0, 1, 1, 2.0), (1, 0, np.nan, 2.0), (1, 1, np.nan, 2.0)], "NOTHING_PREDICTED"),
        ([(unit, time, 2, float(time)) for unit in range(4) for time in range(4)], "NOTHING_PREDICTED"),
    ],
)
def test_what_cannot_be_estimated_says_why(rows, code):
    empty = Panel(*(np.array([], dtype=kind) for kind in (int, int, float, float)), np.zeros((0, 0)))
    with pytest.raises(CannotEstimate) as refused:
        fit(panel_of(rows) if rows else empty)
    assert refused.value.code == code


def test_a_fit_without_freedom_has_an_effect_and_no_error():
    rows = [(0, 0, 1, 1.0), (0, 1, 1, 2.0), (1, 0, np.nan, 2.0), (1, 1, np.nan, 4.0), (2, 1, np.nan, 3.0)]
    fitted = fit(panel_of(rows))
    assert fitted.effect.tolist() == pytest.approx([-1.0])
    with pytest.raises(CannotEstimate) as refused:
        estimate(fitted)
    assert refused.value.code == "NO_FREEDOM"


@pytest.mark.parametrize("degrees", [1, 2, 11, 400])
def test_quantiles_are_those_of_student(degrees):
    assert quantile(0.95, degrees) == pytest.approx(student.ppf(0.95, degrees), rel=1e-12)
    with pytest.raises(CannotEstimate):
        quantile(0.95, 0)
