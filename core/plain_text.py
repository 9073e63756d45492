"""Requests whose text the database cannot hold: a NUL character in an address, a question or a form."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

NUL = "\0"


class PlainTextMiddleware:
    """Answers 400 to a NUL: nobody types one, and no text column of PostgreSQL takes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Judge the address before anybody looks something up by it."""
        if NUL in request.path_info or _holds_nul(request.GET):
            raise BadRequest("NUL in the address")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        """Judge the form after the CSRF check has read it."""
        if request.method == "POST" and _holds_nul(request.POST):
            raise BadRequest("NUL in the form")


def _holds_nul(fields: Any) -> bool:
    return any(NUL in name or any(NUL in value for value in values) for name, values in fields.lists())
