"""Addresses of check-in, corrections and day records."""

from django.urls import URLPattern

app_name = "attendance"
urlpatterns: list[URLPattern] = []
