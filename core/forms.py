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


def dress(form: forms.BaseForm) -> None:
    """Give every visible widget the theme's class; Django itself names the texts that describe it."""
    for field in form.fields.values():
        widget = field.widget
        if not widget.is_hidden:
            widget.attrs.setdefault("class", CLASSES.get(getattr(widget, "input_type", ""), "form-control"))
