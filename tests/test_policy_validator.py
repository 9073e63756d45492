"""Every code of the validator is raised at the exact path of the key, on both sides of its edge."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from policy.checking import check_files
from policy.documents import Library
from policy.validator import validate
from policy.validator_check import Finding
from tests.conftest import PROJECT
from tests.validator_documents import (
    CONDITIONS,
    SCALES,
    TOLERANCES,
    allowance,
    attendance,
    hours,
    only,
    rule,
    taps,
)
from tests.validator_rows import ROWS

REGULATIONS = PROJECT / "regulations"
# Section 9 of the regulation format.
CODES = {
    "not_yaml",
    "duplicate_key",
    "head_missing",
    "head_value",
    "unknown_key",
    "key_missing",
    "value",
    "unknown_name",
    "rate_format",
    "number_format",
    "time_format",
    "band_gap",
    "band_overlap",
    "band_order",
    "scale_count",
    "weights_sum",
    "duplicate_code",
    "cap_scope",
    "fact_cycle",
    "extends_cycle",
    "extends_missing",
    "reference_missing",
    "hours_uncovered",
    "validity_overlap",
    "article_missing",
}
HEAD = {"id", "title", "decree", "jurisdiction", "topic", "issued_on", "valid_from", "status"}
REQUIRED = {
    "parameters",
    "parameters.hours",
    "parameters.hours.0.in",
    "parameters.hours.0.out",
    "parameters.tolerance.minutes",
    "parameters.tolerance.kind",
    "parameters.hours.0.tolerance.minutes",
    "parameters.hours.0.tolerance.kind",
    "parameters.outcomes.0.when",
    "parameters.outcomes.0.set",
    "parameters.components.a.weight",
    "parameters.caps.m.at",
    "parameters.caps.m.per",
    "parameters.charges.x.ratio.to",
    "parameters.charges.x.mix.0.weight",
    "parameters.rounding.cuts.to",
    "parameters.base.classes",
    "parameters.base.criteria",
    "parameters.charges.x.fact",
    "parameters.tax",
}


def found(text: str, library: Library | None = None) -> list[tuple[str, str]]:
    """Codes and paths of a document's findings."""
    return [(finding.code, finding.path) for finding in validate(text, library, neighbours=[])]


@pytest.mark.parametrize(
    ("text", "code", "path"), ROWS, ids=[f"{n}-{code}-{path}" for n, (_, code, path) in enumerate(ROWS)]
)
def test_one_fault_gives_one_finding_at_its_key(text: str, code: str, path: str) -> None:
    assert found(text) == [(code, path)]


def test_the_table_holds_every_code_and_every_required_key() -> None:
    raised = {code for _, code, _ in ROWS}
    assert raised | {"validity_overlap"} == CODES
    assert {path for _, code, path in ROWS if code == "head_missing"} == HEAD
    assert REQUIRED - {path for _, code, path in ROWS if code == "key_missing"} == set()


def test_the_source_names_no_code_beside_those_of_the_page() -> None:
    named: set[str] = set()
    for file in [
        *(PROJECT / "policy").glob("validator*.py"),
        PROJECT / "policy/checking.py",
        PROJECT / "policy/documents.py",
    ]:
        named |= set(re.findall(r'(?:\badd|Finding|DocumentError)\(\s*"([a-z_]+)"', file.read_text(encoding="utf-8")))
    assert named == CODES


@pytest.mark.parametrize(
    "file", sorted(REGULATIONS.rglob("*.yaml")), ids=lambda file: str(file.relative_to(REGULATIONS))
)
def test_shipped_documents_have_no_finding(file: Path) -> None:
    library = Library()
    library.load_folder(REGULATIONS)
    assert validate(file.read_text(), library, str(file)) == []


