"""Mutation testing of the pure rules: `make mutate`, or `python tests/mutation.py WORDS`.

By its file, not as a module: mutmut has to import the tests of its own copy, so those beside this file must stay
unknown. mutmut does the work (`[tool.mutmut]` in pyproject.toml says on what and by which tests). Two things are
added: rules below `@RULES.rule(...)` are mutated too, which mutmut leaves out because a decorator may run anything; and
no server is started, because none of the chosen tests asks a database.

WORDS: `run` what has not been tried, `run PATTERN ...` what has such a name, tried or not, `new PATTERN ...` of those
what has not been tried, `again [PATTERN ...]` what lived; `score` the table of docs/quality.md; `results` and
`show NAME` as mutmut's own.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import libcst as cst
import libcst.matchers as m
from mutmut import __main__ as mutmut
from mutmut.stats import status_by_exit_code

RESULTS = Path("mutants")
NOWHERE = {
    "PORTAL_MODE": "test",
    "PORTAL_DATABASE_ROLE": "owner",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "DATABASE_OWNER_URL": "postgresql://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    # This module was loaded from the project, the tests are from the copy: pytest would refuse to mix them.
    "PY_IGNORE_IMPORTMISMATCH": "1",
}
_RULE = m.Decorator(decorator=m.Call(func=m.Attribute(attr=m.Name("rule"))))
_KEPT = m.Decorator(decorator=m.Call(func=m.Name("lru_cache")))
_mutate_plain = mutmut.mutate_file_contents


def bare_functions(source: str) -> str:
    """The module with each `@BOOK.rule(...)` written as a call `BOOK.rule(...)(function)` below its function.

    Without `@lru_cache(...)`, which would answer for a mutant with what the unchanged function said.
    """
    module = cst.parse_module(source)
    body: list[Any] = []
    for statement in module.body:
        if isinstance(statement, cst.FunctionDef):
            kept = [each for each in statement.decorators if not m.matches(each, _RULE | _KEPT)]
            calls = [each.decorator for each in statement.decorators if m.matches(each, _RULE)]
            body.append(statement.with_changes(decorators=kept))
            for call in calls:
                registering = cst.Call(func=call, args=[cst.Arg(statement.name)])
                body.append(cst.SimpleStatementLine([cst.Expr(registering)]))
        else:
            body.append(statement)
    return module.with_changes(body=body).code


def _mutate(filename: str, source: str, *lines: Any) -> Any:
    return _mutate_plain(filename, bare_functions(source), *lines)


def _verdicts() -> Iterator[tuple[str, str, str]]:
    """(file, mutant, verdict) of everything tried so far."""
    for kept in sorted(RESULTS.rglob("*.py.meta")):
        for name, code in json.loads(kept.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            yield str(kept.relative_to(RESULTS).with_suffix("")), name, status_by_exit_code[code]


def _matching(patterns: list[str]) -> Iterator[tuple[str, str]]:
    for _, name, verdict in _verdicts():
        if any(fnmatch(name, pattern) for pattern in patterns or ["*"]):
            yield name, verdict


def print_score() -> None:
    """The table of docs/quality.md from the results that are kept; a mutant that never ends counts as killed."""
    files: dict[str, Counter[str]] = {}
    for file, _, verdict in _verdicts():
        files.setdefault(file, Counter())[verdict] += 1
    files["all"] = sum(files.values(), Counter())
    print("| File | Mutants | Killed | Survived | No test | Not tried | Score |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for file, found in files.items():
        tried = found.total() - found["not checked"]
        killed = tried - found["survived"] - found["no tests"]
        score = f"{100 * killed / tried:.1f} %" if tried else ""
        untried, alive = found["not checked"], found["survived"]
        print(f"| `{file}` | {found.total()} | {killed} | {alive} | {found['no tests']} | {untried} | {score} |")


def main(words: list[str]) -> None:
    """Run mutmut with what this project adds to it."""
    if words == ["score"]:
        print_score()
        return
    os.environ.update(NOWHERE)
    mutmut.mutate_file_contents = _mutate
    if words[:1] in (["again"], ["new"]):
        wanted = {"again": ("survived", "no tests", "suspicious", "segfault"), "new": ("not checked",)}[words[0]]
        found = [name for name, verdict in _matching(words[1:]) if verdict in wanted]
        if not found:
            return
        words = ["run", "--max-children", "1", *found]
    sys.argv = ["mutmut", *words]
    mutmut.cli()


if __name__ == "__main__":
    main(sys.argv[1:])
