"""The regulation document of a jurisdiction, topic and day, as the roster's modules read it."""

from policy.queries import document_for

__all__ = ["document_for"]
