"""What watchers and load balancers ask. Neither waits long: a check that hangs says as much as one that fails."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)
PATIENCE_SECONDS = 2.0


class Check:
    """One question, asked in a thread of its own, so that a server that hangs holds up nobody but that thread."""

    def __init__(self, name: str, ask: Callable[[], None]) -> None:
        """`ask` raises where something is wrong."""
        self._name, self._ask = name, ask
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"health-{name}")
        self._running: Future | None = None

    def holds(self) -> bool:
        """Whether the answer came in PATIENCE_SECONDS and was good. While a question hangs no second one is asked."""
        if self._running is None or self._running.done():
            self._running = self._thread.submit(self._ask)
        try:
            self._running.result(PATIENCE_SECONDS)
        except TookTooLong:
            logger.error("healthz: %s does not answer in %s s", self._name, PATIENCE_SECONDS)
            return False
        except Exception as error:  # noqa: BLE001 - drivers raise many kinds; each means the same here
            logger.error("healthz: %s: %s", self._name, type(error).__name__)
            return False
        return True


def _ask_database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        # The thread's own connection, new for each question: an old one would tell of the past.
        connection.close()


def _ask_cache() -> None:
    cache.ping()


DATABASE, CACHE = Check("database", _ask_database), Check("cache", _ask_cache)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """For watchers: 200 when database and cache answer, else 503; says which one, since anybody may ask."""
    return _answer({"database": DATABASE.holds(), "cache": CACHE.holds()})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """For load balancers: 200 when requests can be served. The portal serves them without its cache as well."""
    return _answer({"database": DATABASE.holds()})


def _answer(found: dict[str, bool]) -> JsonResponse:
    return JsonResponse(found, status=200 if all(found.values()) else 503)
