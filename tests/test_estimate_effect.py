"""`estimate_effect` on files that auditors may bring."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from django.core.management import call_command

from core.indonesian import percent
from savings.rules import estimate, fit, saved_share
from savings.simulated import Rollout, draw

PANEL = draw(Rollout(), np.random.default_rng(4)).panel
COLUMNS = ("--unit", "gedung", "--time", "bulan", "--start", "mulai", "--outcome", "pemakaian")


def table(logarithm: bool = False) -> pd.DataFrame:
    outcome = np.exp(PANEL.outcome) if logarithm else PANEL.outcome
    return pd.DataFrame({"gedung": PANEL.unit, "bulan": PANEL.time + 1, "mulai": PANEL.start + 1, "pemakaian": outcome})


def asked(path: Path, capsys: pytest.CaptureFixture, *more: str) -> dict:
    call_command("estimate_effect", str(path), *COLUMNS, "--format", "json", *more)
    return json.loads(capsys.readouterr().out)


def written(tmp_path: Path, rows: pd.DataFrame | str, name: str = "panel.csv") -> Path:
    path = tmp_path / name
    if isinstance(rows, str):
        path.write_text(rows, encoding="utf-8")
    elif name.endswith("xlsx"):
        rows.to_excel(path, index=False)
    else:
        rows.to_csv(path, index=False)
    return path


def refused(path: Path, capsys: pytest.CaptureFixture, *more: str) -> str:
    with pytest.raises(SystemExit) as ended:
        call_command("estimate_effect", str(path), *COLUMNS, *more)
    assert ended.value.code == 1
    return capsys.readouterr().err


def test_levels_as_json(tmp_path, capsys):
    found = asked(written(tmp_path, table()), capsys)
    expected = estimate(fit(PANEL))
    assert found["att"] == pytest.approx(expected.value, abs=1e-9)
    assert found["se"] == pytest.approx(expected.standard_error, rel=1e-6)
    assert found["interval_90"] == pytest.approx(list(expected.interval_90()), abs=1e-8)
    assert found["saving"] is None
    assert (found["n_units"], found["n_treated_cells"], found["n_dropped"], found["warnings"]) == (
        12, int(PANEL.treated.sum()), 0, [],
    )  # fmt: skip
    assert list(found["by_event_time"]) == [str(step) for step in range(12)]
    weights = [int((PANEL.time - PANEL.start == step).sum()) for step in range(12)]
    assert np.average(list(found["by_event_time"].values()), weights=weights) == pytest.approx(found["att"])


def test_logarithms_give_a_saving(tmp_path, capsys):
    found = asked(written(tmp_path, table(logarithm=True)), capsys, "--scale", "log")
    assert found["att"] == pytest.approx(fit(PANEL).effect.mean(), abs=1e-9)
    assert found["saving"] == pytest.approx(saved_share(fit(PANEL)).share, abs=1e-9)
    assert found["att"] < 0 < found["saving"]


def test_a_share_is_told_with_its_interval_and_never_of_a_few_buildings(tmp_path, capsys):
    rows = table(logarithm=True)
    call_command("estimate_effect", str(written(tmp_path, rows)), *COLUMNS, "--scale", "log")
    found = saved_share(fit(PANEL))
    shown = [percent(Fraction(value), 1) for value in (found.share, found.low, found.high)]
    assert "Bagian yang berkurang {}, selang 90 % {} sampai {}.".format(*shown) in capsys.readouterr().out
    few = rows[rows["gedung"].isin([0, 3, 7])]
    call_command("estimate_effect", str(written(tmp_path, few)), *COLUMNS, "--scale", "log")
    said = capsys.readouterr().out
    assert "TOO_FEW_BUILDINGS" in said
    assert "berkurang" not in said


@pytest.mark.parametrize("form", ["months", "first days", "sheet", "semicolons"])
def test_the_same_panel_in_other_clothes(tmp_path, capsys, form):
    plain, rows, name = table(), table(), "panel.csv"
    if form != "semicolons":
        months = pd.period_range("2025-01", periods=24, freq="M")
        shown = [f"{month}" if form == "months" else f"{month}-01" for month in months]
        rows["bulan"] = [shown[at - 1] for at in plain["bulan"]]
        rows["mulai"] = ["" if np.isnan(at) else shown[int(at) - 1] for at in plain["mulai"]]
    if form == "sheet":
        name, rows["bulan"] = "panel.xlsx", pd.to_datetime(rows["bulan"])
    path = written(tmp_path, rows, name)
    if form == "semicolons":
        rows.to_csv(path, index=False, sep=";", decimal=",")
    expected, found = asked(written(tmp_path, plain, "plain.csv"), capsys), asked(path, capsys)
    for key in ("by_event_time", "interval_90"):
        assert found.pop(key) == pytest.approx(expected.pop(key)), key
    for key, value in expected.items():
        assert found[key] == (pytest.approx(value) if isinstance(value, float) else value), key


def test_missing_and_zero_outcomes_are_counted(tmp_path, capsys):
    rows = table(logarithm=True)
    rows["pemakaian"] = rows["pemakaian"].astype(object)
    rows.loc[0, "pemakaian"], rows.loc[30, "pemakaian"], rows.loc[31, "pemakaian"] = "", 0, -3.5
    found = asked(written(tmp_path, rows), capsys, "--scale", "log")
    assert found["n_dropped"] == 3
    assert found["warnings"] == ["CELLS_WITHOUT_OUTCOME", "OUTCOME_NOT_POSITIVE"]
    assert found["saving"] == pytest.approx(0.16, abs=0.1)


HEAD = "gedung,bulan,mulai,pemakaian\n"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (HEAD, ["NO_CELLS"]),
        (HEAD + "A,1,3,10\nA,2,3,10\nA,3,3,8\n", ["ONE_UNIT"]),
        (HEAD + "A,1,0,10\nA,2,0,11\nB,1,0,12\nB,2,0,10\n", ["NO_TREATED"]),
        (HEAD + "A,1,1,10\nA,2,1,11\nB,1,1,12\nB,2,1,10\n", ["NO_UNTREATED"]),
        (HEAD + "A,1,2,10\nA,2,2,11\nB,1,2,12\nB,2,2,10\n", ["NOTHING_PREDICTED"]),
    ],
)
def test_where_nothing_can_be_said_no_figure_is_shown(tmp_path, capsys, text, codes):
    found = asked(written(tmp_path, text), capsys)
    assert found["warnings"] == codes
    assert found["att"] is found["se"] is found["interval_90"] is found["saving"] is None
    call_command("estimate_effect", str(tmp_path / "panel.csv"), *COLUMNS)
    assert "Belum dapat dibuktikan" in capsys.readouterr().out


def test_what_weakens_an_estimate_is_named(tmp_path, capsys):
    lines = [f"{unit},{month},{4 if unit == 'A' else ''},7" for unit in "ABC" for month in range(1, 7)]
    found = asked(written(tmp_path, HEAD + "\n".join(lines)), capsys)
    assert found["warnings"] == ["CONSTANT_OUTCOME", "ONE_COMMON_START", "TOO_FEW_BUILDINGS"]
    assert found["att"] == pytest.approx(0)
    shown = written(tmp_path, HEAD + "\n".join(lines + ["D,1,1,3", "D,2,1,4"]))
    assert asked(shown, capsys)["warnings"][0] == "CELLS_NOT_PREDICTED"
    call_command("estimate_effect", str(shown), *COLUMNS)
    assert "belum dapat dibuktikan" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "A,1,0,x\n", "Baris 2, kolom pemakaian: 'x' bukan angka"),
        (HEAD + "A,1,0,inf\n", "bukan angka"),
        (HEAD + "A,1,0,1_000\n", "bukan angka"),
        (HEAD + "A,1.5,0,3\n", "Baris 2, kolom bulan: '1.5' bukan waktu"),
        (HEAD + "A,2026-13,0,3\n", "bukan waktu"),
        (HEAD + "A,1,0,3\nA,1,0,4\n", "Baris 3: A pada waktu yang sama sudah ada di baris 2"),
        (HEAD + "A,1,5,3\nA,2,6,4\n", "Baris 3: mulai A berbeda"),
        (HEAD + "A,1,2026-01,3\n", "beberapa cara"),
        (HEAD + ",1,0,3\n", "Baris 2: nama unit kosong"),
        ("gedung,bulan,mulai\nA,1,0\n", "pemakaian"),
        ("", "kosong"),
    ],
)
def test_files_that_cannot_be_read_say_where(tmp_path, capsys, text, said):
    assert said in refused(written(tmp_path, text), capsys)


def test_a_file_that_is_not_there(tmp_path, capsys):
    assert "tidak" in refused(tmp_path / "lain.csv", capsys)


def test_calibration_prints_both_tables(capsys):
    call_command("calibrate", "--runs", "2")
    shown = capsys.readouterr().out
    assert shown.count("| hemat") == 4
    assert shown.count("\n| turun") == 2
    assert "±" in shown
