"""Runs, their frozen inputs and their lines. After the lock a trigger refuses any change."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from policy.models import RegulationDraft
from roster.models import Government, Person


class Run(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", "Draf"
        CHECKED = "checked", "Diperiksa"
        APPROVED = "approved", "Disetujui"
        LOCKED = "locked", "Dikunci"
        PAID = "paid", "Dibayar"

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    month = models.DateField(help_text="First day of the month")
    kind = models.CharField(max_length=12, default="regular", help_text="regular, thirteenth, holiday")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    policy_id = models.CharField(max_length=120)
    policy_sha256 = models.CharField(max_length=64)
    policies = models.JSONField(default=dict, help_text="Every document used: id -> sha256, text kept in PolicyVersion")
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    locked_at = models.DateTimeField(null=True)
    locked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    treasury_order = models.CharField(max_length=60, blank=True)
    paid_on = models.DateField(null=True)
    people_count = models.PositiveIntegerField(default=0)
    total_rupiah = models.DecimalField(max_digits=20, decimal_places=2, default=0)
    set_aside = models.JSONField(default=list, help_text="People not paid in this run, each with a reason")
    duration_ms = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "month", "kind", "number"], name="run_once"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("checked_by")), name="run_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "locked", "paid"]) | Q(approved_by__isnull=False),
                name="run_approved_has_approver",
            ),
        ]


class RunInput(models.Model):
    """Everything that the rules were given for one person, frozen."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="inputs", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    unit_id = models.BigIntegerField(null=True)
    unit_name = models.CharField(max_length=250, blank=True)
    number = models.CharField(max_length=18, blank=True)
    name = models.CharField(max_length=520)
    rank = models.CharField(max_length=20, blank=True)
    position_name = models.CharField(max_length=250, blank=True)
    job_class = models.PositiveSmallIntegerField(null=True)
    bank_name = models.CharField(max_length=60, blank=True, default="", db_default="")
    bank_account = models.CharField(max_length=40, blank=True, default="", db_default="", help_text="When drafted")
    given = models.JSONField(help_text="The `given` of the regulation format: rating, days, class and the rest")
    gross_rupiah = models.DecimalField(max_digits=16, decimal_places=2)
    cuts_rupiah = models.DecimalField(max_digits=16, decimal_places=2)
    supplements_rupiah = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    rapel_rupiah = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    held_rupiah = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    insurance_employee_rupiah = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    insurance_employer_rupiah = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    tax_rupiah = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    tax_own_rupiah = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    carried_over_rupiah = models.DecimalField(
        max_digits=16, decimal_places=2, default=0, help_text="Net below zero, carried to the next run, never paid"
    )
    net_rupiah = models.DecimalField(max_digits=16, decimal_places=2)
    verification_code = models.CharField(max_length=40, blank=True)
    read_at = models.DateTimeField(null=True, help_text="When the facts were read; later ones are due as rapel")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "person"], name="runinput_once"),
            models.CheckConstraint(
                condition=Q(
                    net_rupiah=F("gross_rupiah")
                    - F("cuts_rupiah")
                    + F("supplements_rupiah")
                    + F("rapel_rupiah")
                    - F("held_rupiah")
                    - F("insurance_employee_rupiah")
                    - F("tax_own_rupiah")
                    + F("carried_over_rupiah")
                ),
                name="runinput_adds_up_to_net",
            ),
            models.CheckConstraint(condition=Q(net_rupiah__gte=0), name="runinput_net_not_negative"),
        ]
        indexes = [
            models.Index(fields=["person"], condition=Q(carried_over_rupiah__gt=0), name="runinput_carried_over"),
        ]


class Line(models.Model):
    """One component of one person in a run, or a rapel line that mends an earlier month."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="lines", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    kind = models.CharField(
        max_length=12,
        default="component",
        help_text="component, supplement, offset, held, insurance, tax, rapel or carried; those taken off are negative",
    )
    name = models.CharField(max_length=60)
    amount_rupiah = models.DecimalField(max_digits=16, decimal_places=2)
    criteria = models.JSONField(default=dict, help_text="The component by budget criterion, rupiah as text")
    mends_month = models.DateField(null=True)
    reason = models.CharField(max_length=250, blank=True)
    detail = models.JSONField(
        default=dict, help_text="Of a rapel line: due, paid and earlier rapel of its month, and the facts as known now"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "person", "kind", "name", "mends_month"], name="line_once", nulls_distinct=False
            ),
        ]
        indexes = [
            models.Index(fields=["person"], condition=Q(mends_month__isnull=False), name="line_of_other_months"),
        ]


class SetAside(models.Model):
    """One person whom a draft could not pay, with the reason; the head of the run shows them all together."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="aside_rows", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    item = models.JSONField(help_text="As it stands in `Run.set_aside`")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "person"], name="setaside_once")]


class Adjustment(models.Model):
    """Why a locked month must be mended; becomes a rapel line in the next run."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    month = models.DateField()
    source = models.CharField(max_length=60, help_text="correction:12, objection:3, decree ...")
    reason = models.CharField(max_length=250)
    recorded_at = models.DateTimeField()
    settled_by_run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "month", "source"], name="adjustment_once")]


class Objection(models.Model):
    """Keberatan on one line of a slip, with a due date."""

    class State(models.TextChoices):
        OPEN = "open", "Menunggu"
        ACCEPTED = "accepted", "Diterima"
        REJECTED = "rejected", "Ditolak"

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    number = models.CharField(max_length=30)
    run = models.ForeignKey(Run, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    line_name = models.CharField(max_length=120)
    reason = models.TextField()
    filed_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "number"], name="objection_number_unique")]


class RegulationEffect(models.Model):
    """What a draft would do to a month, as somebody asked for it. A picture of its hour: pay is not touched."""

    draft = models.ForeignKey(RegulationDraft, on_delete=models.CASCADE, related_name="effects")
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    month = models.DateField(help_text="First day of the month")
    run = models.ForeignKey(
        Run, null=True, on_delete=models.CASCADE, related_name="+", help_text="Whose frozen facts; none: today's facts"
    )
    fingerprint = models.CharField(max_length=64, help_text="Of the draft's files as they were")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    requested_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "month"], name="regulationeffect_once")]


class EffectRow(models.Model):
    """One person's net of the month before and after, or why it cannot be computed by the draft."""

    # A picture that is thrown away, copied 85,000 rows at a time by ids that were read a moment before, while the
    # effect is held: asking again for each row whether both still stand took an eighth of the whole. The unique
    # constraint below begins with the effect and serves as its index.
    effect = models.ForeignKey(
        RegulationEffect, on_delete=models.CASCADE, related_name="rows", db_index=False, db_constraint=False
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    number = models.CharField(max_length=18, blank=True)
    name = models.CharField(max_length=520)
    unit_name = models.CharField(max_length=250, blank=True)
    job_class = models.PositiveSmallIntegerField(null=True)
    rank = models.CharField(max_length=20, blank=True)
    before_rupiah = models.DecimalField(max_digits=16, decimal_places=2, null=True, help_text="Null: the run has none")
    after_rupiah = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    reason = models.CharField(max_length=250, blank=True, help_text="Why `after` is not known")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["effect", "person"], name="effectrow_once"),
            models.CheckConstraint(
                condition=Q(after_rupiah__isnull=False, reason="") | (Q(after_rupiah__isnull=True) & ~Q(reason="")),
                name="effectrow_known_or_reason",
            ),
        ]
