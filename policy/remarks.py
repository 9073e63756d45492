"""Remarks for readers: any block of a document may carry `article`, `note` and `label` (regulation format, §2).

In a block whose keys are names (components, places, classes, bands, ..) a remark is no entry, so it is taken out of
the parameters that programs read. A block of a rule, a line or a cap keeps its own: explanations quote them.
"""

from collections.abc import Collection, Mapping
from typing import Any

from core.money import is_share
from policy.conditions import annotates
from policy.vocabulary import ANNOTATIONS, RULE_LISTS

NAMED_BLOCKS = ("places", "facts", "components", *RULE_LISTS, "caps", "rounding")


def without_remarks(parameters: Mapping[Any, Any]) -> dict[Any, Any]:
    """Parameters of an attendance, allowance or tax document whose blocks of names hold entries only."""
    facts = parameters.get("facts")
    own = {str(name) for name, fact in facts.items() if isinstance(fact, Mapping)} if isinstance(facts, Mapping) else ()
    made: dict[Any, Any] = {key: _entries(block) if key in NAMED_BLOCKS else block for key, block in parameters.items()}
    if ANNOTATIONS.intersection(own):
        made = _facts_called_so(made, ANNOTATIONS.intersection(own))
    _each(made, "facts", lambda fact: _inside(fact, "sum", _entries))
    _each(made, "components", lambda component: _inside(component, "achievement", _scale))
    for verb in RULE_LISTS:
        _each(made, verb, _scale)
    made = dict(_inside(_inside(made, "tax", _scale), "base", lambda base: _inside(base, "classes", _entries)))
    if isinstance(made.get("outcomes"), list):
        made["outcomes"] = [_inside(outcome, "set", _entries) for outcome in made["outcomes"]]
    return made


def _facts_called_so(parameters: dict[Any, Any], own: Collection[str]) -> dict[Any, Any]:
    """Conditions that ask for own facts called as remarks are: one value becomes a list of one, which is no remark."""

    def asked(condition: Any) -> Any:
        if not isinstance(condition, Mapping):
            return condition
        return {key: [value] if key in own and annotates(key, value) else value for key, value in condition.items()}

    made: dict[Any, Any] = _inside(parameters, "exempt", asked)
    for verb in RULE_LISTS:
        _each(made, verb, lambda rule: _inside(_inside(rule, "when", asked), "except", asked))
    for block in ("insurance", "tax"):
        made = _inside(made, block, lambda spec: _inside(spec, "when", asked))
    return made


def _entries(block: Any) -> Any:
    if not isinstance(block, Mapping):
        return block
    return {key: value for key, value in block.items() if not annotates(key, value)}


def _labels(block: Any) -> Any:
    if not isinstance(block, Mapping):
        return block
    kept = {key: value for key, value in block.items() if not annotates(key, value) or is_share(value)}
    return {key: _scale(value) for key, value in kept.items()}


def _scale(block: Any) -> Any:
    made = _inside(_inside(block, "bands", _entries), "labels", _labels)
    return _inside(made, "mix", lambda parts: [_scale(part) for part in parts] if isinstance(parts, list) else parts)


def _inside(block: Any, key: str, change: Any) -> Any:
    """The mapping with one of its values changed; anything else, and a mapping without the key, as it is."""
    if not isinstance(block, Mapping) or key not in block:
        return block
    return {**block, key: change(block[key])}


def _each(parameters: dict[Any, Any], key: str, change: Any) -> None:
    block = parameters.get(key)
    if isinstance(block, Mapping):
        parameters[key] = {name: change(value) for name, value in block.items()}
