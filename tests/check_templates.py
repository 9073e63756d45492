"""Template format, for `make lint`: djhtml would change nothing, and every template compiles."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))


def main() -> int:
    templates = sorted(str(path) for path in (PROJECT / "templates").rglob("*.html"))
    if not templates:
        return 0
    formatted = subprocess.run(
        [sys.executable, "-m", "djhtml", "--tabwidth", "2", "--check", *templates], check=False
    ).returncode
    return max(formatted, compile_all(templates))


def compile_all(templates: list[str]) -> int:
    import django
    from django.template import TemplateSyntaxError, engines

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wfh_portal.settings")
    django.setup()
    code = 0
    for template in templates:
        try:
            engines["django"].from_string(Path(template).read_text(encoding="utf-8"))
        except TemplateSyntaxError as error:
            print(f"{template}: {error}", file=sys.stderr)
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main())
