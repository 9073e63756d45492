"""Estimate the effect of a start on anybody's panel, so that an auditor can try the estimator."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandParser

from core.errors import PortalError
from savings.panels import Columns, Reading, read_panel
from savings.rules import CannotEstimate, Fit, estimate, fit, saved_share

# Below this an overall claim is refused (docs/calibration.md).
FEWEST_BUILDINGS = 5
WORDS = {
    "NO_CELLS": "tidak ada baris yang dapat dipakai",
    "ONE_UNIT": "hanya satu unit; tanpa pembanding tidak ada perkiraan",
    "NO_TREATED": "tidak ada unit yang sudah mulai pada masa data",
    "NO_UNTREATED": "tidak ada waktu dengan sedikitnya dua unit yang belum mulai",
    "NOTHING_PREDICTED": "tidak ada sel sesudah mulai yang dapat diperkirakan dari sel yang belum mulai",
    "NO_FREEDOM": "data terlalu sedikit untuk galat baku",
    "PANEL_TOO_LARGE": "panel terlalu besar untuk satu perhitungan; bagi menurut kelompok unit",
    "CELLS_WITHOUT_OUTCOME": "ada baris tanpa hasil; tidak dipakai",
    "OUTCOME_NOT_POSITIVE": "ada hasil nol atau negatif yang tidak punya logaritma; tidak dipakai",
    "CELLS_NOT_PREDICTED": "ada sel sesudah mulai yang tidak dapat diperkirakan; tidak dipakai",
    "TIMES_WITHOUT_COMPARISON": "ada waktu dengan kurang dari dua unit yang belum mulai; tidak dipakai",
    "CONSTANT_OUTCOME": "hasil sama di semua baris; tidak ada yang dapat diperkirakan dari itu",
    "ONE_COMMON_START": "semua unit yang mulai, mulai serentak",
    "TOO_FEW_BUILDINGS": f"kurang dari {FEWEST_BUILDINGS} unit; klaim menyeluruh tidak boleh dibuat",
}


class Command(BaseCommand):
    """`estimate_effect FILE --unit COL --time COL --start COL --outcome COL [--scale log|level] [--format json]`."""

    help = "Memperkirakan dampak mulai pada panel apa pun, dengan selang 90 %."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file, its columns and the scale."""
        parser.add_argument("file", type=Path, help=".csv atau .xlsx, satu baris per unit dan waktu")
        for name, words in (
            ("unit", "nama unit"),
            ("time", "waktu: bilangan bulat, 2026-01 atau 2026-01-31"),
            ("start", "waktu mulai unit; 0 atau kosong: tidak pernah"),
            ("outcome", "hasil"),
        ):
            parser.add_argument(f"--{name}", required=True, metavar="KOLOM", help=f"kolom {words}")
        parser.add_argument("--scale", choices=["log", "level"], default="level", help="log: hasil dilogaritmakan")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Estimate, and print what came of it."""
        columns = Columns(options["unit"], options["time"], options["start"], options["outcome"])
        try:
            reading = read_panel(options["file"], columns, options["scale"] == "log")
        except PortalError as error:
            self.stderr.write(str(error))
            raise SystemExit(1) from error
        found = effect_of(reading, options["scale"] == "log")
        if options["format"] == "json":
            self.stdout.write(json.dumps(found, indent=2))
        else:
            self.stdout.write(in_words(found))


def effect_of(reading: Reading, logarithm: bool) -> dict[str, Any]:
    """The answer of contracts' estimate_effect; figures are None where a warning says why there are none."""
    answer: dict[str, Any] = {
        "att": None, "se": None, "interval_90": None, "by_event_time": {}, "saving": None,
        "n_units": len(np.unique(reading.panel.unit)), "n_treated_cells": 0,
        "n_dropped": reading.without_outcome + reading.not_positive, "warnings": _about_cells(reading),
    }  # fmt: skip
    try:
        fitted = fit(reading.panel)
    except CannotEstimate as refused:
        answer["warnings"].append(refused.code)
        return answer
    answer["att"] = float(fitted.effect.mean())
    answer["by_event_time"] = _by_event_time(fitted)
    answer["n_units"], answer["n_treated_cells"] = fitted.unit_count, len(fitted.effect)
    answer["n_dropped"] += fitted.dropped_treated + fitted.dropped_untreated
    answer["warnings"] += _about_fit(fitted)
    try:
        found = estimate(fitted)
        answer["se"], answer["interval_90"] = found.standard_error, list(found.interval())
        answer["saving"] = saved_share(fitted).share if logarithm else None
    except CannotEstimate as refused:
        answer["warnings"].append(refused.code)
    return answer


def _about_cells(reading: Reading) -> list[str]:
    found = {
        "CELLS_WITHOUT_OUTCOME": reading.without_outcome > 0,
        "OUTCOME_NOT_POSITIVE": reading.not_positive > 0,
        "CONSTANT_OUTCOME": reading.is_constant,
    }
    return [code for code, holds in found.items() if holds]


def _about_fit(fitted: Fit) -> list[str]:
    starts = fitted.panel.start[fitted.panel.treated]
    found = {
        "CELLS_NOT_PREDICTED": fitted.dropped_treated > 0,
        "TIMES_WITHOUT_COMPARISON": fitted.dropped_untreated > 0,
        "ONE_COMMON_START": len(np.unique(starts)) == 1,
        "TOO_FEW_BUILDINGS": fitted.unit_count < FEWEST_BUILDINGS,
    }
    return [code for code, holds in found.items() if holds]


def _by_event_time(fitted: Fit) -> dict[str, float]:
    treated = fitted.panel.treated
    since = (fitted.panel.time - fitted.panel.start)[treated].astype(int)
    return {str(step): float(fitted.effect[since == step].mean()) for step in np.unique(since)}


def in_words(found: dict[str, Any]) -> str:
    """The answer as lines for people."""
    lines = []
    if found["interval_90"] is not None:
        low, high = found["interval_90"]
        lines.append(f"Dampak rata-rata {found['att']:.4f}, selang 90 % {low:.4f} sampai {high:.4f}.")
        if low <= 0 <= high:
            lines.append("Selang memuat 0: belum dapat dibuktikan.")
        elif found["saving"] is not None:
            lines.append(f"Bagian yang berkurang: {found['saving']:.1%}.")
    else:
        lines.append("Belum dapat dibuktikan.")
    lines.append(f"{found['n_units']} unit, {found['n_treated_cells']} sel, {found['n_dropped']} tidak dipakai.")
    return "\n".join([*lines, *(f"- {code}: {WORDS[code]}" for code in found["warnings"])])
