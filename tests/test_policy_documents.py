"""Documents: exact numbers, inheritance, references, choice by date, and the command that checks files."""

import json
from datetime import date
from fractions import Fraction
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from policy.checking import check_files
from policy.documents import DocumentError, Library, merge
from policy.yaml_reader import UnquotedTime, UnreadableDocument, read

PROJECT = Path(__file__).resolve().parent.parent


def document(document_id: str, rest: str = "", topic: str = "allowance", start: str = "2025-01-01") -> str:
    head = f"id: {document_id}\ntitle: T\ndecree: D\nissued_on: 2025-01-01\nvalid_from: {start}\nstatus: assumed\n"
    own = "" if "extends:" in rest else f"topic: {topic}\njurisdiction: uji\n"
    return head + own + (rest if "parameters:" in rest else rest + "parameters: {}\n")


def library_of(**texts: str) -> Library:
    made = Library(reads_files=False)
    made.load_texts({name.replace("__", "/") + ".yaml": text for name, text in texts.items()})
    return made


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**9, places=6))
def test_decimals_are_read_exactly(number) -> None:
    value = read(f"x: {number:f}").mapping["x"]
    assert not isinstance(value, float)
    assert value == Fraction(str(number))


def test_what_yaml_would_misread() -> None:
    got = read('a: 16:00\nb: "16:00"\nc: 2025-02-30\nd: .inf\ne: 1_000\nf: 1.0e+999999\n').mapping
    assert isinstance(got["a"], UnquotedTime)
    assert (int(got["a"]), got["a"].text) == (960, "16:00")
    assert (got["b"], got["c"], got["d"], got["e"], got["f"]) == ("16:00", "2025-02-30", ".inf", 1000, "1.0e+999999")


def test_every_repeated_key_is_named_in_full() -> None:
    assert read("a: {b: 1, c: {d: 1, d: 2}}\na: 2\nl: [{x: 1, x: 2}]").duplicate_paths == ["a.c.d", "a", "l.0.x"]


@pytest.mark.parametrize(
    "text", ["", "x", "a: [", "a: b: c", "? [1]\n: 2\n", "a: !x 1", "a: &a [*a]", "a: 1\n---\nb: 2\n"]
)
def test_unreadable_texts(text: str) -> None:
    with pytest.raises(UnreadableDocument):
        read(text)


def test_merging_lays_mappings_over_and_removes_null() -> None:
    base = {"late": {"rate": "1 %", "hits": ["a"]}, "list": [1, 2], "gone": 1}
    change = {"late": {"rate": None, "bands": {"A": [0, None, "1 %"]}}, "list": [3], "gone": None}
    assert merge(base, change) == {"late": {"hits": ["a"], "bands": {"A": [0, None, "1 %"]}}, "list": [3]}


def test_a_child_inherits_and_paths_stay_with_their_writer() -> None:
    library = library_of(
        one__tpp=document(
            "parent", "attendance: ../hours.yaml\nparameters: {tax: {table: t.yaml}, offsets: [salary]}\n"
        ),
        two__deep__tpp=document(
            "child", "extends: ../../one/tpp.yaml\nparameters: {offsets: null, base: {by: given}}\n"
        ),
        hours=document("hours", topic="attendance"),
        one__t=document("table", topic="tax"),
    )
    child = library.find("child")
    assert (child.topic, child.jurisdiction) == ("allowance", "uji")
    assert child.parameters == {"tax": {"table": "t.yaml"}, "base": {"by": "given"}}
    assert library.attendance_for(child, date(2025, 5, 1)).id == "hours"
    assert library.tax_table(child, child.parameters["tax"]["table"]).id == "table"


def test_a_path_that_the_child_would_resolve_otherwise_is_missing() -> None:
    library = library_of(one__tpp=document("parent", "attendance: missing.yaml\n"))
    with pytest.raises(DocumentError) as caught:
        library.attendance_for(library.find("parent"), date(2025, 5, 1))
    assert caught.value.code == "reference_missing"


