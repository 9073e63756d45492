"""The case runner: published examples agree, a wrong expectation is told, and it needs no database."""

import subprocess
import sys
from pathlib import Path

import pytest

from policy.documents import Library
from policy.validator import validate
from tests.conftest import PROJECT
from wfh_portal.cases import run_cases

CASES = Path(__file__).parent / "cases"


def test_published_examples_agree():
    outcomes = list(run_cases(CASES))
    assert len(outcomes) > 300
    assert [outcome for outcome in outcomes if outcome.problems] == []


@pytest.mark.parametrize("path", sorted((CASES / "documents").glob("*.yaml")), ids=lambda path: path.stem)
def test_documents_of_cases_are_valid(path):
    findings = validate(path.read_text(encoding="utf-8"), library=Library(), source_path=str(path), neighbours=[])
    assert findings == []


def problems(folder: Path, text: str) -> str:
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    return "; ".join(problem for outcome in run_cases(folder) for problem in outcome.problems)


CASE = "- {name: x, policy: jambi-tpp, month: 2025-11, given: {gross: 100, rating: Baik}, expect: {%s}}\n"


def test_a_difference_names_both_figures(tmp_path):
    assert problems(tmp_path, CASE % "allowance: 99") == "allowance: diharapkan 99, ditemukan 100"


def test_an_unknown_name_lists_the_known_ones(tmp_path):
    told = problems(tmp_path, CASE % "alowance: 99")
    assert "alowance" in told
    assert "allowance" in told.split("dikenal: ")[1]


def test_unknown_is_not_zero(tmp_path):
    text = "- {name: x, policy: jambi-tpp, month: 2025-11, given: {rating: Baik}, expect: {net: 0}}\n"
    assert problems(tmp_path, text) == "net: diharapkan 0, ditemukan unknown"


def test_a_file_that_is_no_yaml_is_named(tmp_path):
    assert "tidak terbaca" in problems(tmp_path, "- {name: [\n")


def test_the_command_counts_and_fails(tmp_path):
    (tmp_path / "a.yaml").write_text(CASE % "allowance: 100" + CASE % "allowance: 1", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "manage.py", "cases", str(tmp_path)], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "1 passed, 1 failed"


def test_a_policy_may_be_a_file_relative_to_the_case(tmp_path):
    document = (PROJECT / "regulations/jambi/allowance").glob("*.yaml").__next__().read_text(encoding="utf-8")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/mine.yaml").write_text(document.replace("id: jambi-tpp", "id: mine"), encoding="utf-8")
    (tmp_path / "cases").mkdir()
    text = CASE.replace("jambi-tpp", "../rules/mine.yaml") % "allowance: 100"
    assert problems(tmp_path / "cases", text) == ""


EXACT = CASE.replace("gross: 100,", "gross: 1000001, minutes_late: 1,")


@pytest.mark.parametrize(
    ("expect", "agrees"),
    [
        ("cut.late: 5000.01", True),  # 0.5 % of 1000001 = 5000.005: half a hundredth may be written either way
        ("cut.late: 5000", True),
        ("cut.late: 5000.02", False),
        ("cut.late: 4999.99", False),
        ("discipline_cut_rate: 0.5 %", True),
        ("discipline_cut_rate: 0.005", True),
        ("discipline_cut_rate: 0.51 %", False),
        ("discipline_cut_rate: 0", False),  # shares agree when equal, however near they are
        ("events: [TL1]", True),
        ("events: {TL1: 1}", True),
        ("events: {TL1: 1, TL2: 0}", True),
        ("events: {TL1: 2}", False),
        ("events: []", False),
    ],
)
def test_amounts_agree_to_the_hundredth_and_shares_when_equal(tmp_path, expect, agrees):
    assert (problems(tmp_path, EXACT % expect) == "") is agrees


DAY = (
    '- {name: x, policy: flexi-attendance, given: {date: 2026-10-05, in: "08:30:59", out: "17:00:00"}, expect: {%s}}\n'
)


@pytest.mark.parametrize(
    ("expect", "agrees"),
    [
        ('required_departure: "17:00"', True),
        ('required_departure: "17:00:00"', True),
        ('required_departure: "17:00:01"', False),
        ("required_departure: 17:00", False),
        ("place: Office, weekday: MON", True),
        ("place: home", False),
        ("minutes_late: 0 %", True),
        ("place: 0 %", False),
    ],
)
def test_times_and_labels_agree_however_they_are_written(tmp_path, expect, agrees):
    assert (problems(tmp_path, DAY % expect) == "") is agrees


def test_days_of_an_attendance_case_are_summed_and_a_word_among_numbers_is_named(tmp_path):
    given = "{days: [{minutes_late: %s}, {minutes_late: 4}]}"
    days = f"- {{name: x, policy: flexi-attendance, given: {given}, expect: {{minutes_late: 7}}}}\n"
    assert problems(tmp_path, days % "3") == ""
    assert problems(tmp_path, days % "tiga").startswith("minutes_late: ")
