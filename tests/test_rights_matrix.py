"""Every address as every role, on the own government's objects and on a foreign government's."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.rights.matrix import EVERYBODY, LIBRARY, PAGES, Page
from tests.rights.objects import add_objects
from tests.rights.world import World, build_world
from tests.signin import sign_in

pytestmark = pytest.mark.django_db
REFUSED = (403, 404)


def _routes(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            below = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _routes(pattern.url_patterns, below)
        else:
            yield f"{space}{pattern.name}"


def test_every_address_stands_in_the_matrix() -> None:
    routes = {name for name in _routes(get_resolver().url_patterns) if not name.startswith(LIBRARY)}
    assert routes - set(PAGES) == set(), "an address without an expectation in tests/rights/matrix.py"
    assert set(PAGES) - routes == set(), "the matrix names an address that does not exist"


@pytest.fixture
def world() -> World:
    made = build_world()
    add_objects(made.home)
    add_objects(made.abroad)
    return made


def _ask(client: Client, page: Page, url: str) -> int:
    client.raise_request_exception = False
    answer = client.post(url) if page.post_only else client.get(url)
    assert answer.status_code < 500, f"{url}: {answer.status_code}"
    if answer.status_code == 302 and answer.url.startswith("/masuk/"):
        return 302
    return 200 if answer.status_code in (302, 409, 422, 400) else answer.status_code


@pytest.mark.parametrize("name", PAGES)
def test_only_whom_the_matrix_names_may_open(name: str, world: World) -> None:
    page = PAGES[name]
    url = reverse(name, kwargs=page.arguments(world.home) if page.arguments else None)
    visitor = _ask(Client(), page, url)
    refused = (401, 404) if page.api else (302,)
    assert visitor in ((200,) if page.public else refused), f"{url} for a visitor: {visitor}"
    for actor in sorted(EVERYBODY):
        found = _ask(sign_in(Client(), world.home.users[actor]), page, url)
        if actor in page.who or page.public:
            assert found == 200, f"{url} must open for {actor}, not {found}"
        else:
            assert found in REFUSED, f"{url} must be refused to {actor}, not {found}"


FOREIGN = [name for name, page in PAGES.items() if page.arguments and page.owned and not page.public]


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_object_is_not_there_for_anybody(name: str, world: World) -> None:
    page = PAGES[name]
    url = reverse(name, kwargs=page.arguments(world.abroad))
    for actor in sorted(EVERYBODY):
        client = sign_in(Client(), world.home.users[actor])
        for answer in (client.get(url), client.post(url)):
            assert answer.status_code in (*REFUSED, 405), (
                f"{url} of another government for {actor}: {answer.status_code}"
            )


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if page.who != EVERYBODY])
def test_a_page_that_is_refused_takes_no_post_either(name: str, world: World) -> None:
    page = PAGES[name]
    url = reverse(name, kwargs=page.arguments(world.home) if page.arguments else None)
    for actor in sorted(EVERYBODY - page.who):
        client = sign_in(Client(raise_request_exception=False), world.home.users[actor])
        status = client.post(url).status_code
        assert status in (*REFUSED, 405), f"POST {url} by {actor}: {status}"


def test_somebody_without_person_and_grant_sees_nothing(world: World, django_user_model) -> None:
    nobody = sign_in(Client(), django_user_model.objects.create_user("siapa-pun", "kereta-malam-ke-garut"))
    for name, page in PAGES.items():
        if page.public or name in ("home", "account", "end_other_sessions"):
            continue
        url = reverse(name, kwargs=page.arguments(world.home) if page.arguments else None)
        assert _ask(nobody, page, url) in REFUSED, url
