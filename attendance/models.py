"""Punches and what was decided from them. Punches are appended; day records are derived.

Tables that grow with every day have no index on the person alone: their unique constraint begins with the person.
"""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from roster.models import Building, DateRange, Government, Person, Unit


class Verb(models.TextChoices):
    IN = "in", "Absen masuk"
    OUT = "out", "Absen pulang"
    UNKNOWN = "unknown", "Mesin"


class Punch(models.Model):
    """One press or device line. Append-only: the application role may neither change nor delete it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, db_index=False)
    verb = models.CharField(max_length=8, choices=Verb)
    at = models.DateTimeField(help_text="The instant that counts: server time, or the claim inside a declared outage")
    work_date = models.DateField(help_text="In the office's zone")
    source = models.CharField(max_length=10, default="browser", help_text="browser, offline, device or correction")
    request_key = models.CharField(max_length=80)
    receipt_number = models.CharField(max_length=30, blank=True)
    receipt_code = models.CharField(max_length=40, blank=True)
    issued_at = models.DateTimeField(null=True, help_text="Server time of the page that carried the token")
    claimed_at = models.DateTimeField(null=True, help_text="Time the phone claims for a queued attempt")
    delivered_at = models.DateTimeField()
    provisional = models.BooleanField(default=False, help_text="Stands until a superior decides")
    evidence_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "request_key"], name="punch_request_key_once"),
            # Lines of a device have no receipt.
            models.UniqueConstraint(
                fields=["receipt_code"], condition=~Q(receipt_code=""), name="punch_receipt_code_once"
            ),
            models.CheckConstraint(condition=Q(verb__in=["in", "out", "unknown"]), name="punch_verb_known"),
        ]
        indexes = [models.Index(fields=["work_date", "person"])]


class PunchAttempt(models.Model):
    """A press that could not be recorded as a punch (wrong work date, not expected); kept, with the reason."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, db_index=False)
    verb = models.CharField(max_length=8)
    request_key = models.CharField(max_length=80)
    at = models.DateTimeField()
    token_work_date = models.DateField(null=True)
    reason = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "request_key"], name="punchattempt_key_once")]


class PunchEvidence(models.Model):
    """Location, network and device of a punch; expires and is deleted, its hash stays on the punch."""

    punch = models.OneToOneField(Punch, primary_key=True, on_delete=models.CASCADE, related_name="evidence")
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    accuracy_m = models.PositiveIntegerField(null=True)
    network = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=64, blank=True)
    expires_on = models.DateField()


class EvidenceCase(models.Model):
    """An anomaly for a person to judge; never decides by itself."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    work_date = models.DateField()
    kind = models.CharField(max_length=40)
    detail = models.CharField(max_length=250)
    opened_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "work_date", "kind"], name="evidencecase_once")]


class Device(models.Model):
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    code = models.CharField(max_length=40)
    building = models.ForeignKey(Building, null=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "code"], name="device_code_unique")]


class DevicePin(models.Model):
    """Whose PIN it is from a date; the number may not be in the roster yet."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE)
    pin = models.CharField(max_length=24)
    number = models.CharField(max_length=18)
    valid_from = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "pin", "valid_from"], name="devicepin_once")]


class DeviceLine(models.Model):
    """One accepted or waiting line of a device; punches are made from it once the person is known."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT)
    pin = models.CharField(max_length=24)
    local_time = models.DateTimeField(help_text="The device's time, in the government's zone")
    number = models.CharField(max_length=18, blank=True, db_index=True, help_text="Empty while the PIN is unknown")
    punch = models.OneToOneField(Punch, null=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "pin", "local_time"], name="deviceline_once")]


class Outage(models.Model):
    """A declared window in which late delivery is not the employee's fault."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    number = models.CharField(max_length=30)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.PROTECT)
    reason = models.CharField(max_length=250)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    declared_at = models.DateTimeField()
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, help_text="It and the units below; empty: every unit"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "number"], name="outage_number_unique"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="outage_ends_after_start"),
        ]


