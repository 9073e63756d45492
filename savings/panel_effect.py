"""What a panel shows: the effect with its interval, or the codes that say why nothing can be said."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from core.indonesian import percent
from savings.panels import Reading
from savings.rules import CannotEstimate, Fit, Saving, estimate, fit, saved_share

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


@dataclass(frozen=True)
class PanelEffect:
    """`answer` as JSON has it (docs/calibration.md), and the saved share with its interval where the scale has one."""

    answer: dict[str, Any]
    saving: Saving | None = None


def effect_of(reading: Reading, logarithm: bool) -> PanelEffect:
    """Estimate what a panel shows; figures are None where a warning says why there are none."""
    answer: dict[str, Any] = {
        "att": None, "se": None, "interval_90": None, "by_event_time": {}, "saving": None,
        "n_units": len(np.unique(reading.panel.unit)), "n_treated_cells": 0,
        "n_dropped": reading.without_outcome + reading.not_positive, "warnings": _about_cells(reading),
    }  # fmt: skip
    try:
        fitted = fit(reading.panel)
    except CannotEstimate as refused:
        answer["warnings"].append(refused.code)
        return PanelEffect(answer)
    answer["att"] = float(fitted.effect.mean())
    answer["by_event_time"] = _by_event_time(fitted)
    answer["n_units"], answer["n_treated_cells"] = fitted.unit_count, len(fitted.effect)
    answer["n_dropped"] += fitted.dropped_treated + fitted.dropped_untreated
    answer["warnings"] += _about_fit(fitted)
    try:
        found = estimate(fitted)
        saving = saved_share(fitted) if logarithm else None
    except CannotEstimate as refused:
        answer["warnings"].append(refused.code)
        return PanelEffect(answer)
    answer["se"], answer["interval_90"] = found.standard_error, list(found.interval_90())
    answer["saving"] = saving.share if saving else None
    return PanelEffect(answer, saving)


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


def in_words(found: PanelEffect) -> str:
    """The answer as lines for people; a share is named only with its interval, and where one may be claimed."""
    answer, lines = found.answer, ["Belum dapat dibuktikan."]
    if answer["interval_90"] is not None:
        low, high = answer["interval_90"]
        lines = [f"Dampak rata-rata {answer['att']:.4f}, selang 90 % {low:.4f} sampai {high:.4f}."]
        if low <= 0 <= high:
            lines.append("Selang memuat 0: belum dapat dibuktikan.")
        elif found.saving and "TOO_FEW_BUILDINGS" not in answer["warnings"]:
            share, least, most = (
                percent(Fraction(value), 1) for value in (found.saving.share, found.saving.low, found.saving.high)
            )
            lines.append(f"Bagian yang berkurang {share}, selang 90 % {least} sampai {most}.")
    lines.append(f"{answer['n_units']} unit, {answer['n_treated_cells']} sel, {answer['n_dropped']} tidak dipakai.")
    return "\n".join([*lines, *(f"- {code}: {WORDS[code]}" for code in answer["warnings"])])
