"""What every endpoint shares: reading only, pages of results, refusals in Indonesian, exact numbers as text."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from drf_spectacular.authentication import SessionScheme
from drf_spectacular.utils import (
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    inline_serializer,
)
from rest_framework import exceptions, serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, set_rollback

from core.errors import PortalError
from core.money import exact_text

# What a refusal says where the refusing code says nothing of its own: code -> words.
WORDS = {
    "not_authenticated": "Belum masuk. Masuk dahulu di portal, lalu ulangi dengan cookie sesi itu.",
    "authentication_failed": "Sesi tidak dikenal. Masuk lagi di portal.",
    "permission_denied": "Akun ini tidak berhak atas data ini. Hak akses diberikan oleh administrator.",
    "not_found": "Tidak ada. Alamatnya salah, sudah berubah, atau isinya bukan untuk akun ini.",
    "method_not_allowed": "Antarmuka ini hanya membaca: gunakan GET.",
    "not_acceptable": "Jawaban hanya tersedia sebagai application/json.",
    "invalid": "Ada isian alamat yang tidak dapat dibaca; lihat `fields`.",
}

REFUSED = {
    400: "Isian alamat tidak dapat dibaca",
    401: "Belum masuk",
    403: "Tidak berhak, atau bukti diri terlalu lama",
    404: "Tidak ada",
    429: "Terlalu banyak permintaan; lihat Retry-After",
}


class PortalSession(SessionAuthentication):
    """The session of the portal's own sign-in; who has none is told so with 401."""

    def authenticate_header(self, request: Request) -> str:
        """Named in WWW-Authenticate, without which the answer would be 403."""
        return "Session"


class PortalSessionScheme(SessionScheme):
    """The same in the schema."""

    target_class = PortalSession


class ReadOnlyView(APIView):
    """An endpoint that only reads: another method is refused before anything else is looked at."""

    http_method_names = ["get", "head"]
    authentication_classes = [PortalSession]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse writing first, whoever asks."""
        if request.method is None or request.method.lower() not in self.http_method_names:
            raise exceptions.MethodNotAllowed(str(request.method))
        super().initial(request, *args, **kwargs)


class PageAsked(serializers.Serializer):
    """Which page of how many rows."""

    page = serializers.IntegerField(required=False, min_value=1, help_text="Halaman, mulai dari 1")
    page_size = serializers.IntegerField(
        required=False, min_value=1, max_value=200, help_text="Baris sehalaman; bila tidak ada, 50"
    )


class Pages(PageNumberPagination):
    """`?page=` and `?page_size=`; what cannot be read is refused, not guessed."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    parameters = (PageAsked,)

    @classmethod
    def answer(cls, view: APIView, rows: Any, serializer: type[serializers.BaseSerializer]) -> Response:
        """The page of `rows` that was asked for."""
        PageAsked(data=view.request.query_params.dict()).is_valid(raise_exception=True)
        pages = cls()
        shown = pages.paginate_queryset(rows, view.request, view)
        return pages.get_paginated_response(serializer(shown, many=True).data)


@extend_schema_field({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+|/[0-9]+)?$", "example": "5765000"})
class ExactField(serializers.Field):
    """An exact number as text: `5765000`, `-0.125`, `1000/3` where no decimal ends; null is unknown, never 0."""

    def to_representation(self, value: Any) -> str:
        """Whatever holds exactly: int, Fraction, Decimal."""
        return exact_text(Fraction(value))


class Refusal(serializers.Serializer):
    """Jawaban yang bukan hasil."""

    code = serializers.CharField(help_text="Kode tetap untuk program")
    detail = serializers.CharField(help_text="Kalimat untuk orang: apa, di mana, apa yang dapat dilakukan")
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), required=False, help_text="Isian yang salah"
    )


def paged(serializer: type[serializers.BaseSerializer]) -> Any:
    """What `Pages.answer` answers, for the schema."""
    name = f"Page{serializer.__name__.removesuffix('Serializer')}"
    address = serializers.URLField(allow_null=True)
    fields = {"count": serializers.IntegerField(), "next": address, "previous": address}
    return inline_serializer(name, fields | {"results": serializer(many=True)})


def endpoint(name: str, summary: str, answer: Any, about: str = "", asks: Sequence[Any] = ()) -> Callable:
    """Decorator of `get`: what stands in the schema. `name` is `tag/operation`; refusals of all are added."""
    tag, operation = name.split("/")
    refused = {status: OpenApiResponse(Refusal, REFUSED[status]) for status in (400, 401, 403, 404, 429)}
    answers = {200: OpenApiResponse(answer, "Hasilnya")} | refused
    return extend_schema(
        operation_id=operation, summary=summary, description=about, tags=[tag], parameters=list(asks), responses=answers
    )


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal as `{code, detail}` in Indonesian; None (Django's own answer) for what is no refusal."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, PortalError):
        error = _conflict(str(error))
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    headers = {"WWW-Authenticate": error.auth_header} if getattr(error, "auth_header", None) else {}
    body: dict[str, Any] = {"code": _code(error), "detail": _words(error)}
    if isinstance(error, exceptions.ValidationError):
        body["fields"] = error.detail
    if isinstance(error, exceptions.Throttled) and error.wait:
        headers["Retry-After"] = f"{error.wait:.0f}"
    if isinstance(error, exceptions.MethodNotAllowed):
        headers["Allow"] = ", ".join(getattr(context.get("view"), "allowed_methods", ["GET", "HEAD"]))
    return Response(body, status=error.status_code, headers=headers)


def _conflict(words: str) -> exceptions.APIException:
    error = exceptions.APIException(words, code="conflict")
    error.status_code = 409
    return error


def _code(error: exceptions.APIException) -> str:
    codes = error.get_codes()
    return codes if isinstance(codes, str) else error.default_code


def _words(error: exceptions.APIException) -> str:
    if isinstance(error, exceptions.Throttled):
        return f"Terlalu banyak permintaan. Ulangi sesudah {error.wait or 1:.0f} detik."
    if isinstance(error, exceptions.NotFound) and str(error.detail) != str(error.default_detail):
        return "Halaman hasil itu tidak ada; gunakan `next` dan `previous`."
    return WORDS.get(_code(error)) or str(error.detail)
