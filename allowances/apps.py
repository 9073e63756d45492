from django.apps import AppConfig


class AllowancesConfig(AppConfig):
    name = "allowances"
    default_auto_field = "django.db.models.BigAutoField"