class Absence(models.Model):
    """Leave, duty travel or training with its decree; approved ones of one person never overlap."""

    class Kind(models.TextChoices):
        ANNUAL = "tahunan", "Cuti tahunan"
        LONG = "besar", "Cuti besar"
        SICK = "sakit", "Cuti sakit"
        BIRTH = "melahirkan", "Cuti melahirkan"
        IMPORTANT = "alasan_penting", "Cuti alasan penting"
        DUTY = "dinas_luar", "Dinas luar"
        TRAINING = "diklat", "Diklat"

    class State(models.TextChoices):
        REQUESTED = "requested", "Menunggu"
        APPROVED = "approved", "Disetujui"
        REJECTED = "rejected", "Ditolak"

    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20, choices=Kind)
    valid_from = models.DateField()
    valid_to = models.DateField(help_text="Exclusive")
    decree = models.CharField(max_length=250, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.APPROVED)
    recorded_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    due_on = models.DateField(null=True, help_text="Day on which a request moves on to the superior's superior")
    decision_note = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="absence_ends_after_start"),
            ExclusionConstraint(
                name="absence_approved_no_overlap",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state="approved"),
            ),
        ]


class Correction(models.Model):
    """What should stand instead, why, with which evidence; decided by the superior."""

    class State(models.TextChoices):
        REQUESTED = "requested", "Menunggu"
        APPROVED = "approved", "Disetujui"
        REJECTED = "rejected", "Ditolak"

    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    work_date = models.DateField()
    verb = models.CharField(max_length=8, choices=Verb)
    claimed_time = models.TimeField()
    reason = models.CharField(max_length=500)
    punch = models.ForeignKey(Punch, null=True, blank=True, on_delete=models.PROTECT, help_text="The queued attempt")
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    requested_at = models.DateTimeField()
    due_on = models.DateField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "work_date", "verb"], condition=Q(state="requested"), name="correction_one_open"
            ),
        ]


class Ceremony(models.Model):
    """An apel or ceremony that somebody missed."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    on = models.DateField()
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "on"], name="ceremony_once_a_day")]


class WorkReport(models.Model):
    """Targets of a day and their results, with the superior's verdict."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, db_index=False)
    work_date = models.DateField()
    plan = models.TextField(blank=True)
    result = models.TextField(blank=True)
    planned_count = models.PositiveSmallIntegerField(default=0)
    done_count = models.PositiveSmallIntegerField(default=0)
    planned_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=10, blank=True, help_text="accepted, noted, below")
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "work_date"], name="workreport_one_per_day")]


class DayPlan(models.Model):
    """Where somebody is expected on a date, with the reasons, as planned the evening before."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, db_index=False)
    work_date = models.DateField()
    place = models.CharField(max_length=10)
    reasons = models.JSONField(default=list)
    planned_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "work_date"], name="dayplan_one_per_day")]


class DayRecord(models.Model):
    """The decided day of one person; facts of the regulation format, never their cost."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, db_index=False)
    work_date = models.DateField()
    unit_id = models.BigIntegerField(null=True)
    expected_place = models.CharField(max_length=10)
    place = models.CharField(max_length=10)
    state = models.CharField(max_length=12, default="provisional", help_text="provisional, final or unclear")
    first_in = models.TimeField(null=True)
    last_out = models.TimeField(null=True)
    required_departure = models.TimeField(null=True)
    minutes_late = models.PositiveSmallIntegerField(default=0)
    minutes_early = models.PositiveSmallIntegerField(default=0)
    missing_in = models.PositiveSmallIntegerField(default=0)
    missing_out = models.PositiveSmallIntegerField(default=0)
    expected_days = models.PositiveSmallIntegerField(default=0)
    present_days = models.PositiveSmallIntegerField(default=0)
    absent_days = models.PositiveSmallIntegerField(default=0)
    home_days = models.PositiveSmallIntegerField(default=0)
    leave_days = models.PositiveSmallIntegerField(default=0)
    ceremonies_missed = models.PositiveSmallIntegerField(default=0)
    reports_done = models.PositiveSmallIntegerField(default=0)
    reports_missing = models.PositiveSmallIntegerField(default=0)
    labels = models.JSONField(default=dict, help_text="Labels of the day: leave, outage, report, ramadan, calendar")
    reasons = models.JSONField(default=list)
    policy_id = models.CharField(max_length=120, blank=True)
    policy_sha256 = models.CharField(max_length=64, blank=True)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "work_date"], name="dayrecord_one_per_day")]
        indexes = [models.Index(fields=["work_date"])]
