"""Forms of allowances."""

from collections.abc import Sequence
from datetime import date

from django import forms

from allowances.queries.effects import MonthChoice
from core.forms import PortalForm

KINDS = [("regular", "Bulanan"), ("thirteenth", "Ketiga belas"), ("holiday", "Hari raya")]


class MonthField(forms.CharField):
    """A month as a browser sends it, 2026-10; becomes its first day."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-10"})

    def clean(self, value: str) -> date:
        """Raises ValidationError for anything but a month of this century."""
        text = super().clean(value)
        try:
            month = date.fromisoformat(f"{text}-01")
        except ValueError as error:
            raise forms.ValidationError("Tulis bulan sebagai tahun-bulan, misalnya 2026-10.") from error
        if not 2000 <= month.year < 2100:
            raise forms.ValidationError("Bulan itu di luar jangkauan. Periksa tahunnya.")
        return month


class DraftForm(PortalForm):
    """Ask for a draft of a month."""

    month = MonthField(label="Bulan")
    kind = forms.ChoiceField(label="Jenis", choices=KINDS, initial="regular")
    number = forms.IntegerField(
        label="Nomor", min_value=1, max_value=99, initial=1,
        help_text="2 dan seterusnya: susulan bagi yang disisihkan pada nomor sebelumnya.",
    )  # fmt: skip


class EffectForm(PortalForm):
    """Ask what a draft would do to a month; at first the newest one that can be compared."""

    month = forms.TypedChoiceField(
        label="Bulan", coerce=date.fromisoformat, error_messages={"invalid_choice": "Pilih bulan dari daftar."}
    )

    def __init__(self, choices: Sequence[MonthChoice], *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [(choice.month.isoformat(), choice.words) for choice in choices]
        self.fields["month"].initial = next((choice.month.isoformat() for choice in choices if choice.computed), None)


class ConfirmForm(PortalForm):
    """Nothing to fill in: pressing is confirming."""


class ApproveForm(PortalForm):
    """Approve; people who are set aside need a confirmation of their own."""

    despite_set_aside = forms.BooleanField(required=False)

    def __init__(self, *args, aside_count: int = 0, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if aside_count:
            field = self.fields["despite_set_aside"]
            field.label = f"Saya tahu {aside_count} pegawai disisihkan dan dibayar kemudian"
            field.required = True
            field.error_messages["required"] = "Centang bahwa pegawai yang disisihkan dibayar kemudian."
        else:
            del self.fields["despite_set_aside"]


class ReturnForm(PortalForm):
    """Give a run back to draft."""

    reason = forms.CharField(
        label="Alasan dikembalikan", max_length=250, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Terbaca oleh penyusun dan pemeriksa, dan tercatat di jejak audit.",
        error_messages={"required": "Tulis alasan pengembalian."},
    )  # fmt: skip


class PaidForm(PortalForm):
    """Record the treasury order."""

    order_number = forms.CharField(
        label="Nomor SP2D", max_length=60, error_messages={"required": "Tulis nomor SP2D seperti pada surat."}
    )
    paid_on = forms.DateField(
        label="Tanggal dicairkan", widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Pilih tanggal SP2D dicairkan.", "invalid": "Tanggal itu tidak ada."},
    )  # fmt: skip


class ObjectionForm(PortalForm):
    """Object to the chosen line."""

    reason = forms.CharField(
        label="Alasan keberatan", max_length=1900, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Contoh: pada hari itu saya dinas luar dengan surat tugas nomor …",
        error_messages={"required": "Tulis alasan keberatan."},
    )  # fmt: skip


class DecisionForm(PortalForm):
    """Decide an objection, in words that the employee reads."""

    accepted = forms.ChoiceField(
        label="Keputusan", choices=[("ya", "Terima"), ("tidak", "Tolak")],
        error_messages={"required": "Tekan Terima atau Tolak."},
    )  # fmt: skip
    decision = forms.CharField(
        label="Alasan keputusan", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Dibaca pegawai. Sebut bukti yang dilihat.",
        error_messages={"required": "Tulis alasan keputusan."},
    )  # fmt: skip
