"""What would have been: a staggered difference in differences by imputation, with an interval that keeps its promise.

Method: y = a_i + l_t + b'x is fitted on untreated cells and predicts the treated ones; the effect is what is left. Two
variances are taken and the larger one counts. Source of the method and of its calibration: docs/calibration.md.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Array = NDArray[np.floating[Any]]
# A month tells something of all buildings only where two of them were untreated in it.
LEAST_UNTREATED_A_MONTH = 2
LARGEST_CORRELATION = 0.9
# A prediction that leans on nothing observed: its columns lie outside those of the fit by more than rounding.
OUTSIDE = 1e-8
LARGEST_DESIGN_CELLS = 60_000_000


class CannotEstimate(ValueError):
    """Nothing can be said from these cells; `code` is the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Panel:
    """Cells of units and times, one row each; shapes (n,), `covariates` (n, k).

    `unit` and `time` are whole numbers (a time is a month since any beginning), `start` the first treated time of the
    cell's unit, NaN for never. `outcome` is on the scale of the model: a logarithm where shares are wanted.
    """

    unit: NDArray[np.int64]
    time: NDArray[np.int64]
    start: Array
    outcome: Array
    covariates: Array

    @cached_property
    def treated(self) -> NDArray[np.bool_]:
        """Cells from the start of their unit on."""
        return self.time >= self.start

    def only(self, kept: NDArray[np.bool_]) -> "Panel":
        """The cells that are kept."""
        return Panel(self.unit[kept], self.time[kept], self.start[kept], self.outcome[kept], self.covariates[kept])


@dataclass(frozen=True)
class Fit:
    """A panel of the cells in use, with the fit on its untreated ones.

    `effect` has one value for each treated cell (actual less predicted), `residual` one for each untreated cell.
    `dropped` counts cells that could not be used: treated ones that nothing predicts, and untreated ones of a time in
    which fewer than two units were untreated.
    """

    panel: Panel
    effect: Array
    residual: Array
    design: Array
    predicting: Array
    inverse: Array
    dropped_treated: int
    dropped_untreated: int

    @property
    def predicted(self) -> Array:
        """What the treated cells would have been, on the scale of the model."""
        return self.panel.outcome[self.panel.treated] - self.effect

    @property
    def unit_count(self) -> int:
        """Units with a cell in use."""
        return len(np.unique(self.panel.unit))


@dataclass(frozen=True)
class Estimate:
    """A weighted mean of effects with its standard error and degrees of freedom (units less one)."""

    value: float
    standard_error: float
    degrees: int

    def interval_90(self) -> tuple[float, float]:
        """The two-sided interval of 90 %."""
        half = quantile(0.95, self.degrees) * self.standard_error
        return self.value - half, self.value + half


def quantile(probability: float, degrees: int) -> float:
    """Student's t; raises CannotEstimate (ONE_UNIT) without a degree of freedom."""
    if degrees < 1:
        raise CannotEstimate("ONE_UNIT")
    return float(stdtrit(degrees, probability))


def fit(panel: Panel) -> Fit:
    """Fit the untreated cells and predict the treated ones.

    Raises CannotEstimate: NO_CELLS, ONE_UNIT, NO_TREATED, NO_UNTREATED, PANEL_TOO_LARGE, NOTHING_PREDICTED.
    """
    if not len(panel.outcome):
        raise CannotEstimate("NO_CELLS")
    if len(np.unique(panel.unit)) < LEAST_UNTREATED_A_MONTH:
        raise CannotEstimate("ONE_UNIT")
    if not panel.treated.any():
        raise CannotEstimate("NO_TREATED")
    usable = ~panel.treated & _in_comparable_times(panel)
    if not usable.any():
        raise CannotEstimate("NO_UNTREATED")
    design, predicting = _columns(panel, usable), _columns(panel, panel.treated)
    if design.size + predicting.size > LARGEST_DESIGN_CELLS:
        raise CannotEstimate("PANEL_TOO_LARGE")
    inverse = np.linalg.pinv(design.T @ design, hermitian=True)
    known = _predictable(design, predicting, inverse)
    if not known.any():
        raise CannotEstimate("NOTHING_PREDICTED")
    coefficients = inverse @ (design.T @ panel.outcome[usable])
    kept = usable.copy()
    kept[np.flatnonzero(panel.treated)[known]] = True
    effect = panel.outcome[panel.treated] - predicting @ coefficients
    return Fit(
        panel=panel.only(kept),
        effect=effect[known],
        residual=panel.outcome[usable] - design @ coefficients,
        design=design,
        predicting=predicting[known],
        inverse=inverse,
        dropped_treated=int((~known).sum()),
        dropped_untreated=int((~panel.treated & ~usable).sum()),
    )


def estimate(fitted: Fit, weights: Array | None = None) -> Estimate:
    """The mean effect by `weights` (one a treated cell, made to sum to 1; equal ones without), with its error.

    Raises CannotEstimate: ONE_UNIT, and NO_FREEDOM where the fit takes as many numbers as there are cells.
    """
    count = len(fitted.effect)
    share = np.full(count, 1 / count) if weights is None else weights / weights.sum()
    treated, unit = fitted.panel.treated, fitted.panel.unit
    units = fitted.unit_count
    if units < LEAST_UNTREATED_A_MONTH:
        raise CannotEstimate("ONE_UNIT")
    leverage = np.empty(len(unit))
    leverage[treated] = share
    leverage[~treated] = -fitted.design @ (fitted.inverse @ (fitted.predicting.T @ share))
    variance = max(_model_variance(fitted, leverage), _cluster_variance(fitted, leverage))
    return Estimate(float(share @ fitted.effect), float(np.sqrt(variance)), units - 1)


