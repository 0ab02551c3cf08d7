"""The live socket as other programs meet it: scores of the file, limits, gaps, coming back."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from simple_websocket import Client, ConnectionClosed

from dashboard.api.asyncapi import document
from dashboard.serving.server import available_kind
from model.analyzer import Analyzer
from model.audio.decode import decode
from model.classifier import Classifier
from model.scorer import Scorer, WindowScore
from tests.dashboard.serving.test_server import get, running
from tests.sounds import RATE_HZ, chord, encoded

pytestmark = pytest.mark.skipif(available_kind() != "gunicorn", reason="only gunicorn serves WebSockets")

LIMITS = {
    "GENRE_LIVE_SESSIONS": "3",
    "GENRE_LIVE_VISITOR_SESSIONS": "2",
    "GENRE_LIVE_SECONDS": "20",
    "GENRE_LIVE_IDLE_SECONDS": "0.5",
    "GENRE_LIVE_RESUME_SECONDS": "1.5",
}


def pcm(seconds: float, rate_hz: int) -> bytes:
    return (chord(seconds, rate_hz=rate_hz, level=0.5) * 32_767).astype("<i2").tobytes()


SOUNDS = {rate_hz: pcm(4.6, rate_hz) for rate_hz in (44_100, 48_000, 16_000)}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory, samples_folder: Path) -> Iterator[int]:
    with running(tmp_path_factory.mktemp("live"), samples_folder, "gunicorn", **LIMITS) as (_, port):
        yield port


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    return document("0")


def cookie_of(port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/api/tracks")
    response = connection.getresponse()
    response.read()
    connection.close()
    return (response.getheader("Set-Cookie") or "").partition(";")[0]


def tracks(port: int, cookie: str) -> list[dict[str, Any]]:
    return json.loads(get(port, "/api/tracks", Cookie=cookie)[1])["tracks"]


class Listener:
    """A program that listens through the socket."""

    def __init__(self, port: int, *, cookie: str | None = None, origin: str | None = None) -> None:
        headers = {"Cookie": cookie, "Origin": origin}
        self.socket = Client(
            f"ws://127.0.0.1:{port}/api/live", headers={name: value for name, value in headers.items() if value}
        )

    def hello(self, rate_hz: int = 48_000, **more: Any) -> dict[str, Any]:
        self.say(type="hello", sample_rate=rate_hz, **{"pace": "fast", **more})
        return self.told()

    def say(self, **message: Any) -> None:
        self.socket.send(json.dumps(message))

    def told(self) -> dict[str, Any]:
        text = self.socket.receive(10)
        assert text is not None, "nothing was told in 10 s"
        return json.loads(text)

    def all_told(self) -> list[dict[str, Any]]:
        """All that is told until the connection closes."""
        messages = []
        with contextlib.suppress(ConnectionClosed):
            while True:
                messages.append(self.told())
        return messages

    @property
    def closed_with(self) -> tuple[int, str]:
        return self.socket.close_reason, self.socket.close_message or ""


@pytest.fixture
def listener(port: int) -> Iterator[Any]:
    opened: list[Listener] = []

    def make(**options: Any) -> Listener:
        opened.append(Listener(port, **options))
        return opened[-1]

    yield make
    for each in opened:
        with contextlib.suppress(ConnectionClosed):
            each.say(type="end")
            each.all_told()
        with contextlib.suppress(ConnectionClosed):
            each.socket.close()
        each.socket.thread.join(5)


def filed(rate_hz: int) -> list[WindowScore]:
    scorer = Scorer(Classifier())
    track = decode(encoded(np.frombuffer(SOUNDS[rate_hz], "<i2"), rate_hz=rate_hz, subtype="PCM_16"))
    scores = list(Analyzer(scorer, hop_seconds=0.5).analyze(track))
    scorer.close()
    return scores


@pytest.mark.parametrize(("rate_hz", "chunk"), [(44_100, 1_999), (48_000, 1_920), (16_000, 65_000)])
def test_live_scores_equal_the_files(rate_hz: int, chunk: int, listener: Any, schemas: dict[str, Any]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    listening = listener()
    header = listening.hello(rate_hz)
    for start in range(0, len(SOUNDS[rate_hz]), chunk):
        listening.socket.send(SOUNDS[rate_hz][start : start + chunk])
    listening.say(type="end")
    messages = listening.all_told()
    windows = [message for message in messages if message["type"] == "window"]
    scores = filed(rate_hz)
    assert [window["end"] for window in windows] == [score.end_sample for score in scores]
    for window, score in zip(windows, scores, strict=True):
        np.testing.assert_allclose(window["p"], score.probabilities, atol=1e-4)
        assert 0 <= window["waited_seconds"] < 5
    assert [message["type"] for message in messages[-2:]] == ["summary", "end"]
    assert messages[-2]["p"] == windows[-1]["so_far"]["p"]
    assert messages[-1]["reason"] is None
    assert listening.closed_with == (1000, "")
    union = {"anyOf": [message["payload"] for message in schemas["components"]["messages"].values()]}
    for message in [header, *messages]:
        jsonschema.validate(message, {**union, "components": schemas["components"]})


def test_the_contract_of_the_socket_refers_to_nothing_that_is_not_there(port: int) -> None:
    contract = json.loads(get(port, "/asyncapi.json")[1])
    assert contract["asyncapi"] == "3.0.0"
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(contract)):
        place = contract
        for part in reference.split("/"):
            place = place[part]
    assert set(contract["operations"]) == {"listen", "tell"}


@pytest.mark.parametrize(
    ("hello", "sentence"),
    [
        ({"sample_rate": 1_000}, "must lie between"),
        ({"sample_rate": "fast"}, "sample_rate is fast"),
        ({"sample_rate": True}, "sample_rate is True"),
        ({"hop": 9}, "out of range"),
        ({"hop": "wide"}, "use a number"),
        ({"models": ["nobody"]}, "no model called"),
        ({"models": "all"}, "list of at most 2"),
        ({"models": ["two_block", "two_block"]}, "names one twice"),
        ({"pace": "slow"}, "live or fast"),
        ({"at": -1}, "at least 0"),
        ({"type": "hallo"}, "begin with a `hello`"),
    ],
)
def test_a_hello_that_cannot_be_used_is_refused_in_words(hello: dict[str, Any], sentence: str, listener: Any) -> None:
    listening = listener()
    listening.say(**{"type": "hello", "sample_rate": 48_000, **hello})
    (told,) = listening.all_told()
    assert told["type"] == "error"
    assert sentence in told["problem"]["detail"]
    code, reason = listening.closed_with
    assert code == 1008
    assert told["problem"]["detail"].startswith(reason[:100])


@pytest.mark.parametrize(
    "message", ["no JSON", "[1]", '{"type": 3}', '{"type": "shout"}', '{"type": "gap", "samples": 0}']
)
def test_a_message_that_cannot_be_used_is_refused_in_words(message: str, listener: Any) -> None:
    listening = listener()
    listening.hello()
    listening.socket.send(message)
    told = listening.all_told()[-1]
    assert told["type"] == "error"
    assert listening.closed_with[0] == 1008


def test_who_finds_no_place_is_told_to_come_back_later(listener: Any, port: int) -> None:
    cookie = cookie_of(port)
    mine = [listener(cookie=cookie) for _ in range(3)]
    assert [listening.hello()["type"] for listening in mine[:2]] == ["header", "header"]
    told = mine[2].hello()
    assert "You listen to 2 sounds already" in told["problem"]["detail"]
    mine[2].all_told()
    assert mine[2].closed_with == (1013, told["problem"]["detail"][:123])
    assert listener(cookie=cookie_of(port)).hello()["type"] == "header"
    assert "3 sounds are listened to" in listener(cookie=cookie_of(port)).hello()["problem"]["detail"]
    status, _ = get(port, "/health")
    assert status == 200  # the page answers as before


def test_a_stranger_is_led_into_no_private_network(listener: Any, port: int) -> None:
    listening = listener()
    listening.say(type="hello", radio=f"http://localhost:{port}/")
    assert "private network, which is not allowed" in listening.all_told()[-1]["problem"]["detail"]


def test_silence_of_the_line_ends_it(listener: Any) -> None:
    listening = listener()
    listening.hello()
    told = listening.all_told()[-1]
    assert "No sound came for 0.5 s" in told["problem"]["detail"]
    assert listening.closed_with[0] == 1008


def test_too_long_a_sound_ends_with_what_was_heard(listener: Any) -> None:
    listening = listener()
    listening.hello(16_000, hop=3.0)
    with contextlib.suppress(ConnectionClosed):
        for _ in range(30):
            listening.socket.send(SOUNDS[16_000][:32_000])
    *_, summary, end = listening.all_told()
    assert summary["n_windows"] >= 6
    assert "the limit" in end["reason"]


def test_another_site_may_not_listen(listener: Any, port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    handshake = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
    }
    connection.request("GET", "/api/live", headers={**handshake, "Origin": "https://elsewhere.example"})
    response = connection.getresponse()
    assert response.status == 403
    assert "Another site" in json.loads(response.read())["detail"]
    connection.close()
    # This client leaves the port out of its Host header.
    assert listener(origin="http://127.0.0.1").hello()["type"] == "header"


def test_without_a_socket_the_address_says_what_it_is(port: int) -> None:
    status, content = get(port, "/api/live")
    assert status == 426
    assert "ws://" in json.loads(content)["detail"]


def test_what_was_lost_is_a_gap(listener: Any) -> None:
    listening = listener()
    listening.hello()
    listening.socket.send(SOUNDS[48_000][:60_000])
    listening.say(type="gap", samples=48_000)
    for start in range(0, len(SOUNDS[48_000]), 60_000):
        listening.socket.send(SOUNDS[48_000][start : start + 60_000])
    listening.say(type="end")
    messages = listening.all_told()
    (gap,) = (message for message in messages if message["type"] == "gap")
    assert (gap["start"], gap["end"]) == (round(30_000 * RATE_HZ / 48_000), round(78_000 * RATE_HZ / 48_000))
    assert next(message for message in messages if message["type"] == "window")["start"] == gap["end"]


def test_a_lost_connection_may_be_taken_up_again(listener: Any, port: int) -> None:
    cookie = cookie_of(port)
    first = listener(cookie=cookie)
    header = first.hello(16_000)
    first.socket.send(SOUNDS[16_000][:64_000])
    while first.told()["type"] != "ack":
        pass
    first.socket.sock.shutdown(socket.SHUT_RDWR)
    first.socket.thread.join(5)
    stranger = listener(cookie=cookie_of(port))
    assert not stranger.hello(16_000, resume=header["session"])["is_resumed"]
    again = listener(cookie=cookie)
    resumed = again.hello(16_000, resume=header["session"], at=40_000)
    assert resumed["is_resumed"]
    assert resumed["session"] == header["session"]
    assert resumed["samples"] == 32_000
    again.socket.send(SOUNDS[16_000][:64_000])
    again.socket.send(SOUNDS[16_000][:64_000])
    again.say(type="end")
    messages = again.all_told()
    (gap,) = (message for message in messages if message["type"] == "gap")
    assert (gap["start"], gap["end"]) == (2 * RATE_HZ, round(2.5 * RATE_HZ))


def test_a_session_may_be_taken_over_from_a_connection_that_only_seems_alive(listener: Any, port: int) -> None:
    cookie = cookie_of(port)
    first = listener(cookie=cookie)
    header = first.hello(16_000)
    first.socket.send(SOUNDS[16_000][:64_000])
    while first.told()["type"] != "ack":
        pass
    assert listener(cookie=cookie).hello(16_000, resume=header["session"], at=32_000)["is_resumed"]


def test_the_take_is_kept_as_a_track_with_the_very_scores(listener: Any, port: int) -> None:
    cookie = cookie_of(port)
    listening = listener(cookie=cookie)
    assert listening.hello(keep=True, title="Microphone, 10:32")["take"]
    for start in range(0, len(SOUNDS[48_000]), 50_001):
        listening.socket.send(SOUNDS[48_000][start : start + 50_001])
    listening.say(type="end")
    messages = listening.all_told()
    (take,) = (message for message in messages if message["type"] == "take")
    assert take["problem"] is None
    assert take["track"]["title"] == "Microphone, 10:32"
    assert take["track"] in tracks(port, cookie)
    lines = get(port, f"/api/tracks/{take['track']['id']}/scores?hop=0.5", Cookie=cookie)[1].splitlines()
    replayed = [message["p"] for message in map(json.loads, lines) if message["type"] == "window"]
    heard = [message["p"] for message in messages if message["type"] == "window"]
    np.testing.assert_allclose(heard, replayed, atol=1e-4)


def test_the_take_of_who_never_comes_back_is_kept(listener: Any, port: int) -> None:
    cookie = cookie_of(port)
    listening = listener(cookie=cookie)
    listening.hello(16_000, keep=True, title="Left behind")
    listening.socket.send(SOUNDS[16_000][:64_000])
    listening.socket.send(SOUNDS[16_000][:64_000])
    while listening.told()["type"] != "window":
        pass
    listening.socket.close()
    deadline = time.monotonic() + 10
    while not any(track["title"] == "Left behind" for track in tracks(port, cookie)):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_without_a_cookie_nothing_is_kept(listener: Any) -> None:
    assert not listener().hello(keep=True)["take"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_stops_takes_leave_and_keeps_the_take(
    how: signal.Signals, tmp_path: Path, samples_folder: Path
) -> None:
    with running(tmp_path, samples_folder, "gunicorn") as (process, port):
        cookie = cookie_of(port)
        listening = Listener(port, cookie=cookie)
        listening.hello(16_000, keep=True, title="Until the end")
        for _ in range(2):
            listening.socket.send(SOUNDS[16_000][:64_000])
        while listening.told()["type"] != "window":
            pass
        process.send_signal(how)
        assert "being stopped" in listening.all_told()[-1]["problem"]["detail"]
        assert listening.closed_with[0] == 1001
        listening.socket.thread.join(5)
        process.wait(10)
    with running(tmp_path, samples_folder, "gunicorn") as (_, port):
        assert "Until the end" in [track["title"] for track in tracks(port, cookie)]


def test_waitress_says_that_it_has_no_sockets(tmp_path: Path, samples_folder: Path) -> None:
    with running(tmp_path, samples_folder, "waitress") as (_, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", "/api/live", headers={"Upgrade": "websocket", "Connection": "Upgrade"})
        response = connection.getresponse()
        assert response.status == 501
        assert "run the service with gunicorn" in json.loads(response.read())["detail"]
        connection.close()