REMARKS = "note: catatan, label: Nama, article: 5"
FINE_CONDITIONS = [
    "",
    REMARKS,
    "place: home, class: {from: 15}, status: [cpns, PNS]",
    "weekday: [Mon, fri], report: Late",
    "date: {from: 2025-11-01, to: 2025-12-01}",
    "date: 2025-11-01",
    "class: {to: 5.5, note: x}",
    "shift: 'off', calendar: six day, ramadan: yes, outage: false",
    "salary: {from: -1}, rank_group: III, run: thirteenth",
    "leave_day: {from: 2, to: 3}",
]
FINE_SCALES = [
    "rate: 3 %, note: catatan, label: Nama",
    "fact: rating_score, rate: 0.25 %, after: 2.5, unit: 0.5, part: started",
    "fact: rating_score, rate: 250 %",
    "fact: rating_score, bands: {A: [0, 10, 1 %], 7: [10, 20.5, 2 %], C: [20.5, null, 0 %], note: x, article: 5}",
    "fact: rating_score, bands: [[50, null, 2 %], [0, 50, 1 %]], after: 1",
    "fact: rating, labels: {Baik: 1 %, Kurang: 2.50 %, missing: Unknown, note: x, label: y}, period: previous_quarter",
    "fact: rating, labels: {Baik: {rate: 5 %}, missing: {fact: rating_score, ratio: {to: 100}}}",
    "fact: class, labels: {7: 1 %, 8: 2 %, yes: 3 %}",
    "fact: rating_score, ratio: {to: minutes_done, at_most: 100 %, at_least: 0 %, note: x}",
    f"mix: [{{weight: 33.3 %, rate: 1 %, {REMARKS}}}, {{weight: 66.7 %, mix: [{{weight: 100 %, rate: 2 %}}]}}]",
]
FINE = [
    *[
        text.replace("%s", words)
        for text, path in CONDITIONS
        for words in FINE_CONDITIONS
        if words not in ("", REMARKS) or "hours" not in path
    ],
    *[text.replace("%s", words) for text, _ in SCALES for words in FINE_SCALES],
    *[
        text.replace("%s", words)
        for text, _ in TOLERANCES
        for words in (
            "minutes: 0, kind: subtract",
            f"minutes: 7.5, kind: flexible, make_up: full, earlier: 30, {REMARKS}",
        )
    ],
    attendance(),
    allowance(),
    attendance("note: x\nlabel: y\narticle: 5\nvalid_to: 2025-01-02\ndemonstration: yes\n"),
    attendance("valid_to: null\ndemonstration: null\nextends: null\nattendance: null\n"),
    "\ufeff" + attendance(),
    attendance().replace("\n", "\r\n"),
    "%YAML 1.1\n---\n" + attendance(),
    json.dumps(
        {"id": "a", "topic": "attendance", "jurisdiction": "x", "title": "t", "decree": "d", "status": "assumed"}
    )[:-1]
    + ', issued_on: 2025-02-01, valid_from: 2025-01-01, "parameters": {hours: [{in: 07:30, "out": '
    '"16:00:00", article: 1}]}}',
    only("{}"),
    only(
        "hours:\n  - &usual {in: '07:30', out: '16:00', when: {ramadan: true}, article: '1'}\n  - {<<: "
        "*usual, when: null}",
        "attendance",
    ),
    hours('in: "00:00", out: "23:59:59", arrival_before: closing'),
    hours('when: {note: setiap hari}, in: "07:30", out: "16:00"'),
    taps("accept: {before_start: 0, after_end: 90.5, arrival_before: closing, lone_tap: departure, note: x}"),
    taps("fillers: []"),
    taps('fillers: ["23:59", "23:58:30"]\noutcomes: []\nplaces: {}\nseconds: started'),
    taps(f"places: {{office: free, Posko Satu: taps, 5: present, {REMARKS}}}"),
    taps(f"outcomes: [{{when: {{}}, set: {{absent_days: 0.5, {REMARKS}}}, article: x}}]"),
    rule("fact: home_days, rate: 37000 rupiah", "supplements"),
    rule("fact: home_days, rate: 1250.75 rupiah, after: 2, unit: 2, part: full, of: gross", "supplements"),
    rule("each: post, when: {kind: [plt, plh], days: {from: 30}}, rate: 20 %, of: post_gross", "supplements"),
    rule("each: sanction, fact: day, bands: {S1: [1, 30, 1 %]}, when: {month: 1}"),
    rule(
        "each: leave, fact: kind, labels: {sick: {fact: day, bands: [[1, 15, 0 %]]}}, prorate: calendar_days", "factors"
    ),
    rule("each: run, fact: absent_days, bands: [[3, null, 5 %]], combine: max, free: 1, except: {place: home}"),
    rule("each: run, fact: absent_days, mix: [{weight: 100 %, rate: 1 %}]"),
    rule("fact: balance, each: month, bands: {A: [-50, 0, 1 %]}").replace(
        "  charges", "  facts: {balance: {sum: {minutes_done: -1}}}\n  charges"
    ),
    rule("rate: 1 %, lag_months: 2", "holds"),
    rule("rate: 1 %, hits: gross"),
    only(
        "components: {1: {weight: 100 %, article: x}}\ncharges: {7: {rate: 1 %, hits: [1], article: "
        "x}}\ncaps: {9: {per: day, at: 5 %, charges: [7], article: x}}"
    ),
    only(
        "components: {net: {weight: 50 %, article: x}, tax: {weight: 49.5 %, article: x}, TL1: {weight: "
        "0.5 %, article: x}}"
    ),
    only("components: {a: {weight: 100 %, achievement: null, cuts_of: full, article: not located}}"),
    only(
        "charges: {a: {fact: minutes_late, bands: {a: [1, 2, 1 %]}, article: x}, b: {each: leave, fact: kind, labels: "
        "{x: {fact: day, bands: {S: [1, 2, 1 %]}}, y: {fact: day, bands: {S: [1, 2, 2 %]}}}, article: x}}"
    ),
    only(
        f"facts: {{f: {{given: label, default: x}}, g: {{sum: {{salary: 1, h: -2.5, {REMARKS}}}, each: "
        f"day, {REMARKS}}}, h: {{least: [salary, 3, g2]}}, "
        "g2: {greatest: [minutes_late, 5]}}"
    ),
    only(f"base: {{by: class, classes: {{7: 5, III/a: 6.5, {REMARKS}}}, change: by_days, {REMARKS}}}"),
    only("base: {by: basic, criteria: [a, b], classes: {7: 5}}"),
    only(
        f"components: {{{REMARKS}}}\ncharges: {{{REMARKS}}}\ncaps: {{{REMARKS}}}\nrounding: "
        f"{{{REMARKS}}}\nfacts: {{{REMARKS}}}"
    ),
    only("exempt: {kind: sick, place: duty}\ncharges: {x: {each: leave, rate: 1 %, article: x}}"),
    only("offsets: [profession_allowance, salary]"),
    only(
        f"insurance: {{of: gross, floor_rupiah: 0, ceiling_rupiah: 12000000, {REMARKS}}}\ntax: {{rate: 0 "
        f"%, of: increment, borne_by: government, {REMARKS}}}"
    ),
    only("tax: {fact: taxable_rupiah, bands: [[0, 5000000, 0 %], [5000000, null, 5 %]], article: '1'}"),
    only("rounding: {gross: {to: 0.01, mode: floor}, cuts: {to: 1}, tax: {to: 1000, mode: half_even, note: x}}"),
    allowance(
        "  caps: {day: {per: day, at: 2 %, charges: [late], article: '1'}, all: {per: day, at: 3 %, "
        "over: flag, article: '1'}}\n"
    ),
]


