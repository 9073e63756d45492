"""The roster as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class RosterConfig(AppConfig):
    """Configuration of the roster; its kinds of import are registered when it is ready."""

    name = "roster"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Kepegawaian"

    def ready(self) -> None:
        """Register the importers."""
        for module in ("imports_buildings", "imports_people", "imports_units", "imports_positions", "imports_phases"):
            import_module(f"roster.{module}")
