"""Checks of allowance and tax parameters (format §5)."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from policy.validator_check import Check, named, share_of, show
from policy.validator_rules import (
    check_caps,
    check_codes,
    check_names,
    check_own_facts,
    check_rules,
    note_own_facts,
    record_of,
)
from policy.validator_scales import (
    SCALE_KEYS,
    Place,
    check_condition,
    check_inner_scale,
    check_scale,
    check_weights,
    knows,
)
from policy.vocabulary import RECORD_FIELDS, ROUNDING_MODES, ROUNDING_POINTS, RULE_LISTS
from policy.yaml_reader import join_path

KEYS = ("facts", "base", "components", *RULE_LISTS, "exempt", "caps", "offsets", "insurance", "tax", "rounding")
TAX_PLACE = Place(more_facts=frozenset({"taxable_rupiah"}))
ONE_TOTAL = ("component", "cuts", "allowance")


def check_allowance(check: Check, parameters: Mapping[Any, Any]) -> None:
    """Everything below `parameters` of an allowance document."""
    check.keys(parameters, "parameters", KEYS)
    given = {key: value for key, value in parameters.items() if value is not None}
    components, charges = _names(given.get("components")), given.get("charges")
    check.components, check.charges = tuple(components), tuple(_names(charges))
    note_own_facts(check, given.get("facts"))
    parts = {
        "facts": check_own_facts,
        "base": _base,
        "components": _components,
        "exempt": lambda c, value, path: check_condition(c, value, path, _place_of_all(charges)),
        "offsets": _offsets,
        "insurance": _insurance,
        "tax": _tax,
        "rounding": _rounding,
    }
    for key, part in parts.items():
        if key in given:
            part(check, given[key], f"parameters.{key}")
    for verb in RULE_LISTS:
        if verb in given:
            check_rules(check, verb, given[verb], f"parameters.{verb}")
    charge_block = charges if isinstance(charges, Mapping) else {}
    check_codes(check, named(charge_block), "parameters.charges")
    if "caps" in given:
        check_caps(check, given["caps"], "parameters.caps", dict(named(charge_block)))


def check_tax_table(check: Check, parameters: Mapping[Any, Any]) -> None:
    """Everything below `parameters` of a tax document."""
    check.keys(parameters, "parameters", ("tax",))
    check.required(parameters, "parameters", "tax")
    if parameters.get("tax") is not None:
        block = check.block(parameters["tax"], "parameters.tax", "`tax`")
        if block is not None:
            check_inner_scale(check, block, "parameters.tax", TAX_PLACE)
            check.article(block, "parameters.tax")


def _place_of_all(charges: object) -> Place:
    """Where `exempt` stands: it is asked of the records of every charge."""
    rules = [rule for _, rule in named(charges)] if isinstance(charges, Mapping) else []
    fields = [RECORD_FIELDS.get(record_of("charges", rule), frozenset()) for rule in rules]
    return Place(each="day", more_facts=frozenset().union(*fields))


def _names(value: object) -> list[str]:
    return [name for name, _ in named(value)] if isinstance(value, Mapping) else []


def _base(check: Check, value: object, path: str) -> None:
    block = check.block(value, path, "`base`")
    if block is None:
        return
    check.keys(block, path, ("by", "classes", "criteria", "change"))
    check.optional(block, path, "by", ("given", "class", "criteria", "basic"))
    check.optional(block, path, "change", ("first_day", "last_day", "by_days"))
    if block.get("by") == "class":
        check.required(block, path, "classes")
    if block.get("by") in ("criteria", "basic"):
        check.required(block, path, "criteria")
    if block.get("classes") is not None:
        classes = check.block(block["classes"], join_path(path, "classes"), "`classes`")
        check.same_names(classes or {}, join_path(path, "classes"))
        for name, amount in named(classes or {}):
            check.number(amount, join_path(join_path(path, "classes"), name))
    if block.get("criteria") is not None:
        here = join_path(path, "criteria")
        criteria = check.items(block["criteria"], here, "`criteria`") or []
        for index, name in enumerate(criteria):
            if not isinstance(name, str):
                check.add("value", join_path(here, index), "nama kriteria harus berupa kata.")


def _components(check: Check, value: object, path: str) -> None:
    block = check.block(value, path, "`components`")
    weights: list[Fraction | None] = []
    for name, component in named(block or {}):
        here = join_path(path, name)
        body = check.block(component, here, "Sebuah komponen")
        if body is None:
            weights.append(None)
            continue
        check.keys(body, here, ("weight", "achievement", "cuts_of"))
        check.required(body, here, "weight")
        check.article(body, here)
        check.optional(body, here, "cuts_of", ("achieved", "full"))
        if body.get("weight") is not None:
            check.share(body["weight"], join_path(here, "weight"))
        weights.append(share_of(body.get("weight")))
        if body.get("achievement") is not None:
            below = join_path(here, "achievement")
            scale = check.block(body["achievement"], below, "`achievement`")
            if scale is not None:
                check_inner_scale(check, scale, below, Place(achievement=True))
    check_weights(check, weights, path)


def _offsets(check: Check, value: object, path: str) -> None:
    facts = check.items(value, path, "`offsets`") or []
    known = tuple(name for name in facts if isinstance(name, str) and knows(check, name, Place()))
    if facts:
        check_names(check, facts, path, known, "fakta")


def _insurance(check: Check, value: object, path: str) -> None:
    block = check.block(value, path, "`insurance`")
    if block is None:
        return
    check.keys(block, path, ("employer", "employee", "of", "floor_rupiah", "ceiling_rupiah", "when"))
    check.article(block, path)
    check.optional(block, path, "of", ("payable", "gross"))
    for key in ("employer", "employee"):
        if block.get(key) is not None:
            check.share(block[key], join_path(path, key))
    for key in ("floor_rupiah", "ceiling_rupiah"):
        check.optional_number(block, path, key)
    if block.get("when") is not None:
        check_condition(check, block["when"], join_path(path, "when"), Place())


def _tax(check: Check, value: object, path: str) -> None:
    block = check.block(value, path, "`tax`")
    if block is None:
        return
    check.keys(block, path, (*SCALE_KEYS, "table", "of", "borne_by", "when"))
    check.article(block, path)
    check.optional(block, path, "of", ("payable", "increment"))
    check.optional(block, path, "borne_by", ("person", "government"))
    if block.get("when") is not None:
        check_condition(check, block["when"], join_path(path, "when"), Place())
    if block.get("table") is None:
        check_scale(check, block, path, TAX_PLACE)
    elif not isinstance(block["table"], str):
        check.add("value", join_path(path, "table"), "`table` harus id atau jalur sebuah dokumen pajak.")
    elif any(block.get(form) is not None for form in ("rate", "bands", "labels", "ratio", "mix")):
        check.add("scale_count", path, "pilih salah satu: skala di sini, atau `table` dari dokumen pajak.")


def _rounding(check: Check, value: object, path: str) -> None:
    block = check.block(value, path, "`rounding`")
    totals: list[str] = []
    for point, how in named(block or {}):
        here = join_path(path, point)
        if point not in ROUNDING_POINTS:
            check.add("unknown_name", here, f"titik pembulatan tidak dikenal; yang ada: {', '.join(ROUNDING_POINTS)}.")
            continue
        totals += [point] if point in ONE_TOTAL else []
        if point in ONE_TOTAL and len(totals) > 1:
            message = f"paling banyak satu dari {', '.join(ONE_TOTAL)}; `{show(totals[0])}` sudah ada."
            check.add("value", here, message)
        body = check.block(how, here, "Sebuah pembulatan")
        if body is not None:
            check.keys(body, here, ("to", "mode"))
            check.required(body, here, "to")
            check.optional_number(body, here, "to", above=0)
            check.optional(body, here, "mode", ROUNDING_MODES)
