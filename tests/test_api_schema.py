"""The endpoints keep what their schema says, whatever they are asked: schemathesis asks, as an auditor."""

import json
from types import SimpleNamespace

import pytest
import schemathesis
from django.conf import settings as portal
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from hypothesis import HealthCheck, settings
from rest_framework.throttling import UserRateThrottle
from schemathesis.specs.openapi.checks import negative_data_rejection

from tests.pay_pages import LATE_ON, Office
from tests.runs import locked
from wfh_portal.wsgi import application

pytestmark = pytest.mark.django_db
FEW = settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
SERVED = json.loads(OpenApiJsonRenderer().render(SchemaGenerator().get_schema(request=None, public=True)))
AUDITOR = {"HTTP_COOKIE": ""}


def as_auditor(environ, start_response):
    # Werkzeug's client keeps cookies of its own and drops those of a header.
    return application(environ | AUDITOR, start_response)


def without_sign_in(described):
    """The wrapper signs in; without it nothing opens (tests/rights)."""
    copy = json.loads(json.dumps(described))
    del copy["components"]["securitySchemes"]
    for methods in copy["paths"].values():
        del methods["get"]["security"]
    return copy


schema = schemathesis.openapi.from_dict(without_sign_in(SERVED))
schema.app = as_auditor


@pytest.fixture
def world(db, monkeypatch):
    """A locked month, and what the addresses of that month are made of."""
    monkeypatch.setattr(UserRateThrottle, "rate", "100000/min", raising=False)
    office = Office()
    run = locked(office.government)
    cookies = office.client("auditor").cookies
    monkeypatch.setitem(AUDITOR, "HTTP_COOKIE", cookies.output(header="", attrs=[], sep=";").strip())
    there = {"id": run.pk, "person": office.wulan.pk, "on": LATE_ON.isoformat(), "document_id": "contoh-tpp"}
    # The test's own transaction outlives a request, as it does with Django's test client.
    for moment in (request_started, request_finished):
        moment.disconnect(close_old_connections)
    yield SimpleNamespace(there=there, office=office)
    for moment in (request_started, request_finished):
        moment.connect(close_old_connections)


@schema.parametrize()
@FEW
def test_every_answer_is_as_described(case, world):
    case.call_and_validate()
    case.path_parameters = {name: world.there[name] for name in case.path_parameters or {}}
    case.call_and_validate(excluded_checks=[negative_data_rejection])


def test_the_served_schema_is_the_one_that_is_tried(world):
    answer = world.office.client("wulan").get("/api/schema/")
    assert answer["Content-Type"].startswith("application/vnd.oai.openapi+json")
    assert answer.json()["paths"].keys() == SERVED["paths"].keys()
    assert answer.json()["components"] == SERVED["components"]
    for path, methods in SERVED["paths"].items():
        assert methods.keys() == {"get"}, path
    assert portal.SESSION_COOKIE_NAME in json.dumps(SERVED["components"]["securitySchemes"])
