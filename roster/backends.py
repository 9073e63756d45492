"""How a session finds its account, and with it what the account may do."""

from allauth.account.auth_backends import AuthenticationBackend
from django.utils import timezone

from accounts.models import User
from roster.rights import account_of


class AccountBackend(AuthenticationBackend):
    """django-allauth's, with one statement for the account that every request reads and for its standing today."""

    def get_user(self, user_id: int) -> User | None:
        """The account, unless it is closed."""
        user = account_of(user_id, timezone.localdate())
        return user if user is not None and self.user_can_authenticate(user) else None
