"""Meters and bills. What may be claimed from them is the estimator's matter."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from roster.models import Building, DateRange, Government


class Meter(models.Model):
    class Utility(models.TextChoices):
        ELECTRICITY = "electricity", "Listrik"
        WATER = "water", "Air"

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    code = models.CharField(max_length=60)
    utility = models.CharField(max_length=12, choices=Utility)
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="meters")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "code", "utility"], name="meter_code_unique")]


class Bill(models.Model):
    """One bill of a meter. Corrected ones are superseded, never overwritten; periods never share a day."""

    meter = models.ForeignKey(Meter, on_delete=models.PROTECT, related_name="bills")
    period_from = models.DateField()
    period_to = models.DateField(help_text="Exclusive: the day after the bill's last day")
    usage = models.DecimalField(max_digits=14, decimal_places=3)
    unit = models.CharField(max_length=6)
    cost_rupiah = models.DecimalField(max_digits=16, decimal_places=2)
    read_type = models.CharField(max_length=10)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(period_to__gt=F("period_from")), name="bill_ends_after_start"),
            models.CheckConstraint(condition=Q(usage__gte=0), name="bill_usage_not_negative"),
            ExclusionConstraint(
                name="bill_no_overlap",
                expressions=[
                    ("meter", RangeOperators.EQUAL),
                    (DateRange("period_from", "period_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(superseded_at__isnull=True),
            ),
        ]
