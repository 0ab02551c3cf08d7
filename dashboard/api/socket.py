"""A WebSocket on the server's own connection: bounded on the way in, whole and in order on the way out."""

from __future__ import annotations

import socket
import threading
from functools import partial
from typing import Any, Final

from flask import Response, request
from simple_websocket import ConnectionClosed, Server

__all__ = ["ConnectionClosed", "Socket", "is_possible", "taken_over"]

_LARGEST_MESSAGE_BYTES: Final = 64 * 2**10
_FEW_WAITING: Final = 64  # messages
_MOST_WAITING_BYTES: Final = 2**20
_RECEIVED_BYTES: Final = 64 * 2**10
_SECONDS_BETWEEN_PINGS: Final = 10
_NO_PONG: Final = "Ping/Pong timeout"  # as simple_websocket calls it
_TRY_AGAIN: Final = 1013
_LONGEST_REASON_BYTES: Final = 123  # a close frame has no more room
_EXTENSIONS: Final = "HTTP_SEC_WEBSOCKET_EXTENSIONS"


class Socket(Server):  # type: ignore[misc]
    """A connection.

    Where messages come faster than they are taken, it stops reading, so the sender has to wait; nothing piles up here.
    Messages are not compressed: PCM gains little by it, and scores are short.
    """

    def __init__(self) -> None:
        self._room = threading.Condition()
        self._sending = threading.RLock()
        environment = {name: value for name, value in request.environ.items() if name != _EXTENSIONS}
        super().__init__(
            environment,
            receive_bytes=_RECEIVED_BYTES,
            ping_interval=_SECONDS_BETWEEN_PINGS,
            max_message_size=_LARGEST_MESSAGE_BYTES,
            thread_class=partial(threading.Thread, daemon=True),
        )

    def handshake(self) -> None:
        """Answer the client's handshake, on a connection that sends whole messages."""
        self.sock: Any = _Whole(self.sock, self._sending)
        super().handshake()

    def send(self, data: str | bytes) -> None:
        """Send a message.

        Raises
        ------
        ConnectionClosed
            If the other side is gone, or does not read.
        """
        with self._sending:
            try:
                super().send(data)
            except OSError as error:
                self.connected = False
                raise ConnectionClosed() from error

    def receive(self, timeout: float | None = None) -> str | bytes | None:
        """Take the next message; None if none comes in time.

        Raises
        ------
        ConnectionClosed
            If the other side is gone.
        """
        message: str | bytes | None = super().receive(timeout)
        with self._room:
            self._room.notify()
        return message

    def close(self, reason: int | None = None, message: str | None = None) -> None:
        """Take leave, with a code and a sentence; nothing happens if the other side has."""
        if message == _NO_PONG:  # no fault of the other side's: a connection that is lost may be taken up again
            reason, message = _TRY_AGAIN, f"Nothing was heard of you for {_SECONDS_BETWEEN_PINGS} s; come back."
        with self._sending:
            if self.connected:
                words = (message or "").encode()[:_LONGEST_REASON_BYTES].decode(errors="ignore")
                try:
                    super().close(reason, words or None)
                except OSError:
                    self.connected = False
        with self._room:
            self._room.notify()

    def _handle_events(self) -> bool:
        goes_on: bool = super()._handle_events()
        with self._room:
            while goes_on and self.connected and self._is_full():
                self._room.wait(1.0)
                self.pong_received = True  # it may have come while nothing was read
        return goes_on

    def _is_full(self) -> bool:
        waiting = tuple(self.input_buffer)
        return len(waiting) > _FEW_WAITING and sum(map(len, waiting)) > _MOST_WAITING_BYTES


class _Whole:
    """A socket that sends whole messages, one at a time. It is gunicorn's to close."""

    def __init__(self, sock: socket.socket, sending: threading.RLock) -> None:
        self._sock = sock
        self._sending = sending

    def send(self, content: bytes) -> None:
        with self._sending:
            self._sock.sendall(content)

    def close(self) -> None:
        """Leave it open."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class _TakenOver(Response):
    """Tells gunicorn that the connection has been dealt with."""

    def __call__(self, *_: Any, **__: Any) -> Any:
        raise StopIteration


def is_possible() -> bool:
    """Tell whether the server hands its connections over; waitress does not."""
    return "gunicorn.socket" in request.environ


def taken_over() -> Response:
    """Answer a request whose connection became a WebSocket and is closed by now."""
    return _TakenOver()
