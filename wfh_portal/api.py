"""Endpoints of the portal itself: regulations, the schema with its page, and addresses that are none."""

import logging
import sys
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils import timezone
from django.views import defaults
from django.views.decorators.http import require_GET
from drf_spectacular.utils import OpenApiParameter, extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework import serializers
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Pages, ReadOnlyView, endpoint, paged
from core.unavailable import is_unavailable, retry_after_seconds
from policy.documents import TOPICS
from policy.queries import library
from policy.serializers import DocumentDetailSerializer, DocumentSerializer
from policy.shelf import document_with, shelves
from roster.api import GovernmentView
from roster.calendar import NATIONAL
from roster.models import Role
from roster.rights import require

# Law is public: whoever has any role may read every document, as on the pages of regulations.
EVERYBODY = tuple(Role.values)
ENDPOINTS = "/api/"
logger = logging.getLogger(__name__)


class Asked(serializers.Serializer):
    """What the list may be asked for."""

    on = serializers.DateField(required=False, help_text="Hari berlakunya; bila tidak ada, hari ini")
    jurisdiction = serializers.CharField(
        required=False, max_length=60, help_text="Bila tidak ada: pemerintah sendiri dan peraturan nasional"
    )
    topic = serializers.ChoiceField(required=False, choices=TOPICS)


class Documents(GovernmentView):
    roles = EVERYBODY

    @endpoint(
        "Peraturan/documents", "Peraturan yang berlaku pada suatu hari", paged(DocumentSerializer),
        asks=[Asked, *Pages.parameters],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        asked = Asked(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        on: date = asked.validated_data.get("on") or timezone.localdate()
        named, topic = asked.validated_data.get("jurisdiction"), asked.validated_data.get("topic")
        found = shelves(library(), [named] if named else (request.government.code, NATIONAL), on)
        documents = [item.document for shelf in found if topic in (None, shelf.topic) for item in shelf.now]
        return Pages.answer(self, documents, DocumentSerializer)


class OneDocument(GovernmentView):
    roles = EVERYBODY

    @endpoint(
        "Peraturan/document", "Satu peraturan, dibacakan kalimat demi kalimat", DocumentDetailSerializer,
        asks=[OpenApiParameter("document_id", str, OpenApiParameter.PATH)],
    )  # fmt: skip
    def get(self, request: Request, document_id: str) -> Response:
        document = document_with(library(), document_id)
        if document is None:
            raise Http404
        return Response(DocumentDetailSerializer(document).data)


class Schema(GovernmentView, SpectacularJSONAPIView):
    """OpenAPI 3, made from the endpoints themselves."""

    roles = EVERYBODY


@require_GET
@require(*EVERYBODY)
def documentation(request: HttpRequest) -> HttpResponse:
    """The schema to read and to try, from files of our own and without inline script or style."""
    return render(request, "api/documentation.html")


@extend_schema(exclude=True)
class Unknown(ReadOnlyView):
    """Answers as an endpoint would where there is none."""

    permission_classes = ()
    authentication_classes = ()

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Not there for any method."""
        try:
            super().initial(request, *args, **kwargs)
        except MethodNotAllowed as error:
            raise Http404 from error

    def get(self, request: Request, rest: str) -> Response:
        raise Http404


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What cannot be read: for endpoints as they refuse, else the portal's page."""
    if not request.path_info.startswith(ENDPOINTS):
        return defaults.bad_request(request, exception)
    return JsonResponse({"code": "bad_request", "detail": "Permintaan tidak dapat dibaca."}, status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of the portal, or an outage of its database: for endpoints as they refuse, else the portal's page."""
    error = sys.exception()
    if is_unavailable(error):
        return _unavailable(request, error)
    if not request.path_info.startswith(ENDPOINTS):
        return defaults.server_error(request)
    words = "Ada kesalahan di portal. Coba lagi; bila tetap, laporkan ke administrator dengan waktunya."
    return JsonResponse({"code": "error", "detail": words}, status=500)


def _unavailable(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """503: nothing was stored, and when to come back."""
    words = "Portal sedang tidak dapat menyimpan; tidak ada yang tercatat. Coba lagi sebentar."
    answer: HttpResponse
    if request.path_info.startswith(ENDPOINTS):
        answer = JsonResponse({"code": "unavailable", "detail": words}, status=503)
    else:
        # Without a context: what stands in every page's head would have to be read from the database.
        answer = HttpResponse(loader.get_template("503.html").render(), status=503)
    answer["Retry-After"] = str(retry_after_seconds())
    # One line instead of a trace for each of the thousands that press while the database is away.
    logger.error("503: the database is away (%s)", type(error).__name__)
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer
