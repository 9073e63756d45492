"""Panels whose effect is known, to see whether intervals keep their promise (docs/calibration.md)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from savings.rules import Panel, estimate, fit, saved_share

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Rollout:
    """How panels are drawn: units take the `starts` in turn (None: never), and each start has its effect.

    `effects` are on the model's scale (a logarithm for shares), `noise` and `shock` standard deviations of a unit's
    month and of a month, `spread` how much the noise differs between units (0 equal, 1 from half to one and a half).
    """

    units: int = 12
    times: int = 24
    starts: tuple[int | None, ...] = (12, 15, 18, None)
    effects: tuple[float, ...] = (float(np.log(0.84)),) * 3
    fades: float = 0.4
    noise: float = 0.05
    shock: float = 0.03
    spread: float = 0.0


@dataclass(frozen=True)
class Drawn:
    """A panel, and what its cells would have been without the start; shape (n,)."""

    panel: Panel
    untreated_outcome: Array


def draw(rollout: Rollout, chance: np.random.Generator) -> Drawn:
    """One panel: level of the unit, shock of the month, an error that fades by AR(1), and the effect."""
    count, times = rollout.units, rollout.times
    place = np.arange(count) % len(rollout.starts)
    start = np.array([np.nan if begins is None else begins for begins in rollout.starts], dtype=np.float64)[place]
    effect = np.array([*rollout.effects, 0.0])[np.minimum(place, len(rollout.effects))]
    sizes = rollout.noise * (1 + rollout.spread * np.linspace(-0.5, 0.5, count))
    fresh = chance.normal(size=(count, times)) * sizes[:, None]
    errors = fresh.copy()
    for step in range(1, times):
        errors[:, step] = rollout.fades * errors[:, step - 1] + np.sqrt(1 - rollout.fades**2) * fresh[:, step]
    plain = chance.normal(8, 1, count)[:, None] + chance.normal(0, rollout.shock, times)[None, :] + errors
    treated = np.arange(times)[None, :] >= start[:, None]
    unit = np.repeat(np.arange(count), times)
    panel = Panel(
        unit=unit,
        time=np.tile(np.arange(times), count),
        start=start[unit],
        outcome=(plain + treated * effect[:, None]).ravel(),
        covariates=np.zeros((count * times, 0)),
    )
    return Drawn(panel, plain.ravel())


@dataclass(frozen=True)
class Coverage:
    """Shares of `runs`: intervals that hold the truth, and lower ends above 0; `half` is the mean half-width."""

    runs: int
    holds: float
    claims: float
    half: float

    def error_of(self, share: float) -> float:
        """Monte-Carlo standard error of a share."""
        return float(np.sqrt(share * (1 - share) / self.runs))


def coverage_of_savings(rollout: Rollout, runs: int, seed: int) -> Coverage:
    """How often the 90 % interval of the saved share holds the share that was planted."""
    chance, holds, claims, halves = np.random.default_rng(seed), 0, 0, 0.0
    for _ in range(runs):
        drawn = draw(rollout, chance)
        treated = drawn.panel.treated
        used, expected = np.exp(drawn.panel.outcome[treated]), np.exp(drawn.untreated_outcome[treated])
        truth = 1 - used.sum() / expected.sum()
        found = saved_share(fit(drawn.panel))
        holds += found.low <= truth <= found.high
        claims += found.low > 0
        halves += (found.high - found.low) / 2
    return Coverage(runs, holds / runs, claims / runs, halves / runs)


def falls_that_pass(rollout: Rollout, margin: float, runs: int, seed: int) -> Coverage:
    """How often a planted fall is let through as "did not fall": the lower end lies above -`margin` (levels)."""
    chance, passes, halves = np.random.default_rng(seed), 0, 0.0
    for _ in range(runs):
        low, high = estimate(fit(draw(rollout, chance).panel)).interval_90()
        passes += low > -margin
        halves += (high - low) / 2
    return Coverage(runs, 1 - passes / runs, passes / runs, halves / runs)
