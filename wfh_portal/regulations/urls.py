"""Addresses of regulations. A document's id takes any word, so fixed words stand before it."""

from django.urls import path

from wfh_portal.regulations import documents

app_name = "regulations"
urlpatterns = [
    path("", documents.list_page, name="list"),
    path("<str:document_id>/", documents.document_page, name="document"),
    path("<str:document_id>/teks/", documents.download, name="text"),
    path("<str:document_id>/banding/", documents.compare, name="compare"),
]
