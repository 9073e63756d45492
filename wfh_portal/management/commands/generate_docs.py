"""`generate_docs`: write the pages of `docs/` that are made from the code."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from wfh_portal.generated_docs import pages


class Command(BaseCommand):
    """Write docs/rules/*.md and docs/cases.md."""

    help = "Menulis docs/rules/*.md dan docs/cases.md dari aturan itu sendiri."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Write every page."""
        for name, text in pages().items():
            target = settings.BASE_DIR / "docs" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            self.stdout.write(f"docs/{name}")
