"""Checks of own facts, rules and caps of an allowance document (format §5)."""

from collections.abc import Mapping
from typing import Any

from policy.validator_check import Check, is_number, named, show, word_of
from policy.validator_scales import SCALE_KEYS, Place, check_condition, check_fact, check_scale, is_word, knows
from policy.vocabulary import RECORDS
from policy.yaml_reader import join_path

RULE_KEYS = frozenset({*SCALE_KEYS, "each", "when", "except", "free", "combine", "prorate"})
KEYS_OF_VERB = {
    "charges": {"hits", "of"},
    "factors": {"hits", "replaces"},
    "supplements": {"of", "lag_months"},
    "holds": {"lag_months"},
}
OF_VERB = {
    "charges": ("component", "gross", "achievement"),
    "supplements": ("gross", "post_gross", "difference", "allowance"),
}
FACT_FORMS = ("given", "sum", "least", "greatest")


def record_of(verb: str, rule: object) -> str:
    """The record that a rule looks at: what `each` says, else a day for charges and the month for the rest."""
    each = rule.get("each") if isinstance(rule, Mapping) else None
    return each if isinstance(each, str) else ("day" if verb == "charges" else "month")


def check_rules(check: Check, verb: str, value: object, path: str) -> None:
    """One of the four lists of rules."""
    block = check.block(value, path, f"`{verb}`")
    for name, rule in named(block or {}):
        here = join_path(path, name)
        body = check.block(rule, here, "Sebuah aturan")
        if body is not None:
            _rule(check, verb, body, here)


def _rule(check: Check, verb: str, rule: Mapping[Any, Any], path: str) -> None:
    check.keys(rule, path, RULE_KEYS | KEYS_OF_VERB[verb])
    check.article(rule, path)
    check.optional(rule, path, "each", RECORDS)
    place = Place(each=record_of(verb, rule), rupiah=verb == "supplements")
    check_scale(check, rule, path, place)
    if place.each == "run" and not any(rule.get(form) for form in ("bands", "labels", "ratio")):
        check.required(rule, path, "fact")
    for key in ("when", "except"):
        if rule.get(key) is not None:
            check_condition(check, rule[key], join_path(path, key), place)
    check.optional_count(rule, path, "free")
    check.optional(rule, path, "combine", ("sum", "max", "min"))
    check.optional(rule, path, "prorate", ("working_days", "calendar_days"))
    if "hits" in KEYS_OF_VERB[verb] and rule.get("hits") not in (None, "gross"):  # `gross`: all of them
        check_names(check, rule["hits"], join_path(path, "hits"), check.components, "komponen")
    if verb in OF_VERB:
        check.optional(rule, path, "of", OF_VERB[verb])
    if "replaces" in KEYS_OF_VERB[verb] and rule.get("replaces") is not None:
        check_flag(check, rule["replaces"], join_path(path, "replaces"))
    if "lag_months" in KEYS_OF_VERB[verb]:
        check.optional_count(rule, path, "lag_months")


def check_names(check: Check, value: object, path: str, known: tuple[str, ...], what: str) -> None:
    """A list of names that the document itself gives; what is unknown is said at the list."""
    names = check.items(value, path, f"Daftar {what}")
    unknown = [show(name) for name in names or [] if word_of(name) not in known]
    if unknown:
        message = f"{what} tidak dikenal: {', '.join(unknown)}; yang ada: {', '.join(known) or 'belum satu pun'}."
        check.add("unknown_name", path, message)


def check_flag(check: Check, value: object, path: str) -> None:
    """Refuse what is neither true nor false."""
    if not isinstance(value, bool):
        check.add("value", path, f"`{show(value)}` tidak dikenal; tulis true atau false.")


def check_caps(check: Check, value: object, path: str, charges: Mapping[str, Any]) -> None:
    """Caps, and whether a day cap names only charges by day."""
    block = check.block(value, path, "`caps`")
    for name, cap in named(block or {}):
        here = join_path(path, name)
        body = check.block(cap, here, "Sebuah batas")
        if body is None:
            continue
        check.keys(body, here, ("charges", "per", "at", "over"))
        check.required(body, here, "per", "at")
        check.article(body, here)
        check.optional(body, here, "per", ("day", "month"))
        check.optional(body, here, "over", ("cap", "flag"))
        if body.get("at") is not None:
            check.share(body["at"], join_path(here, "at"))
        if body.get("charges") is not None:
            _capped_charges(check, body, join_path(here, "charges"), charges)


def _capped_charges(check: Check, cap: Mapping[Any, Any], path: str, charges: Mapping[str, Any]) -> None:
    check_names(check, cap["charges"], path, check.charges, "potongan")
    if cap.get("per") != "day" or not isinstance(cap["charges"], list):
        return
    named_here = [word_of(name) for name in cap["charges"]]
    other = [name for name in named_here if name in check.charges and record_of("charges", charges[name]) != "day"]
    if other:
        check.add(
            "cap_scope", path, f"batas per hari hanya untuk potongan per hari; bukan per hari: {', '.join(other)}."
        )


def check_codes(check: Check, charges: list[tuple[str, Any]], path: str) -> None:
    """Event codes are the names of charges and of their bands; two charges may not share one."""
    owner: dict[str, str] = {}
    for name, rule in charges:
        here = join_path(path, name)
        codes = [(name, here)]  # a charge's own name is a code too
        for code, code_path in [*codes, *_codes_of_bands(rule, here)]:
            if owner.setdefault(code, name) != name:
                message = f"kode `{code}` sudah dipakai potongan {owner[code]}; pilih kode lain."
                check.add("duplicate_code", code_path, message)


def _codes_of_bands(scale: object, path: str) -> list[tuple[str, str]]:
    """(code, path) of the named bands of a scale, those below its labels included."""
    if not isinstance(scale, Mapping):
        return []
    bands, labels = scale.get("bands"), scale.get("labels")
    found = [(code, join_path(join_path(path, "bands"), code)) for code in _names_in(bands)]
    for label, below in named(labels) if isinstance(labels, Mapping) else []:
        found += _codes_of_bands(below, join_path(join_path(path, "labels"), label))
    return found


def _names_in(block: object) -> list[str]:
    return [name for name, _ in named(block)] if isinstance(block, Mapping) else []


def note_own_facts(check: Check, value: object) -> None:
    """Remember the names of own facts before anything refers to them."""
    if isinstance(value, Mapping):
        for name, fact in named(value):
            given = fact.get("given", "number") if isinstance(fact, Mapping) else "number"
            check.own_facts[name] = given if given in ("number", "label", "bool") else "number"


def check_own_facts(check: Check, value: object, path: str) -> None:
    """Facts of this government's own: given, or derived without a ring."""
    block = check.block(value, path, "`facts`")
    needs: dict[str, list[str]] = {}
    for name, fact in named(block or {}):
        here = join_path(path, name)
        body = check.block(fact, here, "Sebuah fakta")
        if body is not None:
            needs[name] = _own_fact(check, body, here)
    told: set[str] = set()
    for name in needs:
        ring = _ring(name, needs)
        if ring and not told & set(ring):
            told |= set(ring)
            shown = " -> ".join([*ring, ring[0]])
            check.add("fact_cycle", join_path(path, name), f"fakta ini dihitung dari dirinya sendiri: {shown}.")


def _own_fact(check: Check, fact: Mapping[Any, Any], path: str) -> list[str]:
    """Checks one own fact; gives the names that it is derived from."""
    check.keys(fact, path, (*FACT_FORMS, "default", "each"))
    forms = [form for form in FACT_FORMS if fact.get(form) is not None]
    if len(forms) != 1:
        check.add("scale_count", path, f"harus tepat satu dari {', '.join(FACT_FORMS)}.")
    check.optional(fact, path, "each", ("month", "day"))
    check.optional(fact, path, "given", ("number", "label", "bool"))
    if forms == ["given"] and fact.get("default") is not None:
        _default(check, fact, join_path(path, "default"))
    needed: list[str] = []
    for form in forms:
        if form == "sum":
            needed += _sum(check, fact["sum"], join_path(path, "sum"))
        elif form in ("least", "greatest"):
            needed += _choice(check, fact[form], join_path(path, form))
    return needed


def _default(check: Check, fact: Mapping[Any, Any], path: str) -> None:
    value = fact["default"]
    if fact["given"] == "number":
        check.number(value, path, least=None)
    elif fact["given"] == "bool":
        check_flag(check, value, path)
    elif isinstance(value, bool | list | Mapping):
        check.add("value", path, "nilai awal sebuah label harus berupa kata dalam tanda kutip.")


def _sum(check: Check, value: object, path: str) -> list[str]:
    block = check.block(value, path, "`sum`") or {}
    for name, times in named(block):
        here = join_path(path, name)
        check_fact(check, name, here, Place(), number=True)
        check.number(times, here, least=None)
    return [name for name, _ in named(block)]


def _choice(check: Check, value: object, path: str) -> list[str]:
    parts = check.items(value, path, "Daftar fakta dan angka") or []
    names = [part for part in parts if not is_number(part)]
    unknown = [show(name) for name in names if not knows(check, name, Place())]
    if unknown:
        check.add("unknown_name", path, f"fakta tidak dikenal: {', '.join(unknown)}; lihat docs/cases.md.")
    words = [name for name in names if isinstance(name, str) and knows(check, name, Place()) and is_word(check, name)]
    if words:
        check.add("value", path, f"berisi kata, bukan angka: {', '.join(words)}; pilih fakta lain.")
    return [name for name in names if isinstance(name, str)]


def _ring(start: str, needs: Mapping[str, list[str]]) -> list[str]:
    """The way from a fact back to itself, or nothing."""
    todo = [[start]]
    seen: set[str] = set()
    while todo:
        way = todo.pop()
        for name in needs.get(way[-1], []):
            if name == start:
                return way
            if name in needs and name not in seen:
                seen.add(name)
                todo.append([*way, name])
    return []
