"""What a load balancer asks: can this process reach its database and its cache?"""

import logging
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when database and cache answer, else 503; says which one, and nothing more, since anybody may ask."""
    found = {"database": _works(_ask_database), "cache": _works(_ask_cache)}
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_cache() -> None:
    cache.get("healthz")


def _works(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except Exception:  # noqa: BLE001 - drivers raise many kinds; each means the same to a load balancer
        logger.exception("healthz")
        return False
    return True
