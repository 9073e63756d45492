"""How a session finds its account."""

from functools import cache

from allauth.account.auth_backends import AuthenticationBackend
from django.db import connection

from accounts.models import User
from core.rows import columns, instance


class AccountBackend(AuthenticationBackend):
    """django-allauth's, with one plain statement for the account that every request reads."""

    def get_user(self, user_id: int) -> User | None:
        """The account, unless it is closed."""
        with connection.cursor() as cursor:
            cursor.execute(_statement(), [user_id])
            row = cursor.fetchone()
        user = instance(User, row) if row else None
        return user if user is not None and self.user_can_authenticate(user) else None


@cache
def _statement() -> str:
    return f"SELECT {columns(User, 'account')} FROM accounts_user AS account WHERE account.id = %s"
