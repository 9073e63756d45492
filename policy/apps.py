"""The app of regulation documents."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """Regulation documents: read, checked, kept as versions."""

    name = "policy"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Peraturan"
