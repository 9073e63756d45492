"""Addresses of regulations. An id is any text, a slash included, so fixed words stand before it, endings too."""

from django.urls import path, register_converter

from wfh_portal.regulations import documents, drafts


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

DRAFT = "rancangan/<int:pk>/"

app_name = "regulations"
urlpatterns = [
    path("", documents.list_page, name="list"),
    path("rancangan/", drafts.list_page, name="drafts"),
    path("rancangan/mulai/<slug:topic>/", drafts.starter, name="starter"),
    path(DRAFT, drafts.draft_page, name="draft"),
    path(f"{DRAFT}berkas/", drafts.draft_files, name="draft_files"),
    path(f"{DRAFT}berkas/<int:file_pk>/", drafts.draft_file, name="draft_file"),
    path(f"{DRAFT}hapus-berkas/", drafts.draft_remove, name="draft_remove"),
    path(f"{DRAFT}buang/", drafts.draft_discard, name="draft_discard"),
    path(f"{DRAFT}berlakukan/", drafts.draft_adopt, name="draft_adopt"),
    path("<document_id:document_id>/teks/", documents.download, name="text"),
    path("<document_id:document_id>/banding/", documents.compare, name="compare"),
    path("<document_id:document_id>/", documents.document_page, name="document"),
]
