"""Try the estimator on panels whose effect is known: do its intervals keep their promise?"""

from dataclasses import replace
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandParser

from savings.simulated import Coverage, Rollout, coverage_of_savings, falls_that_pass

BASE = Rollout()
NOTHING = replace(BASE, effects=(0.0, 0.0, 0.0))
SAVINGS = (
    ("hemat 16 %", BASE),
    ("hemat 16 %, galat AR 0,6", replace(BASE, fades=0.6)),
    ("hemat 16 %, galat tidak sama antargedung", replace(BASE, spread=1.0)),
    ("hemat 10, 16 dan 22 % menurut tahap", replace(BASE, effects=tuple(map(float, np.log([0.9, 0.84, 0.78]))))),
    ("tidak hemat", NOTHING),
    ("tidak hemat, galat AR 0,6", replace(NOTHING, fades=0.6)),
)
MARGIN = 2.0
SCORES = Rollout(units=24, effects=(-MARGIN,) * 3, noise=3.0, shock=1.5)
FALLS = (("turun tepat sebesar batas", SCORES), ("turun sebesar batas, galat AR 0,6", replace(SCORES, fades=0.6)))


class Command(BaseCommand):
    """`calibrate [--runs 400] [--seed 1]`."""

    help = "Mencoba perkiraan pada data buatan yang dampaknya diketahui."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add how many panels are drawn, and from which seed."""
        parser.add_argument("--runs", type=int, default=400, metavar="BANYAK", help="panel per keadaan")
        parser.add_argument("--seed", type=int, default=1, metavar="BILANGAN")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print both tables."""
        runs, seed = max(options["runs"], 1), options["seed"]
        self.stdout.write(
            "| penghematan | selang memuat kebenaran | disebut hemat | setengah lebar |\n|---|---|---|---|"
        )
        for name, rollout in SAVINGS:
            found = coverage_of_savings(rollout, runs, seed)
            self.stdout.write(
                f"| {name} | {share(found, found.holds)} | {share(found, found.claims)} | {found.half:.3f} |"
            )
        self.stdout.write("\n| produktivitas | lolos sebagai tidak turun | setengah lebar |")
        self.stdout.write("|---|---|---|")
        for name, rollout in FALLS:
            found = falls_that_pass(rollout, MARGIN, runs, seed)
            self.stdout.write(f"| {name} | {share(found, found.claims)} | {found.half:.2f} |")


def share(found: Coverage, value: float) -> str:
    """A share in percent with its Monte-Carlo error."""
    return f"{value:.1%} ± {found.error_of(value):.1%}"
