"""People, units, buildings, phases and rights, as dated decisions.

Decisions know two times: the dates on which they hold (`valid_from`, `valid_to`, half-open) and since when
they are known (`recorded_at`, `superseded_at`). They are superseded, never updated.
"""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from roster.import_models import ImportRun, Upload, UploadFinding, UploadPart  # noqa: F401 - models of this app too


class DateRange(Func):
    """daterange(valid_from, valid_to), half-open; an empty end has no end."""

    function = "daterange"
    output_field = DateRangeField()


def no_overlap(name: str, *same: str, condition: Q | None = None) -> ExclusionConstraint:
    """Refuse two rows known now that hold on one day for the same `same`."""
    known = Q(superseded_at__isnull=True)
    return ExclusionConstraint(
        name=name,
        expressions=[
            *[(field, RangeOperators.EQUAL) for field in same],
            (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
        ],
        condition=known & condition if condition is not None else known,
    )


def ends_after_start(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name=name)


class Decision(models.Model):
    """A dated decision with both times."""

    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)
    decree = models.CharField(max_length=250, blank=True)

    class Meta:
        abstract = True


class Government(models.Model):
    """A province, kabupaten or kota; everything else belongs to one. Created from `regulations/` by migrate."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    zone = models.CharField(max_length=40, default="Asia/Jakarta")
    go_live_on = models.DateField(null=True, blank=True, help_text="Days before are never closed")
    demonstration = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """A civil servant. The id is internal; numbers change and are guessable."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    name = models.CharField(max_length=250)
    title_before = models.CharField(max_length=250, blank=True)
    title_after = models.CharField(max_length=250, blank=True)
    birth_on = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    email = models.CharField(max_length=250, blank=True)
    bank_name = models.CharField(max_length=60, blank=True)
    bank_account = models.CharField(max_length=40, blank=True)
    tax_category = models.CharField(max_length=10, blank=True)

    class Meta:
        indexes = [models.Index(fields=["government", "name"])]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        before = f"{self.title_before} " if self.title_before else ""
        return f"{before}{self.name}" + (f", {self.title_after}" if self.title_after else "")


class Number(models.Model):
    """NIP or NI PPPK with its dates."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="numbers")
    number = models.CharField(max_length=18)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "number"], name="number_unique_in_government")]


class PersonStatus(Decision):
    """Legal standing and employment of a person on dates (KEDUDUKAN HUKUM, PNS/CPNS/PPPK, golongan)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="statuses")
    standing = models.CharField(max_length=250, blank=True)
    is_active = models.BooleanField(default=True)
    employment = models.CharField(max_length=10, default="pns", help_text="pns, cpns, pppk")
    employment_name = models.CharField(max_length=250, blank=True)
    rank = models.CharField(max_length=250, blank=True, help_text="Golongan, e.g. III/d or IX")

    class Meta:
        constraints = [
            no_overlap("personstatus_no_overlap", "person"),
            ends_after_start("personstatus_ends_after_start"),
        ]


class Building(models.Model):
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=250)
    address = models.CharField(max_length=250, blank=True)
    city = models.CharField(max_length=120, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    radius_m = models.PositiveIntegerField(null=True, blank=True)
    networks = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "code"], name="building_code_unique")]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A unit of the export (UNOR); what it is on a date stands in UnitDecision."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    code = models.CharField(max_length=520, help_text="UNOR ID, or where empty its name within the work unit")
    name = models.CharField(max_length=250)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "code"], name="unit_code_unique")]

    def __str__(self) -> str:
        return self.name


class UnitDecision(Decision):
    """Parent, building, service kind, calendar and head of a unit on dates."""

    class Service(models.TextChoices):
        ADMINISTRATIVE = "administrative", "Administrasi"
        DIRECT = "direct_service", "Layanan langsung"

    class Calendar(models.TextChoices):
        FIVE_DAY = "five_day", "Lima hari kerja"
        SIX_DAY = "six_day", "Enam hari kerja"
        SHIFT = "shift", "Sif"

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="decisions")
    parent = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="child_decisions")
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.PROTECT)
    service_kind = models.CharField(max_length=20, choices=Service)
    calendar = models.CharField(max_length=10, choices=Calendar, default=Calendar.FIVE_DAY)
    head = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        constraints = [
            no_overlap("unitdecision_no_overlap", "unit"),
            ends_after_start("unitdecision_ends_after_start"),
            models.CheckConstraint(
                condition=Q(service_kind__in=["administrative", "direct_service"]), name="unitdecision_service_known"
            ),
            models.CheckConstraint(
                condition=Q(calendar__in=["five_day", "six_day", "shift"]), name="unitdecision_calendar_known"
            ),
        ]


