"""`python -m bench.load FILE`: an open-loop load of raw HTTP/1.1 requests, by a process of its own.

Requests leave at instants drawn beforehand (Poisson), whether or not earlier ones were answered, and each latency is
counted from the instant at which its request was meant to leave: a server that stalls is charged for everybody who
would have come meanwhile. Connections are kept; a request for which none is free and no more may be opened waits.
"""

import asyncio
import json
import random
import resource
import selectors
import sys
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

CONNECTIONS = 200
ANSWER_SECONDS = 10.0
END_OF_HEAD = b"\r\n\r\n"


@dataclass
class Load:
    """What to send where: `requests` in order, at `rate` a second; it ends when they are used up and answered."""

    host: str
    port: int
    rate: float
    requests: list[str]
    seed: int = 7


@dataclass
class Answers:
    """What came back, one entry a request and in its order; status 0: no answer in time, or the connection broke."""

    latency_ms: list[float] = field(default_factory=list)
    late_ms: list[float] = field(default_factory=list)
    status: list[int] = field(default_factory=list)
    location: list[str] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)
    seconds: float = 0.0
    waiting_at_end: int = 0
    connections: int = 0
    cpu_seconds: float = 0.0


class _Connection(asyncio.Protocol):
    """One kept connection, with at most one request under way."""

    def __init__(self, sender: "_Sender") -> None:
        self._sender = sender
        self._received = b""
        self.number: int | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def send(self, number: int, request: bytes) -> None:
        self.number, self._received = number, b""
        assert self.transport is not None
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(END_OF_HEAD)
        if not found or self.number is None:
            return
        fields = _fields(head)
        if len(body) < int(fields.get("content-length", 0)):
            return
        number, self.number = self.number, None
        self._sender.answered(number, int(head[9:12]), fields.get("location", ""), len(self._received))
        if fields.get("connection", "") == "close":
            self.close()
        else:
            self._sender.free(self)

    def connection_lost(self, _error: Exception | None) -> None:
        self._sender.lost(self)

    def close(self) -> None:
        if self.transport is not None:
            self.transport.close()


def _fields(head: bytes) -> dict[str, str]:
    pairs = (line.split(":", 1) for line in head.decode("latin-1").split("\r\n")[1:])
    return {name.strip().lower(): value.strip() for name, value in pairs}


class _Sender:
    """Sends every request at its instant over the connections that are free."""

    def __init__(self, load: Load) -> None:
        count = len(load.requests)
        self.load = load
        self.requests = [request.encode("latin-1") for request in load.requests]
        self.due = _instants(count, load.rate, load.seed)
        self.answers = Answers([0.0] * count, [0.0] * count, [0] * count, [""] * count, [0] * count)
        self.idle: list[_Connection] = []
        self.open: set[_Connection] = set()
        self.waiting: deque[int] = deque()
        self.opening = 0
        self.unanswered = count
        self.done = asyncio.Event()
        self.started = 0.0

    async def run(self) -> Answers:
        """Send all, wait for the answers (ANSWER_SECONDS after the last at most)."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        self.started = time.perf_counter()
        for number in range(len(self.requests)):
            ahead = self.started + self.due[number] - time.perf_counter()
            if ahead > 0:
                await asyncio.sleep(ahead)
            self.waiting.append(number)
            self._work()
            if number % 16 == 0 and ahead <= 0:
                await asyncio.sleep(0)  # Behind the plan: the answers must still be read.
        self.answers.seconds = time.perf_counter() - self.started
        self.answers.waiting_at_end = self.unanswered
        try:
            await asyncio.wait_for(self.done.wait(), ANSWER_SECONDS)
        except TimeoutError:
            self._give_up()
        ended = resource.getrusage(resource.RUSAGE_SELF)
        self.answers.cpu_seconds = ended.ru_utime + ended.ru_stime - used.ru_utime - used.ru_stime
        for connection in list(self.open):
            connection.close()
        return self.answers

    def _work(self) -> None:
        while self.waiting and self.idle:
            connection = self.idle.pop()
            number = self.waiting.popleft()
            self.answers.late_ms[number] = self._since_due(number)
            connection.send(number, self.requests[number])
        if len(self.waiting) > self.opening and len(self.open) + self.opening < CONNECTIONS:
            self.opening += 1
            opening = asyncio.ensure_future(self._connect())
            opening.add_done_callback(lambda done: done.exception())

    async def _connect(self) -> None:
        try:
            loop = asyncio.get_running_loop()
            _, made = await loop.create_connection(lambda: _Connection(self), self.load.host, self.load.port)
        except OSError:
            if self.waiting:
                self._ended(self.waiting.popleft())  # Refused: this request is lost, the next may try again.
            return
        finally:
            self.opening -= 1
        self.open.add(made)
        self.answers.connections = max(self.answers.connections, len(self.open))
        self.free(made)

    def _since_due(self, number: int) -> float:
        return round((time.perf_counter() - self.started - self.due[number]) * 1_000, 3)

    def _ended(self, number: int) -> None:
        self.answers.latency_ms[number] = self._since_due(number)
        self.unanswered -= 1
        if not self.unanswered:
            self.done.set()

    def _give_up(self) -> None:
        """Whoever has no answer yet has waited at least until now."""
        self.waiting.clear()
        for number, waited_ms in enumerate(self.answers.latency_ms):
            if not waited_ms:
                self.answers.latency_ms[number] = self._since_due(number)

    def answered(self, number: int, status: int, location: str, size: int) -> None:
        self.answers.status[number], self.answers.location[number] = status, location
        self.answers.bytes[number] = size
        self._ended(number)

    def free(self, connection: _Connection) -> None:
        self.idle.append(connection)
        self._work()

    def lost(self, connection: _Connection) -> None:
        self.open.discard(connection)
        if connection in self.idle:
            self.idle.remove(connection)
        if connection.number is not None:
            self._ended(connection.number)
        self._work()


def _instants(count: int, rate: float, seed: int) -> list[float]:
    chance, at, instants = random.Random(seed), 0.0, []  # noqa: S311 - repeatable arrivals, no secret
    for _ in range(count):
        at += chance.expovariate(rate)
        instants.append(at)
    return instants


def main() -> None:
    """Read a Load from the file as JSON, send it, write the Answers beside it as FILE.answers."""
    path = Path(sys.argv[1])
    load = Load(**json.loads(path.read_text(encoding="utf-8")))

    async def send() -> Answers:
        return await _Sender(load).run()

    # select() waits by the microsecond, epoll by the millisecond, which would be counted to the server.
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selectors.SelectSelector())) as runner:
        answers = runner.run(send())
    path.with_suffix(".answers").write_text(json.dumps(asdict(answers)), encoding="utf-8")


if __name__ == "__main__":
    main()
