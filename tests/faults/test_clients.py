"""Clients that leave, do not read, or only hold a socket, by the hundred: others are answered, and nothing is left."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dashboard.serving.server import available_kind
from dashboard.settings import Settings
from tests.dashboard.serving.test_server import get, running
from tests.dashboard.serving.test_workers import FORM, ask, form
from tests.load.processes import descriptors, family, threads
from tests.sounds import chord, encoded

pytestmark = pytest.mark.skipif(
    available_kind() != "gunicorn" or not sys.platform.startswith("linux"), reason="it reads Linux's /proc"
)

N_SOCKETS = 10_000
PATIENCE_SECONDS = 30.0


@dataclass
class Page:
    """A running page."""

    pid: int
    port: int
    folder: Path
    most_threads: int = 0

    def held(self) -> tuple[int, int, list[str]]:
        """Descriptors, threads and files of its processes at this moment."""
        pids = family(self.pid)
        files = [path.name for path in (self.folder / "data" / "incoming").iterdir()]
        return descriptors(pids), threads(pids), files


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, samples_folder: Path) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("clients")
    with running(folder, samples_folder, "gunicorn") as (process, port):
        page = Page(process.pid, port, folder)
        exercise(page)  # everything that is made once: the warm decoder, kept results
        page.most_threads = threads(family(page.pid)) + Settings().threads  # it makes them when they are needed
        yield page


def exercise(page: Page) -> None:
    """Ask for all kinds of things."""
    track = sample(page)
    for part in ("audio", "peaks", "scores?hop=0.1"):
        assert get(page.port, f"/api/tracks/{track}/{part}")[0] == 200
    assert ask(page.port, "/api/tracks", method="POST", body=form(encoded(chord(4.0))), **FORM)[0] == 201


def sample(page: Page) -> str:
    return str(json.loads(get(page.port, "/api/tracks")[1])["tracks"][2]["id"])


def asked(port: int, request: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(request.encode())
    return connection


def answers_within(page: Page, seconds: float, path: str = "/health") -> None:
    begun = time.monotonic()
    assert get(page.port, path)[0] == 200
    assert time.monotonic() - begun < seconds


def nothing_is_left(page: Page, disturb: Callable[[], None]) -> None:
    """Disturb it, and wait until it holds no more than before, and no more threads than it may have."""
    before = page.held()
    disturb()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        after = page.held()
        if after[0] <= before[0] and after[1] <= page.most_threads and after[2] == before[2]:
            return
        assert time.monotonic() < deadline, (before, after)
        time.sleep(0.1)


def test_clients_that_leave_in_the_middle_of_an_upload(page: Page) -> None:
    content = encoded(chord(30.0))

    def leave() -> None:
        for _ in range(20):
            head = f"POST /api/tracks HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(content) + 200}\r\n"
            connection = asked(page.port, head + "Content-Type: multipart/form-data; boundary=b\r\n\r\n")
            connection.sendall(form(content)[: len(content) // 2])
            connection.close()

    nothing_is_left(page, leave)
    assert ask(page.port, "/api/tracks", method="POST", body=form(encoded(chord(5.0))), **FORM)[0] == 201


def test_clients_that_leave_in_the_middle_of_an_answer(page: Page) -> None:
    track = sample(page)

    def leave() -> None:
        for part in ("scores?hop=0.1", "audio", "scores.csv?hop=0.1") * 10:
            connection = asked(page.port, f"GET /api/tracks/{track}/{part} HTTP/1.1\r\nHost: localhost\r\n\r\n")
            connection.recv(100)
            connection.close()

    nothing_is_left(page, leave)


def test_a_hundred_who_do_not_read(page: Page) -> None:
    """They fill the threads; beyond those it is said at once that there is no room, and signs of life come."""
    track = sample(page)

    def hold() -> None:
        with contextlib.ExitStack() as stack:
            for _ in range(100):
                slow = stack.enter_context(socket.socket())
                slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                slow.connect(("127.0.0.1", page.port))
                slow.sendall(f"GET /api/tracks/{track}/audio HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            time.sleep(0.5)
            answers_within(page, 5)
            status, _, headers = ask(page.port, "/api/tracks")
            assert (status, headers.get("Retry-After")) in ((200, None), (503, "5"))

    nothing_is_left(page, hold)
    answers_within(page, 5, "/api/tracks")


def test_ten_thousand_open_sockets(page: Page) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2 * N_SOCKETS:
        pytest.skip(f"this system permits {hard} open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2 * N_SOCKETS), hard))

    def hold() -> None:
        with contextlib.ExitStack() as stack:
            for _ in range(N_SOCKETS):
                stack.enter_context(socket.create_connection(("127.0.0.1", page.port), timeout=20))
            answers_within(page, 5)
            answers_within(page, 5, "/api/tracks")

    try:
        nothing_is_left(page, hold)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_decoder_that_is_killed_is_replaced(page: Page) -> None:
    (worker,) = family(page.pid)[1:2]
    for decoder in family(worker)[1:]:
        os.kill(decoder, signal.SIGKILL)
    assert ask(page.port, "/api/tracks", method="POST", body=form(encoded(chord(6.5))), **FORM)[0] == 201
