"""A small load of presses: phones with a session each, sent by a few threads, every answer kept."""

import http.client
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.message import Message
from queue import Empty, SimpleQueue
from urllib.parse import urlencode

from attendance.tokens import make_token

CSRF = "c" * 32
TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Phone:
    """One person with a session of their own."""

    person_id: int
    session_key: str
    work_date: str
    government_id: int

    def token(self, verb: str = "in", issued_at: datetime | None = None) -> str:
        """What the check-in page of this person carries, without asking for the page."""
        at = issued_at or datetime.now(UTC) - timedelta(seconds=2)
        return make_token(self.person_id, verb, date.fromisoformat(self.work_date), at)


@dataclass(frozen=True)
class Press:
    """One press with its request key; sent again it is the same press."""

    phone: Phone
    token: str
    key: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    claimed_at: datetime | None = None

    @property
    def fields(self) -> dict[str, str]:
        """The form as the page sends it; a press with a claimed time was queued on the phone."""
        kept = {"key": self.key, "token": self.token, "sure": "1"}
        return kept if self.claimed_at is None else kept | {"queued": "1", "claimed_at": self.claimed_at.isoformat()}


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 when the connection broke."""

    press: Press
    status: int
    location: str = ""
    text: str = ""
    retry_after: str = ""
    seconds: float = 0.0

    @property
    def receipt_code(self) -> str:
        """Code of the receipt, empty without one."""
        kept = self.location.strip("/").split("/")
        return kept[-1] if self.status == 302 and "bukti" in kept else ""


def press_of(phone: Phone, verb: str = "in") -> Press:
    """A press of the page that `phone` has just opened."""
    return Press(phone, phone.token(verb))


class Line:
    """One kept connection to the portal, opened again when it broke."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, phone: Phone | None, path: str, fields: dict[str, str] | None = None) -> tuple[int, Message, str]:
        """Status, headers and text of one request; status 0 where the connection broke."""
        headers = {"Cookie": f"csrftoken={CSRF}" + (f"; sessionid={phone.session_key}" if phone else "")}
        body = None
        if fields is not None:
            body = urlencode(fields)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": CSRF}
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT_SECONDS)
            self._connection.request("GET" if fields is None else "POST", path, body, headers)
            answer = self._connection.getresponse()
            return answer.status, answer.headers, answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            self.close()
            return 0, Message(), repr(error)

    def send(self, press: Press, path: str = "/absen/") -> Answer:
        """Send one press."""
        began = datetime.now(UTC)
        status, headers, text = self.ask(press.phone, path, press.fields)
        seconds = (datetime.now(UTC) - began).total_seconds()
        return Answer(press, status, headers.get("Location", ""), text, headers.get("Retry-After", ""), seconds)

    def close(self) -> None:
        """Give the connection up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def send_all(
    port: int, presses: Sequence[Press], threads: int = 8, between: Callable[[int], None] | None = None
) -> list[Answer]:
    """Send every press once over `threads` connections.

    `between(how many are answered)` is called after each answer, one call at a time.
    """
    waiting: SimpleQueue[Press] = SimpleQueue()
    answers: list[Answer] = []
    one_at_a_time = threading.Lock()
    for press in presses:
        waiting.put(press)

    def work() -> None:
        line = Line(port)
        while True:
            try:
                press = waiting.get_nowait()
            except Empty:
                break
            answers.append(line.send(press))
            if between is not None:
                with one_at_a_time:
                    between(len(answers))
        line.close()

    workers = [threading.Thread(target=work, daemon=True) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(400)
        assert not worker.is_alive()
    return answers
