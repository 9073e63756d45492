"""Addresses of people, units, buildings and phases."""

from django.urls import URLPattern

app_name = "roster"
urlpatterns: list[URLPattern] = []