def test_choice_by_date_on_both_sides_of_each_edge() -> None:
    library = library_of(
        a=document("old"),
        b=document("new", "valid_to: 2025-09-01\n", start="2025-06-01"),
        c=document("h", topic="attendance"),
    )
    chosen = {
        day: (found := library.choose("uji", "allowance", date.fromisoformat(day))) and found.id
        for day in ("2024-12-31", "2025-01-01", "2025-05-31", "2025-06-01", "2025-08-31", "2025-09-01")
    }
    assert list(chosen.values()) == [None, "old", "old", "new", "new", None]
    assert library.choose("lain", "allowance", date(2025, 6, 1)) is None
    assert library.attendance_for(library.find("old"), date(2025, 6, 1)).id == "h"
    assert library.attendance_for(library.find("old"), date(2024, 6, 1)) is None


def test_rings_and_missing_parents() -> None:
    library = library_of(
        a=document("a", "extends: b\n"), b=document("b", "extends: a\n"), c=document("c", "extends: z\n")
    )
    for name, code in (("a", "extends_cycle"), ("c", "extends_missing")):
        with pytest.raises(DocumentError) as caught:
            library.find(name)
        assert (caught.value.code, caught.value.path) == (code, "extends")


def test_an_id_stands_once() -> None:
    with pytest.raises(DocumentError) as caught:
        library_of(a=document("same"), b=document("same"))
    assert (caught.value.code, caught.value.path) == ("head_value", "id")


def test_a_document_from_elsewhere_by_path_and_its_neighbour_by_id(tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "tpp.yaml").write_text(document("own-tpp", "attendance: own-hours\n"))
    (tmp_path / "docs" / "hours.yaml").write_text(document("own-hours", topic="attendance"))
    library = Library()
    library.load_folder(PROJECT / "regulations")
    found = library.find("../docs/tpp.yaml", relative_to=str(tmp_path / "cases" / "case.yaml"))
    assert found.id == "own-tpp"
    assert library.attendance_for(found, date(2025, 1, 1)).id == "own-hours"


def test_shipped_documents() -> None:
    library = Library()
    library.load_folder(PROJECT / "regulations")
    tpp = library.find("contoh-tpp")
    assert tpp.demonstration
    assert tpp.status == "assumed"
    assert library.attendance_for(tpp, date(2025, 11, 13)).id == "contoh-attendance"
    assert library.tax_table(tpp, tpp.parameters["tax"]["table"]).id == "contoh-tax"
    assert not library.find("jambi-tpp").demonstration
    days = {
        y: library.choose("indonesia", "calendar", date(y, 8, 17)).parameters["holidays"] for y in (2025, 2026, 2027)
    }
    assert [len(days[year]) for year in days] == [28, 25, 26]
    assert [sum(day["kind"] == "joint_leave" for day in days[year]) for year in days] == [11, 8, 8]


def run_check(*files: Path) -> tuple[int, dict]:
    out = StringIO()
    code = 0
    try:
        call_command("check_regulation", *map(str, files), "--format", "json", stdout=out)
    except SystemExit as stopped:
        code = stopped.code
    return code, json.loads(out.getvalue())


def test_the_command_counts_and_exits(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(document("good", "parameters: {components: {a: {weight: 100 %}}}\n"))
    bad.write_text(document("bad", "parameters: {bonus: 1}\n", start="2025-02-01"))
    code, answer = run_check(good, bad)
    assert (code, answer["valid"], answer["invalid"]) == (1, 1, 1)
    shown = [(finding["file"], finding["code"], finding["path"]) for finding in answer["findings"]]
    assert shown == [
        (str(good), "article_missing", "parameters.components.a"),
        (str(bad), "unknown_key", "parameters.bonus"),
    ]
    assert run_check(good)[0] == 0
    code, answer = run_check(tmp_path / "none.yaml")
    assert (code, answer["findings"][0]["code"]) == (1, "not_yaml")


def test_files_given_together_answer_each_other(tmp_path: Path) -> None:
    one, two, ring = tmp_path / "one.yaml", tmp_path / "two.yaml", tmp_path / "ring.yaml"
    one.write_text(document("one"))
    two.write_text(document("two", "extends: one\n"))
    ring.write_text(document("ring", "extends: ring\n"))
    codes = {file.name: [(f.code, f.path) for f in file.findings] for file in check_files([two, one, ring])}
    assert codes == {
        str(one): [("validity_overlap", "valid_from")],
        str(two): [],
        str(ring): [("extends_cycle", "extends")],
    }


def test_the_shipped_folder_passes_as_a_whole() -> None:
    files = sorted((PROJECT / "regulations").rglob("*.yaml"))
    assert [file.findings for file in check_files(files)] == [[] for _ in files]
