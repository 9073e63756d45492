"""Indicators, behaviour and the month's score. Missing is unknown, never 0."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from roster.models import Person


class Expectation(models.TextChoices):
    BELOW = "below", "Di bawah ekspektasi"
    AS = "as", "Sesuai ekspektasi"
    ABOVE = "above", "Di atas ekspektasi"


class Indicator(models.Model):
    """One weighted indicator of a person's month: target and realised, both in its own unit."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, db_index=False)
    month = models.DateField(help_text="First day of the month")
    name = models.CharField(max_length=250)
    weight_bp = models.PositiveIntegerField()
    target = models.DecimalField(max_digits=14, decimal_places=2)
    realised = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    unit_name = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "month", "name"], name="indicator_once_a_month"),
            models.CheckConstraint(condition=Q(weight_bp__gt=0, weight_bp__lte=10000), name="indicator_weight_share"),
            models.CheckConstraint(condition=Q(target__gt=0), name="indicator_target_positive"),
        ]


class Behaviour(models.Model):
    """The superior's judgement of behaviour (BerAKHLAK) and, where no indicators decide, of the result."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, db_index=False)
    month = models.DateField()
    behaviour = models.CharField(max_length=6, choices=Expectation)
    result = models.CharField(max_length=6, choices=Expectation, blank=True)
    rated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "month"], name="behaviour_once_a_month")]


class MonthScore(models.Model):
    """Predicate and score of one month; null is 'belum dinilai'."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    month = models.DateField()
    score_bp = models.PositiveIntegerField(null=True, help_text="Weighted indicators, 10000 is 100")
    result = models.CharField(max_length=6, blank=True)
    behaviour = models.CharField(max_length=6, blank=True)
    predicate = models.CharField(max_length=30, blank=True)
    unrated_subordinates = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=10, default="portal", help_text="portal or ekinerja")
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "month"], name="monthscore_once_a_month")]
