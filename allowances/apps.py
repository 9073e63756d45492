from django.apps import AppConfig


class AllowancesConfig(AppConfig):
    name = "allowances"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer the apps below: what leaving early costs, and which months are locked."""
        from allowances.consequences import price_of_leaving
        from allowances.queries.hooks import is_month_locked
        from attendance import consequences
        from performance import locks

        consequences.register(price_of_leaving)
        locks.register(is_month_locked)
