"""Cases of an auditor who writes them wrong: each fault is told by name, nothing passes in silence, nothing breaks."""

import subprocess
from pathlib import Path

import pytest

from allowances.rules import compile_allowance
from tests.conftest import PROJECT
from wfh_portal.cases import run_cases

GIVEN = "gross: 100, rating: Baik"


def told(folder: Path, given: str = GIVEN, expect: str = "{allowance: 100}") -> str:
    """What is told about one case of jambi."""
    text = f"- {{name: x, policy: jambi-tpp, month: 2025-11, given: {{{given}}}, expect: {expect}}}\n"
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    return "; ".join(problem for outcome in run_cases(folder) for problem in outcome.problems)


def test_the_case_that_all_others_break_passes(tmp_path):
    assert told(tmp_path) == ""


@pytest.mark.parametrize(
    ("given", "unknown"),
    [("gros: 100, rating: Baik", "gros"), (f"{GIVEN}, days: [{{minutes_lat: 3}}]", "minutes_lat")],
)
def test_an_unknown_name_in_given_lists_the_known_ones(tmp_path, given, unknown):
    words = told(tmp_path, given)
    assert words.startswith(f"{unknown}: nama tidak dikenal")
    known = words.split("yang dikenal: ")[1].split(", ")
    assert {"gross", "minutes_late", "rating", "away"} <= set(known)


def test_facts_of_the_document_itself_are_known(tmp_path):
    document = next((PROJECT / "regulations/jambi/allowance").glob("*.yaml")).read_text(encoding="utf-8")
    own = document.replace("id: jambi-tpp", "id: own").replace(
        "parameters:\n", "parameters:\n  facts:\n    letters_sent: {given: number, default: 0}\n", 1
    )
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents/own.yaml").write_text(own, encoding="utf-8")
    case = "- {name: x, policy: documents/own.yaml, month: 2025-11, given: {gross: 100, rating: Baik, letters_sent: 2}"
    (tmp_path / "a.yaml").write_text(f"{case}, expect: {{allowance: 100}}}}\n", encoding="utf-8")
    assert [outcome.problems for outcome in run_cases(tmp_path)] == [()]


@pytest.mark.parametrize("expect", ["[allowance]", "3", "{}", "null"])
def test_a_case_that_expects_nothing_readable_fails(tmp_path, expect):
    assert "expect" in told(tmp_path, expect=expect)


@pytest.mark.parametrize(
    "extra",
    [
        "days: 3", "days: [a]", "events: [TL1]", "criteria: 5", "ratings: [1]", "sanctions: 3", "posts: [1]",
        "leaves: [2]", "classes: 8", "days:", "events:",
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_shape_names_its_key(tmp_path, extra):
    assert told(tmp_path, f"{GIVEN}, {extra}").startswith(extra.split(":")[0])


@pytest.mark.parametrize("expect", ["{allowance: {a: 1}}", "{allowance: [1]}", "{events: 1 %}", "{flags: {a: 1}}"])
def test_an_expectation_of_the_wrong_kind_is_a_difference(tmp_path, expect):
    assert told(tmp_path, expect=expect)


def test_what_is_no_file_or_no_text_is_named(tmp_path):
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "wide.yaml").write_bytes("- {name: x}".encode("utf-16"))
    outcomes = list(run_cases(tmp_path))
    assert [outcome.file for outcome in outcomes] == ["folder.yaml", "wide.yaml"]
    assert all("berkas tidak terbaca" in outcome.problems[0] for outcome in outcomes)


def test_a_mapping_that_is_no_regulation_is_told(tmp_path):
    (tmp_path / "wrapped.yaml").write_text("cases: [{name: x}]\n", encoding="utf-8")
    (tmp_path / "document.yaml").write_text("id: x\ntopic: allowance\nparameters: {}\n", encoding="utf-8")
    assert [outcome.file for outcome in run_cases(tmp_path)] == ["wrapped.yaml"]


def test_make_takes_a_folder_with_a_blank_in_its_name(tmp_path):
    asked = subprocess.run(
        ["make", "-n", "-o", "setup", "cases", f"CASES={tmp_path}/my cases"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert f'"{tmp_path}/my cases"' in asked.stdout


def test_more_days_than_any_month_has_are_told_and_not_computed(tmp_path):
    assert told(tmp_path, f"{GIVEN}, days: [{', '.join(['{}'] * 1001)}]").startswith("days: paling banyak 1000 baris")
    assert told(tmp_path, f"{GIVEN}, days: [{', '.join(['{}'] * 31)}]") == ""


def test_the_plan_of_a_document_is_made_once_for_all_cases(tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr("wfh_portal.cases.compile_allowance", lambda *a: made.append(a) or compile_allowance(*a))
    case = f"- {{name: x, policy: jambi-tpp, month: 2025-11, given: {{{GIVEN}}}, expect: {{allowance: 100}}}}\n"
    (tmp_path / "mine.yaml").write_text(case * 3, encoding="utf-8")
    assert [outcome.problems for outcome in run_cases(tmp_path)] == [(), (), ()]
    assert len(made) == 1
