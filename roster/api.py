"""Rights of endpoints: the same roles as the pages', denied by default."""

from typing import Any

from django.utils import timezone
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request

from core.api import ReadOnlyView
from roster.rights import enter


class HasRole(BasePermission):
    """One of the view's `roles` today; sets government, roles, person and standing on the request."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Nobody, where a view names no role."""
        return enter(request, view.roles, timezone.localdate())


class GovernmentView(ReadOnlyView):
    """An endpoint of one's own government for the `roles` that it names."""

    roles: tuple[str, ...] = ()
    permission_classes = [IsAuthenticated, HasRole]
