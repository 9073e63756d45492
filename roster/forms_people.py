"""Forms of the people pages."""

from datetime import date

from django import forms

from core.forms import PortalForm
from roster.forms import day_field
from roster.forms_phases import in_bounds
from roster.queries_people import LONGEST_SEARCH

STATES = (("", "Semua"), ("active", "Aktif"), ("inactive", "Tidak aktif"), ("unmapped", "Unit belum dipetakan"))


class PeopleForm(PortalForm):
    """What to look for; everything may be empty."""

    search = forms.CharField(label="Nama atau NIP", max_length=LONGEST_SEARCH, required=False)
    unit = forms.CharField(label="Unit", max_length=LONGEST_SEARCH, required=False)
    state = forms.ChoiceField(
        label="Keadaan", choices=STATES, required=False, error_messages={"invalid_choice": "Pilih dari daftar."}
    )


class DayForm(PortalForm):
    """The day that is asked about."""

    on = day_field("Hari")

    def clean_on(self) -> date | None:
        """Within a century."""
        return in_bounds(self.cleaned_data["on"])
