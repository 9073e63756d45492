"""The morning that a load is sent into: accounts, sessions and plans of a day for many people, and all gone again.

Everything made here carries MARK, so that `clear` also removes what an interrupted run has left.
"""

import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from urllib.parse import urlencode

import psycopg2
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.db.models import Count
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils import timezone

from accounts.models import User
from attendance.clock import work_date_of
from attendance.models import DayPlan
from attendance.operations.plans import plan_day
from attendance.operations.punches import PRESSES_EXPECTED
from attendance.tokens import make_token
from bench.floor_view import ADDRESS, TABLE
from core.copying import new_ids
from roster.models import Government, Person

MARK = "bench-"
BATCH = 5_000
# A phone's browser; what it sends is part of what the server must read.
HEADERS = (
    "User-Agent: Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
    "Accept: text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language: id-ID,id;q=0.9",
    "Accept-Encoding: gzip, deflate",
)
CLEAR = f"""
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE attendance_punch DISABLE TRIGGER USER;
CREATE TEMPORARY TABLE gone ON COMMIT DROP AS
    SELECT id FROM attendance_punch WHERE work_date >= current_date - 2 AND request_key LIKE '{MARK}%';
DELETE FROM attendance_punchevidence WHERE punch_id IN (SELECT id FROM gone);
DELETE FROM attendance_punch WHERE id IN (SELECT id FROM gone);
DELETE FROM attendance_punchattempt WHERE request_key LIKE '{MARK}%';
ALTER TABLE attendance_punch ENABLE TRIGGER USER;
DELETE FROM django_session WHERE session_key LIKE '{MARK}%';
UPDATE roster_person SET user_id = NULL
WHERE user_id IN (SELECT id FROM accounts_user WHERE username LIKE '{MARK}%');
DELETE FROM accounts_user WHERE username LIKE '{MARK}%';
DROP TABLE IF EXISTS {TABLE};
"""
TOUCHED = "accounts_user, django_session, roster_person, attendance_dayplan, attendance_punch, attendance_punchevidence"
FLOOR_TABLE = f"""
CREATE TABLE {TABLE} (LIKE attendance_punch INCLUDING ALL);
GRANT SELECT, INSERT ON {TABLE} TO {{role}};
"""


@dataclass(frozen=True)
class Presser:
    """Somebody who is signed in: the account, the session's key and the secret of the CSRF cookie."""

    person_id: int
    session: str
    secret: str


