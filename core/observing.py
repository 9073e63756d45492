"""What every request leaves behind: an id, one log line, and a place in the counts that monitoring reads.

Addresses carry ids and searches carry names, so routes are named and never quoted.
"""

import logging
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

from core.logs import REQUEST_ID

logger = logging.getLogger("portal.request")
# Asked every few seconds by machines; only their failures are news.
QUIET_ROUTES = frozenset({"healthz", "readyz", "metrics"})
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
REQUESTS = Counter("portal_http_requests_total", "Requests answered", ["route", "method", "status"])
DURATION = Histogram("portal_http_request_seconds", "Time until the answer was ready", ["route"], buckets=SECONDS)
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


class ObservedMiddleware:
    """Gives each request an id (also in the answer, X-Request-ID), measures it, counts it and writes one line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and tell what it took."""
        # Made here and not taken from the request: a stranger's text does not belong in a log.
        request_id = secrets.token_hex(8)
        token, started = REQUEST_ID.set(request_id), time.perf_counter()
        try:
            response = self.get_response(request)
            self._tell(request, response, time.perf_counter() - started)
        finally:
            REQUEST_ID.reset(token)
        response["X-Request-ID"] = request_id
        return response

    def _tell(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        route = route_of(request)
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(route, method, response.status_code).inc()
        DURATION.labels(route).observe(seconds)
        if route in QUIET_ROUTES and response.status_code < 400:
            return
        # Only where the session was opened: to look would ask the database.
        user = request.__dict__.get("_cached_user")
        logger.info(
            "%s %s %s",
            method,
            route,
            response.status_code,
            extra={
                "route": route,
                "method": method,
                "status": response.status_code,
                "duration_ms": round(seconds * 1000, 1),
                "user_id": getattr(user, "pk", None),
            },
        )


def route_of(request: HttpRequest) -> str:
    """Name of the route that answered; `none` where no route fitted."""
    match = getattr(request, "resolver_match", None)
    return match.view_name if match and match.view_name else "none"
