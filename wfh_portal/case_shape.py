"""Is a case written in the form that the runner reads? Every name in `given` must be one that rules look at."""

from collections.abc import Mapping
from typing import Any

from policy import glossary
from policy.documents import Document
from policy.yaml_reader import UnreadableDocument, read

GIVEN = frozenset(
    {
        "away",
        *glossary.DAY_FACTS,
        *glossary.DAY_LABELS,
        *glossary.PERSON_FACTS,
        *glossary.MONTH_FACTS,
        *glossary.OTHER_GIVEN,
    }
)
MAPPINGS = ("criteria", "ratings", "events")
LISTS_OF_MAPPINGS = ("days", "classes", "leaves", "sanctions", "posts")
MAX_ROWS = 1_000
MAX_NAMED = 20


def is_document(text: str) -> bool:
    """Whether a file that holds no list is a regulation document, or holds nothing at all."""
    try:
        mapping = read(text).mapping
    except UnreadableDocument:
        return not any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines())
    return "topic" in mapping or "parameters" in mapping


def form_problem(case: Any) -> str:
    """What is wrong with the form of a case as a whole; empty when nothing is."""
    if not isinstance(case, Mapping) or not isinstance(case.get("given"), Mapping) or "policy" not in case:
        return "kasus perlu policy, given, dan expect"
    if not isinstance(case.get("expect"), Mapping) or not case["expect"]:
        return "kasus perlu expect berisi nama dan nilai, seperti expect: {allowance: 9520000}"
    return ""


def given_problems(given: Mapping[str, Any], document: Document) -> list[str]:
    """Names in `given`, and in its days, that nobody reads; values of the wrong shape."""
    known = GIVEN | {str(name) for name in document.parameters.get("facts") or {}}
    problems = [
        f"{name}: tulis pasangan nama dan nilai, seperti {{a: 1}}"
        for name in MAPPINGS
        if not isinstance(given.get(name, {}), Mapping)
    ]
    misshapen = [name for name in LISTS_OF_MAPPINGS if not _is_list_of_mappings(given.get(name, []))]
    problems += [f"{name}: tulis daftar, seperti [{{a: 1}}, {{a: 2}}]" for name in misshapen]
    problems += [
        f"{name}: paling banyak {MAX_ROWS} baris dalam satu kasus"
        for name in LISTS_OF_MAPPINGS
        if name not in misshapen and len(given.get(name, [])) > MAX_ROWS
    ]
    days = [] if "days" in misshapen else given.get("days", [])
    names = [*given, *(name for day in days for name in day)]
    unknown = [str(name) for name in dict.fromkeys(names) if str(name) not in known]
    if unknown:
        listed = ", ".join(sorted(known))
        problems += [f"{name}: nama tidak dikenal dalam given; yang dikenal: {listed}" for name in unknown[:MAX_NAMED]]
    return problems


def _is_list_of_mappings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)
