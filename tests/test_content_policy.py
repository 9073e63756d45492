"""The policy header: the words of django-csp, made once, on every answer; a view's own policy goes first."""

import pytest
from csp.constants import HEADER
from csp.decorators import csp_update
from csp.utils import build_policy
from django.http import HttpResponse
from django.test import RequestFactory

from core.content_policy import ContentPolicyMiddleware


def parts(text: str) -> set[str]:
    return {part.strip() for part in text.split(";")}


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "status"), [("/masuk/", 200), ("/tidak-ada/", 404), ("/absen/", 302)])
def test_every_answer_carries_the_policy_of_the_settings(client, address, status):
    answer = client.get(address)
    assert answer.status_code == status
    assert parts(answer[HEADER]) == parts(build_policy())
    assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= parts(answer[HEADER])


def test_a_view_with_a_policy_of_its_own_gets_it():
    view = csp_update({"img-src": ["https://peta.example"]})(lambda request: HttpResponse("x"))
    answer = ContentPolicyMiddleware(view)(RequestFactory().get("/"))
    assert "img-src 'self' data: https://peta.example" in answer[HEADER]


def test_a_header_that_stands_already_is_left():
    answer = ContentPolicyMiddleware(lambda request: HttpResponse("x", headers={HEADER: "sandbox"}))(
        RequestFactory().get("/")
    )
    assert answer[HEADER] == "sandbox"
