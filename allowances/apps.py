from django.apps import AppConfig


class AllowancesConfig(AppConfig):
    name = "allowances"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let attendance say what leaving early costs."""
        from allowances.consequences import price_of_leaving
        from attendance.consequences import register

        register(price_of_leaving)
