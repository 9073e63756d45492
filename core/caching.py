"""A cache that may be away: whoever asks it gets an answer at once, and the portal goes on without it.

Valkey holds nothing that cannot be had elsewhere: sessions stand in the database, work stands in job rows. So a cache
that does not answer is a miss, never an error. After a failure the process leaves the server alone for a while, so
that not every request waits for it again (`Breaker`).

Counts against floods (allauth, REST) must not become unlimited meanwhile: the alias with a local fallback keeps them in
the memory of the process until the server is back. Sessions have no fallback: two processes must not remember two.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Unreachable
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as TooSlow
from redis.retry import Retry

logger = logging.getLogger(__name__)
# A cache that takes longer than the database is none.
SOCKET_SECONDS = 0.4
REST_SECONDS = 2.0
# One more try on a connection that had gone stale, as after a restart of the server.
WAITS = {
    "socket_timeout": SOCKET_SECONDS,
    "socket_connect_timeout": SOCKET_SECONDS,
    "retry": Retry(NoBackoff(), 1, supported_errors=(Unreachable,)),
}
LOCAL_ENTRIES = 20_000


class Breaker:
    """Remembers in this process that a server is away; every REST_SECONDS one caller may try it again."""

    def __init__(self, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        """A closed breaker: everybody may call."""
        self._name, self._clock = name, clock
        self._lock = threading.Lock()
        self._next_try_at: float | None = None

    def lets_through(self) -> bool:
        """Whether to call the server now. Of those who ask while it is away, one at a time is sent to look."""
        if self._next_try_at is None:
            return True
        with self._lock:
            now = self._clock()
            if self._next_try_at is None or now >= self._next_try_at:
                self._next_try_at = now + REST_SECONDS
                return True
            return False

    def failed(self, error: Exception) -> None:
        """The server did not answer."""
        with self._lock:
            is_new = self._next_try_at is None
            self._next_try_at = self._clock() + REST_SECONDS
        if is_new:
            logger.warning("%s is away, the portal goes on without it: %s", self._name, type(error).__name__)

    def worked(self) -> None:
        """The server answered."""
        if self._next_try_at is None:
            return
        with self._lock:
            self._next_try_at = None
        logger.warning("%s is back", self._name)


class _Shared:
    """What all threads of a process know of one server: whether it is away, and which keys it holds wrongly."""

    def __init__(self) -> None:
        self.breaker = Breaker("Valkey")
        # Keys whose change or deletion did not arrive. A sign-in takes 200 ms of CPU, so hours cannot make them many.
        self.missed: set[str] = set()
        self.lock = threading.Lock()


_servers: dict[str, _Shared] = {}


def _shared(address: str) -> _Shared:
    return _servers.setdefault(address, _Shared())


def breaker_of(address: str) -> Breaker:
    """The breaker of a server in this process; the task queue on the same server asks it too."""
    return _shared(address).breaker


def is_there(address: str) -> bool:
    """Whether the server answers now; asked at most once in REST_SECONDS while it is away."""
    breaker = breaker_of(address)
    if not breaker.lets_through():
        return False
    try:
        with Redis.from_url(address, **WAITS) as client:
            client.ping()
    except (RedisError, OSError) as error:
        breaker.failed(error)
        return False
    breaker.worked()
    return True


def _soft(name: str, changes: bool = False) -> Callable[..., Any]:
    def call(self: "_SoftClient", *args: Any) -> Any:
        return self.ask(name, args, changes)

    return call


class _SoftClient(RedisCacheClient):
    """Django's client, with short waits, and an answer in any case."""

    def __init__(self, servers: list[str], *, fallback: BaseCache, **options: Any) -> None:
        super().__init__(servers, **WAITS, **options)
        self._fallback = fallback
        self._state = _shared(servers[0])
        self._by_pool: dict[Any, Redis] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Redis:
        """One client for each pool of connections: making one for each question costs more than the answer."""
        pool = self._get_connection_pool(write)
        if pool not in self._by_pool:
            self._by_pool[pool] = super().get_client(key, write=write)
        return self._by_pool[pool]

    add = _soft("add")
    get = _soft("get")
    set = _soft("set", changes=True)
    touch = _soft("touch")
    delete = _soft("delete", changes=True)
    get_many = _soft("get_many")
    has_key = _soft("has_key")
    incr = _soft("incr")
    set_many = _soft("set_many")
    delete_many = _soft("delete_many")

    def ask(self, name: str, args: tuple, changes: bool) -> Any:
        """The server's answer, or the fallback's where the server is away or refuses."""
        if self._state.breaker.lets_through():
            try:
                self._forget_missed()
                answer = getattr(super(), name)(*args)
            except (Unreachable, TooSlow, OSError) as error:
                self._state.breaker.failed(error)
            except RedisError:
                # It answers, but refuses: full, read only, still loading.
                logger.exception("Valkey refused %s", name)
            else:
                self._state.breaker.worked()
                return answer
        if changes:
            with self._state.lock:
                self._state.missed.add(args[0])
        return getattr(self._fallback, name)(*args)

    def _forget_missed(self) -> None:
        """Delete what the server may hold in an old state, before anybody reads it: a signed-out session, say."""
        if not self._state.missed:
            return
        with self._state.lock:
            missed = set(self._state.missed)
        super().delete_many(missed)
        with self._state.lock:
            self._state.missed -= missed


class SoftRedisCache(RedisCache):
    """Django's Redis cache, soft. `OPTIONS["local"]` True: counts go on in this process while the server is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        """As Django makes it from CACHES."""
        super().__init__(server, params)
        options = dict(self._options)
        local = options.pop("local", False)
        bounds = {"OPTIONS": {"MAX_ENTRIES": LOCAL_ENTRIES}}
        options["fallback"] = LocMemCache("while-valkey-is-away", bounds) if local else DummyCache("", {})
        self._class, self._options = _SoftClient, options

    def ping(self) -> None:
        """Ask the server itself, whatever is known about it. Raises what the driver raises."""
        self._cache.get_client().ping()
