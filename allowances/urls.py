"""Addresses of runs, slips and exports."""

from django.urls import URLPattern

app_name = "allowances"
urlpatterns: list[URLPattern] = []
