"""Writes on accounts: first codes, passwords, ends of sessions. Each is one transaction."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F

from accounts.models import SignInAttempt, User
from accounts.throttle import begin
from core.errors import PortalError

CODE_LIFETIME = timedelta(hours=72)
# Without 0 O 1 I L U: a code is read aloud and typed from paper. 8 of 30 letters are 6.5 * 10**11 codes.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8


class WrongCode(PortalError):
    """Account, code or time is wrong; it does not say which."""

    def __init__(self) -> None:
        super().__init__("Nama pengguna atau kode salah, atau kode sudah lewat masa berlakunya. Mintalah kode baru.")


@transaction.atomic
def issue_first_code(user: User, at: datetime, forget_second_factors: bool = False) -> str:
    """Make a one-time code for the first sign-in, or after a forgotten password; returns it, only its hash is kept.

    The old password and every session end at once. `forget_second_factors` is for a lost phone.
    """
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    user.first_code_hash = make_password(code)
    user.first_code_expires_at = at + CODE_LIFETIME
    user.set_unusable_password()
    user.session_epoch += 1
    user.save(update_fields=["first_code_hash", "first_code_expires_at", "password", "session_epoch"])
    if forget_second_factors:
        user.authenticator_set.all().delete()
    return f"{code[:4]}-{code[4:]}"


def redeem_first_code(username: str, code: str, password: str, network: str | None, at: datetime) -> User:
    """Set `password` where `code` is the account's; raises TooManyAttempts or WrongCode, else returns the account."""
    attempt = begin(username, network, at)
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    with transaction.atomic():
        user = User.objects.select_for_update().filter(username__iexact=username.strip()).first()
        # The hash is computed in every case, so that the answer takes as long for an account that is not there.
        kept = user.first_code_hash if user and user.first_code_hash else make_password(secrets.token_hex(4))
        fits = check_password(typed, kept)
        usable = user is not None and user.is_active and bool(user.first_code_hash)
        fresh = user is not None and user.first_code_expires_at is not None and at < user.first_code_expires_at
        if not (fits and usable and fresh):
            raise WrongCode
        user.first_code_hash, user.first_code_expires_at = "", None
        user.set_password(password)
        user.session_epoch = F("session_epoch") + 1
        user.save(update_fields=["first_code_hash", "first_code_expires_at", "password", "session_epoch"])
    attempt.accept()
    user.refresh_from_db()
    return user


def end_sessions(user_ids: Iterable[int]) -> int:
    """End every session of these accounts, as when a role changes or a person leaves; returns how many accounts."""
    return User.objects.filter(pk__in=list(user_ids)).update(session_epoch=F("session_epoch") + 1)


def set_active(user_ids: Iterable[int], active: bool) -> int:
    """Open or close accounts; a closed one loses its sessions at once. Returns how many accounts."""
    return User.objects.filter(pk__in=list(user_ids)).update(is_active=active, session_epoch=F("session_epoch") + 1)


def forget_attempts(before: datetime) -> int:
    """Delete attempts to sign in that are older than `before`: whose they were is personal data. Returns how many."""
    return SignInAttempt.objects.filter(at__lt=before).delete()[0]
