"""The portal as a Django app: it holds pages and commands that compose several apps, and no tables."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Configuration of the portal itself."""

    name = "wfh_portal"
    verbose_name = "Portal WFH"
