"""Forms of sign-in and second factors, with the portal's look and words."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from core.forms import PortalForm, dress

PASSWORD_HELP = "Paling sedikit 12 huruf. Jangan nama Anda, nama pengguna, atau kata sandi yang banyak dipakai orang."
CODE_HELP = "6 angka dari aplikasi autentikator, atau satu kode cadangan."


class Look:
    """Labels, helps and classes for a form that comes from a library."""

    words: dict[str, tuple[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        for name, (label, help_text) in self.words.items():
            if name in self.fields:
                field = self.fields[name]
                field.label, field.help_text = label, help_text
                field.widget.attrs.pop("placeholder", None)
        dress(self)


class SignInForm(Look, account_forms.LoginForm):
    words = {
        "login": ("Nama pengguna", "Biasanya NIP atau NI PPPK Anda, 18 angka tanpa spasi."),
        "password": ("Kata sandi", ""),
    }


class ConfirmPasswordForm(Look, account_forms.ReauthenticateForm):
    words = {"password": ("Kata sandi", "")}


class ChangePasswordForm(Look, account_forms.ChangePasswordForm):
    words = {
        "oldpassword": ("Kata sandi lama", ""),
        "password1": ("Kata sandi baru", PASSWORD_HELP),
        "password2": ("Kata sandi baru, sekali lagi", ""),
    }


class SetPasswordForm(Look, account_forms.SetPasswordForm):
    words = {
        "password1": ("Kata sandi baru", PASSWORD_HELP),
        "password2": ("Kata sandi baru, sekali lagi", ""),
    }


class SecondFactorForm(Look, factor_forms.AuthenticateForm):
    words = {"code": ("Kode", CODE_HELP)}


class ConfirmSecondFactorForm(Look, factor_forms.ReauthenticateForm):
    words = {"code": ("Kode", CODE_HELP)}


class AddAppForm(Look, ActivateTOTPForm):
    words = {"code": ("Kode dari aplikasi", "6 angka yang sedang tampil di aplikasi.")}


class AddPasskeyForm(Look, AddWebAuthnForm):
    words = {
        "name": ("Nama passkey", "Supaya Anda mengenalinya, misalnya: HP pribadi."),
        "passwordless": (
            "Masuk dengan passkey ini saja, tanpa kata sandi",
            "Perangkat akan meminta sidik jari, wajah atau PIN.",
        ),
    }


class RenamePasskeyForm(Look, EditWebAuthnForm):
    words = {"name": ("Nama passkey", "")}


class FirstCodeForm(PortalForm):
    """First sign-in, or a new password after a forgotten one, with a code from the personnel office."""

    username = forms.CharField(
        label="Nama pengguna",
        max_length=150,
        help_text="Biasanya NIP atau NI PPPK Anda, 18 angka tanpa spasi.",
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    code = forms.CharField(
        label="Kode sekali pakai",
        max_length=20,
        help_text="8 huruf dan angka dari pengelola kepegawaian, misalnya ABCD-2345.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )
    password1 = forms.CharField(
        label="Kata sandi baru",
        strip=False,
        help_text=PASSWORD_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="Kata sandi baru, sekali lagi",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Both passwords are the same and strong enough, before the code is looked at."""
        data = super().clean() or {}
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", "Kedua kata sandi tidak sama. Ketik sekali lagi.")
        elif first:
            try:
                validate_password(first)
                if data.get("username", "").lower() in first.lower() and data.get("username"):
                    self.add_error("password1", "Kata sandi tidak boleh memuat nama pengguna.")
            except ValidationError as error:
                self.add_error("password1", error)
        return data
