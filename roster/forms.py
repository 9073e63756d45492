"""Forms of the roster's pages."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q

from core.forms import PortalForm, dress
from core.importing import ImportKind, Option
from core.tabular import MAX_BYTES
from roster.models import Government, Unit

MAX_OPTION_LENGTH = 60


class DayInput(forms.DateInput):
    """The browser's own picker; it needs the date as ISO."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def day_field(label: str, **more: Any) -> forms.DateField:
    """A date with a message that says how to write it."""
    messages = {"invalid": "Tanggal tidak terbaca. Tulis seperti 2026-01-31."}
    return forms.DateField(label=label, widget=DayInput(), error_messages=messages, **more)


class UnitField(forms.CharField):
    """One unit of `government` by its code or whole name, None when empty: a province has too many for a list.

    The form sets `government` when it is made.
    """

    government: Government

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=250, required=False, **more)

    def clean(self, value: Any) -> Unit | None:
        """The unit that the words name, exactly one."""
        words = super().clean(value)
        if not words:
            return None
        found = list(Unit.objects.filter(Q(code=words) | Q(name__iexact=words), government=self.government)[:2])
        if len(found) != 1:
            problem = "Tidak ada unit bernama ini." if not found else "Ada lebih dari satu unit bernama ini."
            raise forms.ValidationError(f"{problem} Tulis kode unitnya.")
        return found[0]


class UploadForm(PortalForm):
    """A file of one kind, with the questions that the kind asks beside it."""

    file = forms.FileField(
        label="Berkas",
        max_length=250,
        allow_empty_file=True,
        help_text=f"Paling besar {MAX_BYTES // 1024 // 1024} MB.",
        error_messages={
            "required": "Pilih berkasnya lebih dulu.",
            "max_length": "Nama berkas terlalu panjang (paling banyak 250 huruf). Ganti namanya.",
        },
    )

    def __init__(self, kind: ImportKind, today: date, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.today, self.too_large = kind, today, too_large
        if kind.asks_as_at:
            self.fields["as_at"] = day_field(
                "Perubahan tanpa TMT berlaku mulai",
                required=False,
                help_text="Kosongkan untuk hari ini.",
            )
        for option in kind.options:
            self.fields[f"option_{option.name}"] = _field_of(option)
        dress(self)

    def clean(self) -> dict[str, Any]:
        """A file that was too large never arrived: say that instead of asking for it again."""
        cleaned = super().clean()
        if self.too_large:
            self._errors.clear()
            self.add_error("file", "Berkas lebih besar dari 200 MB. Bagi menjadi beberapa berkas.")
        return cleaned

    def files_by_role(self) -> dict[str, Any]:
        """The file and the files of options, by the names that the importer knows."""
        found = {"file": self.cleaned_data["file"]}
        for option in self.kind.options:
            file = self.cleaned_data.get(f"option_{option.name}")
            if option.kind == "file" and file:
                found[option.name] = file
        return found

    def option_values(self) -> dict[str, Any]:
        """The values of options that are no files."""
        return {
            option.name: self.cleaned_data.get(f"option_{option.name}")
            for option in self.kind.options
            if option.kind != "file"
        }

    def as_at_on(self) -> date:
        """The day from which changes without a date of their own hold."""
        return self.cleaned_data.get("as_at") or self.today


def _field_of(option: Option) -> forms.Field:
    shared = {"label": option.label, "required": option.required, "help_text": option.help}
    if option.kind == "flag":
        return forms.BooleanField(**{**shared, "required": False})
    if option.kind == "file":
        return forms.FileField(**shared, max_length=250, allow_empty_file=True)
    return forms.CharField(**shared, max_length=MAX_OPTION_LENGTH)
