"""Where django-allauth asks the portal: no sign-up, the throttle, and words in Indonesian."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from accounts.throttle import TooManyAttempts, begin, network_of

REAUTHENTICATION_WORDS = {
    "reauthenticate": "Pakai kata sandi",
    "mfa_reauthenticate": "Pakai kode dari aplikasi autentikator",
    "mfa_reauthenticate:webauthn": "Pakai passkey",
}


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in of accounts that the personnel office makes; nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Akun ini sedang tidak aktif. Hubungi pengelola kepegawaian unit Anda.",
        "enter_current_password": "Kata sandi lama tidak cocok. Ketik sekali lagi.",
        "incorrect_code": "Kode tidak cocok. Ketik kode yang sedang tampil.",
        "incorrect_password": "Kata sandi tidak cocok. Ketik sekali lagi.",
        "rate_limited": "Terlalu banyak permintaan. Tunggu satu menit, lalu coba lagi.",
        "too_many_login_attempts": str(TooManyAttempts()),
        "username_password_mismatch": "Nama pengguna atau kata sandi salah. Periksa huruf besar dan kecil.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt before the password is looked at."""
        try:
            self._attempt = begin(credentials.get("username", ""), network_of(request), timezone.now())
        except TooManyAttempts as error:
            raise ValidationError(str(error), code="too_many_login_attempts") from error

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Forgive earlier failures once the password is right."""
        user = super().authenticate(request, **credentials)
        if user is not None:
            self._attempt.accept()
        return user

    def _rollback_login_failed_rl_usage(self) -> None:
        """The portal's own throttle forgives through `Attempt.accept`; there is no second count to roll back."""

    def get_reauthentication_methods(self, user: Any) -> list[dict]:
        """Ways to prove oneself again, in Indonesian words."""
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": REAUTHENTICATION_WORDS[method["id"]]} for method in methods]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the home page, with the message."""
        return self.get_login_redirect_url(request)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Passkeys and authenticator apps."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Pengaman kedua ini tidak dapat dilepas.",
        "cannot_generate_recovery_codes": "Kode cadangan baru dapat dibuat setelah pengaman kedua aktif.",
        "incorrect_code": "Kode tidak cocok. Ketik kode yang sedang tampil, sebelum berganti.",
    }

    def get_totp_issuer(self) -> str:
        """Name in the authenticator app."""
        return "Portal Kerja ASN"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name that the device shows."""
        return super().get_public_key_credential_rp_entity() | {"name": "Portal Kerja ASN"}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:
        """First name of a new passkey."""
        return "Passkey"
