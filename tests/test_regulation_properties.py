"""No figure and no choice of any valid document goes unsaid, and a document does not differ from itself."""

import copy
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.money import is_share
from policy.sentences import statements_of
from policy.sentences_compare import differences
from policy.sentences_words import share_text
from tests.random_attendance import attendances
from tests.random_documents import parameters
from tests.test_regulation_sentences import read

slow = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
documents = st.one_of(
    parameters().map(lambda blocks: ("allowance", blocks)),
    attendances().map(lambda blocks: ("attendance", blocks)),
)


def leaves(block, path=()):
    """Paths to every share, number and time of a block."""
    items = block.items() if isinstance(block, dict) else enumerate(block) if isinstance(block, list) else ()
    for key, value in items:
        if isinstance(value, dict | list):
            yield from leaves(value, (*path, key))
        elif is_share(value) or (isinstance(value, int | float) and not isinstance(value, bool)):
            yield (*path, key)


def at(block, path):
    for key in path:
        block = block[key]
    return block


@slow
@given(parameters())
def test_every_share_of_any_allowance_is_said(blocks):
    text = " ".join(statement.text for statement in statements_of(read("allowance", blocks)))
    for path in leaves(blocks):
        if is_share(at(blocks, path)):
            assert share_text(at(blocks, path)) in text, path


@slow
@given(documents, st.data())
def test_no_figure_of_any_document_goes_unsaid(made, data):
    topic, blocks = made
    paths = list(leaves(blocks))
    if not paths:
        return
    path = data.draw(st.sampled_from(paths))
    changed = copy.deepcopy(blocks)
    share = is_share(at(blocks, path))
    at(changed, path[:-1])[path[-1]] = "3.14 %" if share else 97
    before, after = read(topic, blocks), read(topic, changed)
    words = " ".join(item.text for item in statements_of(after))
    assert ("3,14 %" if share else "97") in words, path
    assert differences(before, after), path


@slow
@given(documents)
def test_a_document_does_not_differ_from_itself_and_each_key_is_said_once(made):
    document = read(*made)
    keys = [statement.key for statement in statements_of(document)]
    assert len(keys) == len(set(keys))
    assert differences(document, document) == []


CHOICES = {
    "each": ("day", "month", "week", "run", "leave", "sanction", "post"),
    "kind": ("subtract", "threshold", "flexible"),
    "make_up": ("equal", "full"),
    "mode": ("half_up", "half_even", "floor", "ceil"),
    "part": ("exact", "started", "full"),
    "period": ("same_month", "previous_month", "previous_quarter", "previous_year"),
    "change": ("first_day", "last_day", "by_days"),
    "cuts_of": ("achieved", "full"),
    "combine": ("sum", "max", "min"),
    "over": ("cap", "flag"),
    "per": ("day", "month"),
    "lone_tap": ("middle", "arrival", "departure"),
    "borne_by": ("person", "government"),
    "prorate": ("working_days", "calendar_days"),
    "by": ("given", "class", "criteria", "basic"),
    "seconds": ("dropped", "started"),
}


def choices(block, path=()):
    """Paths to every choice among named ways. Rules do not heed `period`, so it is none there."""
    items = block.items() if isinstance(block, dict) else enumerate(block) if isinstance(block, list) else ()
    for key, value in items:
        if key in CHOICES and value in CHOICES[key] and not (key == "period" and path[0] != "components"):
            yield (*path, key)
        elif isinstance(value, dict | list):
            yield from choices(value, (*path, key))


@slow
@given(documents, st.data())
def test_no_choice_of_any_document_goes_unsaid(made, data):
    topic, blocks = made
    paths = list(choices(blocks))
    if not paths:
        return
    path = data.draw(st.sampled_from(paths))
    allowed = ("month", "day") if path[0] == "facts" else CHOICES[path[-1]]
    changed = copy.deepcopy(blocks)
    at(changed, path[:-1])[path[-1]] = data.draw(st.sampled_from([way for way in allowed if way != at(blocks, path)]))
    assert differences(read(topic, blocks), read(topic, changed)), path


@given(st.decimals(min_value=0, max_value=100, places=12, allow_nan=False))
def test_a_share_keeps_all_its_digits(percents):
    words = share_text(f"{percents:f} %")
    assert Fraction(words.removesuffix(" %").replace(".", "").replace(",", ".")) == Fraction(percents)
