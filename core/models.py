"""Progress of long work and the append-only audit log."""

from django.db import models


class Job(models.Model):
    """One stage of long work over one chunk; the truth about it even when the broker has lost everything."""

    class State(models.TextChoices):
        WAITING = "waiting", "Menunggu"
        RUNNING = "running", "Berjalan"
        DONE = "done", "Selesai"
        FAILED = "failed", "Gagal"
        SPLIT = "split", "Dibagi"

    government_code = models.CharField(max_length=40)
    chain = models.CharField(max_length=60, help_text="What belongs together, e.g. night:2026-11-23")
    stage = models.CharField(max_length=40)
    chunk = models.CharField(max_length=80, default="all")
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(default=0)
    set_aside = models.JSONField(default=list, help_text="People who could not be computed, each with a reason")
    error = models.TextField(blank=True)
    worker = models.CharField(max_length=200, blank=True, help_text="Who took the latest attempt, as NAME@HOST")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government_code", "chain", "stage", "chunk"], name="job_one_per_chain_stage_chunk"
            ),
        ]
        # The sweeper asks every minute for the few that are open among months of ended ones.
        indexes = [
            models.Index(fields=["state"], condition=models.Q(state__in=["waiting", "running"]), name="job_open")
        ]


class Alert(models.Model):
    """Something that somebody has to be told of, once for each subject of a government."""

    government_code = models.CharField(max_length=40)
    subject = models.CharField(max_length=60, help_text="What it is about, e.g. night:2026-11-23")
    title = models.CharField(max_length=200)
    text = models.TextField()
    raised_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, help_text="Empty while no mail server took it")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government_code", "subject"], name="alert_once_per_subject"),
        ]


class AuditEntry(models.Model):
    """Who read or changed what; appended, never changed. `sealed_hash` chains the entries."""

    at = models.DateTimeField(db_index=True)
    government_code = models.CharField(max_length=40, blank=True)
    actor = models.CharField(max_length=150, blank=True)
    action = models.CharField(max_length=80)
    subject = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)


class AuditSeal(models.Model):
    """Hash over the entries up to `last_entry_id`, chained with the seal before."""

    last_entry_id = models.BigIntegerField(unique=True)
    sealed_at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
