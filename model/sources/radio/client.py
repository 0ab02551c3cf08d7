"""One request to a checked address: `http.client` on a socket that was connected here, with a time for everything.

No proxy, cookie or password is used, nothing is followed by itself, and the answer's head is bounded in size
(`http.client`: 100 lines of 64 KiB) and in time. SHOUTcast's first answer line, ``ICY 200 OK``, is read as HTTP.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from model.errors import RadioError, StationLostError
from model.sources.radio.addresses import RadioAddress, Resolve, SocketAddress, checked, is_public, resolve

Connect = Callable[[int, SocketAddress, float], socket.socket]

CONNECT_SECONDS: Final = 5.0
HEAD_SECONDS: Final = 10.0
STALL_SECONDS: Final = 10.0

_HEADERS: Final = {
    "User-Agent": "live-genre-dashboard/1.0",
    "Accept": "audio/*, application/ogg, */*;q=0.5",
    "Icy-MetaData": "1",
    "Connection": "close",
}
_ICY: Final = b"ICY "
_HTTP: Final = b"HTTP/1.0 "


class Answer:
    """What an address answers, its head read, its body still to come.

    Attributes
    ----------
    address : RadioAddress
        Who answers.
    is_private : bool
        Whether the address connected to lies in a private network.
    status : int
        Of HTTP.
    """

    def __init__(self, address: RadioAddress, wire: _Wire, response: http.client.HTTPResponse, peer: str) -> None:
        self.address = address
        self.is_private = not is_public(peer)
        self.status = response.status
        self._wire = wire
        self._response = response

    def header(self, name: str) -> str:
        """Give a header's value, as UTF-8 where it is that; empty where there is none."""
        value = self._response.getheader(name) or ""
        try:
            return value.encode("latin-1").decode("utf-8")
        except UnicodeError:
            return value

    @property
    def has_end(self) -> bool:
        """Whether its length is known: it is a file, not a station."""
        return self._response.getheader("Content-Length") is not None

    def read(self, size: int, /) -> bytes:
        """Read what is there, at most so many bytes; none is the end.

        Raises
        ------
        StationLostError
            If the connection breaks off or nothing comes for long.
        """
        try:
            return self._response.read1(size)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise StationLostError(f"{self.address.host} {_why(error)}.") from error

    def whole(self, most_bytes: int) -> bytes:
        """Read all of a short answer.

        Raises
        ------
        StationLostError
            If it does not come in time.
        RadioError
            If it is longer than it may be.
        """
        self._wire.deadline = time.monotonic() + HEAD_SECONDS
        content = b""
        while more := self.read(most_bytes):
            content += more
            if len(content) > most_bytes:
                raise RadioError(f"{self.address.host} answers with more than {most_bytes // 2**10} KiB of playlist.")
        return content

    def close(self) -> None:
        """Hang up."""
        self._response.close()
        self._wire.hang_up()


class Client:
    """Asks addresses.

    Parameters
    ----------
    resolver, connect : callable, optional
        How to find and to reach them; the system's ways by default.
    """

    def __init__(self, *, resolver: Resolve = resolve, connect: Connect | None = None) -> None:
        self._resolver = resolver
        self._connect = connect or _connected

    def get(self, address: RadioAddress, *, may_be_private: bool) -> Answer:
        """Ask for an address.

        Raises
        ------
        StationLostError
            If it cannot be reached at this moment.
        RadioError
            If it may not be connected to, or answers with what is not HTTP.
        """
        found = checked(address, may_be_private=may_be_private, resolver=self._resolver)
        deadline = time.monotonic() + HEAD_SECONDS
        raw, peer = self._reach(address, found)
        try:
            raw.settimeout(CONNECT_SECONDS)
            secured = _tls().wrap_socket(raw, server_hostname=address.host) if address.is_secure else raw
            wire = _Wire(secured, deadline)
            connection = http.client.HTTPConnection(address.host, address.port)
            connection.sock = wire  # connected already, so it resolves nothing again
            connection.request("GET", address.target, headers={"Host": address.host_header, **_HEADERS})
            response = connection.getresponse()
            wire.deadline = None
        except ssl.SSLError as error:
            raw.close()
            raise RadioError(f"{address.host} cannot be reached over HTTPS ({error.reason or error}).") from error
        except OSError as error:
            raw.close()
            raise StationLostError(f"{address.host} {_why(error)}.") from error
        except http.client.HTTPException as error:
            raw.close()
            raise RadioError(f"{address.host} answers with what is not HTTP ({type(error).__name__}).") from error
        return Answer(address, wire, response, peer)

    def _reach(self, address: RadioAddress, found: list[tuple[int, SocketAddress]]) -> tuple[socket.socket, str]:
        deadline = time.monotonic() + 2 * CONNECT_SECONDS
        fault: OSError = TimeoutError()
        for family, each in found:
            if (left := deadline - time.monotonic()) <= 0:
                break
            try:
                return self._connect(family, each, min(CONNECT_SECONDS, left)), str(each[0])
            except OSError as error:
                fault = error
        raise StationLostError(f"{address.host} {_why(fault)}.") from fault


class _Wire:
    """A connection as `http.client` uses it, with a time until which the head must be there, and one for each read."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock = sock
        self.deadline: float | None = deadline

    def makefile(self, *_: Any) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self))

    def sendall(self, content: bytes) -> None:
        self._sock.sendall(content)

    def receive(self, size: int) -> bytes:
        left = STALL_SECONDS if self.deadline is None else self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        return self._sock.recv(size)

    def close(self) -> None:
        """Leave it open: `http.client` closes it as soon as the head is read."""

    def hang_up(self) -> None:
        self._sock.close()


class _Incoming(io.RawIOBase):
    """What comes through a wire; a first line of SHOUTcast's becomes one of HTTP's."""

    def __init__(self, wire: _Wire) -> None:
        self._wire = wire
        self._unread: bytes | None = None  # None: nothing has come yet

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        if self._unread is None:
            self._unread = self._begun()
        content = self._unread[: len(view)] or self._wire.receive(len(view))
        self._unread = self._unread[len(content) :]
        view[: len(content)] = content
        return len(content)

    def _begun(self) -> bytes:
        begun = b""
        while len(begun) < len(_ICY) and (more := self._wire.receive(len(_ICY) - len(begun))):
            begun += more
        return _HTTP if begun == _ICY else begun


def _connected(family: int, address: SocketAddress, seconds: float) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(seconds)
        sock.connect(address)
    except OSError:
        sock.close()
        raise
    return sock


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _why(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "does not answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "refuses the connection"
    return f"broke off ({getattr(error, 'strerror', None) or type(error).__name__})"
