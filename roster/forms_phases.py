"""Forms of the rollout pages."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from core.forms import PortalForm
from roster.eligibility import DAY_NAMES
from roster.forms import day_field
from roster.models import RolloutPhase
from roster.phase_plans import PhasePlan

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


def in_bounds(on: date | None) -> date | None:
    """The day itself, or a ValidationError far away from every roster."""
    if on is not None and not FIRST_DAY <= on <= LAST_DAY:
        raise forms.ValidationError(f"Tulis tanggal antara tahun {FIRST_DAY.year} dan {LAST_DAY.year}.")
    return on


class OpenPhaseForm(PortalForm):
    """A phase to be opened; the building is that of the page."""

    weekdays = forms.TypedMultipleChoiceField(
        label="Hari WFH",
        choices=list(enumerate(DAY_NAMES)),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Pilih paling sedikit satu hari.", "invalid_choice": "Pilih dari daftar hari."},
    )
    mode = forms.ChoiceField(label="Siapa", choices=RolloutPhase.Mode)
    share = forms.DecimalField(
        label="Bagian pegawai tiap unit (%)",
        initial=100,
        min_value=Decimal("0.01"),
        max_value=100,
        decimal_places=2,
        max_digits=5,
        error_messages={"invalid": "Tulis angka saja, misalnya 50."},
    )
    valid_from = day_field("Mulai berlaku")
    valid_to = day_field("Hari pertama sesudah tahap", required=False, help_text="Kosongkan bila tanpa akhir.")
    decree = forms.CharField(label="Nomor dasar", max_length=250)
    replace = forms.BooleanField(
        label="Gantikan tahap lama pada hari yang sama", required=False, help_text="Tahap lama berakhir saat ini mulai."
    )

    def clean_valid_from(self) -> date | None:
        """Within a century."""
        return in_bounds(self.cleaned_data["valid_from"])

    def clean_valid_to(self) -> date | None:
        """Within a century."""
        return in_bounds(self.cleaned_data["valid_to"])

    def plan(self) -> PhasePlan:
        """The phase that was asked for."""
        data: dict[str, Any] = self.cleaned_data
        return PhasePlan(
            weekdays=tuple(sorted(data["weekdays"])),
            valid_from=data["valid_from"],
            valid_to=data["valid_to"],
            max_share_bp=int(data["share"] * 100),
            mode=data["mode"],
            decree=data["decree"].strip(),
            replace=data["replace"],
        )


class ClosePhaseForm(PortalForm):
    """The day from which a phase holds no more."""

    on = day_field("Hari pertama tanpa tahap ini")
    decree = forms.CharField(label="Nomor dasar", max_length=250)

    def clean_on(self) -> date | None:
        """Within a century."""
        return in_bounds(self.cleaned_data["on"])
