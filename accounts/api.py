"""What endpoints ask of the sign-in: a fresh one before pay is shown."""

from typing import Any

from django.utils import timezone
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.freshness import FRESH_FOR, is_fresh


class FreshSignIn(BasePermission):
    """The rule of the pay pages (`accounts.freshness`): phones are shared and sessions are long."""

    code = "stale_sign_in"
    message = (
        f"Data ini meminta bukti diri yang tidak lebih lama dari {FRESH_FOR.seconds // 3600} jam. Buka slip atau "
        "halaman TPP di portal, buktikan diri, lalu ulangi."
    )

    def has_permission(self, request: Request, view: Any) -> bool:
        """By the clock at the edge."""
        return is_fresh(request, timezone.now())
