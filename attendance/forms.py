"""Forms of attendance."""

from django import forms

from attendance.models import Absence
from core.forms import PortalForm
from roster.forms import UnitField
from roster.models import Building, Government


class CorrectionForm(PortalForm):
    """Ask for another arrival or departure."""

    work_date = forms.DateField(label="Tanggal", widget=forms.DateInput(attrs={"type": "date"}))
    verb = forms.ChoiceField(label="Absen", choices=[("in", "Absen masuk"), ("out", "Absen pulang")])
    claimed_time = forms.TimeField(label="Jam yang benar", widget=forms.TimeInput(attrs={"type": "time"}))
    reason = forms.CharField(label="Alasan dan bukti", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class OutageForm(PortalForm):
    """Declare an outage."""

    starts_at = forms.DateTimeField(label="Mulai", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    ends_at = forms.DateTimeField(label="Selesai", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    reason = forms.CharField(label="Sebab", max_length=250)
    building = forms.ModelChoiceField(
        label="Hanya gedung", queryset=Building.objects.none(), required=False, empty_label="Semua gedung"
    )
    unit = UnitField(label="Hanya unit dan bawahannya", help_text="Nama atau kode unit. Kosong: semua unit.")

    def __init__(self, *args, government: Government, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["building"].queryset = Building.objects.filter(government=government).order_by("name")
        self.fields["unit"].government = government


class AbsenceForm(PortalForm):
    """Ask for leave or duty."""

    kind = forms.ChoiceField(label="Jenis", choices=[("", "Pilih jenis"), *Absence.Kind.choices])
    first_on = forms.DateField(label="Hari pertama", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last_on = forms.DateField(label="Hari terakhir", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(label="Keperluan", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    decree = forms.CharField(
        label="Nomor surat", max_length=250, required=False, help_text="Surat dokter, surat tugas, atau surat izin."
    )


class WorkPlanForm(PortalForm):
    """Targets of a day, one a line."""

    plan = forms.CharField(label="Target hari ini", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class WorkResultForm(PortalForm):
    """Result of a day."""

    result = forms.CharField(label="Hasil hari ini", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    done_count = forms.IntegerField(label="Target yang tercapai", min_value=0, max_value=100)
