"""How much is answered: so many requests a minute for one visitor and one address, and so many at a time for all.

What is beyond that is refused at once and in words, so that what is under way goes on undisturbed.
"""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from flask import Flask, request

from dashboard.errors import OverloadedError, TooManyRequestsError
from dashboard.settings import Settings

_MINUTE_SECONDS: Final = 60.0
_SPARE_THREADS: Final = 2
"""They refuse, and say how the service is."""

_FREE: Final = ("/assets/", "/_dash-component-suites/", "/_favicon.ico")
_SIGNS_OF_LIFE: Final = ("/health", "/ready", "/metrics")
_IN_FLIGHT: Final = "genre.in_flight"
_IPV6_NETWORK_BITS: Final = 64

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class InFlight:
    """Counts requests from their first byte in to their last byte out.

    Parameters
    ----------
    application : callable
        Answers them (WSGI).
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._lock = threading.Lock()
        self._n = 0

    def __call__(self, environment: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request that knows how many there are with it."""
        with self._lock:
            self._n += 1
            environment[_IN_FLIGHT] = self._n
        try:
            answer = self._application(environment, start_response)
        except BaseException:
            self._ended()
            raise
        return _Answer(answer, self._ended)

    def _ended(self) -> None:
        with self._lock:
            self._n -= 1


class _Answer:
    """An answer that tells once when it ends: closed, as servers do, or dropped."""

    def __init__(self, answer: Iterable[bytes], ended: Callable[[], None]) -> None:
        self._answer = answer
        self._blocks = iter(answer)
        self._ended: Callable[[], None] | None = ended

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._blocks)

    def close(self) -> None:
        close = getattr(self._answer, "close", None)
        try:
            if close is not None:
                close()
        finally:
            if (ended := self._ended) is not None:
                self._ended = None
                ended()

    def __del__(self) -> None:
        if self._ended is not None:
            self._ended()


def limit(
    server: Flask,
    settings: Settings,
    hits: Callable[[str, float], int],
    visitor: Callable[[], str | None],
    refused: Callable[[str], None],
) -> None:
    """Hold an app to its limits.

    Parameters
    ----------
    server : Flask
        The app.
    settings : Settings
        Them.
    hits : callable
        Counts one more request of someone, over all workers, within so many seconds.
    visitor : callable
        Tells who asks, if that is known.
    refused : callable
        Told of each refusal: ``"rate"`` or ``"capacity"``.
    """
    server.wsgi_app = InFlight(server.wsgi_app)  # type: ignore[method-assign, assignment]
    most_at_a_time = settings.threads - _SPARE_THREADS

    @server.before_request
    def refuse_what_is_too_much() -> None:
        if request.path in _SIGNS_OF_LIFE:
            return
        if request.environ.get(_IN_FLIGHT, 0) > most_at_a_time:
            refused("capacity")
            raise OverloadedError(
                f"{most_at_a_time} requests are under way here, the limit; try again in a few seconds."
            )
        if request.path.startswith(_FREE):
            return
        for who, most in _counted(settings, visitor):
            if most and hits(who, _MINUTE_SECONDS) > most:
                refused("rate")
                raise TooManyRequestsError(f"More than {most} requests came from you in a minute; wait a minute.")


def _counted(settings: Settings, visitor: Callable[[], str | None]) -> Iterable[tuple[str, int]]:
    """Name those for whom the request at hand counts. Whoever sits at this machine is not counted."""
    address = ipaddress.ip_address(request.remote_addr or "127.0.0.1")
    is_proxied = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "Via"))
    if not address.is_loopback:
        yield f"address {_network(address)}", settings.address_requests
    if (known := visitor()) and (is_proxied or not address.is_loopback):
        yield f"visitor {known}", settings.visitor_requests


def _network(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """Give what belongs to one household: an IPv4 address, or an IPv6 network."""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((address, _IPV6_NETWORK_BITS), strict=False))
