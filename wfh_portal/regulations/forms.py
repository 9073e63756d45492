"""Forms of the pages of drafts."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from core.forms import PortalForm
from policy.operations.drafts import MAX_FILE_BYTES, MAX_FILES

TOO_LARGE = f"Kiriman terlalu besar dan tidak dibaca. Satu berkas paling besar {MAX_FILE_BYTES // 1024} KB."
NO_FILE = "Pilih paling sedikit satu berkas .yaml lebih dulu."


class ManyFilesInput(forms.FileInput):
    """The browser's own choice of files, several at once."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"accept": ".yaml,.yml"})


class ManyFilesField(forms.FileField):
    """Name -> bytes of files small enough to be read at once."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> dict[str, bytes]:
        """Every file by its name. Refuses none, too many, one name twice, and a file too large to be a regulation."""
        sent: Sequence[UploadedFile] = [item for item in (data or []) if item]
        if not sent:
            raise forms.ValidationError(NO_FILE)
        if len(sent) > MAX_FILES:
            raise forms.ValidationError(f"Paling banyak {MAX_FILES} berkas; Anda memilih {len(sent)}.")
        found: dict[str, bytes] = {}
        for file in sent:
            name = file.name or ""
            if name in found:
                raise forms.ValidationError(f"{name[:60]} dipilih dua kali. Beri nama yang berbeda.")
            if (file.size or 0) > MAX_FILE_BYTES:
                raise forms.ValidationError(
                    f"{name[:60]}: terlalu besar. Satu berkas paling besar {MAX_FILE_BYTES // 1024} KB."
                )
            found[name] = file.read()
        return found


class FilesForm(PortalForm):
    """Documents and cases to keep in a draft."""

    files = ManyFilesField(
        label="Berkas YAML",
        help_text=f"Dokumen dan contoh perhitungan, paling banyak {MAX_FILES} berkas. Nama yang sama diganti.",
    )

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.too_large = too_large

    def clean(self) -> dict[str, Any]:
        """What was too large never arrived: say that instead of asking for it again."""
        cleaned = super().clean()
        if self.too_large:
            self._errors.clear()
            self.add_error("files", TOO_LARGE)
        return cleaned


class NewDraftForm(FilesForm):
    """A draft begins with a title and its first files."""

    title = forms.CharField(
        label="Judul",
        max_length=250,
        help_text="Sebutan rancangan ini, misalnya: TPP 2027 menurut Pergub 12/2026.",
        error_messages={
            "required": "Tulis judulnya.",
            "max_length": "Judul terlalu panjang (paling banyak 250 huruf).",
        },
    )
    field_order = ("title", "files")


class AdoptForm(PortalForm):
    """What was seen, and that it was read."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    read = forms.BooleanField(
        label="Saya sudah membaca dokumen, perbedaannya, contohnya, dan akibatnya",
        error_messages={"required": "Beri tanda bahwa Anda sudah membacanya."},
    )


class DiscardForm(PortalForm):
    """Throwing away is asked for once more."""

    sure = forms.BooleanField(
        label="Ya, buang rancangan ini beserta semua berkasnya",
        error_messages={"required": "Beri tanda bahwa rancangan ini boleh dibuang."},
    )
