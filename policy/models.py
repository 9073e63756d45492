"""Versions of regulation documents: the rows are the truth. `regulations/` is loaded into them; drafts become them."""

import pgtrigger
from django.conf import settings
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
    draft = models.ForeignKey(
        "RegulationDraft", null=True, blank=True, on_delete=models.PROTECT, related_name="versions",
        help_text="Whence it was adopted; none for documents of `regulations/`",
    )  # fmt: skip

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


class RegulationDraft(models.Model):
    """Documents and cases that somebody wrote and nobody has adopted yet. Adopted by another person, then it stands."""

    jurisdiction = models.CharField(max_length=60)
    title = models.CharField(max_length=250)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(adopted_by__isnull=True, adopted_at__isnull=True)
                | Q(adopted_by__isnull=False, adopted_at__isnull=False),
                name="regulationdraft_adopted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(adopted_by__isnull=True)
                | (~Q(adopted_by=F("created_by")) & ~Q(adopted_by=F("changed_by"))),
                name="regulationdraft_two_people",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="adopted_stands",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__adopted_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title


class RegulationDraftFile(models.Model):
    """One uploaded file of a draft: a document, or a list of cases."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", "Dokumen"
        CASES = "cases", "Contoh perhitungan"
        UNREADABLE = "unreadable", "Tidak terbaca"

    draft = models.ForeignKey(RegulationDraft, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind)
    sha256 = models.CharField(max_length=64)
    body = models.TextField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "name"], name="regulationdraftfile_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["document", "cases", "unreadable"]), name="regulationdraftfile_kind_known"
            ),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="regulationdraftfile_sha256"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="adopted_stands",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (
                        SELECT FROM policy_regulationdraft
                        WHERE id IN (OLD.draft_id, NEW.draft_id) AND adopted_at IS NOT NULL
                    ) THEN
                        RAISE EXCEPTION 'Rancangan ini sudah diberlakukan; berkasnya tidak diubah lagi'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.name
