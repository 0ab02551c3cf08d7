"""What several hosts share, in Redis: results, counts, a lock, the secret. One setting, ``GENRE_REDIS``, names it.

Results and hits that Redis does not give are made anew and not counted, and the log says so: the page goes on. What
must not be guessed (who has a place, who works alone) is refused until it answers again.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from dashboard.errors import SharedAwayError, StartError
from dashboard.sharing.counts import FullError, short_name
from dashboard.sharing.sealed import key_name, seal, unseal

_log = logging.getLogger(__name__)

PREFIX: Final = "genre:"

_TIMEOUT_SECONDS: Final = 3.0
_LEASE_SECONDS: Final = 30
_SECONDS_BETWEEN_RENEWALS: Final = 10.0
_LOCK_SECONDS: Final = 60.0
_SECRET_BYTES: Final = 32

_ENTER: Final = """
local now = tonumber(redis.call('TIME')[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local all = redis.call('ZRANGE', KEYS[1], 0, -1)
local own = 0
for _, name in ipairs(all) do
  if string.sub(name, 1, #ARGV[1]) == ARGV[1] then own = own + 1 end
end
if own >= tonumber(ARGV[4]) then return 'own' end
if #all >= tonumber(ARGV[3]) then return 'all' end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[5]), ARGV[2])
return 'in'
"""
_RENEW: Final = """
redis.call('ZADD', KEYS[1], 'XX', tonumber(redis.call('TIME')[1]) + tonumber(ARGV[2]), ARGV[1])
"""
_HIT: Final = """
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return n
"""


def connect(url: str) -> Any:
    """Connect to Redis.

    Parameters
    ----------
    url : str
        As ``redis://host:6379/0``, or ``rediss://`` with TLS.

    Returns
    -------
    redis.Redis
        Shared by all threads; its answers are bytes.

    Raises
    ------
    StartError
        If its client is not installed, the URL is none, or it does not answer.
    """
    try:
        import redis
    except ImportError as error:
        raise StartError(
            "GENRE_REDIS is set, but Redis' client is not installed; pip install -r dashboard/requirements-hosts.txt."
        ) from error
    try:
        client = redis.Redis.from_url(url, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=_TIMEOUT_SECONDS)
        client.ping()
    except (redis.RedisError, ValueError) as error:
        raise StartError(
            f"Redis does not answer at GENRE_REDIS ({error}); start it, or correct the address."
        ) from error
    return client


@contextmanager
def answering() -> Iterator[None]:
    """Say in words that Redis does not answer.

    Raises
    ------
    SharedAwayError
        If it does not.
    """
    import redis

    try:
        yield
    except redis.RedisError as error:
        _log.warning("Redis does not answer: %s", error)
        raise SharedAwayError("What the hosts share cannot be reached; try again in a few seconds.") from error


def shared_secret(client: Any) -> str:
    """Give the secret of all hosts; the first one makes it."""
    with answering():
        client.set(PREFIX + "secret", secrets.token_hex(_SECRET_BYTES), nx=True)
        return str(client.get(PREFIX + "secret").decode("ascii"))


class KeptInRedis:
    """Results for all hosts; see `Kept`. Redis makes room by its own policy (``volatile-lru``).

    Parameters
    ----------
    client : redis.Redis
        The connection.
    seconds : float
        After so long without a new result of a track, all of its results go.
    """

    def __init__(self, client: Any, *, seconds: float) -> None:
        self._client = client
        self._seconds = max(1, int(seconds))

    def get(self, key: str, *, of: str) -> bytes | None:
        """Give a result of a track, or None."""
        found = self._tried(lambda: self._client.hget(PREFIX + "kept:" + of, key_name(key)))
        return None if found is None else unseal(found)

    def put(self, key: str, content: bytes, *, of: str) -> None:
        """Keep a result of a track."""
        name = PREFIX + "kept:" + of
        pipeline = self._client.pipeline()
        pipeline.hset(name, key_name(key), seal(content)).expire(name, self._seconds)
        self._tried(pipeline.execute)

    def forget(self, of: str) -> None:
        """Forget all results of a track."""
        self._tried(lambda: self._client.delete(PREFIX + "kept:" + of))

    def _tried(self, ask: Callable[[], Any]) -> Any:
        try:
            with answering():
                return ask()
        except SharedAwayError:
            return None


class CountsInRedis:
    """Counts over all hosts; see `Counts`. A place is a lease: it ends half a minute after its worker did.

    Parameters
    ----------
    client : redis.Redis
        The connection.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._enter = client.register_script(_ENTER)
        self._renew = client.register_script(_RENEW)
        self._hit = client.register_script(_HIT)
        self._lock = threading.Lock()
        self._held: dict[str, str] = {}
        self._ended = threading.Event()
        self._renewing: threading.Thread | None = None

    @contextmanager
    def place(self, group: str, who: str, *, most: int, most_of_one: int) -> Iterator[None]:
        """Have a place; see `Counts`.

        Raises
        ------
        FullError
            If there is none left.
        SharedAwayError
            If Redis does not answer.
        """
        key = f"{PREFIX}places:{group}"
        prefix = short_name(who) + ":"
        token = prefix + secrets.token_hex(8)
        with answering():
            answer = self._enter(keys=[key], args=[prefix, token, most, most_of_one, _LEASE_SECONDS])
        if answer != b"in":
            raise FullError(is_own=answer == b"own")
        with self._lock:
            self._held[token] = key
            if self._renewing is None:
                self._renewing = threading.Thread(target=self._renew_all, name="leases", daemon=True)
                self._renewing.start()
        try:
            yield
        finally:
            with self._lock:
                del self._held[token]
            try:
                with answering():
                    self._client.zrem(key, token)
            except SharedAwayError:
                _log.info("A place is left to its lease.")

    def hits(self, who: str, seconds: float) -> int:
        """Count a request; see `Counts`. While Redis does not answer, nobody is held to a limit."""
        try:
            with answering():
                return int(self._hit(keys=[f"{PREFIX}hits:{short_name(who)}"], args=[max(1, int(seconds))]))
        except SharedAwayError:
            return 0

    def close(self) -> None:
        """End the thread that renews leases."""
        self._ended.set()
        if self._renewing is not None:
            self._renewing.join()

    def _renew_all(self) -> None:
        while not self._ended.wait(_SECONDS_BETWEEN_RENEWALS):
            with self._lock:
                held = list(self._held.items())
            try:
                with answering():
                    for token, key in held:
                        self._renew(keys=[key], args=[token, _LEASE_SECONDS])
            except SharedAwayError:
                _log.info("Leases are renewed when Redis answers again.")


def lock_in(client: Any, name: str) -> Callable[[], Any]:
    """Give a lock over all hosts; entering it raises `SharedAwayError` if Redis does not answer."""

    @contextmanager
    def alone() -> Iterator[None]:
        with answering():
            lock = client.lock(PREFIX + name, timeout=_LOCK_SECONDS, blocking_timeout=_LOCK_SECONDS)
            if not lock.acquire():
                raise SharedAwayError("Another host does not come to an end; try again in a few seconds.")
        try:
            yield
        finally:
            with answering():
                lock.release()

    return alone


def state(client: Any) -> str:
    """Say how it is with Redis: ``ok``, or what is wrong."""
    try:
        with answering():
            client.ping()
    except SharedAwayError:
        return "Redis does not answer"
    return "ok"
