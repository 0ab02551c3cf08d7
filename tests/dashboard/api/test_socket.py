"""The live socket's own additions: a connection that fell silent is told to come back, not turned away."""

from __future__ import annotations

import inspect
import threading
from types import SimpleNamespace
from typing import Any

import simple_websocket.ws

from dashboard.api import socket
from dashboard.api.socket import Socket


def test_who_answers_no_ping_may_come_back() -> None:
    sent: list[Any] = []
    connection = Socket.__new__(Socket)
    connection._sending, connection._room = threading.RLock(), threading.Condition()
    connection.connected = True
    connection.ws = SimpleNamespace(send=lambda event: sent.append(event) or b"")
    connection.sock = SimpleNamespace(send=lambda content: None)
    connection.close(reason=1008, message=socket._NO_PONG)
    assert (sent[0].code, sent[0].reason) == (1013, "Nothing was heard of you for 10 s; come back.")


def test_the_library_still_calls_it_so() -> None:
    assert socket._NO_PONG in inspect.getsource(simple_websocket.ws)
