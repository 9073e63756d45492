"""The pure rule modules as an auditor gets them: copied verbatim, with everything that they import of the portal."""

import ast
from functools import lru_cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
APPS = frozenset({"core", "policy", "attendance", "allowances"})
ROOTS = ("attendance.rules", "allowances.rules", "allowances.rows")


@lru_cache(maxsize=1)
def rule_modules() -> dict[str, bytes]:
    """Path below the project -> source of the rules that make a run, and of all modules of the portal they need."""
    found: dict[str, bytes] = {}
    waiting = list(ROOTS)
    while waiting:
        path = _file_of(waiting.pop())
        name = str(path.relative_to(PROJECT))
        if name in found:
            continue
        found[name] = path.read_bytes()
        waiting += _imported(ast.parse(found[name]))
        package = path.parent
        while package != PROJECT:
            initial = package / "__init__.py"
            found[str(initial.relative_to(PROJECT))] = initial.read_bytes()
            package = package.parent
    return dict(sorted(found.items()))


def _file_of(module: str) -> Path:
    path = PROJECT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _imported(tree: ast.AST) -> list[str]:
    """Modules of the portal that a source imports, `from package import module` among them."""
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
            names += [
                f"{node.module}.{alias.name}"
                for alias in node.names
                if _file_of(f"{node.module}.{alias.name}").exists()
            ]
    return [name for name in names if name.split(".")[0] in APPS]