@pytest.mark.parametrize("text", FINE, ids=range(len(FINE)))
def test_a_correct_document_is_never_refused(text: str) -> None:
    assert found(text) == []


def test_a_warning_refuses_nothing() -> None:
    assert validate(only("components: {a: {weight: 100 %}}"))[0].warning


def named(text: str, name: str) -> str:
    """The document under another id."""
    return re.sub(r"(?m)^id: .*$", f"id: {name}", text)


@pytest.mark.parametrize("length", [1, 2, 3])
@pytest.mark.parametrize("by_path", [False, True])
def test_rings_of_documents(tmp_path: Path, length: int, by_path: bool) -> None:
    names = [f"d{number}" for number in range(length)]
    for name, parent in zip(names, [*names[1:], names[0]], strict=True):
        text = named(attendance(f"extends: {parent}{'.yaml' if by_path else ''}\n"), name)
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    for answer in check_files([tmp_path / f"{name}.yaml" for name in names]):
        assert ("extends_cycle", "extends") in [(finding.code, finding.path) for finding in answer.findings]


def test_references_between_files_are_found(tmp_path: Path) -> None:
    (tmp_path / "hours").mkdir()
    (tmp_path / "hours" / "mine.yaml").write_text(attendance(), encoding="utf-8")
    (tmp_path / "tax.yaml").write_text(
        named(only("tax: {rate: 5 %, article: '1'}", "tax"), "mine-tax"), encoding="utf-8"
    )
    text = allowance("  tax: {table: mine-tax, article: '1'}\nattendance: hours/mine.yaml\n")
    (tmp_path / "pay.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "child.yaml").write_text(
        named(allowance("extends: pay.yaml\n", body="parameters: {components: {a: null, b: {weight: 100 "
        "%}}}\n"), "child")
        .replace("topic: allowance\njurisdiction: uji\n", "").replace("2025-01-01", "2025-02-01"),
        encoding="utf-8",
    )  # fmt: skip
    answers = check_files([tmp_path / "pay.yaml", tmp_path / "child.yaml"])
    assert [answer.findings for answer in answers] == [[], []]
    wrong = text.replace("mine-tax", "uji-attendance").replace("hours/mine.yaml", "tax.yaml")
    (tmp_path / "pay.yaml").write_text(wrong, encoding="utf-8")
    (answer,) = check_files([tmp_path / "pay.yaml"])
    told = {(finding.code, finding.path) for finding in answer.findings}
    assert told == {("head_value", "attendance"), ("reference_missing", "parameters.tax.table")}


