"""Addresses of the endpoints, of their schema and of its page."""

from django.urls import path

from allowances import api as allowances
from core import addresses  # noqa: F401  `<day:on>`
from wfh_portal import api

RUN = "runs/<int:pk>/"
SLIP = f"{RUN}people/<int:person>/slip/"

app_name = "api"
urlpatterns = [
    path("", api.documentation, name="documentation"),
    path("schema/", api.Schema.as_view(), name="schema"),
    path("runs/", allowances.Runs.as_view(), name="runs"),
    path(RUN, allowances.OneRun.as_view(), name="run"),
    path(f"{RUN}people/", allowances.RunPeople.as_view(), name="run_people"),
    path(SLIP, allowances.PersonSlip.as_view(), name="slip"),
    path(f"{SLIP}days/<day:on>/", allowances.PersonSlipDay.as_view(), name="slip_day"),
    path("my/slips/", allowances.OwnSlips.as_view(), name="own_slips"),
    path("my/slips/<int:pk>/", allowances.OwnSlip.as_view(), name="own_slip"),
    path("my/slips/<int:pk>/days/<day:on>/", allowances.OwnSlipDay.as_view(), name="own_slip_day"),
    path("documents/", api.Documents.as_view(), name="documents"),
    path("documents/<str:document_id>/", api.OneDocument.as_view(), name="document"),
    path("<path:rest>", api.Unknown.as_view(), name="unknown"),
]
