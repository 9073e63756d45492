from django.apps import AppConfig


class SavingsConfig(AppConfig):
    name = "savings"
    default_auto_field = "django.db.models.BigAutoField"
