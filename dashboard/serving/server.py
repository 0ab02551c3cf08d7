"""The production server: gunicorn with threads, or waitress where gunicorn does not run (Windows)."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import struct
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any, Final, Literal

from dashboard.errors import PortError
from dashboard.settings import Settings

_log = logging.getLogger(__name__)

Kind = Literal["gunicorn", "waitress"]

_STALLED_SECONDS: Final = 20
_BACKLOG: Final = 512


def available_kind() -> Kind:
    """Name the server that runs here."""
    return "waitress" if sys.platform == "win32" or find_spec("gunicorn") is None else "gunicorn"


def listen(settings: Settings) -> socket.socket:
    """Take the address before anything else is done.

    Parameters
    ----------
    settings : Settings
        Host and port.

    Returns
    -------
    socket.socket
        Bound and listening.

    Raises
    ------
    PortError
        If the address is taken or not this machine's.
    """
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)  # localhost is 127.0.0.1 first
        listener = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise PortError(f"The host {settings.host!r} is not known ({error.strerror}); use 127.0.0.1.") from error
    try:
        if sys.platform != "win32":  # there it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            stalled = struct.pack("ll", _STALLED_SECONDS, 0)  # connections inherit it
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, stalled)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, stalled)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise PortError(
            f"Port {settings.port} of {settings.host} cannot be listened on ({error.strerror}); "
            "stop what uses it, or name another with --port."
        ) from error
    return listener


def address_of(listener: socket.socket) -> str:
    """Give the address to open in a browser on this machine."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}/"


def serve(
    settings: Settings,
    listener: socket.socket,
    load: Callable[[], Any],
    *,
    when_ready: Callable[[], None],
    kind: Kind | None = None,
) -> None:
    """Serve until interrupted or terminated.

    Parameters
    ----------
    settings : Settings
        Number of threads and limits.
    listener : socket.socket
        From `listen`.
    load : callable
        Builds the WSGI application, in the process that will serve it.
    when_ready : callable
        Called once the application answers.
    kind : {"gunicorn", "waitress"}, optional
        Which server; by default gunicorn where it runs.
    """
    chosen = kind or available_kind()
    _log.info("Serving with %s on %s.", chosen, address_of(listener))
    run = _serve_with_gunicorn if chosen == "gunicorn" else _serve_with_waitress
    run(settings, listener, load, when_ready)


def open_browser(address: str) -> None:
    """Open the page in the user's browser, without waiting for it; nothing happens where there is no screen."""
    has_screen = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    if sys.platform not in ("win32", "darwin") and not has_screen:
        return  # a browser for terminals would take this one over
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _serve_with_gunicorn(
    settings: Settings, listener: socket.socket, load: Callable[[], Any], when_ready: Callable[[], None]
) -> None:
    from dashboard.serving.gunicorn_server import Application

    Application(settings, listener, load, when_ready).run()


def _serve_with_waitress(
    settings: Settings, listener: socket.socket, load: Callable[[], Any], when_ready: Callable[[], None]
) -> None:
    from waitress.server import create_server

    sockets: dict[int, Any] = {}
    server = create_server(
        load(),
        map=sockets,
        sockets=[listener],
        threads=settings.threads,
        channel_timeout=_STALLED_SECONDS,
        max_request_body_size=settings.max_upload_bytes + 2**20,
        clear_untrusted_proxy_headers=False,
        ident=None,
    )
    when_ready()
    with _stop_requests(wake=server.pull_trigger) as requests:
        while not requests:  # server.run() would lose a Ctrl-C that comes while it handles a request
            server.asyncore.loop(timeout=server.adj.asyncore_loop_timeout, map=sockets, count=1)
    server.task_dispatcher.shutdown()
    server.close()


@contextlib.contextmanager
def _stop_requests(wake: Callable[[], None]) -> Iterator[list[int]]:
    """Collect SIGINT and SIGTERM in place of what they do otherwise, and wake the loop that looks for them."""
    import signal

    requests: list[int] = []

    def note(number: int, _frame: Any) -> None:
        requests.append(number)
        wake()

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield requests
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
