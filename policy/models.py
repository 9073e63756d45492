"""Versions of regulation documents: the rows are the truth, `regulations/` is loaded into them."""

import pgtrigger
from django.db import models
from django.db.models import F, Q


class PolicyVersion(models.Model):
    """One regulation document as it was loaded. Never changed, never deleted: a change is a new document."""

    document_id = models.CharField(max_length=120, unique=True)
    topic = models.CharField(max_length=20)
    jurisdiction = models.CharField(max_length=60)
    title = models.CharField(max_length=250)
    decree = models.CharField(max_length=250)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10)
    demonstration = models.BooleanField(default=False)
    source_path = models.CharField(max_length=250, help_text="Inside `regulations/`; references are relative to it")
    sha256 = models.CharField(max_length=64)
    body = models.TextField()
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "topic", "valid_from"], name="policyversion_one_start_per_topic"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="policyversion_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["in_force", "expected", "assumed"]), name="policyversion_status_known"
            ),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="policyversion_sha256_shape"),
        ]
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.document_id} ({self.valid_from:%Y-%m-%d})"
