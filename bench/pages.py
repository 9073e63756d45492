"""Every page, opened as every demonstration account by following links: SQL statements, bytes of HTML, seconds.

A page that lists people must cost the same at any size of the province. Nothing but GET is asked, so nothing changes.
"""

import re
import statistics
import time
from collections import Counter
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve
from django.utils import timezone

from accounts.freshness import mark_fresh
from accounts.models import User
from bench.measure import Measure, PeakMemory

# Budgets of one page: statements, bytes.
MOST_STATEMENTS, MOST_BYTES = 15, 100_000
EXAMPLES_A_PAGE = 3  # pages of one route that are opened, of an account
WORST = 12
LINK = re.compile(rb'<a\b[^>]*?\bhref="([^"#]+)')
SIGN_OUT = "/keluar/"
# Downloads are no pages: the sheet has a measure of its own, and a PDF of a whole province takes minutes.
FILES = frozenset({"run_file", "slip_pdf", "my_slip_pdf", "effect_file", "upload_findings", "draft_file"})


@dataclass(frozen=True)
class Opened:
    """What one page cost."""

    route: str
    account: str
    path: str
    statements: int
    size_bytes: int
    seconds: float


def measure(size: int) -> list[Measure]:
    """One line for all pages: the slowest page beside the plainest (the floor: session, person, rights, frame)."""
    prepare()
    with PeakMemory() as memory:
        opened = [page for account in accounts() for page in walk(account)]
    seconds = [page.seconds for page in opened]
    detail = {
        "pages": len(opened),
        "routes": len({page.route for page in opened}),
        "most_statements": max(page.statements for page in opened),
        "most_bytes": max(page.size_bytes for page in opened),
        "over_budget": [_words(page) for page in opened if not within(page)],
        "by_statements": [_words(page) for page in sorted(opened, key=lambda page: -page.statements)[:WORST]],
        "by_bytes": [_words(page) for page in sorted(opened, key=lambda page: -page.size_bytes)[:WORST]],
        "by_seconds": [_words(page) for page in sorted(opened, key=lambda page: -page.seconds)[:WORST]],
        "median_seconds": round(statistics.median(seconds), 4),
    }
    return [Measure("pages", size, max(seconds), min(seconds), round(memory.mb, 1), detail)]


def within(page: Opened) -> bool:
    """Whether the page keeps both budgets."""
    return page.statements <= MOST_STATEMENTS and page.size_bytes <= MOST_BYTES


def _words(page: Opened) -> str:
    return f"{page.account} {page.path}: {page.statements} SQL, {page.size_bytes} B, {page.seconds:.3f} s"


def prepare() -> None:
    """The last whole month has a run to look at."""
    from allowances.models import Run
    from allowances.operations import draft_run
    from core.period import previous_month
    from roster.models import Government

    government = Government.objects.get(demonstration=True)
    if not Run.objects.filter(government=government).exists():
        now = timezone.now()
        draft_run(government, previous_month(timezone.localdate(now).replace(day=1)), now)


def accounts() -> list[User]:
    """The demonstration's accounts, each with other rights."""
    return list(User.objects.filter(is_active=True).exclude(password="").order_by("username")[:12])


def walk(user: User) -> list[Opened]:
    """Open the home page and whatever can be reached from it by links, a few examples of each address."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    session = client.session
    mark_fresh(session, timezone.now())
    session.save()
    waiting, seen, examples, opened = ["/"], {"/"}, Counter[str](), []
    while waiting:
        path = waiting.pop(0)
        route = _route(path)
        if route is None or examples[route] >= EXAMPLES_A_PAGE:
            continue
        examples[route] += 1
        page, answer = open_page(client, user, route, path)
        if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        opened.append(page)
        for link in LINK.findall(answer.content):
            target = urljoin(path, unescape(link.decode()))
            if target not in seen and not urlsplit(target).netloc:
                seen.add(target)
                waiting.append(target)
    return opened


def open_page(client: Client, user: User, route: str, path: str) -> tuple[Opened, HttpResponse]:
    """Ask once unmeasured, as a page is usually asked again, then count."""
    client.get(path)
    with CaptureQueriesContext(connection) as statements:
        started = time.perf_counter()
        answer = client.get(path)
        seconds = time.perf_counter() - started
    size_bytes = 0 if answer.streaming else len(answer.content)
    return Opened(route, user.username, path, len(statements), size_bytes, seconds), answer


def _route(path: str) -> str | None:
    """Name of the address; two views of one address (another filter) count as two."""
    parts = urlsplit(path)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    if parts.path == SIGN_OUT or match.url_name in FILES:
        return None
    keys = ",".join(sorted(re.findall(r"([^=&]+)=", parts.query)))
    return f"{match.view_name}?{keys}"