class Morning:
    """Signed-in people who are expected to press today, and the requests that their browsers send."""

    def __init__(self, people: int) -> None:
        self.government = Government.objects.annotate(people=Count("person")).order_by("-people")[0]
        self.at = timezone.now()
        self.on = work_date_of(self.at, self.government.zone)
        clear()
        self.had_plans = DayPlan.objects.filter(work_date=self.on, person__government=self.government).exists()
        self.opened = self._plan()
        self.people = self._sign_in(people)
        self._pressed = 0
        as_owner(FLOOR_TABLE.format(role=settings.APPLICATION_DATABASE_ROLE))
        # Else the server cleans up after all this within the first minute that is measured.
        as_owner(f"VACUUM ANALYZE {TOUCHED}", alone=True)

    def _plan(self) -> bool:
        """Everybody's plan of today; True where it is a free day, on which all were called to the office."""
        plan_day(self.government, self.on, self.at)
        today = DayPlan.objects.filter(work_date=self.on, person__government=self.government)
        if today.filter(place__in=PRESSES_EXPECTED).count() * 2 > today.count():
            return False
        today.update(place="office")
        return True

    def _sign_in(self, wanted: int) -> list[Presser]:
        expected = DayPlan.objects.filter(work_date=self.on, place__in=PRESSES_EXPECTED)
        rows = Person.objects.filter(government=self.government, user=None, pk__in=expected.values("person_id"))
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[:wanted])
        made = []
        for begin in range(0, len(ids), BATCH):
            made += self._open_accounts(ids[begin : begin + BATCH])
        return made

    def _open_accounts(self, person_ids: Sequence[int]) -> Iterator[Presser]:
        account_ids = new_ids(User._meta.db_table, len(person_ids))
        users = [
            User(pk=pk, username=f"{MARK}{pk}", full_name=f"Pegawai {pk}", password=make_password(None))
            for pk in account_ids
        ]
        User.objects.bulk_create(users)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE roster_person SET user_id = pair.user_id "
                "FROM unnest(%s::bigint[], %s::bigint[]) AS pair (id, user_id) WHERE roster_person.id = pair.id",
                [list(person_ids), account_ids],
            )
        keys = open_sessions(users)
        return (Presser(*each, secrets.token_hex(16)) for each in zip(person_ids, keys, strict=True))

    def presses(self, count: int, port: int) -> list[str]:
        """`count` presses: everybody's arrival in turn, then departures, each with a page and key of its own."""
        return [self._press(port) for _ in range(count)]

    def _press(self, port: int) -> str:
        presser = self.people[self._pressed % len(self.people)]
        verb = "in" if self._pressed < len(self.people) else "out"
        self._pressed += 1
        form = {
            "token": self.token(presser.person_id, verb),
            "key": f"{MARK}{secrets.token_urlsafe(12)}",
            **({"sure": "1"} if verb == "out" else {}),
        }
        return post("/absen/", port, presser, form)

    def token(self, person_id: int, verb: str) -> str:
        """The token of a page that was made when the morning began."""
        return make_token(person_id, verb, self.on, self.at)

    def floors(self, count: int, port: int) -> list[str]:
        """`count` requests to the floor, by the same people with the same form."""
        requests = []
        for number in range(count):
            presser = self.people[number % len(self.people)]
            form = {"token": self.token(presser.person_id, "in"), "key": f"{MARK}{secrets.token_urlsafe(12)}"}
            requests.append(post(f"/{ADDRESS}", port, presser, form))
        return requests

    def pages(self, count: int, port: int) -> list[str]:
        """`count` times the page with the two buttons, which also a person opens who has pressed before."""
        return [get("/absen/", port, self.people[-1 - number % len(self.people)]) for number in range(count)]

    def receipts(self, port: int, count: int) -> list[str]:
        """The receipts of the first `count` people who have pressed."""
        by_person = {one.person_id: one for one in self.people}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT person_id, receipt_code FROM attendance_punch "
                "WHERE work_date = %s AND request_key LIKE %s ORDER BY id LIMIT %s",
                [self.on, f"{MARK}%", count],
            )
            found = cursor.fetchall()
        return [get(f"/absen/bukti/{code}/", port, by_person[person_id]) for person_id, code in found]

    def end(self) -> None:
        """As it was before."""
        clear()
        if not self.had_plans:
            DayPlan.objects.filter(work_date=self.on, person__government=self.government).delete()
        elif self.opened:
            plan_day(self.government, self.on, timezone.now())
        as_owner(f"VACUUM ANALYZE {TOUCHED}", alone=True)


def open_sessions(users: Sequence[User]) -> list[str]:
    """A session as a sign-in leaves it for each account, in the database and read once, so that the cache knows it."""
    store_class = import_module(settings.SESSION_ENGINE).SessionStore
    keys = [f"{MARK}{secrets.token_hex(13)}" for _ in users]
    coder, expire_at = store_class(), timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    rows = []
    for key, user in zip(keys, users, strict=True):
        data = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
        rows.append(Session(session_key=key, session_data=coder.encode(data), expire_date=expire_at))
    Session.objects.bulk_create(rows)
    for key in keys:
        if not store_class(session_key=key).load():
            raise UpdateError("Sesi uji tidak terbaca kembali.")
    return keys


def clear() -> None:
    """Remove whatever carries MARK, as the owner: nobody else may take a punch away."""
    keys = Session.objects.filter(session_key__startswith=MARK).values_list("session_key", flat=True)
    store = import_module(settings.SESSION_ENGINE).SessionStore
    cache.delete_many([store.cache_key_prefix + key for key in keys])
    as_owner(CLEAR)


def as_owner(statements: str, alone: bool = False) -> None:
    """Run statements as the owner of the tables, in one transaction, or each by itself."""
    owner = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    try:
        owner.autocommit = alone
        with owner.cursor() as cursor:
            cursor.execute(statements)
        if not alone:
            owner.commit()
    finally:
        owner.close()


def post(path: str, port: int, presser: Presser, form: dict[str, str]) -> str:
    """A form as the page sends it, with the CSRF pair."""
    request = HttpRequest()
    request.META["CSRF_COOKIE"] = presser.secret
    body = urlencode({"csrfmiddlewaretoken": get_token(request), **form})
    more = (
        f"Origin: http://127.0.0.1:{port}",
        f"Referer: http://127.0.0.1:{port}/absen/",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    )
    return _request("POST", path, port, presser, more) + body


def get(path: str, port: int, presser: Presser) -> str:
    """A page as a signed-in browser asks for it."""
    return _request("GET", path, port, presser, ())


def _request(method: str, path: str, port: int, presser: Presser, more: Sequence[str]) -> str:
    cookies = f"Cookie: {settings.SESSION_COOKIE_NAME}={presser.session}; {settings.CSRF_COOKIE_NAME}={presser.secret}"
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *HEADERS, *more, cookies, "", ""])
