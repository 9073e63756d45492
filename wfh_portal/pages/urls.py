"""Addresses of home pages. Their names have no namespace: the frame of every page uses them."""

from django.urls import path

from wfh_portal.pages import grants, views
from wfh_portal.pages.first_codes import first_codes
from wfh_portal.pages.nights import nights
from wfh_portal.pages.status import status

urlpatterns = [
    path("", views.home, name="home"),
    path("tampilan/", views.display, name="display"),
    path("gaya/", views.style, name="style"),
    path("hak-akses/", grants.grants, name="grants"),
    path("hak-akses/<int:pk>/akhiri/", grants.end, name="end_grant"),
    path("malam/", nights, name="nights"),
    path("keadaan/", status, name="status"),
    path("kode-masuk/", first_codes, name="first_codes"),
]
