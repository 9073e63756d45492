"""Sign-in accounts. What an account may do stands in roster.Grant."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac


class UserManager(BaseUserManager):
    def create_user(self, username: str, password: str | None = None, **fields) -> "User":
        """An account; without a password it can only be opened by a one-time code."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """One account of one person; the link to the roster is roster.Person.user."""

    username = models.CharField("Nama pengguna", max_length=150, unique=True)
    full_name = models.CharField("Nama", max_length=250)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    session_epoch = models.PositiveIntegerField(default=0, help_text="Raised to end every session of the account")
    first_code_hash = models.CharField(max_length=200, blank=True)
    first_code_expires_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []
    objects = UserManager()

    def __str__(self) -> str:
        return self.full_name or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # A session lives as long as both stay: the password, and the epoch that is raised to end it.
        kept = f"{self.password}:{self.session_epoch}"
        return salted_hmac("accounts.User.session", kept, secret=secret, algorithm="sha256").hexdigest()


class SignInAttempt(models.Model):
    """A failed or accepted sign-in, for the throttle and the audit."""

    username = models.CharField(max_length=150, db_index=True)
    network = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(db_index=True)
    succeeded = models.BooleanField()
