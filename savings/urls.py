"""Addresses of bills and savings."""

from django.urls import URLPattern

app_name = "savings"
urlpatterns: list[URLPattern] = []
