"""Two real workers: either answers everything, and one that is killed takes nothing along."""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.serving.server import available_kind
from tests.dashboard.api.test_live import SOUNDS, Listener
from tests.dashboard.serving.test_server import running
from tests.sounds import chord, encoded

pytestmark = pytest.mark.skipif(available_kind() != "gunicorn", reason="only gunicorn has several workers")

PARTS = (
    "audio", "audio?as=heard", "peaks", "spectrogram", "scores?hop=0.5", "scores.csv", "explanation?window=1",
    "words?window=1",
)  # fmt: skip
FORM = {"Content-Type": "multipart/form-data; boundary=b"}


def form(content: bytes, name: str = "a.wav") -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + content + b"\r\n--b--\r\n"


def workers_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def until_there_are(pid: int, n: int, *, without: int = 0) -> list[int]:
    deadline = time.monotonic() + 20
    while len(found := [each for each in workers_of(pid) if each != without]) < n:
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    return found


def ask(
    port: int, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, bytes, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, content, dict(response.getheaders())


def posted(port: int, content: bytes, cookie: str = "") -> tuple[dict[str, Any], str]:
    status, answer, headers = ask(
        port, "/api/tracks", method="POST", body=form(content), **FORM, **({"Cookie": cookie} if cookie else {})
    )
    assert status in (200, 201), answer
    return json.loads(answer), headers["Set-Cookie"].partition(";")[0]


class OneWorker:
    """Halts all workers but one while it asks: the one that goes on has to answer."""

    def __init__(self, pids: list[int], chosen: int) -> None:
        self._others = [pid for pid in pids if pid != chosen]

    def __enter__(self) -> None:
        for pid in self._others:
            os.kill(pid, signal.SIGSTOP)

    def __exit__(self, *_: object) -> None:
        for pid in self._others:
            os.kill(pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, samples_folder: Path) -> Iterator[tuple[int, int]]:
    """The program with two workers: its process and its port."""
    variables = {"GENRE_WORKERS": "2", "GENRE_MAX_UPLOADS": "3", "GENRE_LIVE_VISITOR_SESSIONS": "1"}
    with running(tmp_path_factory.mktemp("two"), samples_folder, "gunicorn", **variables) as (process, port):
        until_there_are(process.pid, 2)
        deadline = time.monotonic() + 20
        for pid in workers_of(process.pid):  # both have loaded: each has its warm decoder
            while not workers_of(pid):
                assert time.monotonic() < deadline
                time.sleep(0.05)
        yield process.pid, port


def test_what_one_worker_was_given_the_other_answers_alike(two: tuple[int, int]) -> None:
    pid, port = two
    first, second = workers_of(pid)
    with OneWorker([first, second], first):
        track, cookie = posted(port, encoded(chord(7.0)))
        answers = {part: ask(port, f"/api/tracks/{track['id']}/{part}", Cookie=cookie)[:2] for part in PARTS}
        listed = ask(port, "/api/tracks", Cookie=cookie)[1]
    with OneWorker([first, second], second):
        assert ask(port, "/api/tracks", Cookie=cookie)[1] == listed
        for part, answer in answers.items():
            assert answer[0] == 200, part
            assert ask(port, f"/api/tracks/{track['id']}/{part}", Cookie=cookie)[:2] == answer, part
        for path in ("/", "/health", "/api/models", "/api/model", "/openapi.json", "/asyncapi.json"):
            assert ask(port, path)[0] == 200
        assert (
            ask(port, "/api/classify", method="POST", body=encoded(chord(4.0)), **{"Content-Type": "audio/wav"})[0]
            == 200
        )
        assert ask(port, f"/api/tracks/{track['id']}", method="DELETE", Cookie=cookie)[0] == 204
    with OneWorker([first, second], first):
        for part in PARTS:
            assert ask(port, f"/api/tracks/{track['id']}/{part}", Cookie=cookie)[0] == 404, part


def test_figures_are_summed_over_both(two: tuple[int, int]) -> None:
    pid, port = two
    pids = workers_of(pid)
    for chosen in pids:
        with OneWorker(pids, chosen):
            assert ask(port, "/api/model")[0] == 200
    for chosen in pids:
        with OneWorker(pids, chosen):
            figures = ask(port, "/metrics")[1].decode()
        assert 'genre_requests_total{method="GET",route="/api/model",status="200"} ' in figures
        asked = next(line for line in figures.splitlines() if 'route="/api/model"' in line and "requests_total" in line)
        assert float(asked.split()[-1]) >= 2
        assert ask(port, "/ready")[0] == 200


def test_a_visitors_limit_counts_over_both(two: tuple[int, int]) -> None:
    pid, port = two
    pids = workers_of(pid)
    cookie = ""
    for number in range(3):
        with OneWorker(pids, pids[number % 2]):
            _, cookie = posted(port, encoded(chord(4.0 + number)), cookie)
    for chosen in pids:
        with OneWorker(pids, chosen):
            status, answer, _ = ask(port, "/api/tracks", method="POST", body=form(b"x"), Cookie=cookie, **FORM)
            assert status == 409, answer
    with OneWorker(pids, pids[0]):
        mine = Listener(port, cookie=cookie)
        header = mine.hello(16_000)
        assert header["type"] == "header"
    with OneWorker(pids, pids[1]):
        other = Listener(port, cookie=cookie)
        assert "You listen to 1 sounds already" in other.hello()["problem"]["detail"]
        other.all_told()
    mine.say(type="end")
    mine.all_told()
    for listener in (mine, other):
        listener.socket.thread.join(5)


def test_a_live_session_that_another_worker_held_goes_on_as_a_new_one_and_says_so(two: tuple[int, int]) -> None:
    pid, port = two
    pids = workers_of(pid)
    cookie = ask(port, "/api/tracks")[2]["Set-Cookie"].partition(";")[0]
    with OneWorker(pids, pids[0]):
        first = Listener(port, cookie=cookie)
        header = first.hello(16_000)
        first.socket.send(SOUNDS[16_000][:64_000])
        while first.told()["type"] != "ack":
            pass
        first.say(type="end")
        first.all_told()
    with OneWorker(pids, pids[1]):
        again = Listener(port, cookie=cookie)
        header = again.hello(16_000, resume=header["session"], at=32_000)
        assert header["is_resumed"] is False
        assert header["samples"] == 32_000  # the places of what follows go on all the same
        again.say(type="end")
        again.all_told()
    for listener in (first, again):
        listener.socket.thread.join(5)


def test_a_killed_worker_loses_no_timeline(two: tuple[int, int]) -> None:
    """Twenty visitors read scores; their worker is killed; each asks again, as the page does, and has all of them."""
    pid, port = two
    pids = workers_of(pid)
    track, cookie = posted(port, encoded(chord(31.3)))
    path = f"/api/tracks/{track['id']}/scores?hop=0.1"
    whole: list[bytes] = []
    n_asked: list[int] = []
    begun = threading.Barrier(21)

    def listen() -> None:
        n = 0
        is_first = True
        while True:
            n += 1
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            try:
                connection.request("GET", path, headers={"Cookie": cookie})
                response = connection.getresponse()
                content = response.readline()
                if is_first:
                    is_first = False
                    begun.wait(20)
                content += response.read()
            except (http.client.HTTPException, OSError):
                content = b""
            finally:
                connection.close()
            if content.endswith(b'{"type":"end"}\n'):
                break
            time.sleep(0.1)
        whole.append(content)
        n_asked.append(n)

    threads = [threading.Thread(target=listen) for _ in range(20)]
    with OneWorker(pids, pids[0]):
        for thread in threads:
            thread.start()
        begun.wait(20)
        os.kill(pids[0], signal.SIGKILL)
    for thread in threads:
        thread.join(40)
    assert len(whole) == 20
    assert len(set(whole)) == 1
    assert whole[0].count(b'"type":"window"') == 284
    assert max(n_asked) > 1  # the kill came in the middle
    assert until_there_are(pid, 2, without=pids[0])  # another took its place