def test_a_table_and_a_scale_are_one_too_many() -> None:
    library = Library()
    library.load_texts({"t.yaml": named(only("tax: {rate: 5 %, article: '1'}", "tax"), "table")})
    assert found(only("tax: {table: table, article: '1'}"), library) == []
    assert found(only("tax: {table: table, rate: 5 %, article: '1'}"), library) == [("scale_count", "parameters.tax")]
    library.load_texts({"a.yaml": attendance()})
    wrong = only("tax: {table: uji-attendance, article: '1'}")
    assert found(wrong, library) == [("value", "parameters.tax.table")]


@pytest.mark.parametrize(
    ("first", "second", "overlaps"),
    [
        ("valid_from: 2025-01-01", "valid_from: 2025-01-01", True),
        ("valid_from: 2025-01-01", "valid_from: 2025-02-01", False),
        ("valid_from: 2025-01-01\nvalid_to: 2025-02-02", "valid_from: 2025-02-01", True),
        ("valid_from: 2025-01-01\nvalid_to: 2025-02-01", "valid_from: 2025-02-01", False),
        ("valid_from: 2025-02-01", "valid_from: 2025-01-01\nvalid_to: 2025-02-02", True),
        ("valid_from: 2025-02-01", "valid_from: 2025-01-01\nvalid_to: 2025-02-01", False),
        ("valid_from: 2025-02-01", "valid_from: 2025-01-01", False),
        ("valid_from: 2025-01-01\njurisdiction: lain", "valid_from: 2025-01-01", False),
    ],
)
def test_two_documents_on_one_day(tmp_path: Path, first: str, second: str, overlaps: bool) -> None:
    other = named(attendance(), "other").replace("valid_from: 2025-01-01", first)
    if "lain" in first:
        other = other.replace("jurisdiction: uji\n", "", 1)
    mine = attendance().replace("valid_from: 2025-01-01", second)
    library = Library()
    library.load_texts({"other.yaml": other})
    findings = validate(mine, library, "mine.yaml")
    expected = [("validity_overlap", "valid_from")] if overlaps else []
    assert [(finding.code, finding.path) for finding in findings] == expected
    for name, text in (("other.yaml", other), ("mine.yaml", mine)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    answers = check_files([tmp_path / "other.yaml", tmp_path / "mine.yaml"])
    assert sum(len(answer.findings) for answer in answers) == len(expected)


def test_files_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "wide.yaml").write_bytes(attendance().encode("utf-16"))
    (tmp_path / "latin.yaml").write_bytes(attendance().replace("Dokumen", "Dökumen").encode("latin-1"))
    (tmp_path / "binary.yaml").write_bytes(bytes(range(256)))
    (tmp_path / "zero.yaml").write_bytes(b"\x00" * 50)
    (tmp_path / "folder.yaml").mkdir()
    files = [*sorted(tmp_path.iterdir()), tmp_path / "nowhere.yaml"]
    assert [[(one.code, one.path) for one in answer.findings] for answer in check_files(files)] == [
        [("not_yaml", "")]
    ] * 6


def test_the_command_answers_in_json(tmp_path: Path) -> None:
    for name, text in (
        ("good.yaml", attendance()),
        ("warned.yaml", only("components: {a: {weight: 100 %}}")),
        ("bad.yaml", hours('in: "07:30", out: 16:00:00').replace("jurisdiction: uji", "jurisdiction: lain")),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")

    def check(*names: str) -> tuple[int, dict]:
        command = [sys.executable, "manage.py", "check_regulation", *(str(tmp_path / name) for name in names)]
        done = subprocess.run([*command, "--format", "json"], cwd=PROJECT, capture_output=True, text=True, check=False)
        return done.returncode, json.loads(done.stdout)

    code, answer = check("good.yaml", "warned.yaml")
    assert (code, answer["valid"], answer["invalid"]) == (0, 2, 0)
    assert [(one["code"], one["path"]) for one in answer["findings"]] == [
        ("article_missing", "parameters.components.a")
    ]
    code, answer = check("good.yaml", "bad.yaml")
    assert (code, answer["valid"], answer["invalid"]) == (1, 1, 1)
    (finding,) = answer["findings"]
    assert finding["file"] == str(tmp_path / "bad.yaml")
    assert (finding["code"], finding["path"]) == ("time_format", "parameters.hours.0.out")
    assert "57600" in finding["message"]
    assert '"16:00:00"' in finding["message"]


def test_messages_say_what_to_do() -> None:
    finding = validate(hours('in: "07:30", out: 16:00'))[0]
    assert isinstance(finding, Finding)
    assert '"16:00"' in finding.message
