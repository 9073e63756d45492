"""The floor of the check-in: a view that reads the session and writes one row, beside the portal's own addresses."""

from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import include, path
from django.views.decorators.http import require_POST

# Made like the table of punches, with its indexes, for the time of the measure.
TABLE = "bench_floor"
ADDRESS = "bench/floor/"
INSERT = f"""
INSERT INTO {TABLE} (person_id, verb, at, work_date, source, request_key, receipt_number, receipt_code, delivered_at,
                     provisional, evidence_hash)
VALUES (%s, 'in', now(), current_date, 'browser', %s, '', %s, now(), false, '')
"""


@require_POST
def floor(request: HttpRequest) -> HttpResponse:
    """Read the session, write one row, commit, lead on."""
    account, key = request.session[SESSION_KEY], request.POST["key"]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [account, key, key])
    return HttpResponseRedirect("/absen/")


urlpatterns = [path(ADDRESS, floor), path("", include("wfh_portal.urls"))]
