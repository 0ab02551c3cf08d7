"""Serving with gunicorn: processes with threads, in which a slow client costs at most its own thread."""

from __future__ import annotations

import errno
import logging
import selectors
import socket
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import TConn, ThreadWorker

from dashboard.settings import Settings
from dashboard.watching.workers import worker_ended

_GRACEFUL_SECONDS: Final = 3
_LEAVE_SECONDS: Final = 2
_FULL_SECONDS: Final = 0.05
_MOST_DESCRIPTORS: Final = 65_536
_DESCRIPTORS_FOR_FILES: Final = 512


class Worker(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's threaded worker, but that silent clients and those that take leave hold up nobody.

    Gunicorn gives each new connection a thread for up to five seconds, to wait for its first byte: a few hundred
    connections that say nothing would hold up all the others. Here they wait together, without a thread. And it waits
    up to two seconds for a client to close a connection that the server ends, on the thread that accepts connections:
    here it does so in the client's own thread.
    """

    def accept(self, listener: Any) -> None:
        """Take a new connection, and wait for its first byte beside all others."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                time.sleep(_FULL_SECONDS)  # rather than ask again at once: some will close
            elif error.errno not in (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED):
                raise
            return
        self.nr_conns += 1
        connection = TConn(self.cfg, client, address, listener.getsockname())  # it does not block
        connection.set_timeout()
        self.pending_conns.append(connection)
        self.poller.register(client, selectors.EVENT_READ, partial(self.on_pending_socket_readable, connection))

    def handle(self, conn: Any) -> Any:
        """Answer one request, and close the connection unless it is kept."""
        kept = super().handle(conn)
        if not kept:
            conn.close(graceful=True)
            conn.close = _closed_already
        return kept

    def run(self) -> None:
        """Serve; at the end let go of what the app holds."""
        super().run()
        self.wsgi.extensions["genre_services"].close()

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Begin to stop: whoever listens live is asked to come back later."""
        if app := getattr(self, "wsgi", None):  # else it is still being built
            app.extensions["genre_services"].live.is_stopping = True
        super().handle_exit(sig, frame)

    def handle_quit(self, sig: int, frame: Any) -> None:
        """Stop at once, but for the moment that those who listen live need to take leave."""
        if self.wsgi is not None:
            live = self.wsgi.extensions["genre_services"].live
            live.is_stopping = True
            deadline = time.monotonic() + _LEAVE_SECONDS
            while live.n_listening and time.monotonic() < deadline:
                time.sleep(0.05)
            live.close()
        super().handle_quit(sig, frame)


class Application(BaseApplication):  # type: ignore[misc]
    """Gunicorn without its command line.

    Parameters
    ----------
    settings : Settings
        Number of workers and threads.
    listener : socket.socket
        Bound and listening.
    load : callable
        Builds the WSGI application, in the process that serves.
    when_ready : callable
        Called there once the application answers.
    """

    def __init__(
        self, settings: Settings, listener: socket.socket, load: Callable[[], Any], when_ready: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._listener = listener
        self._load = load
        self._when_ready = when_ready
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn is to do."""
        logging.getLogger("gunicorn.error").addFilter(_is_no_stalled_client)
        options = {
            "bind": f"fd://{self._listener.fileno()}",
            "worker_class": Worker,
            "workers": self._settings.workers,
            "threads": self._settings.threads,
            "worker_connections": max(256, _raise_descriptors() - _DESCRIPTORS_FOR_FILES),
            "keepalive": 30,
            "timeout": 120,
            "graceful_timeout": _GRACEFUL_SECONDS,
            "loglevel": "warning",
            "post_worker_init": self._started,
            "child_exit": lambda _, worker: worker_ended(worker.pid),
            "control_socket_disable": True,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Build the WSGI application."""
        return self._load()

    def _started(self, worker: Any) -> None:
        if worker.age == 1:  # not one that replaces another
            self._when_ready()


def _raise_descriptors() -> int:
    """Let this program and its workers open as many files and sockets as the system permits; give how many."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _MOST_DESCRIPTORS)
    if soft == resource.RLIM_INFINITY or soft >= most:
        return most
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return most


def _closed_already(graceful: bool = False) -> None:
    """Stand in for closing a connection that is closed."""


def _is_no_stalled_client(record: logging.LogRecord) -> bool:
    """Leave out what is no error of ours: a client that sent or read nothing for too long."""
    return not (record.exc_info and isinstance(record.exc_info[1], BlockingIOError | TimeoutError))
