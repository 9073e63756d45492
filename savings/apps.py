from django.apps import AppConfig


class SavingsConfig(AppConfig):
    name = "savings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Importing the module is what makes its kind of file known.
        import savings.imports_bills  # noqa: F401