class Position(models.Model):
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    name = models.CharField(max_length=250)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "name"], name="position_name_unique")]

    def __str__(self) -> str:
        return self.name


class PositionClass(Decision):
    """Kelas jabatan of a position on dates."""

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="classes")
    job_class = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            no_overlap("positionclass_no_overlap", "position"),
            ends_after_start("positionclass_ends_after_start"),
            models.CheckConstraint(condition=Q(job_class__gte=1, job_class__lte=17), name="positionclass_1_to_17"),
        ]


class Level(models.TextChoices):
    JPT_MADYA = "jpt_madya", "JPT Madya"
    JPT_PRATAMA = "jpt_pratama", "JPT Pratama"
    ADMINISTRATOR = "administrator", "Administrator"
    PENGAWAS = "pengawas", "Pengawas"
    FUNGSIONAL = "fungsional", "Fungsional"
    PELAKSANA = "pelaksana", "Pelaksana"


class Assignment(Decision):
    """Person x unit x position x level; definitive ones of one person never overlap."""

    class Kind(models.TextChoices):
        DEFINITIVE = "definitive", "Definitif"
        PLT = "plt", "Plt."
        PLH = "plh", "Plh."

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assignments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    building = models.ForeignKey(
        Building, null=True, blank=True, on_delete=models.PROTECT, help_text="Only where it differs from the unit's"
    )
    position = models.ForeignKey(Position, null=True, blank=True, on_delete=models.PROTECT)
    level = models.CharField(max_length=20, choices=Level)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.DEFINITIVE)
    import_run = models.ForeignKey("ImportRun", null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        constraints = [
            no_overlap("assignment_definitive_no_overlap", "person", condition=Q(kind="definitive")),
            ends_after_start("assignment_ends_after_start"),
        ]
        indexes = [models.Index(fields=["unit", "valid_from"])]


class Holiday(models.Model):
    """A day off of one government beside the joint ones of the calendar documents."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    on = models.DateField()
    name = models.CharField(max_length=250)
    kind = models.CharField(max_length=20, default="libur", help_text="libur, cuti_bersama or ramadan")
    decree = models.CharField(max_length=250)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "on", "kind"], name="holiday_one_per_day_kind")]


class RolloutPhase(Decision):
    """A phase of a building: which weekday people may work from home, under which decree."""

    class Mode(models.TextChoices):
        ALL = "all", "Semua yang memenuhi"
        SCHEDULE = "schedule", "Menurut jadwal kepala unit"
        ON_REQUEST = "on_request", "Atas permohonan"

    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="phases")
    weekday = models.PositiveSmallIntegerField(help_text="0 Monday to 6 Sunday")
    max_share_bp = models.PositiveIntegerField(help_text="10000 is everyone")
    mode = models.CharField(max_length=12, choices=Mode)

    class Meta:
        constraints = [
            no_overlap("rolloutphase_no_overlap", "building", "weekday"),
            ends_after_start("rolloutphase_ends_after_start"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="rolloutphase_weekday_0_to_6"),
            models.CheckConstraint(condition=Q(max_share_bp__lte=10000), name="rolloutphase_share_at_most_all"),
        ]


class PhaseException(Decision):
    """A dated window that opens or closes working from home; the narrower scope wins, then the later decree."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.PROTECT)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT)
    opens = models.BooleanField(help_text="True: at home though no phase says so; False: at the office")

    class Meta:
        constraints = [ends_after_start("phaseexception_ends_after_start")]


class HomeDay(models.Model):
    """A person's scheduled or requested day at home (modes schedule and on_request)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    on = models.DateField()
    state = models.CharField(max_length=10, default="requested", help_text="requested, approved, rejected, withdrawn")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "on"], name="homeday_one_per_person_day")]


class DisciplineCase(Decision):
    """A running discipline case: its person works at the office."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    kind = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [ends_after_start("disciplinecase_ends_after_start")]


class Role(models.TextChoices):
    EMPLOYEE = "employee", "Pegawai"
    SUPERVISOR = "supervisor", "Atasan"
    UNIT_HR = "unit_hr", "Kepegawaian unit"
    HR = "hr", "Kepegawaian provinsi"
    FINANCE = "finance", "Keuangan"
    ADMINISTRATOR = "administrator", "Administrator"
    LEADERSHIP = "leadership", "Pimpinan"
    AUDITOR = "auditor", "Pemeriksa"


class Grant(models.Model):
    """A right: role x unit subtree x dates. Without a unit: the whole government."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT)
    delegated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [ends_after_start("grant_ends_after_start")]
