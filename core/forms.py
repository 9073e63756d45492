"""The form that every page of the portal uses: the theme's classes and the ids that error texts hang on."""

from django import forms

CLASSES = {"checkbox": "form-check-input", "radio": "form-check-input", "select": "form-select"}


class PortalForm(forms.Form):
    """Fields look like the theme; no asterisks, the optional ones say so; the browser's own bubbles stay off."""

    use_required_attribute = False
    label_suffix = ""

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        dress(self)


class PortalModelForm(forms.ModelForm):
    """As PortalForm, for a model."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        dress(self)


def dress(form: forms.BaseForm) -> None:
    """Give every visible widget the theme's class, and a broken field what a screen reader needs."""
    for name, field in form.fields.items():
        widget = field.widget
        if widget.is_hidden:
            continue
        kind = getattr(widget, "input_type", "")
        widget.attrs.setdefault("class", CLASSES.get(kind, "form-control"))
        if form.is_bound and name in form.errors and kind not in ("radio",):
            widget.attrs["aria-invalid"] = "true"
            described = [form[name].auto_id + "_helptext"] if field.help_text else []
            widget.attrs["aria-describedby"] = " ".join([*described, form[name].auto_id + "_error"])
