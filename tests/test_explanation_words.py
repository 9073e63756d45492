"""Every step of an explanation is a sentence with an article, its sum, and the document's own words."""

import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allowances.explain import explain_components, explain_month
from allowances.rules import compile_allowance
from core.indonesian import rupiah
from policy.conditions import CaseError
from policy.documents import Library
from policy.scales import compile_scale
from policy.sentences import statements_of
from policy.sentences_scales import keys_read, scale_rows
from tests.allowance_documents import PLANS, months, suited
from tests.random_documents import parameters, text_of
from tests.random_months import months as random_months

REGULATIONS = Path(__file__).resolve().parent.parent / "regulations"
slow = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def walk(step, above=None):
    yield step, above
    for child in step.children:
        yield from walk(child, step)


def check_words(tree):
    for step, _ in walk(tree):
        where = f"{step.key} {step.label}: {step.sentence}"
        assert step.label.strip() and step.article.strip(), where
        assert re.fullmatch(r"\S.*[^.]\.", step.sentence, re.DOTALL), where
        assert not re.search(r"\.\.|  |None|\{|\}|: \.|, \.|Fraction", step.sentence + step.arithmetic), where
        if step.value is None:
            assert "elum" in step.sentence, where
        parts = [child.value for child in step.children if child.value]
        if step.value is not None and None not in [child.value for child in step.children]:
            assert not step.children or sum(child.value for child in step.children) == step.value, where
            assert len(parts) < 2 or step.arithmetic, where
        # What takes or gives something and is made of nothing below it says how, unless it is a figure as given.
        if step.value and not step.children and step.key.split(".")[0] in ("line", "factor", "hold", "charge", "part"):
            assert "=" in step.arithmetic, where
            assert rupiah(abs(Fraction(step.value))) in step.arithmetic or step.key.startswith(("factor", "line")), (
                where
            )


def quoted(tree, document, prefix):
    """The steps whose sentence holds a sentence of the document below this key."""
    texts = [said.text for said in statements_of(document) if said.key.startswith(prefix)]
    return [step for step, _ in walk(tree) if any(text in step.sentence for text in texts)]


@slow
@given(parameters(), st.data())
def test_every_step_of_any_document_is_told(blocks, data):
    library = Library()
    library.load_texts({"made.yaml": text_of("allowance", blocks)})
    document = library.find("random-allowance")
    plan = compile_allowance(document, None)
    facts = data.draw(random_months(blocks))
    try:
        tree = explain_month(plan, facts)
    except CaseError:
        return
    check_words(tree)
    for step in explain_components(plan, facts):
        check_words(step)
    for step, _ in walk(tree):
        kind, _, name = step.key.partition(".")
        if kind == "charge" and step.children:
            assert quoted(step, document, f"charges.{name}."), step
        if kind == "part":
            assert quoted(step, document, f"components.{name}.weight"), step


@slow
@given(st.sampled_from(sorted(PLANS)), months())
def test_every_step_of_the_test_documents_is_told(name, month):
    check_words(explain_month(PLANS[name], suited(name, month)))


@slow
@given(parameters(), st.data())
def test_the_row_that_is_quoted_is_the_row_that_is_read(blocks, data):
    """`keys_read` finds in `scale_rows` what the compiled scale reads."""
    read = Library().build("uji.yaml", text_of("allowance", blocks)).parameters
    specs = [spec for verb in ("charges", "factors", "supplements", "holds") for spec in read.get(verb, {}).values()]
    if not specs:
        return
    spec = data.draw(st.sampled_from(specs))
    values = {}

    def look(name):
        if name not in values:
            numbers = st.one_of(st.none(), st.integers(0, 100))
            values[name] = data.draw(st.sampled_from(["Baik", "Kurang", "x", None]) if name == "rating" else numbers)
        return values[name]

    try:
        reading, keys = compile_scale(spec)(look), keys_read(spec, look)
    except CaseError:
        return
    rows = {row.key: row for row in scale_rows(spec, "belum diketahui")}
    if reading is not None and reading.share is not None:
        assert keys and set(keys) <= set(rows), (keys, spec)
        assert reading.code is None or [rows[key].code for key in keys] == [reading.code]
    elif reading is None and len(keys) == 1:
        assert keys[0] not in rows, (keys, spec)


@pytest.mark.parametrize(
    "path", sorted(REGULATIONS.glob("*/allowance/*.yaml")), ids=lambda path: path.parent.parent.name
)
def test_a_slip_of_every_shipped_regulation_quotes_it(path):
    library = Library()
    library.load_folder(REGULATIONS)
    document = next(
        item for item in library.documents() if item.source_path.endswith(str(path.relative_to(REGULATIONS)))
    )
    table = (document.parameters.get("tax") or {}).get("table")
    plan = compile_allowance(document, None, library.tax_table(document, table) if table else None)
    codes = dict.fromkeys(plan.codes, 1)
    facts = {"month": f"{document.valid_from:%Y-%m}", "rating": "Baik", "rating_score": 90,
             "salary": 4_000_000, "gross": 5_000_000, "class": next(iter(plan.classes), 8),
             "rank_group": "III", "events": codes}  # fmt: skip
    facts["criteria"] = {str(name): 1_000_000 for name in document.parameters.get("base", {}).get("criteria") or []}
    tree = explain_month(plan, facts)
    check_words(tree)
    for rule in plan.charges:
        used = [step for step, _ in walk(tree) if step.key == f"charge.{rule.name}"]
        assert not used or quoted(tree, document, f"charges.{rule.name}."), rule.name
