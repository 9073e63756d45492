"""Every address of the portal, by app. No admin: it would go round operations and grants."""

from django.urls import include, path

from wfh_portal.health import healthz, readyz
from wfh_portal.metrics import metrics

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    # First, because everybody presses at once, and each address before it would be tried on every press.
    path("", include("attendance.urls")),
    path("", include("wfh_portal.pages.urls")),
    path("", include("accounts.urls")),
    path("kepegawaian/", include("roster.urls")),
    path("kinerja/", include("performance.urls")),
    path("tunjangan/", include("allowances.urls")),
    path("penghematan/", include("savings.urls")),
    path("peraturan/", include("wfh_portal.regulations.urls")),
    path("api/", include("wfh_portal.api_urls")),
]
# Endpoints say in JSON what pages say in HTML.
handler400 = "wfh_portal.api.bad_request"
handler500 = "wfh_portal.api.server_error"
