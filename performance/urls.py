"""Addresses of scores."""

from django.urls import path

from performance import views

app_name = "performance"
urlpatterns = [
    path("", views.my_score, name="my_score"),
    path("nilai/", views.scores, name="scores"),
    path("nilai/<int:pk>/", views.person, name="person"),
]
