"""Addresses of bills and savings."""

from django.urls import path

from savings import views

app_name = "savings"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("gedung/<str:code>/", views.building, name="building"),
]
