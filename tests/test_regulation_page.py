"""`docs/regulations.md` teaches what is true: its documents are valid, its cases pass, its sentences are said."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from policy.checking import check_files
from policy.documents import Library
from policy.sentences import statements_of
from policy.validator import HEAD_KEYS, validate
from policy.validator_allowance import KEYS as allowance_keys
from policy.validator_attendance import KEYS as attendance_keys
from policy.validator_rules import KEYS_OF_VERB, OF_VERB, RULE_KEYS
from policy.validator_scales import SCALE_KEYS
from policy.vocabulary import PERIODS, RECORDS, ROUNDING_MODES, ROUNDING_POINTS, SCALE_FORMS, TREATMENTS
from policy.yaml_reader import read
from tests.random_documents import text_of
from wfh_portal.cases import run_cases

PROJECT = Path(__file__).resolve().parent.parent
PAGE = (PROJECT / "docs" / "regulations.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```yaml\n# berkas: (\S+)\n(.*?)```", PAGE, re.DOTALL))
TEXTS = dict(re.findall(r"```text\n# (\w+)\n(.*?)```", PAGE, re.DOTALL))


@pytest.fixture
def folder(tmp_path):
    """The files of the page, written to disk."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def output(*arguments):
    out = StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_documents_of_the_page_are_valid_without_a_warning(folder):
    documents = [folder / name for name in FILES if name != "contoh.yaml"]
    assert len(documents) == 3
    assert [file.findings for file in check_files(documents)] == [[], [], []]


def test_the_cases_of_the_page_pass(folder):
    outcomes = list(run_cases(folder))
    assert len(outcomes) == 6
    assert [(outcome.name, outcome.problems) for outcome in outcomes if outcome.problems] == []


def test_the_sentences_of_the_page_are_said(folder):
    explained = output("check_regulation", folder / "jam-kerja.yaml", folder / "tunjangan.yaml", "--explain")
    told = explained.splitlines()
    lines = TEXTS["dibacakan"].splitlines()
    assert len(lines) == 8
    assert [line for line in lines if line not in told] == []


def test_the_comparison_of_the_page_is_what_the_command_says(folder):
    compared = output("compare_regulations", folder / "tunjangan.yaml", folder / "tunjangan-2027.yaml")
    assert compared == TEXTS["dibandingkan"]


def recipes(heading):
    """(what a regulation says, the parameters to write, the sentence that they mean) of one table."""
    table = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [row.strip("|").split("|") for row in table.splitlines() if row.startswith("| ") and "`" in row]
    made = []
    for says, write, told in rows:
        parameters = {}
        for line in re.findall(r"`([^`]+)`", write):
            parameters |= read(line).mapping
        made.append((says.strip(), parameters, told.strip()))
    return made


ATTENDANCE = recipes("Dari kalimat ke baris: jam kerja")
ALLOWANCE = recipes("Dari kalimat ke baris: tunjangan")
HOURS = {"hours": [{"in": "07:30", "out": "16:00"}]}
COMPONENTS = {
    "components": {
        "kinerja": {"weight": "60 %", "label": "Kinerja"},
        "disiplin": {"weight": "40 %", "label": "Disiplin"},
    }
}


@pytest.mark.parametrize(
    ("topic", "recipe"),
    [("attendance", recipe) for recipe in ATTENDANCE] + [("allowance", recipe) for recipe in ALLOWANCE],
    ids=[recipe[0] for recipe in ATTENDANCE + ALLOWANCE],
)
def test_a_recipe_of_the_page_is_valid_and_means_what_stands_beside_it(topic, recipe):
    _, written, told = recipe
    text = text_of(topic, (HOURS if topic == "attendance" else COMPONENTS) | written)
    assert [finding for finding in validate(text, neighbours=[]) if not finding.warning] == []
    sentences = [statement.sentence for statement in statements_of(Library().build("uji.yaml", text))]
    assert told in sentences, sentences


SOURCES = "".join(path.read_text(encoding="utf-8") for path in sorted((PROJECT / "policy").glob("*.py")))
CODES = set(re.findall(r'(?:add|DocumentError|Finding)\(\s*"([a-z_]+)"', SOURCES))
INLINE_KEYS = re.findall(r"check\.keys\([^()]*\(([^()]*)\)", SOURCES)
BLOCK_KEYS = {key for keys in INLINE_KEYS for key in re.findall(r'"([a-z_]+)"', keys)}


def test_the_page_explains_every_code_of_the_validator():
    assert len(CODES) >= 25
    table = PAGE.split("\n## Kesalahan dan artinya\n")[1]
    assert {code for code in CODES if f"`{code}`" not in table} == set()


def test_the_page_names_every_key_that_a_document_may_hold():
    keys = {*HEAD_KEYS, *attendance_keys, *allowance_keys, *SCALE_KEYS, *RULE_KEYS, *BLOCK_KEYS, *ROUNDING_POINTS}
    keys |= {*RECORDS, *ROUNDING_MODES, *TREATMENTS, *PERIODS, *SCALE_FORMS}
    keys |= {key for more in KEYS_OF_VERB.values() for key in more}
    keys |= {value for values in OF_VERB.values() for value in values}
    assert len(keys) > 100
    # a key counts as named where it stands in code: `key`, `key: ...` or inside a line to write
    prose = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
    code = " ".join([*re.findall(r"`([^`]+)`", prose), *FILES.values()])
    assert {key for key in keys if not re.search(rf"\b{key}\b", code)} == set()
