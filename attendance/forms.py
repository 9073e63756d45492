"""Forms of attendance."""

from django import forms

from core.forms import PortalForm


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


class WorkPlanForm(PortalForm):
    """Targets of a day, one a line."""

    plan = forms.CharField(label="Target hari ini", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class WorkResultForm(PortalForm):
    """Result of a day."""

    result = forms.CharField(label="Hasil hari ini", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    done_count = forms.IntegerField(label="Target yang tercapai", min_value=0, max_value=100)
