"""What the linters cannot see: sizes, rooms, dangerous calls, and walls that import-linter does not draw."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
APPS = ("core", "accounts", "policy", "roster", "attendance", "performance", "allowances", "savings")
MAX_FILE_LINES, MAX_FUNCTION_LINES = 400, 60
MEDIAN_FILE_LINES = 90
MONEY_APPS = {"core", "policy", "attendance", "performance", "allowances"}


def tracked(pattern: str) -> list[Path]:
    """Files of the project, committed or about to be; what git ignores does not count."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    found = [PROJECT / name for name in listed] or list(PROJECT.rglob(pattern))
    return [path for path in found if path.is_file() and not {".venv", "vendor"} & set(path.parts)]


SOURCES = [path for path in tracked("*.py") if "migrations" not in path.parts and "tests" not in path.parts]
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


def named(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def imports_of(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_there_is_a_house():
    assert len(SOURCES) > 50


def test_no_file_is_too_long():
    long = {
        named(path): text.count("\n") for path in SOURCES if (text := path.read_text()).count("\n") > MAX_FILE_LINES
    }
    assert long == {}


def test_files_are_short_on_the_whole():
    lengths = sorted(text.count("\n") for path in SOURCES if (text := path.read_text()).strip())
    assert lengths[len(lengths) // 2] <= MEDIAN_FILE_LINES


def test_functions_are_short():
    lengths = {}
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lengths[f"{named(path)}:{node.name}"] = (node.end_lineno or node.lineno) - node.lineno + 1
    assert {name: lines for name, lines in lengths.items() if lines > MAX_FUNCTION_LINES} == {}
    over_35 = sum(lines > 35 for lines in lengths.values())
    assert over_35 <= 0.05 * len(lengths)


def test_nothing_evaluates_text_or_swallows_every_error():
    found = []
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("eval", "exec", "compile"):
                found.append(f"{named(path)}:{node.lineno} {node.func.id}")
            if isinstance(node, ast.ExceptHandler) and node.type is None:
                found.append(f"{named(path)}:{node.lineno} bare except")
    assert found == []


def test_nothing_is_left_unfinished():
    marks = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b|raise NotImplement" r"edError")
    found = [named(path) for path in [*SOURCES, *tracked("*.html"), *tracked("*.md")] if marks.search(path.read_text())]
    assert found == []


def test_rules_know_no_clock_and_no_float():
    found = []
    for path, tree in TREES.items():
        if path.name != "rules.py" and "rules" not in path.parts:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in ("now", "today", "utcnow", "localtime"):
                found.append(f"{named(path)}:{node.lineno} {node.attr}")
            is_float = isinstance(node, ast.Constant) and isinstance(node.value, float)
            if (is_float or getattr(node, "id", "") == "float") and MONEY_APPS & set(path.parts):
                found.append(f"{named(path)}:{node.lineno} float")
    assert found == []


def test_the_clock_is_read_at_the_edge_only():
    inner = {"queries", "operations", "rules"}
    found = [
        f"{named(path)}:{node.lineno}"
        for path, tree in TREES.items()
        if inner & {*path.parts, path.stem}
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("now", "today", "utcnow", "localdate")
    ]
    assert found == []


def test_apps_do_not_talk_by_signals():
    found = [named(path) for path, tree in TREES.items() if any(".signals" in name for name in imports_of(tree))]
    assert found == []


def test_no_app_reaches_into_the_views_or_operations_tables_of_one_above():
    order = {"core": 0, "accounts": 1, "policy": 2, "roster": 3, "attendance": 4, "performance": 5}
    order |= {"allowances": 6, "savings": 6, "wfh_portal": 7, "demo": 8}
    found = []
    for path, tree in TREES.items():
        app = path.relative_to(PROJECT).parts[0]
        for name in imports_of(tree):
            other = name.split(".")[0]
            if app in order and other in order and other != app and order[other] >= order[app]:
                found.append(f"{named(path)} imports {name}")
    assert found == []


@pytest.mark.parametrize("app", APPS)
def test_public_functions_of_rules_queries_and_operations_are_annotated_and_explained(app):
    found = []
    for room in ("rules", "queries", "operations"):
        for path in [PROJECT / app / f"{room}.py", *(PROJECT / app / room).glob("*.py")]:
            if path not in TREES:
                continue
            for node in TREES[path].body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                    if not all(argument.annotation for argument in arguments) or node.returns is None:
                        found.append(f"{named(path)}:{node.lineno} {node.name}: annotation")
                    if not ast.get_docstring(node):
                        found.append(f"{named(path)}:{node.lineno} {node.name}: docstring")
    assert found == []


def test_templates_carry_no_inline_script_style_or_handler():
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']", re.IGNORECASE)
    data_block = re.compile(r"<script[^>]*type=\"application/json\"[^>]*>", re.IGNORECASE)
    found = [named(path) for path in tracked("*.html") if inline.search(data_block.sub("", path.read_text()))]
    assert found == []


def test_the_portal_has_no_admin_and_no_debug():
    from django.conf import settings

    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert settings.DEBUG is False


def test_variables_are_read_in_one_place():
    reads = re.compile(r"os\.environ|os\.getenv")
    allowed = {"manage.py", "wfh_portal/environment.py", "wfh_portal/demo_runner.py"}
    allowed |= {"wfh_portal/wsgi.py", "wfh_portal/celery.py"}
    # Measures make environments for the programs that they start.
    judged = [path for path in SOURCES if not named(path).startswith("bench/")]
    found = {named(path) for path in judged if reads.search(path.read_text())} - allowed
    assert found == set()
