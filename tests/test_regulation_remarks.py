"""A remark may stand in any block, a condition or a list of labels among them, and changes nothing there."""

import pytest

from policy.conditions import compile_condition, split_condition
from policy.documents import Library
from policy.scales import compile_scale
from policy.sentences import statements_of
from policy.validator import validate
from tests.random_documents import text_of
from wfh_portal.cases import Plans, evaluate

REMARKS = {"note": "menurut lampiran", "article": "Pasal 9"}


def allowance(rule, tmp_path):
    """What a month of one home day, thirty minutes late and rated Baik comes to, with one charge."""
    text = text_of("allowance", {"components": {"a": {"weight": "100 %"}}, "charges": {"x": rule}})
    assert [finding for finding in validate(text, neighbours=[]) if not finding.warning] == []
    library = Library()
    library.add_text("uji.yaml", text)
    given = {"gross": 1000, "rating": "Baik", "days": [{"place": "home", "minutes_late": 30}]}
    case = {"policy": "random-allowance", "month": "2025-11", "given": given}
    document = library.find(str(case["policy"]), relative_to=str(tmp_path / "kasus.yaml"))
    return evaluate(Plans(library), document, case)["allowance"]


LATE = {"fact": "minutes_late", "bands": [[1, None, "10 %"]]}
RATED = {"each": "month", "fact": "rating", "labels": {"Baik": "10 %"}}


@pytest.mark.parametrize(
    ("plain", "remarked", "paid"),
    [
        (LATE | {"when": {"place": "home"}}, LATE | {"when": {"place": "home"} | REMARKS}, 900),
        (LATE | {"when": {"place": "office"}}, LATE | {"when": {"place": "office"} | REMARKS}, 1000),
        (LATE | {"except": {"place": "home"}}, LATE | {"except": {"place": "home"} | REMARKS}, 1000),
        (LATE, LATE | {"except": REMARKS}, 900),
        (LATE | {"each": "week"}, LATE | {"each": "week", "when": {"place": "home"} | REMARKS}, 900),
        (LATE | {"each": "week"}, LATE | {"each": "week", "except": {"minutes_late": 31} | REMARKS}, 900),
        (RATED, RATED | {"labels": RATED["labels"] | REMARKS}, 900),
    ],
)
def test_a_remark_changes_nothing(plain, remarked, paid, tmp_path):
    assert (allowance(plain, tmp_path), allowance(remarked, tmp_path)) == (paid, paid)


def test_a_condition_of_remarks_alone_is_no_condition():
    assert compile_condition(REMARKS) is None
    assert split_condition({"place": "home"} | REMARKS, frozenset({"place"}), frozenset()) == ({"place": "home"}, {})


def test_a_label_that_is_called_note_stays_a_label():
    read = compile_scale({"fact": "kind", "labels": {"note": "5 %", "article": "6 %"}})
    assert read(lambda name: "note").share * 100 == 5


def test_remarks_are_not_read_aloud():
    blocks = {"components": {"a": {"weight": "100 %"}}}
    charge = LATE | {"when": {"place": "home"} | REMARKS}
    texts = [
        statement.text
        for statement in statements_of(
            Library().build("uji.yaml", text_of("allowance", blocks | {"charges": {"x": charge}}))
        )
    ]
    assert "Terlambat (x) berlaku hanya bila tempat kerja WFH" in texts