@dataclass(frozen=True)
class Saving:
    """The saved share of what would have been used, with its interval; both from the model of logarithms."""

    share: float
    low: float
    high: float


def saved_share(fitted: Fit, days: Array | None = None) -> Saving:
    """F = 1 - sum(q) / sum(q0) over the treated cells; `days` (one a treated cell) turn a day's use into a month's.

    The interval of 90 % is F +- t * (1 - F) * SE, with effects weighted by what would have been used.
    Raises CannotEstimate.
    """
    length = np.ones(len(fitted.effect)) if days is None else days
    expected = length * np.exp(fitted.predicted)
    used = length * np.exp(fitted.panel.outcome[fitted.panel.treated])
    share = float(1 - used.sum() / expected.sum())
    found = estimate(fitted, expected)
    half = quantile(0.95, found.degrees) * (1 - share) * found.standard_error
    return Saving(share, share - half, share + half)


def _in_comparable_times(panel: Panel) -> NDArray[np.bool_]:
    times, place = np.unique(panel.time, return_inverse=True)
    untreated = np.bincount(place[~panel.treated], minlength=len(times))
    return np.asarray(untreated[place] >= LEAST_UNTREATED_A_MONTH)


def _columns(panel: Panel, rows: NDArray[np.bool_]) -> Array:
    """Dummies of unit and time for some cells, and their covariates."""
    parts = [_dummies(panel.unit, rows), _dummies(panel.time, rows), panel.covariates[rows]]
    return np.hstack(parts)


def _dummies(values: NDArray[np.int64], rows: NDArray[np.bool_]) -> Array:
    known, place = np.unique(values, return_inverse=True)
    made = np.zeros((int(rows.sum()), len(known)))
    made[np.arange(len(made)), place[rows]] = 1
    return made


def _predictable(design: Array, predicting: Array, inverse: Array) -> NDArray[np.bool_]:
    """Which rows of `predicting` are sums of rows of the design: the others are guessed by nothing that was seen."""
    gram = design.T @ design
    outside = predicting - predicting @ inverse @ gram
    far = OUTSIDE * max(1.0, float(np.abs(predicting).max(initial=0)))
    return np.asarray(np.abs(outside).max(axis=1, initial=0) < far)


def _correlation(fitted: Fit) -> float:
    """Lag-1 autocorrelation of the residuals within units, pooled, put right for short series; from 0 to 0.9."""
    panel = fitted.panel.only(~fitted.panel.treated)
    order = np.lexsort((panel.time, panel.unit))
    unit, time, residual = panel.unit[order], panel.time[order], fitted.residual[order]
    follows = (unit[1:] == unit[:-1]) & (time[1:] == time[:-1] + 1)
    before, after = residual[:-1][follows], residual[1:][follows]
    spread = np.sqrt((before @ before) * (after @ after))
    plain = float(before @ after / spread) if spread > 0 else 0.0
    months = len(unit) / len(np.unique(unit))
    return float(np.clip(plain + (1 + 3 * plain) / months, 0, LARGEST_CORRELATION))


def _model_variance(fitted: Fit, leverage: Array) -> float:
    """V1 = s2 c'R(rho)c with s2 = r'r / tr(M R): errors that fade within a unit."""
    panel, treated, correlation = fitted.panel, fitted.panel.treated, _correlation(fitted)
    whole = projected = traced = 0.0
    row_of = np.cumsum(~treated) - 1
    for unit in np.unique(panel.unit):
        cells = np.flatnonzero(panel.unit == unit)
        near = correlation ** np.abs(panel.time[cells][:, None] - panel.time[cells][None, :])
        whole += float(leverage[cells] @ near @ leverage[cells])
        free = ~treated[cells]
        rows, block = fitted.design[row_of[cells[free]]], near[np.ix_(free, free)]
        traced += len(block)
        projected += float(np.sum((rows @ fitted.inverse) * (block @ rows)))
    left = traced - projected
    if left < OUTSIDE * traced:
        raise CannotEstimate("NO_FREEDOM")
    return float(fitted.residual @ fitted.residual) / left * whole


def _cluster_variance(fitted: Fit, leverage: Array) -> float:
    """V2 = N/(N-1) sum_i (sum_t c e)^2; the error of a treated cell is its effect less the mean of its event month."""
    panel, treated = fitted.panel, fitted.panel.treated
    error = np.empty(len(panel.unit))
    error[~treated] = fitted.residual
    months = (panel.time - panel.start)[treated]
    _, place = np.unique(months, return_inverse=True)
    means = np.bincount(place, weights=fitted.effect) / np.bincount(place)
    error[treated] = fitted.effect - means[place]
    units, which = np.unique(panel.unit, return_inverse=True)
    sums = np.bincount(which, weights=leverage * error, minlength=len(units))
    return len(units) / (len(units) - 1) * float(sums @ sums)
