"""Imported files: what was confirmed, and what waits for it."""

from django.conf import settings
from django.db import models


class ImportRun(models.Model):
    """One confirmed import, so that it can be shown and undone as a whole."""

    government = models.ForeignKey("roster.Government", on_delete=models.PROTECT)
    kind = models.CharField(max_length=30)
    file_name = models.CharField(max_length=250)
    sha256 = models.CharField(max_length=64)
    as_at_on = models.DateField()
    summary = models.JSONField(default=dict)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)


class Upload(models.Model):
    """An uploaded sheet waiting for its preview to be confirmed; nothing else is written before.

    `report` holds the counts of the importer's answer; its findings and the file itself are rows of their own, so
    that a page of the one and a piece of the other is all that is ever held in memory.
    """

    government = models.ForeignKey("roster.Government", on_delete=models.PROTECT)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    kind = models.CharField(max_length=30)
    file_name = models.CharField(max_length=250)
    sha256 = models.CharField(max_length=64)
    options = models.JSONField(default=dict)
    as_at_on = models.DateField()
    report = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    previewed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    run = models.ForeignKey(ImportRun, null=True, blank=True, on_delete=models.SET_NULL)


class UploadPart(models.Model):
    """A piece of an uploaded file; `role` is "file" or the option that asked for it."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    role = models.CharField(max_length=30)
    position = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "role", "position"], name="uploadpart_once")]


class UploadFinding(models.Model):
    """One finding of a preview, in the file's order."""

    class Level(models.TextChoices):
        ERROR = "errors", "Galat"
        WARNING = "warnings", "Peringatan"
        LISTED = "listed", "Dicatat"

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="findings")
    level = models.CharField(max_length=10, choices=Level)
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=250)
    code = models.CharField(max_length=60)
    value = models.CharField(max_length=250)
    message = models.TextField()
