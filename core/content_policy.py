"""The Content-Security-Policy of every answer, worded once: nothing in this portal differs from page to page."""

from functools import cache
from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse

# What a view's decorators of django-csp leave behind, on the answer or, for a nonce, on the request.
OWN_POLICY = frozenset(
    {"_csp_exempt", "_csp_exempt_ro"}
    | {f"_csp_{kind}{mode}" for kind in ("config", "update", "replace") for mode in ("", "_ro")}
)
_policy = cache(build_policy)


class ContentPolicyMiddleware(CSPMiddleware):
    """django-csp's, which words the policy anew for each answer; a view with a policy of its own still gets it."""

    def process_request(self, request: HttpRequest) -> None:
        """Nothing: no page of this portal carries a script of its own, so none needs a nonce."""

    def process_response(self, request: HttpRequest, response: Any) -> HttpResponse:
        """Set the header, unless the view has set one. Django's pages for developers are left to django-csp."""
        if settings.DEBUG or not OWN_POLICY.isdisjoint(response.__dict__):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, _policy())
        return response
