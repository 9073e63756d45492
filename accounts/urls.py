"""Addresses of sign-in and sessions."""

from django.urls import URLPattern

app_name = "accounts"
urlpatterns: list[URLPattern] = []
