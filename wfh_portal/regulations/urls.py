"""Addresses of regulations. An id is any text, a slash included, so fixed words stand before it, endings too."""

from django.urls import path, register_converter

from wfh_portal.regulations import documents


class DocumentId:
    """An id as a document bears it."""

    regex = "(?s:.+)"

    def to_python(self, value: str) -> str:
        """The id itself."""
        return value

    def to_url(self, value: str) -> str:
        """The id itself; Django quotes it."""
        return str(value)


register_converter(DocumentId, "document_id")

app_name = "regulations"
urlpatterns = [
    path("", documents.list_page, name="list"),
    path("<document_id:document_id>/teks/", documents.download, name="text"),
    path("<document_id:document_id>/banding/", documents.compare, name="compare"),
    path("<document_id:document_id>/", documents.document_page, name="document"),
]
